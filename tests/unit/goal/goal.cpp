#include "catch.hpp"

#include <verdant/goal.hpp>

#include <boost/units/systems/si/volume.hpp>

#include <cmath>
#include <limits>
#include <type_traits>

namespace vd = verdant;

namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();

using wanted = vd::goals<vd::minimize<vd::latency, vd::threshold<100>>, vd::maximize<vd::accuracy, vd::threshold<0.5>>,
                         vd::subject_to<vd::area, vd::at_most<20>>, vd::subject_to<vd::energy, vd::between<1, 4>>,
                         vd::subject_to<vd::accuracy, vd::at_least<0>>, vd::track<vd::tops>>;
using record = wanted::metrics_type;

record measured(double milliseconds, double accuracy, double area, double energy) {
    return {milliseconds * vd::milliseconds{}, accuracy, area * vd::square_millimetres{}, energy * vd::joules{}, 1.0};
}

using volume = boost::units::quantity<boost::units::si::volume>;
using flow = decltype(volume{} / vd::si::time{});
using root_of_time = boost::units::quantity<boost::units::root_typeof_helper<boost::units::si::time, boost::units::static_rational<2>>::type>;
struct water : vd::metric<"water", volume> {};
struct drop_rate : vd::metric<"drop_rate", flow> {};
struct rough : vd::metric<"rough", root_of_time> {};

double violation(const record& r) { return wanted::violation(r, wanted::limits()); }

} // namespace

TEST_CASE("objectives are all to be minimised, in SI units, and so is the reference point", "[goal]") {
    REQUIRE(wanted::objectives(measured(30, 0.7, 1, 2)) == std::array{0.03, -0.7});
    REQUIRE(wanted::reference(wanted::limits()) == std::array{0.1, -0.5});
}

TEST_CASE("the unit of a hypervolume is written in units of the SI, also for quantities of one's own", "[goal]") {
    CHECK(vd::hypervolume_unit<wanted>() == "s");
    CHECK(vd::hypervolume_unit<vd::goals<vd::minimize<vd::latency>, vd::minimize<water>, vd::minimize<vd::total_carbon>>>() == "s m3 kg");
    CHECK(vd::hypervolume_unit<vd::goals<vd::minimize<vd::energy>, vd::minimize<drop_rate>>>() == "J m3 s-1");
    CHECK(vd::hypervolume_unit<vd::goals<vd::minimize<rough>>>() == "SI unit"); // half powers have no usual spelling
    CHECK(vd::hypervolume_unit<vd::goals<vd::minimize<vd::area>, vd::maximize<vd::accuracy>>>() == "m2");
}

TEST_CASE("a number and a unit make a quantity in either order", "[goal]") {
    STATIC_REQUIRE(vd::milliseconds{} * 2.5 == 2.5 * vd::milliseconds{});
    STATIC_REQUIRE(std::is_same_v<decltype(vd::joules{} * 1.0), vd::si::energy>);
}

TEST_CASE("a trial records each metric that a goal names once, in order of appearance", "[goal]") {
    REQUIRE(std::is_same_v<record, vd::metrics<vd::latency, vd::accuracy, vd::area, vd::energy, vd::tops>>);
    REQUIRE(wanted::objective_count == 2);
    REQUIRE(wanted::constraint_count == 3);
}

TEST_CASE("the violation adds up how far each bound is exceeded, relative to the bound", "[goal]") {
    REQUIRE(violation(measured(30, 0.7, 20, 1)) == 0);
    REQUIRE(violation(measured(30, 0.7, 20, 4)) == 0);
    REQUIRE(violation(measured(30, 0.7, 30, 2)) == Approx(0.5));
    REQUIRE(violation(measured(30, 0.7, 20, 6)) == Approx(0.5));
    REQUIRE(violation(measured(30, 0.7, 20, 0.25)) == Approx(0.75));
    REQUIRE(violation(measured(30, -0.5, 20, 2)) == Approx(0.5)); // the bound is 0: absolute
    REQUIRE(violation(measured(30, -0.5, 30, 6)) == Approx(1.5));
    // Two sides of one constraint are never broken at once, so a wide range is no worse than a narrow one.
    REQUIRE(violation(measured(30, 0.7, 20, 2)) == 0);
}

TEST_CASE("of a record with some of the metrics, the constraints on these count", "[goal]") {
    using part = vd::metrics<vd::tops, vd::energy>;
    REQUIRE(wanted::violation(part{1.0, 2.0 * vd::joules{}}, wanted::limits()) == 0);
    REQUIRE(wanted::violation(part{1.0, 6.0 * vd::joules{}}, wanted::limits()) == Approx(0.5));
    REQUIRE(wanted::violation(vd::metrics<vd::tops>{1.0}, wanted::limits()) == 0);
}

TEST_CASE("values and bounds without end have a violation that is a number or infinite, never NaN", "[goal]") {
    REQUIRE(violation(measured(30, 0.7, infinity, 2)) == infinity);
    REQUIRE(violation(measured(30, -infinity, 1, 2)) == infinity);
    auto limits = wanted::limits();
    limits.high[0] = infinity; // no limit any more
    REQUIRE(wanted::violation(measured(30, 0.7, infinity, 2), limits) == 0);
    limits.low[2] = infinity; // nothing is enough
    REQUIRE(wanted::violation(measured(30, 0.7, 1, 2), limits) == infinity);
}

TEST_CASE("limits come from the types of the goals, in SI units, and are open where nothing is said", "[goal]") {
    const auto limits = wanted::limits();
    REQUIRE(limits.threshold == std::array{0.1, 0.5});
    REQUIRE(limits.high[0] == Approx(20e-6));
    REQUIRE(limits.low[0] == -infinity);
    REQUIRE(limits.low[1] == 1);
    REQUIRE(limits.high[1] == 4);
    REQUIRE(limits.low[2] == 0);
    REQUIRE(limits.high[2] == infinity);
    REQUIRE(std::isnan(vd::goals<vd::minimize<vd::latency>>::limits().threshold[0]));
}

TEST_CASE("a limit may be written in any unit of the metric's quantity", "[goal]") {
    using in_um2 = vd::goals<vd::minimize<vd::latency, vd::threshold<0.1>, vd::seconds>,
                             vd::subject_to<vd::area, vd::at_most<31'990'347>, vd::square_micrometres>>;
    REQUIRE(in_um2::limits().threshold[0] == 0.1);
    REQUIRE(in_um2::limits().high[0] == Approx(31.990347e-6));
}
