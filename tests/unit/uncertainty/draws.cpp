#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/uncertainty/distributions.hpp>
#include <verdant/uncertainty/draw_inputs.hpp>
#include <verdant/uncertainty/draws.hpp>
#include <verdant/uncertainty/sample_quantile.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

namespace vd = verdant;
namespace un = verdant::uncertainty;
using Catch::Contains;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

double quantile_of(std::vector<double> values, double share) { return un::sample_quantile(values, share); }

} // namespace

TEST_CASE("arithmetic of draws is draw by draw, with units", "[uncertainty]") {
    const auto use = un::draws<vd::si::energy>::of_si({1, 2, 3});
    const auto grid = un::draws<vd::si::carbon_intensity>::of_si({10, 20, 30});
    const un::draws<vd::si::mass> emitted = use * grid * 2.0 + 1.0 * vd::kilograms_co2e{};
    CHECK(std::vector<double>(emitted.si().begin(), emitted.si().end()) == std::vector<double>{21, 81, 181});
    CHECK(emitted[1] == 81.0 * vd::kilograms_co2e{});
    const un::draws<double> ratio = emitted / emitted - 0.5;
    for (const double x : ratio.si()) CHECK(x == 0.5);
    auto own = emitted;
    const double* where = own.si().data();
    own = own + own;
    CHECK(own.si().data() == where); // no allocation
    CHECK(own.si()[2] == 362);
    own = 3 * emitted - emitted; // whole numbers, too
    CHECK(own.si()[0] == 42);
    const auto survived = un::each_draw<double>([](double a, double b) { return std::exp(-a * b); }, use, grid);
    CHECK(survived.si()[0] == std::exp(-10.0));
}

TEST_CASE("draws of other numbers do not meet", "[uncertainty]") {
    const un::draws<double> three(3), four(4);
    CHECK_THROWS_WITH(three + four, Contains("draws: expected as many of each input, 3, found 4"));
    CHECK_THROWS_AS(un::each_draw<double>([](double a, double b) { return a + b; }, three, four), vd::input_error);
}

TEST_CASE("draws of an input depend on seed, number and name alone", "[uncertainty]") {
    const un::draw_inputs world{.seed = 7, .count = 500};
    const un::normal input{3.0, 2.0};
    const auto first = world("yield", input);
    static_cast<void>(world("grid", input));
    CHECK(world("yield", input) == first);
    CHECK(world("grid", input) != first);
    CHECK(un::draw_inputs{.seed = 8, .count = 500}("yield", input) != first);
    // On any thread.
    std::vector<un::draws<double>> drawn(4);
    std::vector<std::thread> threads;
    for (auto& d : drawn) threads.emplace_back([&d, &world, &input] { d = world("yield", input); });
    for (auto& t : threads) t.join();
    for (const auto& d : drawn) CHECK(d == first);
    CHECK_THROWS_WITH((un::draw_inputs{.count = 0}("x", input)), Contains("count: expected at least 1"));
}

TEST_CASE("moments of draws are those of distributions", "[uncertainty]") {
    const std::size_t n = 40'000;
    for (const auto how : {un::sampling::independent, un::sampling::stratified}) {
        const un::draw_inputs world{.seed = 11, .count = n, .how = how};
        const auto check = [&](const char* name, const auto& d) {
            const auto drawn = world(name, d);
            const double error = d.deviation() / std::sqrt(static_cast<double>(n));
            // Five standard errors of independent draws; strata leave next to nothing.
            CHECK(std::abs(un::sample_mean(drawn.si()) - d.mean()) <= (how == un::sampling::stratified ? 0.1 : 5) * error);
            CHECK(un::sample_deviation(drawn.si()) == Approx(d.deviation()).epsilon(0.03));
            auto sorted = std::vector<double>(drawn.si().begin(), drawn.si().end());
            CHECK(quantile_of(sorted, 0.95) == Approx(d.quantile(0.95)).epsilon(0.02));
        };
        check("uniform", un::uniform{1.0, 2.0});
        check("normal", un::normal{10.0, 1.0});
        check("truncated", un::truncated_normal{150.0, 30.0, 50.0, 300.0});
        check("lognormal", un::lognormal<double>{3.0, 0.3});
        check("triangular", un::triangular{-0.015, 0.0, 0.31});
    }
}

TEST_CASE("a stratified input has one draw in each stratum", "[uncertainty]") {
    const un::draw_inputs world{.seed = 2, .count = 100, .how = un::sampling::stratified};
    auto drawn = world("x", un::uniform{0.0, 100.0});
    CHECK_FALSE(std::is_sorted(drawn.si().begin(), drawn.si().end()));
    std::sort(drawn.si().begin(), drawn.si().end());
    for (std::size_t i = 0; i < 100; ++i) CHECK(std::floor(drawn.si()[i]) == static_cast<double>(i));
}

TEST_CASE("quantiles are those of R's and NumPy's default", "[uncertainty]") {
    // quantile(c(3, 1, 4, 1, 5, 9, 2, 6), c(0, .1, .25, .5, .9, 1)) of R: (n - 1) p between order statistics
    const std::vector<double> values{3, 1, 4, 1, 5, 9, 2, 6};
    CHECK(quantile_of(values, 0) == 1);
    CHECK(quantile_of(values, 0.1) == Approx(1.0));
    CHECK(quantile_of(values, 0.25) == Approx(1.75));
    CHECK(quantile_of(values, 0.5) == Approx(3.5));
    CHECK(quantile_of(values, 0.9) == Approx(6.9));
    CHECK(quantile_of(values, 1) == 9);
    CHECK(quantile_of({5}, 0.3) == 5);
    // Infinite draws: designs that some draws cannot build.
    CHECK(quantile_of({1, 2, infinity}, 0.5) == 2);
    CHECK(quantile_of({1, 2, infinity}, 0.75) == infinity);
    CHECK(quantile_of({-infinity, 2, 3}, 0.25) == -infinity);
    CHECK(quantile_of({-infinity, infinity}, 0.5) == -infinity);
    CHECK(quantile_of({infinity, infinity}, 0.5) == infinity);
}

TEST_CASE("what has no quantile is refused", "[uncertainty]") {
    CHECK_THROWS_WITH(quantile_of({}, 0.5), Contains("draws: expected at least one draw, found none"));
    CHECK_THROWS_WITH(quantile_of({1, 2, no_number, infinity}, 0.5), Contains("draw 2: expected a number, found NaN"));
    CHECK_THROWS_WITH(quantile_of({1, 2}, 1.2), Contains("quantile: expected a share between 0 and 1"));
    CHECK_THROWS_AS(quantile_of({1, 2}, no_number), vd::input_error);
    const std::vector<double> one{1}, both{infinity, -infinity}, unbounded{1, infinity};
    CHECK_THROWS_WITH(un::sample_deviation(one), Contains("at least two draws"));
    CHECK_THROWS_WITH(un::sample_mean(both), Contains("draws of one sign"));
    CHECK_THROWS_WITH(un::sample_deviation(unbounded), Contains("finite draws"));
    CHECK(un::sample_mean(unbounded) == infinity);
}

TEST_CASE("equal draws have their value as mean and no deviation", "[uncertainty]") {
    const std::vector<double> equal(1000, 0.1);
    CHECK(un::sample_mean(equal) == 0.1);
    CHECK(un::sample_deviation(equal) == 0);
}

TEST_CASE("moments of draws whose sums and squares are no doubles", "[uncertainty]") {
    constexpr double largest = std::numeric_limits<double>::max();
    const std::vector<double> opposite{largest, -largest, largest, -largest}, large{0, 1.6e308, 1.6e308, 1.6e308}, small{1e-200, 3e-200};
    CHECK(un::sample_mean(opposite) == 0);
    CHECK(un::sample_mean(large) / 1.2e308 == Approx(1));
    CHECK(un::sample_mean(std::vector<double>(7, largest)) == largest);
    CHECK(un::sample_deviation(large) / 0.8e308 == Approx(1));
    CHECK(un::sample_deviation(small) / 1e-200 == Approx(std::sqrt(2.0)));
    CHECK(un::sample_deviation(std::vector<double>{1e10, 1e10 + 2}) == Approx(std::sqrt(2.0)));
    const un::triangular wide{1e307, 2e307, 1.5e308}, tight{0.0, 1e-200, 4e-200};
    CHECK(wide.mean() / 6e307 == Approx(1));
    CHECK((un::triangular{1.5e308, 1.6e308, 1.7e308}.mean()) / 1.6e308 == Approx(1));
    CHECK(wide.quantile(1.0 / 14) / 2e307 == Approx(1)); // below the mode lies (mode - low) / (high - low)
    CHECK(tight.quantile(0.25) / 1e-200 == Approx(1));
}

TEST_CASE("a quantile lies between its draws, however far apart they are", "[uncertainty]") {
    constexpr double largest = std::numeric_limits<double>::max();
    std::vector<double> far{-largest, largest};
    CHECK(un::sample_quantile(far, 0.5) == 0);
    CHECK(un::sample_quantile(far, 0.75) / largest == Approx(0.5));
    vd::random_stream random{11};
    for (int i = 0; i < 10'000; ++i) {
        std::vector<double> two{random.uniform(-1, 1), random.uniform(-1, 1)};
        const double high = std::max(two[0], two[1]);
        REQUIRE(un::sample_quantile(two, 1 - 0x1p-53) <= high);
    }
}
