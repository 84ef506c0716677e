#include <verdant/numeric/isotonic.hpp>
#include <verdant/numeric/soft_rank.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

using namespace verdant;
using Catch::Contains;
using surrogate::isotonic_distance;

namespace {

std::vector<double> drawn(random_stream& random, std::size_t n, double scale) {
    std::vector<double> x(n);
    for (auto& value : x) value = scale * (random.uniform() - 0.5);
    return x;
}

double product(const std::vector<double>& a, const std::vector<double>& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

/// The product of the last call against central differences of the function.
template <class Soft>
void check_gradient(Soft soft, const std::vector<double>& x, const std::vector<double>& cotangent) {
    std::vector<double> values(x.size()), gradient(x.size());
    soft(x, values);
    soft.pull_back(cotangent, gradient);
    constexpr double h = 1e-6;
    for (std::size_t i = 0; i < x.size(); ++i) {
        auto moved = x;
        moved[i] = x[i] + h;
        soft(moved, values);
        const double above = product(values, cotangent);
        moved[i] = x[i] - h;
        soft(moved, values);
        CHECK(gradient[i] == Approx((above - product(values, cotangent)) / (2 * h)).margin(1e-6));
    }
}

} // namespace

TEST_CASE("An isotonic fit is the non-increasing sequence that is nearest", "[surrogate]") {
    surrogate::isotonic_fit<double> fit;
    fit.fit_squares(std::vector<double>{1, 3, 2, 2, 5, 0});
    CHECK(std::ranges::equal(fit.values(), std::vector<double>{2.6, 2.6, 2.6, 2.6, 2.6, 0}));
    fit.fit_squares(std::vector<double>{4, 3, 3, 1});
    CHECK(std::ranges::equal(fit.values(), std::vector<double>{4, 3, 3, 1}));

    random_stream random{7};
    for (int round = 0; round < 50; ++round) {
        const auto y = drawn(random, 40, 10), w = drawn(random, 40, 10);
        fit.fit_squares(y);
        const auto v = fit.values();
        CHECK(std::is_sorted(v.rbegin(), v.rend()));
        // The least distance: no block can be split or moved; the residual is orthogonal to the fit.
        double along = 0, total = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
            along += (y[i] - v[i]) * v[i];
            total += y[i] - v[i];
            CHECK(total < 1e-9); // partial sums of the residual are the multipliers
        }
        CHECK(along == Approx(0).margin(1e-9));
        fit.fit_entropy(y, w);
        CHECK(std::is_sorted(fit.values().rbegin(), fit.values().rend()));
    }
}

TEST_CASE("Soft ranks of numbers far apart are ranks", "[surrogate]") {
    const std::vector<double> x{30, -20, 5, 1000};
    std::vector<double> ranks(4), sorted(4);
    surrogate::soft_rank<double>{}(x, ranks);
    CHECK(ranks == std::vector<double>{3, 1, 2, 4});
    surrogate::soft_sort<double>{0.0001}(x, sorted);
    for (std::size_t i = 0; i < 4; ++i) CHECK(sorted[i] == Approx(std::vector<double>{-20, 5, 30, 1000}[i]));
    surrogate::soft_sort<double>{}(x, sorted); // drawn together: neighbours differ by 1 / strength at most
    for (std::size_t i = 0; i < 4; ++i) CHECK(sorted[i] == Approx(252.25 + static_cast<double>(i)));
    std::vector<float> narrow{0.3F, -0.2F, 0.05F}, out(3);
    surrogate::soft_rank<float>{0.01F}(narrow, out);
    CHECK(out == std::vector<float>{3, 1, 2});
}

TEST_CASE("Soft ranks keep their sum, the order and ties", "[surrogate]") {
    random_stream random{11};
    for (const double strength : {0.01, 1.0, 100.0})
        for (const std::size_t n : {1U, 2U, 17U, 200U}) {
            auto x = drawn(random, n, 8);
            if (n > 3) x[3] = x[1];
            std::vector<double> ranks(n);
            surrogate::soft_rank<double>{strength}(x, ranks);
            CHECK(std::accumulate(ranks.begin(), ranks.end(), 0.0) == Approx(static_cast<double>(n * (n + 1)) / 2));
            if (n > 3) CHECK(ranks[3] == Approx(ranks[1]));
            for (std::size_t i = 1; i < n; ++i)
                if (x[i - 1] < x[i]) CHECK(ranks[i - 1] <= ranks[i] + 1e-9);
        }
}

TEST_CASE("The products of soft ranks and soft sorting are their gradients", "[surrogate]") {
    random_stream random{3};
    for (const auto distance : {isotonic_distance::squares, isotonic_distance::entropy})
        for (const double strength : {0.1, 1.0, 10.0}) {
            const auto x = drawn(random, 12, 6), cotangent = drawn(random, 12, 2);
            check_gradient(surrogate::soft_rank<double>{strength, distance}, x, cotangent);
            check_gradient(surrogate::soft_sort<double>{strength, distance}, x, cotangent);
        }
}

TEST_CASE("Soft ranks work in place, again and again, and with nothing", "[surrogate]") {
    surrogate::soft_rank<double> soft;
    std::vector<double> x{0.5, 0.1, 0.9}, ranks(3), gradient{1, 0, 0};
    soft(x, ranks);
    soft(x, x);
    CHECK(x == ranks);
    auto separate = std::vector<double>(3);
    soft.pull_back(gradient, separate);
    soft.pull_back(gradient, gradient);
    CHECK(gradient == separate);
    soft({}, {});
    soft.pull_back({}, {});
}

TEST_CASE("Soft ranks of what is no number are none", "[surrogate]") {
    surrogate::soft_rank<double> soft;
    const std::vector<double> x{1, std::numeric_limits<double>::quiet_NaN(), 2}, infinite{1, std::numeric_limits<double>::infinity()};
    std::vector<double> ranks(3), two(2);
    soft(x, ranks);
    CHECK(std::all_of(ranks.begin(), ranks.end(), [](double r) { return std::isnan(r); }));
    ranks.assign(3, 0);
    soft.pull_back(std::vector<double>{1, 1, 1}, ranks);
    CHECK(std::all_of(ranks.begin(), ranks.end(), [](double r) { return std::isnan(r); }));
    soft(infinite, two);
    CHECK(std::isnan(two[0]));
}

TEST_CASE("Soft ranks refuse lengths and strengths that make no sense", "[surrogate]") {
    surrogate::soft_rank<double> soft;
    std::vector<double> x(3), ranks(2);
    CHECK_THROWS_WITH(soft(x, ranks), "verdant: soft rank: expected 3 numbers, found 2");
    soft(x, x);
    CHECK_THROWS_WITH(soft.pull_back(x, ranks), "verdant: soft rank: expected 3 numbers, found 2");
    CHECK_THROWS_WITH((surrogate::soft_rank<double>{0}), Contains("strength") && Contains("a number above 0"));
    CHECK_THROWS_WITH((surrogate::soft_sort<float>{-1}), Contains("soft sort"));
}
