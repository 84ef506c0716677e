#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/search.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/uncertainty.hpp>

#include <limits>
#include <string>
#include <vector>

namespace vd = verdant;
namespace un = verdant::uncertainty;
using Catch::Contains;

namespace {

struct chip : vd::space<vd::param<"cores", vd::range<1, 8>>, vd::param<"cache", vd::range<1, 6>>> {};
using point = vd::point<chip>;
using carbon = vd::total_carbon;
using record = vd::uncertain_metrics<vd::metrics<vd::latency>, vd::drawn<carbon>, vd::ranged<vd::area>>;

un::draws<vd::si::mass> emitted(const point& p, const un::draw_inputs& world) {
    const auto cores = static_cast<double>(p.get<"cores">()), cache = static_cast<double>(p.get<"cache">());
    const auto grid = world("grid", un::lognormal{68.0 * vd::grams_per_kilowatt_hour{}, 0.5});
    const auto per_area = world("fab", un::normal{10.0, 1.0});
    return (cores + cache) * per_area * (1.0 * vd::kilograms_co2e{}) + (600.0 / cache * vd::kilowatt_hours{}) * grid;
}

struct measure {
    un::draw_inputs world{.seed = 4, .count = 200};
    record operator()(const point& p) const {
        const double cores = static_cast<double>(p.get<"cores">());
        return {vd::metrics<vd::latency>{1.0 / cores * vd::seconds{}}, emitted(p, world),
                un::interval{cores * vd::square_millimetres{}, 1.5 * cores * vd::square_millimetres{}}};
    }
};

template <class... G>
using study = vd::search<chip, vd::minimize<vd::latency>, G..., vd::exhaustive_search>;

template <class Search>
vd::study_description described() {
    return vd::describe_study<chip, typename Search::goals_type, typename Search::optimizer_type>(Search::goals_type::limits(), {}, 1, 1);
}

} // namespace

TEST_CASE("summaries have names that no other share has", "[goal]") {
    CHECK(vd::quantile<carbon, 0.95>::name() == "total_carbon_q0.95");
    CHECK(vd::quantile<carbon, 1>::name() == "total_carbon_q1");
    CHECK(vd::quantile<carbon, 0>::name() == "total_carbon_q0");
    CHECK(vd::quantile<carbon, 0.001>::name() == "total_carbon_q0.001");
    CHECK(vd::quantile<carbon, 0.1 + 0.2>::name() != vd::quantile<carbon, 0.3>::name());
    CHECK(vd::quantile<carbon, 1e-17>::name() != vd::quantile<carbon, 0.0>::name());
    CHECK(vd::mean<carbon>::name() == "total_carbon_mean");
    CHECK(vd::mean<carbon>::unit::symbol() == "kgCO2e");
    CHECK(vd::upper_bound<vd::area>::name() == "area_upper_bound");
}

TEST_CASE("a record answers goals from its draws, which stay in order", "[goal]") {
    const measure evaluate{};
    const point p{};
    const auto found = evaluate(p);
    const auto before = found.draws<carbon>();
    auto sorted = std::vector<double>(before.si().begin(), before.si().end());
    CHECK(vd::to_si(found.get<vd::quantile<carbon, 0.95>>()) == un::sample_quantile(sorted, 0.95));
    CHECK(vd::to_si(found.get<vd::mean<carbon>>()) == un::sample_mean(before.si()));
    CHECK(vd::to_si(found.get<vd::deviation<carbon>>()) == un::sample_deviation(before.si()));
    CHECK(found.draws<carbon>() == before);
    CHECK(found.get<vd::latency>() == 1.0 * vd::seconds{});
    CHECK(found.get<vd::lower_bound<vd::area>>() == 1.0 * vd::square_millimetres{});
    CHECK(found.get<vd::upper_bound<vd::area>>() == 1.5 * vd::square_millimetres{});
    STATIC_REQUIRE(record::has<vd::quantile<carbon, 0.5>>);
    STATIC_REQUIRE_FALSE(record::has<vd::quantile<vd::energy, 0.5>>);
    STATIC_REQUIRE_FALSE(record::has<carbon>);
    STATIC_REQUIRE(vd::evaluator_for<measure, chip>);
}

TEST_CASE("goals of quantiles and means in a search", "[goal]") {
    using robust = study<vd::minimize<vd::quantile<carbon, 0.95>>, vd::track<vd::mean<carbon>>,
                         vd::subject_to<vd::upper_bound<vd::area>, vd::at_most<9>, vd::square_millimetres>>;
    using usual = study<vd::minimize<vd::mean<carbon>>, vd::track<vd::quantile<carbon, 0.95>>>;
    const auto found = robust{measure{}}.run({.trials = 100});
    REQUIRE(found.trials().size() == 48);
    for (const auto& t : found.trials()) {
        const auto truth = measure{}(t.point);
        CHECK(t.get<vd::quantile<carbon, 0.95>>() == truth.get<vd::quantile<carbon, 0.95>>());
        CHECK(t.get<vd::mean<carbon>>() == truth.get<vd::mean<carbon>>());
        CHECK(t.feasible() == (t.point.get<"cores">() <= 6));
    }
    // The grid is uncertain, so that who guards against it takes the larger cache.
    const auto expected = usual{measure{}}.run({.trials = 100});
    CHECK(found.front().back().point.get<"cache">() > expected.front().back().point.get<"cache">());
}

TEST_CASE("quantiles do not depend on threads", "[goal]") {
    using robust = study<vd::minimize<vd::quantile<carbon, 0.9>>>;
    const auto serial = robust{measure{}}.run({.trials = 48});
    for (const unsigned threads : {2U, 5U, 0U}) CHECK(robust{measure{}}.run({.trials = 48, .threads = threads}).trials() == serial.trials());
}

TEST_CASE("batch evaluators give draws, too", "[goal]") {
    using robust = study<vd::minimize<vd::quantile<carbon, 0.9>>>;
    const auto batch = [](std::span<const point> points) {
        std::vector<record> all;
        for (const auto& p : points) all.push_back(measure{}(p));
        return all;
    };
    const auto one = robust{measure{}}.run({.trials = 48}), many = robust{batch}.run({.trials = 48});
    CHECK(one.trials() == many.trials());
}

TEST_CASE("draws that are NaN, or none, fail their trial and say so", "[goal]") {
    using robust = study<vd::minimize<vd::quantile<carbon, 0.9>>>;
    const auto broken = [](const point& p) {
        auto d = emitted(p, {.seed = 1, .count = 5});
        if (p.get<"cores">() == 2) d.si()[3] = std::numeric_limits<double>::quiet_NaN();
        if (p.get<"cores">() == 3) d = un::draws<vd::si::mass>{};
        if (p.get<"cores">() == 4) d.si()[0] = d.si()[1] = std::numeric_limits<double>::infinity();
        return vd::uncertain_metrics<vd::metrics<vd::latency>, vd::drawn<carbon>>{vd::metrics<vd::latency>{1.0 * vd::seconds{}}, d};
    };
    const auto found = robust{broken}.run({.trials = 48});
    for (const auto& t : found.trials()) {
        const auto cores = t.point.get<"cores">();
        if (cores == 2) CHECK_THAT(t.message, Contains("total_carbon, draw 3: expected a number, found NaN"));
        else if (cores == 3) CHECK_THAT(t.message, Contains("total_carbon: expected at least one draw, found none"));
        else if (cores == 4) CHECK(t.get<vd::quantile<carbon, 0.9>>() == std::numeric_limits<double>::infinity() * vd::kilograms_co2e{});
        else CHECK(t.feasible());
    }
}

TEST_CASE("kept studies know their quantile", "[goal]") {
    using of_95 = study<vd::minimize<vd::quantile<carbon, 0.95>>>;
    using of_90 = study<vd::minimize<vd::quantile<carbon, 0.9>>>;
    const auto a = described<of_95>(), b = described<of_90>();
    CHECK(a.goals[1].metric == "total_carbon_q0.95");
    CHECK(a.goals[1].unit == "kgCO2e");
    CHECK(vd::study_differences(a, a).empty());
    const auto told = vd::study_differences(a, b);
    REQUIRE(!told.empty());
    CHECK_THAT(told.front(), Contains("total_carbon_q0.95") && Contains("total_carbon_q0.9"));
}
