#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/uncertainty/closed_form.hpp>
#include <verdant/uncertainty/distributions.hpp>
#include <verdant/uncertainty/empirical.hpp>
#include <verdant/uncertainty/uncertain.hpp>
#include <verdant/units.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace vd = verdant;
namespace un = verdant::uncertainty;
using Catch::Contains;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

// The moments of a distribution against integrals of its quantile over equal shares, by the rule of midpoints: the mean of Q(u) is the mean, of
// Q(u)^2 the second moment.
template <class D>
void moments_are_those_of_quantiles(const D& d, double tolerance) {
    const int n = 200'000;
    double mean = 0, square = 0, before = -infinity;
    bool rising = true;
    for (int i = 0; i < n; ++i) {
        const double x = d.si_quantile((i + 0.5) / n);
        rising = rising && x >= before;
        before = x;
        mean += x / n;
        square += x * x / n;
    }
    CHECK(rising); // a quantile never falls
    CHECK(mean == Approx(d.mean()).epsilon(tolerance));
    CHECK(square - mean * mean == Approx(d.variance()).epsilon(tolerance));
}

} // namespace

TEST_CASE("moments of distributions are those of their quantiles", "[uncertainty]") {
    moments_are_those_of_quantiles(un::uniform{2.0, 5.0}, 1e-6);
    moments_are_those_of_quantiles(un::normal{150.0, 30.0}, 1e-3);
    moments_are_those_of_quantiles(un::truncated_normal{150.0, 30.0, 50.0, 300.0}, 1e-4);
    moments_are_those_of_quantiles(un::truncated_normal{0.0, 1.0, 0.5, 3.0}, 1e-5);
    moments_are_those_of_quantiles(un::lognormal<double>{3.0, 0.25}, 1e-3);
    moments_are_those_of_quantiles(un::triangular{-0.015, 0.0, 0.31}, 1e-5);
    moments_are_those_of_quantiles(un::triangular{1.0, 1.0, 2.0}, 1e-5);
    moments_are_those_of_quantiles(un::triangular{1.0, 2.0, 2.0}, 1e-5);
    moments_are_those_of_quantiles(un::empirical<double>::of_si({4, 1, 1, 7}), 1e-12);
}

TEST_CASE("moments and quantiles that textbooks give", "[uncertainty]") {
    CHECK(un::uniform{2.0, 5.0}.mean() == 3.5);
    CHECK(un::uniform{2.0, 5.0}.variance() == Approx(0.75));
    CHECK(un::normal{1.0, 2.0}.quantile(0.975) == Approx(1 + 2 * 1.959963984540054).epsilon(1e-14));
    CHECK(un::lognormal<double>{1.0, 0.5}.mean() == Approx(std::exp(0.125)).epsilon(1e-14));
    CHECK(un::lognormal<double>{1.0, 0.5}.variance() == Approx((std::exp(0.25) - 1) * std::exp(0.25)).epsilon(1e-13));
    const auto made = un::lognormal<double>::of_moments(10.0, 3.0);
    CHECK(made.mean() == Approx(10).epsilon(1e-14));
    CHECK(made.deviation() == Approx(3).epsilon(1e-13));
    CHECK(un::triangular{0.0, 1.0, 4.0}.mean() == Approx(5.0 / 3));
    CHECK(un::triangular{0.0, 1.0, 4.0}.variance() == Approx(13.0 / 18)); // (0 + 1 + 16 - 0 - 0 - 4) / 18
    CHECK(un::triangular{0.0, 1.0, 4.0}.quantile(0.25) == Approx(1.0)); // the mode has (c - a) / (b - a) below it
    // Half of a normal distribution: mean and variance of the half-normal.
    const un::truncated_normal half{0.0, 1.0, 0.0, 40.0};
    CHECK(half.mean() == Approx(std::sqrt(2 / 3.14159265358979323846)).epsilon(1e-12));
    CHECK(half.variance() == Approx(1 - 2 / 3.14159265358979323846).epsilon(1e-12));
    CHECK(half.si_quantile(1e-12) >= 0);
}

TEST_CASE("distributions have units, and errors say what is wrong", "[uncertainty]") {
    const un::normal<vd::si::mass> dram{0.2 * vd::kilograms_co2e{}, 20.0 * vd::grams_co2e{}};
    CHECK(vd::in<vd::grams_co2e>(dram.deviation()) == Approx(20));
    CHECK(vd::to_si(dram.variance()) == Approx(4e-4));
    CHECK_THROWS_WITH((un::normal{1.0, -1.0}),
                      Contains("normal distribution, standard deviation: expected a finite number that is not negative, found -1"));
    CHECK_THROWS_WITH(un::normal<double>::of_variance(1.0, -0.5),
                      Contains("normal distribution, variance: expected a finite number that is not negative"));
    CHECK_THROWS_WITH((un::normal{no_number, 1.0}), Contains("mean: expected a finite number"));
    CHECK_THROWS_WITH((un::uniform{2.0, 1.0}), Contains("uniform distribution, bounds: expected the lower one first"));
    CHECK_THROWS_WITH((un::uniform{0.0, infinity}), Contains("upper bound: expected a finite number"));
    CHECK_THROWS_WITH((un::triangular{0.0, 2.0, 1.0}), Contains("triangular distribution, mode"));
    CHECK_THROWS_WITH((un::lognormal<double>{0.0, 1.0}), Contains("median: expected a positive number"));
    CHECK_THROWS_WITH((un::lognormal<double>{1.0, no_number}), Contains("deviation of the logarithm"));
    CHECK_THROWS_WITH(un::lognormal<double>::of_moments(-1.0, 1.0), Contains("mean: expected a positive number"));
    CHECK_THROWS_WITH((un::truncated_normal{0.0, 1.0, 8.0, 9.0}), Contains("at least a millionth of the distribution"));
    CHECK_THROWS_WITH((un::truncated_normal{0.0, 0.0, 1.0, 2.0}), Contains("standard deviation: expected a positive number"));
    CHECK_THROWS_WITH(un::empirical<double>::of_si({}), Contains("empirical distribution: expected at least one value, found none"));
    CHECK_THROWS_WITH(un::empirical<double>::of_si({1, no_number}), Contains("empirical distribution, value 1: expected a finite number"));
    CHECK_THROWS_WITH((un::normal{0.0, 1.0}.quantile(1.2)), Contains("expected a share above 0 and below 1"));
}

TEST_CASE("closed forms are those of drawn sums and products", "[uncertainty]") {
    const auto sum = un::independent_sum(un::normal{1.0, 3.0}, un::normal{2.0, 4.0}, un::normal{3.0, 12.0});
    CHECK(sum.mean() == Approx(6));
    CHECK(sum.deviation() == Approx(13));

    const un::lognormal<vd::si::energy> use{2.0 * vd::joules{}, 0.3};
    const un::lognormal<vd::si::carbon_intensity> grid{68.0 * vd::grams_per_kilowatt_hour{}, 0.4};
    const un::lognormal<vd::si::mass> emitted = un::independent_product(use, grid);
    CHECK(vd::in<vd::grams_co2e>(emitted.median()) == Approx(2 * 68 / 3.6e6));
    CHECK(emitted.log_deviation() == Approx(0.5));
    CHECK(vd::to_si(emitted.mean()) == Approx(vd::to_si(use.mean()) * vd::to_si(grid.mean())).epsilon(1e-13)); // of independent factors
    CHECK(un::independent_quotient(emitted, grid).log_deviation() == Approx(std::hypot(0.5, 0.4)));

    const un::draw_inputs world{.seed = 5, .count = 20'000, .how = un::sampling::stratified};
    const un::draws<vd::si::mass> drawn = world("use", use) * world("grid", grid);
    double logarithms = 0;
    for (const double x : drawn.si()) logarithms += std::log(x) / 20'000;
    CHECK(logarithms == Approx(std::log(vd::to_si(emitted.median()))).epsilon(1e-3));

    CHECK(un::scaled(un::normal{2.0, 1.0}, -3.0) == un::normal{-6.0, 3.0});
    CHECK(un::scaled(un::uniform{1.0, 2.0}, -1.0) == un::uniform{-2.0, -1.0});
    CHECK(un::scaled(un::triangular{1.0, 2.0, 4.0}, -1.0) == un::triangular{-4.0, -2.0, -1.0});
    CHECK(un::scaled(grid, 1.0 * vd::joules{}).log_deviation() == 0.4);
    CHECK_THROWS_AS(un::scaled(grid, -1.0), vd::input_error); // no lognormal is negative
    CHECK(un::shifted(un::normal{2.0, 1.0}, 3.0) == un::normal{5.0, 1.0});
    CHECK(un::shifted(un::triangular{1.0, 2.0, 4.0}, 1.0) == un::triangular{2.0, 3.0, 5.0});
}

TEST_CASE("an input is chosen at run time", "[uncertainty]") {
    const std::vector<un::uncertain<double>> inputs{2.0, un::uniform{1.0, 3.0}, un::normal{2.0, 1.0}, un::triangular{1.0, 2.0, 3.0},
                                                    un::empirical<double>::of_si({1, 2, 3})};
    for (const auto& input : inputs) CHECK(input.mean() == Approx(2));
    CHECK(inputs[0].known());
    CHECK(inputs[0].variance() == 0);
    CHECK(!inputs[1].known());
    const un::draw_inputs world{.seed = 1, .count = 10};
    CHECK(inputs[2].drawn(world, "x") == world("x", un::normal{2.0, 1.0}));
    const auto known = inputs[0].drawn(world, "x");
    for (const double x : known.si()) CHECK(x == 2);
    CHECK_THROWS_AS(un::uncertain<double>{double{no_number}}, vd::input_error);
}

TEST_CASE("bounds as far away as doubles go are no bounds", "[uncertainty]") {
    constexpr double largest = std::numeric_limits<double>::max();
    // (bound - mean) / deviation is infinite here, and the normal distribution is whole but for its lower half.
    const un::truncated_normal<double> half{5, 0.001, 5, largest};
    CHECK(half.mean() == Approx(5 + 0.001 * std::sqrt(2 / 3.14159265358979323846)));
    CHECK(half.variance() == Approx(1e-6 * (1 - 2 / 3.14159265358979323846)));
    CHECK(half.quantile(1 - 0x1p-53) < 5.01);
    const un::truncated_normal<double> whole{5, 2, -largest, largest};
    CHECK(whole.mean() == Approx(5));
    CHECK(whole.variance() == Approx(4));
    CHECK(whole.quantile(1 - 0x1p-53) < 25);
    // What lies between bounds whose distance is no double cannot be drawn.
    CHECK_THROWS_WITH((un::uniform<double>{-largest, largest}), Contains("distance of the bounds"));
    CHECK_THROWS_WITH((un::triangular<double>{-largest, 0, largest}), Contains("distance of the bounds"));
}

TEST_CASE("a decimal share of measured values is that many of them", "[uncertainty]") {
    std::vector<double> values;
    for (int i = 1; i <= 100; ++i) values.push_back(i);
    const auto hundred = un::empirical<double>::of_si(values);
    for (int k = 1; k < 100; ++k) CHECK(hundred.quantile(k / 100.0) == k); // 0.07 x 100 is above 7
    CHECK(hundred.quantile(0.0701) == 8);
    CHECK(hundred.quantile(1e-9) == 1);
    CHECK(hundred.quantile(0.9999) == 100);
}
