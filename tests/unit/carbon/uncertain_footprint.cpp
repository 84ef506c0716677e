#include "catch.hpp"

#include <verdant/carbon/footprint.hpp>
#include <verdant/carbon/uncertain_footprint.hpp>
#include <verdant/error.hpp>
#include <verdant/uncertainty/closed_form.hpp>
#include <verdant/uncertainty/sample_quantile.hpp>
#include <verdant/units.hpp>

#include <vector>

namespace vd = verdant;
namespace un = verdant::uncertainty;
namespace carbon = verdant::carbon;
using Catch::Contains;

namespace {

const auto die = 40.0 * vd::square_millimetres{};
const auto use = 0.02 * vd::joules{};

double quantile_of(const un::draws<vd::si::mass>& d, double share) {
    std::vector<double> values(d.si().begin(), d.si().end());
    return un::sample_quantile(values, share);
}

} // namespace

TEST_CASE("known inputs give the footprint in each draw", "[carbon]") {
    for (const auto node : {vd::hardware::node::nm22, vd::hardware::node::nm7})
        for (const auto abated : {carbon::abatement::gpa95, carbon::abatement::gpa97, carbon::abatement::gpa99}) {
            const carbon::life l{.fab = {.node = node, .abatement = abated, .yield = 0.6}, .inferences = 1e7};
            const carbon::uncertain_footprint footprint{carbon::uncertain_life{l}, {.count = 3}};
            const auto expected = carbon::footprint_of(die, use, l);
            un::draws<vd::si::mass> made{3}, used{3};
            footprint.embodied(die, made);
            footprint.operational(use, used);
            const auto total = footprint.total(die, use);
            for (std::size_t i = 0; i < 3; ++i) {
                CHECK(vd::to_si(made[i]) == Approx(vd::to_si(expected.embodied())).epsilon(1e-13));
                CHECK(vd::to_si(used[i]) == Approx(vd::to_si(expected.total - expected.embodied())).epsilon(1e-13));
                CHECK(vd::to_si(total[i]) == Approx(vd::to_si(expected.total)).epsilon(1e-13));
            }
        }
}

TEST_CASE("where a closed form is exact the draws have its moments and quantiles", "[carbon]") {
    carbon::uncertain_life l{carbon::life{}};
    const un::lognormal<vd::si::carbon_intensity> grid{68.0 * vd::grams_per_kilowatt_hour{}, 0.3};
    const un::lognormal<double> inferences{3e7, 0.4};
    l.grid = grid;
    l.inferences = inferences;
    const carbon::uncertain_footprint footprint{l, {.seed = 2, .count = 50'000, .how = un::sampling::stratified}};
    un::draws<vd::si::mass> used;
    footprint.operational(use, used); // takes their number
    const auto exact = un::independent_product(un::scaled(grid, use), inferences);
    CHECK(un::sample_mean(used.si()) == Approx(vd::to_si(exact.mean())).epsilon(5e-3));
    for (const double share : {0.05, 0.5, 0.95}) CHECK(quantile_of(used, share) == Approx(vd::to_si(exact.quantile(share))).epsilon(1e-2));

    // Sums of normals: gases and materials of a perfect yield
    carbon::uncertain_life n{carbon::life{.fab = {.yield = 1}}};
    const un::normal<vd::si::carbon_per_area> gases{150.0 * vd::grams_per_square_centimetre{}, 20.0 * vd::grams_per_square_centimetre{}};
    const un::normal<vd::si::carbon_per_area> materials{500.0 * vd::grams_per_square_centimetre{}, 50.0 * vd::grams_per_square_centimetre{}};
    n.gases = gases;
    n.materials = materials;
    n.fab_intensity = 0.0 * vd::grams_per_kilowatt_hour{};
    n.memory = 0.0 * vd::grams_co2e{};
    const auto sum = un::scaled(un::independent_sum(gases, materials), die);
    un::draws<vd::si::mass> made;
    carbon::uncertain_footprint{n, {.seed = 2, .count = 50'000, .how = un::sampling::stratified}}.embodied(die, made);
    CHECK(un::sample_mean(made.si()) == Approx(vd::to_si(sum.mean())).epsilon(1e-4));
    CHECK(un::sample_deviation(made.si()) == Approx(vd::to_si(sum.deviation())).epsilon(1e-2));
    CHECK(quantile_of(made, 0.95) == Approx(vd::to_si(sum.quantile(0.95))).epsilon(1e-2));
}

TEST_CASE("another uncertain input changes no draw of the others", "[carbon]") {
    carbon::uncertain_life l{carbon::life{}};
    l.grid = un::lognormal<vd::si::carbon_intensity>{68.0 * vd::grams_per_kilowatt_hour{}, 0.3};
    un::draws<vd::si::mass> before, after;
    carbon::uncertain_footprint{l, {.seed = 9, .count = 50}}.operational(use, before);
    l.yield = un::triangular{0.5, 0.875, 0.95};
    carbon::uncertain_footprint{l, {.seed = 9, .count = 50}}.operational(use, after);
    CHECK(before == after);
}

TEST_CASE("draws that are no such input are refused", "[carbon]") {
    carbon::uncertain_life l{carbon::life{}};
    l.yield = un::normal{0.9, 0.2};
    CHECK_THROWS_WITH(carbon::uncertain_footprint{l}, Contains("yield, draw") && Contains("a number above 0") && Contains("truncated_normal"));
    l.yield = un::truncated_normal{0.9, 0.2, 0.1, 1.0};
    CHECK_NOTHROW(carbon::uncertain_footprint{l});
    l.grid = un::normal{10.0 * vd::grams_per_kilowatt_hour{}, 20.0 * vd::grams_per_kilowatt_hour{}};
    CHECK_THROWS_WITH(carbon::uncertain_footprint{l}, Contains("grid, draw"));
    CHECK_THROWS_AS(carbon::uncertain_footprint{carbon::uncertain_life{carbon::life{}}}.total(-die, use), vd::input_error);
}
