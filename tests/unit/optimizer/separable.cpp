#include "catch.hpp"
#include "unit/optimizer/separable/separable_costs.hpp"

#include <verdant/pareto/dominance.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/enumeration.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace separable_costs;
using verdant::at_least;
using verdant::at_most;
using verdant::between;
using verdant::exact_front;
using verdant::goals;
using verdant::maximize;
using verdant::minimize;
using verdant::subject_to;

/// The vectors of objectives of the front, by looking at every point.
template <class S, class G>
std::set<std::array<double, G::objective_count>> brute_force(const hashed<S>& costs) {
    std::vector<std::array<double, G::objective_count>> all;
    for (const auto& p : verdant::feasible_points<S>()) {
        const auto record = costs(p);
        typename G::metrics_type values;
        [&]<class... M>(verdant::metrics<M...>*) {
            (values.template set<M>(record.template get<M>()), ...);
        }(static_cast<typename G::metrics_type*>(nullptr));
        if (G::violation(values, G::limits()) == 0) all.push_back(G::objectives(values));
    }
    std::set<std::array<double, G::objective_count>> front;
    for (const auto& a : all)
        if (std::none_of(all.begin(), all.end(), [&](const auto& b) { return verdant::pareto::dominates(b, a); })) front.insert(a);
    return front;
}

template <class S, class G>
void compare() {
    double points = 0;
    for ([[maybe_unused]] const auto& p : verdant::feasible_points<S>()) ++points;
    for (const auto kind : {numbers::whole, numbers::real, numbers::signed_whole})
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            const hashed<S> costs{seed, kind};
            const auto expected = brute_force<S, G>(costs);
            const auto found = exact_front<S, G>({.probes = 20}, costs);
            std::set<std::array<double, G::objective_count>> vectors;
            for (const auto& t : found) {
                CHECK(t.point.feasible());
                CHECK(t.feasible());
                vectors.insert(t.objectives);
            }
            CHECK(vectors == expected);
            CHECK(found.size() == expected.size());
            CHECK(found.certificate.points == points);
            CHECK(std::is_sorted(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.objectives < b.objectives; }));
            // Whatever an approximate front lacks is worse than some point of it, or better by no more than the tolerance.
            const auto coarse = exact_front<S, G>({.epsilon = 0.1, .probes = 0}, costs);
            CHECK_FALSE(coarse.certificate.exact());
            for (const auto& e : expected)
                CHECK(std::any_of(coarse.begin(), coarse.end(), [&](const auto& t) {
                    bool covers = true;
                    for (std::size_t d = 0; d < e.size(); ++d) covers = covers && t.objectives[d] <= e[d] + coarse.certificate.tolerance[d] + 1e-12;
                    return covers;
                }));
        }
}

TEST_CASE("an exact front equals that of all points", "[optimizer]") {
    using three = goals<minimize<first>, minimize<second>, maximize<third>>;
    compare<loose, goals<minimize<first>, maximize<second>>>();
    compare<loose, goals<minimize<first>, minimize<top>, maximize<third>, minimize<second>>>();
    compare<loose, goals<maximize<third>, subject_to<first, at_most<9>>, subject_to<top, at_most<4>>>>();
    compare<staged, three>();
    compare<staged, goals<maximize<top>, minimize<first>>>();
    compare<staged, goals<minimize<first>, minimize<second>, subject_to<first, at_least<3>>, subject_to<top, at_least<2>>>>();
    compare<tied, three>();
    compare<tied, goals<minimize<first>, maximize<third>, subject_to<second, between<2, 7>>>>();
    compare<single, goals<minimize<top>, maximize<second>, minimize<first>, subject_to<second, at_least<1>>, subject_to<first, at_most<8>>>>();
    compare<undivided, three>();
}

TEST_CASE("limits that nothing meets leave no front", "[optimizer]") {
    const auto none = exact_front<loose, goals<minimize<first>, subject_to<second, at_most<-1>>>>({}, hashed<loose>{});
    CHECK(none.empty());
    CHECK(none.certificate.over_limit > 0);
    using constrained = goals<minimize<first>, subject_to<second, at_most<-1>>>;
    auto limits = constrained::limits();
    limits.high[0] = 1000;
    CHECK(verdant::exact_front_within<loose, constrained>(limits, {}, hashed<loose>{}).size() == 1);
    // Nothing is below minus infinity, and no number is a limit of its own.
    limits.high[0] = -std::numeric_limits<double>::infinity();
    CHECK(verdant::exact_front_within<loose, constrained>(limits, {}, hashed<loose>{}).empty());
    limits.high[0] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH((verdant::exact_front_within<loose, constrained>(limits, {}, hashed<loose>{})), Catch::Contains("constraint 1"));
}

/// Not what it says: a maximum that is called a sum.
struct wrong_fold : hashed<loose> {
    using sums = verdant::metrics<first, second, third, top>;
    using maxima = verdant::metrics<>;
};
/// Looks into another block.
struct curious : hashed<staged> {
    record operator()(const verdant::point<staged>& p) const {
        auto sum = hashed<staged>::operator()(p).si_values();
        sum[1] += p.get<"stage0.depth">() == 2 && p.get<"stage1.depth">() == 1 ? 1 : 0;
        return record::from_si_values(sum);
    }
    record block_term(const verdant::point<staged>& p, std::size_t block) const {
        auto term = hashed<staged>::block_term(p, block).si_values();
        term[1] += block == 0 && p.get<"stage0.depth">() == 2 && p.get<"stage1.depth">() == 1 ? 1 : 0;
        return record::from_si_values(term);
    }
};
/// More of what is limited than it says, at one point: the best one.
struct understated {
    using record = verdant::metrics<first, second>;
    using sums = record;
    record operator()(const verdant::point<loose>& p) const {
        const bool best = p.get<"a">() == 4 && p.get<"b">() == 3;
        return record{-static_cast<double>(p.get<"a">() + p.get<"b">()), best ? 9.0 : 1.0};
    }
    static record shared_term(const verdant::point<loose>&) { return record{0.0, 1.0}; }
    static record block_term(const verdant::point<loose>& p, std::size_t block) {
        return record{block == 0 ? -static_cast<double>(p.get<"a">()) : block == 1 ? -static_cast<double>(p.get<"b">()) : 0.0, 0.0};
    }
};
/// Has no number for some choice.
struct with_holes : hashed<loose> {
    double hole = std::numeric_limits<double>::quiet_NaN();
    record operator()(const verdant::point<loose>& p) const {
        auto sum = hashed<loose>::operator()(p).si_values();
        if (p.get<"b">() == 2) sum[0] = hole;
        return record::from_si_values(sum);
    }
    record block_term(const verdant::point<loose>& p, std::size_t block) const {
        auto term = hashed<loose>::block_term(p, block).si_values();
        if (block == 1 && p.get<"b">() == 2) term[0] = hole;
        return record::from_si_values(term);
    }
};

template <class F>
std::string message_of(F&& f) {
    try {
        f();
    } catch (const verdant::input_error& e) { return e.what(); }
    return "nothing";
}

TEST_CASE("what is not separable is refused with metric and point", "[optimizer]") {
    const auto wrong = message_of([] { static_cast<void>(exact_front<loose, goals<minimize<top>>>({}, wrong_fold{})); });
    CHECK(wrong.find("exact search, top at a=") != std::string::npos);
    CHECK(wrong.find("that it is separable") != std::string::npos);
    // The other metrics are what they say.
    CHECK(message_of([] { static_cast<void>(exact_front<loose, goals<minimize<first>>>({}, wrong_fold{})); }) == "nothing");
    const auto looks = message_of([] { static_cast<void>(exact_front<staged, goals<minimize<second>>>({}, curious{})); });
    CHECK(looks.find("second at image=") != std::string::npos);
    // Where random points do not show it, points of the front do, of limited metrics as well.
    const auto over = message_of(
        [] { static_cast<void>(exact_front<loose, goals<minimize<first>, subject_to<second, at_most<2>>>>({.probes = 0}, understated{})); });
    CHECK(over.find("second at a=4 b=3") != std::string::npos);
    const auto hole = message_of([] { static_cast<void>(exact_front<loose, goals<minimize<first>>>({}, with_holes{})); });
    CHECK(hole.find("first at a=") != std::string::npos);
    CHECK(hole.find("NaN") != std::string::npos);
    CHECK(message_of([] { static_cast<void>(exact_front<loose, goals<minimize<first>>>({.epsilon = 1}, hashed<loose>{})); }).find("epsilon") !=
          std::string::npos);
    CHECK(message_of([] { static_cast<void>(exact_front<loose, goals<minimize<first>>>({.epsilon = -0.1}, hashed<loose>{})); }).find("epsilon") !=
          std::string::npos);
}

TEST_CASE("a choice with an infinite metric cannot be built", "[optimizer]") {
    with_holes costs;
    costs.hole = std::numeric_limits<double>::infinity();
    const auto found = exact_front<loose, goals<minimize<first>, minimize<second>>>({}, costs);
    CHECK(found.certificate.unbuildable == 1);
    CHECK_FALSE(found.empty());
    CHECK(std::none_of(found.begin(), found.end(), [](const auto& t) { return t.point.template get<"b">() == 2; }));
}

/// Terms that the compiler keeps within their block.
struct typed {
    using record = verdant::metrics<first>;
    using sums = record;
    record operator()(const verdant::point<staged>& p) const {
        return {0.001 * static_cast<double>(p.get<"image">()) + static_cast<double>(p.get<"stage0.depth">()) / static_cast<double>(p.get<"image">()) +
                static_cast<double>(p.get<"stage1.depth">())};
    }
    template <std::size_t Block>
    [[nodiscard]] record block_term(const verdant::block_point<staged, Block>& part) const {
        if constexpr (Block == 0)
            return {static_cast<double>(part.template get<"stage0.depth">()) / static_cast<double>(part.template get<"image">())};
        else return {static_cast<double>(part.template get<"stage1.depth">())};
    }
    [[nodiscard]] record shared_term(const verdant::block_point<staged, 2>& shared) const {
        return {0.001 * static_cast<double>(shared.get<"image">())};
    }
};
static_assert(verdant::separable_evaluator<typed, staged>);
static_assert(verdant::separable_evaluator<hashed<staged>, staged>);
static_assert(!verdant::separable_evaluator<typed, loose>);

TEST_CASE("terms of blocks can be typed", "[optimizer]") {
    const auto best = exact_front<staged, goals<minimize<first>>>({}, typed{});
    REQUIRE(best.size() == 1);
    CHECK(best[0].point.get<"image">() == 128);
    CHECK(best[0].point.get<"stage0.depth">() == 1);
    CHECK(best[0].point.get<"stage1.depth">() == 1);
}

/// The sum of all depths as a time.
struct depths {
    using record = verdant::metrics<verdant::latency>;
    using sums = record;
    record operator()(const verdant::point<staged>& p) const {
        return {static_cast<double>(p.get<"stage0.depth">() + p.get<"stage1.depth">()) * verdant::milliseconds{}};
    }
    static record shared_term(const verdant::point<staged>&) { return {0.0 * verdant::milliseconds{}}; }
    static record block_term(const verdant::point<staged>& p, std::size_t block) {
        return {static_cast<double>(block == 0 ? p.get<"stage0.depth">() : p.get<"stage1.depth">()) * verdant::milliseconds{}};
    }
};

TEST_CASE("several evaluators give the metrics of one search", "[optimizer]") {
    using wanted = goals<minimize<verdant::latency>, maximize<third>, verdant::track<first>>;
    const hashed<staged> costs{7, numbers::real};
    const auto found = exact_front<staged, wanted>({}, depths{}, costs);
    CHECK(found.size() > 1);
    for (const auto& t : found) CHECK(t.get<first>() == costs(t.point).get<first>());

    // The same as an optimizer of searches.
    using policy = verdant::separable_search<depths, hashed<staged>>;
    using study = verdant::search<staged, minimize<verdant::latency>, maximize<third>, verdant::track<first>, policy>;
    const auto searched = study{depths{}, costs}.run({.trials = 100, .optimizer = {.costs = std::tuple{depths{}, costs}}});
    CHECK(searched.reason() == verdant::stop_reason::exhausted);
    REQUIRE(searched.size() == found.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(searched.front()[i].objectives == found[i].objectives);
    CHECK_THROWS_AS((study{depths{}, costs}.run({.trials = 1})), verdant::input_error);
}

TEST_CASE("a search of a front can be saved, copied, and goes on", "[optimizer]") {
    using wanted = goals<minimize<first>, maximize<second>>;
    using policy = verdant::separable_search<hashed<loose>>;
    static_assert(verdant::optimizer_policy<policy>);
    using engine = policy::engine<loose, wanted>;
    static_assert(verdant::optimizer<engine, loose, wanted> && verdant::savable_engine<engine, loose, wanted>);
    const policy::options options{.costs = std::tuple{hashed<loose>{3, numbers::real}}};
    engine one{options}, restored{options};
    verdant::random_stream random{1};
    const auto all = engine{options}.ask(random, 1000);
    REQUIRE(all.size() > 4);
    auto points = one.ask(random, 3);
    restored.restore(one.save(), {});
    auto copy = one;
    CHECK(copy.ask(random, 1000) == restored.ask(random, 1000));
    for (const auto& p : one.ask(random, 1000)) points.push_back(p);
    CHECK(points == all);
    CHECK(one.ask(random, 1).empty());
    CHECK(one.certificate().exact());
    CHECK_THROWS_AS(engine{options}.restore("1000", {}), verdant::input_error);
    CHECK_THROWS_AS(engine{options}.restore("no", {}), verdant::input_error);
    CHECK_THROWS_AS(engine{policy::options{}}, verdant::input_error);
}
