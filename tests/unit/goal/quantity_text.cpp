#include "catch.hpp"

#include <verdant/goal.hpp>

#include <sstream>

namespace vd = verdant;

namespace {

template <class Quantity>
std::string printed(const Quantity& q) {
    std::ostringstream out;
    out << q;
    return out.str();
}

} // namespace

TEST_CASE("a quantity is printed in the unit of its kind", "[goal]") {
    CHECK(printed(12.5 * vd::milliseconds{}) == "0.0125 s");
    CHECK(printed(2.5 * vd::square_millimetres{}) == "2.5 mm2");
    CHECK(printed(3.0 * vd::kilograms_co2e{}) == "3 kgCO2e");
    CHECK(printed(2.0 * vd::joules{} / (1.0 * vd::watts{})) == "2 s");
    CHECK(printed(2.0 * vd::joules{} * (1.0 * vd::seconds{})) == "2 SI");
    CHECK(printed(2.0 * vd::joules{} / (1.0 * vd::joules{})) == "2"); // a number
    CHECK(printed(1e306 * vd::square_metres{}) == "1e+306 SI");       // more than there are mm2
}

TEST_CASE("what is said of quantities beside plain numbers leaves right programs alone", "[goal]") {
    const auto t = 2.0 * vd::seconds{};
    CHECK((t < 3.0 * vd::seconds{} && t == 2000.0 * vd::milliseconds{} && t >= 2.0 * vd::seconds{} && t != 1.0 * vd::seconds{}));
    CHECK(t + 500.0 * vd::milliseconds{} == 2.5 * vd::seconds{});
    CHECK(t - 500.0 * vd::milliseconds{} == 1.5 * vd::seconds{});
    CHECK(t * 2.0 == 4.0 * vd::seconds{});
    CHECK(t / t == 1.0);
    CHECK(t / t + 1 < 3);
}
