#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/plot/axis.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <vector>

TEST_CASE("an axis begins and ends at round ticks around its data", "[search]") {
    const verdant::plot::axis a{4.95, 73.8, 90, 770};
    REQUIRE(a.low() == 0);
    REQUIRE(a.high() == 80);
    REQUIRE(a.at(0) == 90);
    REQUIRE(a.at(80) == 770);
    REQUIRE(a.at(40) == 430);
    REQUIRE(a.ticks() == std::vector<double>{0, 10, 20, 30, 40, 50, 60, 70, 80});
    REQUIRE(a.holds(80));
    REQUIRE_FALSE(a.holds(80.1));
    REQUIRE_FALSE(a.holds(std::nan("")));
}

TEST_CASE("every range of data has a handful of ticks and lies within them", "[search]") {
    for (const double scale : {1e-12, 1e-3, 1.0, 7e5, 3e15})
        for (const auto& [low, high] :
             {std::array{0.1, 0.13}, std::array{-5.0, 3.0}, std::array{0.0, 9.99}, std::array{-2.0, -1.0}, std::array{1.0, 1000.0}}) {
            const verdant::plot::axis a{low * scale, high * scale, 500, 50};
            REQUIRE(a.low() <= low * scale * (low < 0 ? 1 - 1e-12 : 1 + 1e-12));
            REQUIRE(a.high() >= high * scale * (high < 0 ? 1 + 1e-12 : 1 - 1e-12));
            REQUIRE(a.ticks().size() >= 4);
            REQUIRE(a.ticks().size() <= 12);
            REQUIRE(a.at(low * scale) > a.at(high * scale)); // upwards in the picture
        }
}

TEST_CASE("an empty range is widened", "[search]") {
    for (const double value : {0.0, 5.0, -3.0, 1e-9}) {
        const verdant::plot::axis a{value, value, 0, 100};
        REQUIRE(a.low() < value);
        REQUIRE(a.high() > value);
        REQUIRE(a.holds(value));
    }
}

namespace {

// What every axis keeps to, whatever the data.
void check_axis(double low, double high) {
    CAPTURE(low, high);
    const verdant::plot::axis a{low, high, 90, 770};
    const auto ticks = a.ticks();
    REQUIRE(ticks.size() >= 3);
    REQUIRE(ticks.size() <= 12);
    std::set<std::string> labels;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        REQUIRE(std::isfinite(ticks[i]));
        if (i > 0) REQUIRE(ticks[i] > ticks[i - 1]);
        REQUIRE(a.at(ticks[i]) >= 90 - 1e-6);
        REQUIRE(a.at(ticks[i]) <= 770 + 1e-6);
        labels.insert(a.label(ticks[i]));
        REQUIRE(a.label(ticks[i]).size() <= 18);
    }
    REQUIRE(labels.size() == ticks.size()); // no two ticks read the same
    REQUIRE(std::isfinite(a.low()));
    REQUIRE(std::isfinite(a.high()));
    REQUIRE(a.low() < a.high());
    for (const double end : {low, high}) {
        if (!std::isfinite(end)) continue;
        REQUIRE(a.holds(end));
        REQUIRE(a.at(end) >= 90 - 1e-3);
        REQUIRE(a.at(end) <= 770 + 1e-3);
    }
}

} // namespace

TEST_CASE("values an ulp or two apart have a handful of ticks", "[search]") {
    check_axis(0.3, 0.1 + 0.2);
    for (double value : {1.0, -1.0, 0.3, 1e300, -1e-300, 1.7976931348623157e308, 1e15, 123456789.0}) {
        auto next = value;
        for (int ulps = 0; ulps < 4; ++ulps) {
            check_axis(value, next);
            next = std::nextafter(next, std::numeric_limits<double>::max());
        }
        for (double share = 1e-16; share < 1; share *= 3) check_axis(value - std::abs(value) * share, value);
    }
    // Wide enough to be told apart, and labelled so.
    const verdant::plot::axis a{12345.1, 12345.9, 0, 100};
    REQUIRE(a.at(12345.9) - a.at(12345.1) > 70);
    REQUIRE(a.label(a.ticks()[1]) == "12345.2");
}

TEST_CASE("huge, denormal, infinite and missing ends have a handful of ticks", "[search]") {
    constexpr auto greatest = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
    constexpr auto infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    const std::array ends{-infinity, -greatest, -1.1e301, -1e300, -1.0, -1e-300, -least, -0.0, 0.0, least, 3 * least, 2.3e-308, 1e-300, 1e-9, 1.0, 1e300, 1.1e301,
                          1e308, greatest, infinity, nan};
    for (std::size_t i = 0; i < ends.size(); ++i)
        for (std::size_t j = i; j < ends.size(); ++j) check_axis(ends[i], ends[j]);
    check_axis(nan, 3);
    const verdant::plot::axis all{-greatest, greatest, 0, 100};
    REQUIRE(all.at(0) == Approx(50).epsilon(1e-12));
    REQUIRE(all.at(greatest) - all.at(0) == Approx(all.at(0) - all.at(-greatest)));
    REQUIRE_FALSE(all.holds(infinity));
    REQUIRE_FALSE(all.holds(nan));
}

TEST_CASE("an axis holds the data that it was made for, however its ticks are rounded", "[search]") {
    for (int i = 1; i < 400; ++i)
        for (int j = i + 1; j < i + 60; ++j)
            for (const double unit : {0.1, 0.05, 0.02, 0.3}) {
                const verdant::plot::axis a{i * unit, j * unit, 0, 1};
                if (!a.holds(i * unit) || !a.holds(j * unit)) FAIL(i << ' ' << j << ' ' << unit);
            }
    SUCCEED();
}

namespace {

using verdant::plot::axis_options;
using verdant::plot::scale;

// What every logarithmic axis keeps to, whatever the data.
void check_logarithmic(double low, double high) {
    CAPTURE(low, high);
    const verdant::plot::axis a{low, high, 90, 770, {.scale = scale::logarithmic}};
    const auto& ticks = a.ticks();
    REQUIRE(a.logarithmic());
    REQUIRE(ticks.size() >= 3);
    REQUIRE(ticks.size() <= 14);
    REQUIRE(a.minor_ticks().size() <= 120);
    std::set<std::string> labels;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        REQUIRE((std::isfinite(ticks[i]) && ticks[i] > 0));
        if (i > 0) REQUIRE(a.at(ticks[i]) > a.at(ticks[i - 1]));
        REQUIRE(a.holds(ticks[i]));
        REQUIRE(a.at(ticks[i]) >= 90 - 1e-3);
        REQUIRE(a.at(ticks[i]) <= 770 + 1e-3);
        labels.insert(a.label(ticks[i]));
    }
    REQUIRE(labels.size() == ticks.size());
    REQUIRE((a.low() > 0 && a.low() < a.high() && std::isfinite(a.high())));
    for (const double end : {low, high}) {
        if (!std::isfinite(end)) continue;
        REQUIRE(a.holds(end));
        REQUIRE(a.at(end) >= 90 - 1e-3);
        REQUIRE(a.at(end) <= 770 + 1e-3);
    }
    for (const double nowhere : {0.0, -1.0, std::nan("")}) REQUIRE_FALSE(a.holds(nowhere));
}

std::string refusal(double low, double high, const axis_options& asked) {
    try {
        const verdant::plot::axis a{low, high, 0, 1, asked};
    } catch (const verdant::input_error& e) {
        return e.what();
    }
    return "nothing";
}

} // namespace

TEST_CASE("equal ratios are equally long on a logarithmic axis", "[plot]") {
    const verdant::plot::axis a{0.9, 70'000, 0, 100, {.scale = scale::logarithmic}};
    CHECK(a.low() == 0.5);
    CHECK(a.high() == 100'000);
    CHECK(a.ticks() == std::vector<double>{1, 10, 100, 1000, 10'000, 100'000});
    CHECK(a.at(10) - a.at(1) == Approx(a.at(5000) - a.at(500)));
    CHECK(a.minor_ticks().front() == 0.5);
    const verdant::plot::axis few{3, 70, 0, 100, {.scale = scale::logarithmic}};
    CHECK(few.ticks() == std::vector<double>{2, 5, 10, 20, 50, 100});
    const verdant::plot::axis small{2e-5, 3e-3, 0, 100, {.scale = scale::logarithmic}};
    CHECK(small.label(small.ticks()[1]) == "5e-05");
    const verdant::plot::axis narrow{1.2, 3.3, 0, 100, {.scale = scale::logarithmic}};
    CHECK(narrow.ticks() == std::vector<double>{1, 1.5, 2, 2.5, 3, 3.5});
}

TEST_CASE("every range of numbers above 0 has a handful of ticks on a logarithmic axis", "[plot]") {
    constexpr auto greatest = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
    const std::array ends{least, 3 * least, 2.3e-308, 1e-301, 1e-300, 1.0000001e-300, 1e-30, 0.3, 0.1 + 0.2, 1.0, 1.0000002, 1.5, 7.9, 8.1, 9.99, 1e9, 1e299, 1e300, 1.1e301, 1e308,
                          greatest, std::numeric_limits<double>::infinity()};
    for (std::size_t i = 0; i < ends.size(); ++i)
        for (std::size_t j = i; j < ends.size(); ++j) check_logarithmic(ends[i], ends[j]);
    for (double low : {0.7, 1.0, 3.33, 6e-7, 9.1e12})
        for (double more = 1e-16; more < 1e12; more *= 1.9) check_logarithmic(low, low * (1 + more));
}

TEST_CASE("an axis begins and ends where it is asked to", "[plot]") {
    const verdant::plot::axis both{1, 7, 0, 100, {.low = 3.3, .high = 47}};
    CHECK((both.low() == 3.3 && both.high() == 47));
    CHECK((both.at(3.3) == Approx(0).margin(1e-9) && both.at(47) == Approx(100)));
    CHECK(both.ticks() == std::vector<double>{10, 20, 30, 40});
    CHECK((both.holds(3.3) && both.holds(47) && !both.holds(3.2) && !both.holds(48)));
    const verdant::plot::axis from_zero{5, 7, 0, 100, {.low = 0}};
    CHECK((from_zero.low() == 0 && from_zero.high() == 7));
    const verdant::plot::axis beyond{1, 7, 0, 100, {.low = 30}}; // all data lie before it
    CHECK((beyond.low() == 30 && beyond.high() > 30 && !beyond.holds(7)));
    const verdant::plot::axis logarithmic{1, 7, 0, 100, {.low = 0.3, .high = 40, .scale = scale::logarithmic}};
    CHECK((logarithmic.low() == 0.3 && logarithmic.high() == 40));
    CHECK(logarithmic.ticks() == std::vector<double>{0.5, 1, 2, 5, 10, 20});
    const verdant::plot::axis zero{0, 0, 0, 100, {.low = 0}};
    CHECK((zero.low() == 0 && zero.high() == 1));
}

TEST_CASE("values far beyond an axis have a place that is a number", "[plot]") {
    const auto greatest = std::numeric_limits<double>::max();
    for (const auto& asked : {axis_options{.low = 0, .high = 1}, axis_options{.low = 1, .high = 1.1, .scale = scale::logarithmic}})
        for (const double value : {greatest, -greatest, 5e-324, 0.0}) CHECK(std::isfinite(verdant::plot::axis{0, 1, 90, 770, asked}.at(value)));
}

TEST_CASE("an automatic scale is logarithmic where all values are above 0 and span more than three decades", "[plot]") {
    const auto logarithmic = [](double low, double high, axis_options o = {}) {
        o.scale = scale::automatic;
        return verdant::plot::axis{low, high, 0, 1, o}.logarithmic();
    };
    CHECK(logarithmic(1, 1001));
    CHECK_FALSE(logarithmic(1, 1000));
    CHECK_FALSE(logarithmic(0, 1e9));
    CHECK_FALSE(logarithmic(-1, 1e9));
    CHECK(logarithmic(5e-324, 1e300));
    CHECK_FALSE(logarithmic(1, 1e9, {.low = 0})); // it was asked to begin where no logarithm is
}

TEST_CASE("ends that no axis can have are refused by the name of the axis", "[plot]") {
    const auto infinity = std::numeric_limits<double>::infinity();
    CHECK(refusal(1, 7, {.low = 50, .high = 0, .label = "latency [ms]"}) == "verdant: latency [ms], range: expected a lower end below the upper one, found 50 to 0");
    CHECK(refusal(1, 7, {.low = 2, .high = 2}).find("axis, range: expected a lower end below") != std::string::npos);
    CHECK(refusal(1, 7, {.low = -infinity}).find("expected finite ends, found -inf to ...") != std::string::npos);
    CHECK(refusal(1, 7, {.low = 0.3, .high = 0.1 + 0.2}).find("expected ends further apart") != std::string::npos);
    CHECK(refusal(1, 7, {.low = 0, .high = 5e-324}).find("expected ends further apart") != std::string::npos);
    for (const double end : {0.0, -3.0, 1e-310, 1e301})
        CHECK(refusal(1, 7, {.low = end, .scale = scale::logarithmic}).find("ends of a logarithmic axis from 1e-300 to 1e300") != std::string::npos);
    CHECK(refusal(0, 7, {.scale = scale::logarithmic}).find("expected data above 0 on a logarithmic axis, found 0") != std::string::npos);
    CHECK(refusal(-2, 7, {.scale = scale::logarithmic}).find("found -2") != std::string::npos);
}

TEST_CASE("the range of data is that of the values with a place", "[plot]") {
    const auto infinity = std::numeric_limits<double>::infinity();
    using range = std::pair<double, double>;
    CHECK(verdant::plot::data_range({3, -1, infinity, std::nan("")}) == range{-1, 3});
    CHECK(verdant::plot::data_range({3, -1, 0, infinity, 20}, scale::logarithmic) == range{3, 20});
    CHECK(verdant::plot::data_range({infinity}) == range{0, 1});
    CHECK(verdant::plot::data_range({-1, 0}, scale::logarithmic) == range{1, 10});
}

TEST_CASE("an axis ends at the number that its data end at where that is round, and writes it without an exponent", "[plot]") {
    for (int step = 1; step < 40; ++step) { // 0.05 to 1.95: dividing by a step gives a little less or more than a whole number
        const verdant::plot::axis a{step * 0.05, step * 0.05 + 0.3, 0, 1};
        CAPTURE(step);
        CHECK(a.low() == Approx(step * 0.05));
        CHECK(a.high() == Approx(step * 0.05 + 0.3));
    }
    const verdant::plot::axis memory{300'000, 550'000, 0, 1};
    CHECK(memory.label(350'000) == "350000");
    CHECK(memory.label(2'500'000) == "2500000");
    CHECK(memory.label(3e7) == "3e+07");
}
