#include "catch.hpp"

#include <verdant/numeric/symmetric_eigen.hpp>
#include <verdant/optimizer/cma/category_distribution.hpp>
#include <verdant/optimizer/cma/margin_distribution.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace verdant;

namespace {

/// Three variables of 5, 5 and 2 values, six samples a generation, drawn by no chance: mean + sigma sin(3 k + 1.7 i + generation), best near (0.9,
/// 0.1, 0.2).
void learn(margin_distribution& from, int generations) {
    for (int g = 0; g < generations; ++g) {
        std::vector<std::vector<double>> x(6, std::vector<double>(3));
        for (std::size_t k = 0; k < 6; ++k)
            for (std::size_t i = 0; i < 3; ++i)
                x[k][i] = from.state().mean[i] + from.state().sigma * std::sin(3.0 * static_cast<double>(k) + 1.7 * static_cast<double>(i) + g);
        const auto value = [](const std::vector<double>& v) {
            return (v[0] - 0.9) * (v[0] - 0.9) + 3 * (v[1] - 0.1) * (v[1] - 0.1) + (v[2] - 0.2) * (v[2] - 0.2);
        };
        std::vector<const std::vector<double>*> order;
        for (const auto& v : x) order.push_back(&v);
        std::sort(order.begin(), order.end(), [&](const auto* a, const auto* b) { return value(*a) < value(*b); });
        from.update(order);
    }
}

void check_near(const std::vector<double>& found, const std::vector<double>& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).epsilon(1e-9));
}

} // namespace

// Numbers of CMAwM of the Python package cmaes 0.9.1, for steps that make the same cells.
TEST_CASE("The distribution learns as another implementation does", "[optimizer]") {
    margin_distribution d{{5, 5, 2}, 6};
    learn(d, 1);
    check_near(d.state().mean, {0.6627799098288141, 0.23482820620529973, 0.40555194151701635});
    CHECK(d.state().sigma == Approx(0.2812366614743728).epsilon(1e-12));
    check_near(d.state().covariance, {0.969732201231765, -0.0172356648163548, -0.0161688329854032, -0.0172356648163548, 0.899433424787851,
                                      0.0300398447506742, -0.0161688329854032, 0.0300398447506742, 0.957549822986311});
    check_near(d.state().stretch, {1, 1, 1});
    d.begin({0.5, 0.5, 0.5}, 0.3);
    learn(d, 12);
    check_near(d.state().mean, {1.003062321356051, 0.10780353558807891, 0.3002053970866144});
    CHECK(d.state().sigma == Approx(0.14971754134238643).epsilon(1e-12));
    check_near(d.state().covariance, {0.724707015417345, -0.0288165852162951, -0.182884211528823, -0.0288165852162951, 0.409627518285122,
                                      0.0609683292342018, -0.182884211528823, 0.0609683292342018, 0.701570431621863});
}

TEST_CASE("A distribution that has become narrow is stretched until other values are likely enough", "[optimizer]") {
    margin_distribution d{{5, 5, 2}, 6};
    d.begin({0.47, 0.33, 0.7}, 0.02);
    learn(d, 2);
    check_near(d.state().mean, {0.5027619167442081, 0.3, 0.5194387566502341});
    CHECK(d.state().sigma == Approx(0.01795880262241293).epsilon(1e-12));
    check_near(d.state().covariance, {0.968724185654547, -0.103341897336174, -0.0412616839360195, -0.103341897336174, 0.806793446693438,
                                      0.12757470853217, -0.0412616839360195, 0.12757470853217, 0.909219519039457});
    check_near(d.state().stretch, {3.036673192200302, 3.238058940054705, 1});
    // A margin of 1 / (3 x 6), half of it to either side.
    random_stream random{1};
    std::array<int, 5> counts{};
    for (int k = 0; k < 4000; ++k) ++counts[d.rounded(1, d.draw(random))];
    CHECK(counts[0] + counts[2] > 0.7 * 4000 / 18);
    CHECK(counts[1] > 3600);
}

TEST_CASE("A vector is moved no farther than to the cell of a value", "[optimizer]") {
    margin_distribution d{{5, 5, 2}, 6};
    d.begin({0.5, 0.5, 0.5}, 0.1);
    std::vector<double> x{0.55, 0.93, 0.2};
    CHECK(d.rounded(0, x) == 2);
    d.move(0, x, 4);
    CHECK(d.rounded(0, x) == 4);
    CHECK(x[0] == Approx(0.8).epsilon(1e-5));
    d.move(1, x, 0);
    CHECK(x[1] == Approx(0.2).epsilon(1e-5));
    d.move(2, x, 0);
    CHECK(x[2] == 0.2);
    CHECK(d.middle(0, 4) == Approx(0.9));
}

TEST_CASE("Weights and rates are those of the tutorial", "[optimizer]") {
    const strategy_parameters p{10, 10}; // numbers of cmaes 0.9.1
    CHECK(p.parents == 5);
    CHECK(p.effective == Approx(3.167299218414346));
    CHECK(p.weights[0] + p.weights[1] + p.weights[2] + p.weights[3] + p.weights[4] == Approx(1));
    CHECK(p.weights[9] < p.weights[8]);
    CHECK(p.rank_one == Approx(2 / (11.3 * 11.3 + p.effective)));
    CHECK(strategy_parameters::usual_samples(10) == 10);
    CHECK(strategy_parameters::usual_samples(0) == 4);
}

TEST_CASE("Probabilities of values without order move to the good ones, and never vanish", "[optimizer]") {
    category_distribution d{{4, 3}};
    CHECK(d.free() == 5);
    const std::vector<std::uint32_t> good{2, 0};
    const std::vector<const std::vector<std::uint32_t>*> best{&good};
    d.update(best, std::array{1.0}, 0.2);
    CHECK(d.probabilities()[2] == Approx(0.8 / 4 + 0.2));
    CHECK(d.probabilities()[0] == Approx(0.2));
    for (int k = 0; k < 100; ++k) d.update(best, std::array{1.0}, 0.2);
    const double least = (1 - std::sqrt(0.73)) / 3;
    CHECK(d.probabilities()[0] == Approx(least));
    CHECK(d.probabilities()[2] == Approx(1 - 3 * least));
    random_stream random{2};
    int others = 0;
    for (int k = 0; k < 4000; ++k) others += d.draw(random) == good ? 0 : 1;
    CHECK(others / 4000.0 == Approx(0.27).margin(0.03)); // 1 - 0.73, as the bound was chosen for
}
