#include <verdant/pareto/crowding_distance.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"
#include "point_sets.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

using namespace verdant;

namespace {

const double inf = std::numeric_limits<double>::infinity();

std::vector<double> distances(const std::vector<double>& values, std::size_t objectives, const std::vector<std::uint32_t>& front) {
    std::vector<double> result(front.size(), -1);
    pareto::crowding_distance{}({values, objectives}, front, result);
    return result;
}

} // namespace

TEST_CASE("A distance is the sum of the normalised gaps around a vector, the outermost are infinitely far", "[pareto]") {
    const std::vector values{0.0, 10.0, 1.0, 6.0, 4.0, 0.0, 9.0, 9.0, 2.0, 5.0};
    const auto d = distances(values, 2, {0, 1, 2, 4});
    CHECK(d[0] == inf);
    CHECK(d[1] == Approx(2.0 / 4 + 5.0 / 10).margin(1e-15));
    CHECK(d[2] == inf);
    CHECK(d[3] == Approx(3.0 / 4 + 6.0 / 10).margin(1e-15));
}

TEST_CASE("The short way of two objectives equals the general one", "[pareto]") {
    random_stream random{4};
    auto values = point_sets::sphere(50, 2, random);
    std::vector<double> padded;
    for (std::size_t i = 0; i < 50; ++i) padded.insert(padded.end(), {values[2 * i], values[2 * i + 1], 7.0});
    std::vector<std::uint32_t> front(50);
    std::iota(front.begin(), front.end(), 0U);
    const auto two = distances(values, 2, front);
    // A third objective without extent changes nothing.
    const auto three = distances(padded, 3, front);
    for (std::size_t i = 0; i < 50; ++i) CHECK((two[i] == inf ? three[i] == inf : two[i] == Approx(three[i]).epsilon(1e-14)));
    CHECK(std::count(two.begin(), two.end(), inf) == 2);
}

TEST_CASE("Two objectives of vectors that dominate each other are sorted twice", "[pareto]") {
    const auto d = distances({0.0, 0.0, 1.0, 3.0, 2.0, 2.0, 3.0, 4.0}, 2, {0, 1, 2, 3});
    CHECK(d[1] == Approx(2.0 / 3 + 2.0 / 4).margin(1e-15));
    CHECK(d[2] == Approx(2.0 / 3 + 3.0 / 4).margin(1e-15));
}

TEST_CASE("Duplicates, single vectors and infinite objectives give no NaN", "[pareto]") {
    CHECK(distances({1.0, 1.0}, 2, {0}) == std::vector{inf});
    CHECK(distances({1.0, 1.0, 1.0, 1.0, 1.0, 1.0}, 2, {0, 1, 2}) == std::vector{0.0, 0.0, 0.0});
    CHECK(distances({}, 2, {}).empty());
    const auto d = distances({0.0, inf, 1.0, 2.0, 2.0, 1.0, 3.0, 0.0}, 2, {0, 1, 2, 3});
    CHECK(std::none_of(d.begin(), d.end(), [](double x) { return std::isnan(x); }));
    CHECK(d[2] == Approx(2.0 / 3).margin(1e-15));
}

TEST_CASE("A flat objective has no outermost vectors, wherever it stands", "[pareto]") {
    // Vectors 1 and 2 are the ends of the objective that is not flat.
    const std::vector wanted{1.0, inf, inf, 1.0, 1.0};
    const std::vector order{2.0, 0.0, 4.0, 1.0, 3.0};
    const auto of = [&](std::size_t objectives, std::size_t varied) {
        std::vector<double> values;
        for (const double v : order)
            for (std::size_t m = 0; m < objectives; ++m) values.push_back(m == varied ? v : m == 1 ? -inf : 7.0);
        return distances(values, objectives, {0, 1, 2, 3, 4});
    };
    for (std::size_t objectives = 1; objectives <= 3; ++objectives)
        for (std::size_t varied = 0; varied < objectives; ++varied)
            for (std::size_t i = 0; i < 5; ++i) CHECK(of(objectives, varied)[i] == (std::isinf(wanted[i]) ? inf : 0.5));
}
