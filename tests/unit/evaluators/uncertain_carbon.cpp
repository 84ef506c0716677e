#include "catch.hpp"

#include <verdant/carbon/uncertain_footprint.hpp>
#include <verdant/evaluators/uncertain_carbon.hpp>
#include <verdant/goal.hpp>
#include <verdant/space.hpp>
#include <verdant/uncertainty.hpp>

namespace vd = verdant;
namespace un = verdant::uncertainty;
namespace carbon = verdant::carbon;

namespace {

struct chip : vd::space<vd::param<"size", vd::range<1, 9>>> {};
using record = vd::metrics<vd::area, vd::energy, vd::total_carbon>;

record measured(const vd::point<chip>& p) {
    const auto size = static_cast<double>(p.get<"size">());
    return {size * vd::square_millimetres{}, 0.1 / size * vd::joules{}, 1.0 * vd::kilograms_co2e{}};
}

struct no_energy {
    vd::metrics<vd::area> operator()(const vd::point<chip>&) const { return {1.0 * vd::square_millimetres{}}; }
};

} // namespace

TEST_CASE("an evaluator of hardware gets draws of its carbon beside what it measures", "[evaluators]") {
    carbon::uncertain_life life{carbon::life{}};
    life.grid = un::lognormal{carbon::british_columbia, 0.5};
    const carbon::uncertain_footprint footprint{life, {.seed = 3, .count = 20}};
    const vd::uncertain_carbon measure{measured, footprint};
    const vd::point<chip> p{};
    const auto found = measure(p);
    CHECK(found.known() == measured(p));
    CHECK(found.get<vd::total_carbon>() == 1.0 * vd::kilograms_co2e{}); // the other evaluator's, without uncertainty
    const auto expected = footprint.total(measured(p).get<vd::area>(), measured(p).get<vd::energy>());
    for (std::size_t i = 0; i < 20; ++i) {
        CHECK(vd::to_si(found.draws<vd::total_carbon>()[i]) == Approx(vd::to_si(expected[i])).epsilon(1e-14));
        CHECK(found.draws<vd::embodied_carbon>()[i] + found.draws<vd::operational_carbon>()[i] == found.draws<vd::total_carbon>()[i]);
    }
    STATIC_REQUIRE(vd::evaluator_for<decltype(measure), chip>);
    STATIC_REQUIRE_FALSE(vd::evaluator_for<vd::uncertain_carbon<no_energy>, chip>);
}
