#include "catch.hpp"

#include <verdant/goal.hpp>

#include <limits>

namespace vd = verdant;

TEST_CASE("a record gives back the quantities it was made of, whatever unit they were written in", "[goal]") {
    const vd::metrics<vd::latency, vd::area, vd::accuracy> found{0.003 * vd::seconds{}, 2e6 * vd::square_micrometres{}, 0.75};
    REQUIRE(vd::in<vd::milliseconds>(found.get<vd::latency>()) == Approx(3));
    REQUIRE(vd::in<vd::square_millimetres>(found.get<vd::area>()) == Approx(2));
    REQUIRE(found.get<vd::accuracy>() == 0.75);
    REQUIRE(found.size() == 3);
}

TEST_CASE("records compare by all their values and go through plain numbers in SI units", "[goal]") {
    using record = vd::metrics<vd::latency, vd::accuracy>;
    record a{3.0 * vd::milliseconds{}, 0.5}, b = a;
    REQUIRE(a == b);
    b.set<vd::accuracy>(0.25);
    REQUIRE_FALSE(a == b);
    REQUIRE(b.si_values() == std::array{0.003, 0.25});
    REQUIRE(record::from_si_values(b.si_values()) == b);
}

TEST_CASE("a record of one metric is made from its value", "[goal]") {
    const auto measure = []() -> vd::metrics<vd::accuracy> { return 0.5; };
    REQUIRE(measure().get<vd::accuracy>() == 0.5);
    const vd::metrics<vd::accuracy> whole{1}; // whole numbers are numbers
    REQUIRE(whole.get<vd::accuracy>() == 1.0);
}

TEST_CASE("the first metric that is NaN is named", "[goal]") {
    constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
    using record = vd::metrics<vd::latency, vd::energy, vd::accuracy>;
    REQUIRE(vd::detail::nan_metric(record{1.0 * vd::seconds{}, 1.0 * vd::joules{}, 1.0}).empty());
    REQUIRE(vd::detail::nan_metric(record{1.0 * vd::seconds{}, nan * vd::joules{}, nan}) == "energy");
    REQUIRE(vd::detail::nan_metric(record{1.0 * vd::seconds{}, 1.0 * vd::joules{}, nan}) == "accuracy");
    REQUIRE(vd::detail::nan_metric(vd::metrics<>{}).empty());
}
