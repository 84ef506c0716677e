#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/error.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/bounded.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace vd = verdant;

namespace {

// A bound that knows of the accuracy only.
struct law_bound {
    using exact = vd::metrics<vd::accuracy>;
    vd::metrics<vd::accuracy, vd::latency> operator()(const laws::law_point& p) const {
        return {0.1 * static_cast<double>(p.get<"width">() * (p.get<"heads">() % 3 + 1)), 0.0 * vd::milliseconds{}};
    }
};

struct grid : vd::space<vd::param<"a", vd::range<0, 9>>, vd::param<"b", vd::range<0, 9>>, vd::param<"c", vd::range<0, 3>>> {};

/// A problem whose values are hashes, in few steps, so that equal objectives occur; it fails at some points.
struct problem {
    std::uint64_t seed = 0;
    [[nodiscard]] std::uint64_t hash(const vd::point<grid>& p, std::uint64_t salt) const {
        return vd::splitmix64(seed * 1000003 + salt * 7919 + p[0] * 40U + p[1] * 4U + p[2]);
    }
    [[nodiscard]] double quality(const vd::point<grid>& p) const { return static_cast<double>(hash(p, 1) % 20); }
    [[nodiscard]] double seconds(const vd::point<grid>& p) const { return static_cast<double>(p[0] + p[1]) + static_cast<double>(hash(p, 2) % 8); }
    [[nodiscard]] double joules(const vd::point<grid>& p) const { return static_cast<double>(20 - p[0]) + static_cast<double>(hash(p, 3) % 10); }
    vd::metrics<vd::accuracy, vd::latency, vd::energy> operator()(const vd::point<grid>& p) const {
        if (hash(p, 4) % 11 == 0) throw vd::infeasible_error{"no luck"};
        return {quality(p), seconds(p) * vd::seconds{}, joules(p) * vd::joules{}};
    }
};

/// Its lower bounds: by a whole number less, which a hash draws. The accuracy is exact.
struct problem_bound {
    problem of{};
    using exact = vd::metrics<vd::accuracy>;
    vd::metrics<vd::accuracy, vd::latency, vd::energy> operator()(const vd::point<grid>& p) const {
        return {of.quality(p), (of.seconds(p) - static_cast<double>(of.hash(p, 5) % 3)) * vd::seconds{},
                (of.joules(p) - static_cast<double>(of.hash(p, 6) % 2)) * vd::joules{}};
    }
};

template <class... Rest>
using two = vd::search<grid, vd::minimize<vd::latency>, vd::minimize<vd::energy>, vd::track<vd::accuracy>, Rest...>;
template <class... Rest>
using constrained = vd::search<grid, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>,
                               vd::subject_to<vd::energy, vd::between<14, 25>>, vd::subject_to<vd::accuracy, vd::at_least<3>>, Rest...>;

template <class Result>
std::vector<std::vector<double>> front_of(const Result& r) {
    std::vector<std::vector<double>> rows;
    for (const auto& t : r) rows.emplace_back(t.objectives.begin(), t.objectives.end());
    return rows;
}

template <class Every, class Bounded, class Bound>
std::size_t same_front(const problem& p, const Bound& bound) {
    std::size_t spared = 0;
    const auto every = Every{p}.run({.trials = 400});
    for (const std::size_t batch : {1U, 32U, 1000U}) {
        const auto some = Bounded{p}.run({.trials = 400, .optimizer = {.bound = bound, .batch = batch}});
        REQUIRE(front_of(some) == front_of(every));
        spared += every.trials().size() - some.trials().size();
    }
    return spared;
}

} // namespace

// The laws of optimizers ask for more points than a search that ends has; these are those that hold of one.
TEST_CASE("equal tells give equal asks, in whatever pieces, and copies and restored engines go on alike", "[optimizer]") {
    using policy = vd::bounded_search<law_bound>;
    using engine = policy::engine<laws::law_space, laws::law_goals>;
    static_assert(vd::optimizer_policy<policy> && vd::optimizer<engine, laws::law_space, laws::law_goals>);
    static_assert(vd::savable_engine<engine, laws::law_space, laws::law_goals>);
    engine one{{.batch = 3}}, piecewise{{.batch = 3}};
    vd::random_stream random{11};
    REQUIRE(one.preferred_batch() == 3);
    REQUIRE(one.ask(random, 0).empty());
    one.tell({});
    std::vector<laws::law_trial> told;
    for (const std::size_t n : {1U, 2U, 7U}) {
        const auto points = one.ask(random, n);
        REQUIRE(piecewise.ask(random, n) == points);
        for (const auto& p : points) REQUIRE(p.feasible());
        const auto trials = laws::measured(points, told.size());
        told.insert(told.end(), trials.begin(), trials.end());
        one.tell(trials);
        for (const auto& t : trials) piecewise.tell(std::span{&t, 1});
    }
    engine restored{{.batch = 3}};
    restored.restore(one.save(), told);
    REQUIRE(restored.save() == one.save());
    REQUIRE_THROWS_AS(engine{{}}.restore(one.save() + " 1", told), vd::input_error);
    REQUIRE_THROWS_AS(engine{{}}.restore("7", told), vd::input_error);
    auto copy = one;
    const auto next = one.ask(random, 12);
    REQUIRE(!next.empty());
    REQUIRE(copy.ask(random, 12) == next);
    REQUIRE(restored.ask(random, 12) == next);
    REQUIRE(random == vd::random_stream{11});
}

TEST_CASE("the front of a bounded search is that of the exhaustive one, with fewer trials", "[optimizer]") {
    std::size_t spared = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const problem p{seed};
        spared += same_front<two<vd::exhaustive_search>, two<vd::bounded_search<problem_bound>>>(p, problem_bound{p});
        spared += same_front<constrained<vd::exhaustive_search>, constrained<vd::bounded_search<problem_bound>>>(p, problem_bound{p});
    }
    CHECK(spared > 60U * 6 * 200); // more than half
}

TEST_CASE("a bound that equals the values keeps the lexicographically first of equal points", "[optimizer]") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const problem p{seed};
        const auto lenient = [p](const vd::point<grid>& x) -> vd::metrics<vd::accuracy, vd::latency, vd::energy> {
            return {p.quality(x), p.seconds(x) * vd::seconds{}, p.joules(x) * vd::joules{}};
        };
        struct same : problem {
            vd::metrics<vd::accuracy, vd::latency, vd::energy> operator()(const vd::point<grid>& x) const {
                return {quality(x), seconds(x) * vd::seconds{}, joules(x) * vd::joules{}};
            }
        };
        const auto every = two<vd::exhaustive_search>{lenient}.run({.trials = 400});
        const auto some = two<vd::bounded_search<same>>{lenient}.run({.trials = 400, .optimizer = {.bound = same{p}}});
        REQUIRE(every.size() == some.size());
        for (std::size_t i = 0; i < every.size(); ++i) REQUIRE(every.front()[i].point == some.front()[i].point);
    }
}

TEST_CASE("a bound that says nothing spares nothing", "[optimizer]") {
    struct silent {
        vd::metrics<vd::latency, vd::energy> operator()(const vd::point<grid>&) const {
            return {std::numeric_limits<double>::quiet_NaN() * vd::seconds{}, -1e300 * vd::joules{}};
        }
    };
    const auto some = two<vd::bounded_search<silent>>{problem{3}}.run({.trials = 400});
    CHECK(some.trials().size() == 400);
}

TEST_CASE("limits that a study changes are those that points are spared by", "[optimizer]") {
    const problem p{8};
    auto study = constrained<vd::bounded_search<problem_bound>>{p};
    study.at_least<vd::accuracy>(17.0);
    const auto some = study.run({.trials = 400, .optimizer = {.bound = problem_bound{p}}});
    REQUIRE(!some.trials().empty());
    for (const auto& t : some.trials()) CHECK(p.quality(t.point) >= 17);
}

TEST_CASE("a saved bounded search goes on with its own bounds only", "[optimizer]") {
    using goals = vd::goals<vd::minimize<vd::latency>, vd::minimize<vd::energy>>;
    using engine = vd::bounded_search<problem_bound>::engine<grid, goals>;
    vd::random_stream random{0};
    engine one{{.bound = {{1}}}};
    CHECK(one.ask(random, 10).size() == 10);
    const auto saved = one.save();
    engine same{{.bound = {{1}}}};
    same.restore(saved, {});
    CHECK(same.ask(random, 5) == one.ask(random, 5));
    engine other{{.bound = {{2}}}};
    CHECK_THROWS_AS(other.restore(saved, {}), vd::input_error);
}
