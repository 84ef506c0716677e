#include "catch.hpp"

#include <verdant/goal.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/search.hpp>
#include <verdant/uncertainty.hpp>

#include <algorithm>
#include <vector>

namespace vd = verdant;
namespace un = verdant::uncertainty;
using Catch::Contains;

namespace {

struct plan : vd::space<vd::param<"size", vd::range<1, 6>>, vd::param<"waste", vd::range<0, 3>>> {};

struct measure {
    double log_deviation = 0.3;
    std::size_t count = 200;
    auto operator()(const vd::point<plan>& p) const {
        const double size = static_cast<double>(p.get<"size">()), waste = static_cast<double>(p.get<"waste">());
        const auto grid = un::draw_inputs{.seed = 5, .count = count}("grid", un::lognormal<double>{1.0, log_deviation});
        // Waste costs more on a dirty grid, and size less: designs change places from draw to draw.
        const un::draws<vd::si::mass> total = (1.0 * vd::kilograms_co2e{}) * (size * 0.8 + (6 - size + waste) * grid);
        return vd::uncertain_metrics<vd::metrics<vd::latency>, vd::drawn<vd::total_carbon>>{vd::metrics<vd::latency>{(waste + 1) * vd::seconds{}},
                                                                                            total};
    }
};

struct sizes : vd::space<vd::param<"size", vd::range<1, 6>>> {};

using study = vd::search<plan, vd::minimize<vd::latency>, vd::minimize<vd::mean<vd::total_carbon>>, vd::exhaustive_search>;

} // namespace

TEST_CASE("the front by dominance in most draws holds designs that few draws favour", "[search]") {
    const measure evaluator{};
    const auto found = study{evaluator}.run({.trials = 24});
    const auto at_95 = vd::front_in_draws(found, evaluator, vd::pareto::in_share_of_draws{0.95});
    const auto at_60 = vd::front_in_draws(found, evaluator, vd::pareto::in_share_of_draws{0.6});
    CHECK(found.size() == 1);
    CHECK(at_95.size() > at_60.size());
    for (const auto& t : at_95) CHECK(t.point.get<"waste">() == 0); // more waste is worse in each draw
    for (const auto& t : at_60) CHECK(std::find(at_95.begin(), at_95.end(), t) != at_95.end());
    // Without uncertainty it is the Pareto front.
    const measure known{.log_deviation = 0};
    const auto sure = study{known}.run({.trials = 24});
    CHECK(vd::front_in_draws(sure, known) == sure.front());
}

TEST_CASE("points of other numbers of draws are not compared", "[search]") {
    const measure evaluator{};
    const auto found = study{evaluator}.run({.trials = 24});
    const auto uneven = [&](const vd::point<plan>& p) { return measure{.count = p.get<"size">() == 3 ? 10U : 20U}(p); };
    CHECK_THROWS_WITH(vd::front_in_draws(found, uneven), Contains("total_carbon, draws: expected 20"));
}

TEST_CASE("a deviation is the same in all draws", "[search]") {
    // The mean rises with the size, and the deviation falls: all are on the front, although small ones are better in every draw.
    const auto steadier = [](const vd::point<sizes>& p) {
        const double size = static_cast<double>(p.get<"size">());
        return vd::uncertain_metrics<vd::metrics<>, vd::drawn<vd::total_carbon>>{
            vd::metrics<>{}, un::draws<vd::si::mass>::of_si({10 * size - 1 / size, 10 * size, 10 * size + 1 / size})};
    };
    using both = vd::search<sizes, vd::minimize<vd::mean<vd::total_carbon>>, vd::minimize<vd::deviation<vd::total_carbon>>, vd::exhaustive_search>;
    const auto found = both{steadier}.run({.trials = 6});
    CHECK(found.front().size() == 6);
    CHECK(vd::front_in_draws(found, steadier).size() == 6);
}
