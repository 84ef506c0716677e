#include <verdant/optimizer/bayes.hpp>

#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>

#include "catch.hpp"
#include "stand_in.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <stdexcept>
#include <vector>

using namespace verdant;

namespace {

struct cost : metric<"cost"> {};
struct gain : metric<"gain"> {};
struct size : metric<"size"> {};

struct grid
    : space<param<"a", range<0, 15>>, param<"b", range<0, 15>>, param<"kind", choices<"x", "y", "z">>, where<var<"a"> + var<"b"> <= val<24>>> {};

struct measure {
    metrics<cost, gain, size> operator()(const point<grid>& p) const {
        const double a = p.get<"a">() / 15.0, b = p.get<"b">() / 15.0, k = p.get<"kind">() == "y" ? 0.0 : 0.4;
        return {a * a + b + k, std::sqrt(a) - (b - 0.3) * (b - 0.3) - k, a + b};
    }
};

/// Few starts: these tests are about behaviour.
constexpr acquisition_search_options quick{.raw_samples = 128, .starts = 4};

template <class... Args>
using study = search<grid, Args...>;
using two = study<minimize<cost, threshold<2>>, maximize<gain, threshold<-1>>, subject_to<size, at_most<1.2>>, bayes<>>;

} // namespace

TEST_CASE("Every asked point is feasible and new, and the start is a Sobol sequence of the published length", "[optimizer]") {
    two::session_type session{3, {.maximiser = quick}};
    std::set<point<grid>> seen;
    for (int i = 0; i < 25; ++i) {
        const auto asked = session.ask(1);
        REQUIRE(asked.size() == 1);
        CHECK(asked[0].feasible());
        CHECK(seen.insert(asked[0]).second);
        // The start does not look at what was found: 2 * 3 parameters.
        if (i < 6) CHECK_THROWS_AS(two::session_type(3, {}).engine().fit(*std::make_unique<random_stream>(1)), search_error);
        session.tell(asked[0], [&] {
            two::session_type::metrics_type values;
            const auto m = measure{}(asked[0]);
            values.set<cost>(m.get<cost>());
            values.set<gain>(m.get<gain>());
            values.set<size>(m.get<size>());
            return values;
        }());
    }
}

TEST_CASE("Equal seeds give equal runs, whatever the number of threads", "[optimizer]") {
    const auto run = [](std::uint64_t seed, unsigned threads) {
        return two{measure{}}.run({.trials = 20, .seed = seed, .threads = threads, .batch = 2, .optimizer = {.maximiser = quick}}).trials();
    };
    CHECK(run(1, 1) == run(1, 3));
    CHECK(run(1, 1) != run(2, 1));
}

TEST_CASE("It finds more than random search, with each acquisition", "[optimizer]") {
    const auto volume = [](auto s, auto options) { return s.run(options).hypervolume().value(); };
    using goals_of_two = search<grid, minimize<cost, threshold<2>>, maximize<gain, threshold<-1>>, subject_to<size, at_most<1.2>>, random_search>;
    const auto random = volume(goals_of_two{measure{}}, goals_of_two::options{.trials = 30, .seed = 5});
    const auto check = [&]<class A>(A) {
        using s = search<grid, minimize<cost, threshold<2>>, maximize<gain, threshold<-1>>, subject_to<size, at_most<1.2>>, bayes<A>>;
        typename s::options o{.trials = 30, .seed = 5};
        o.optimizer.maximiser = quick;
        CHECK(volume(s{measure{}}, o) > 1.02 * random);
    };
    check(qlog_nehvi{});
    check(qnehvi{});
    check(ehvi{});
}

TEST_CASE("One objective works, with and without a threshold", "[optimizer]") {
    // The best of the 24 * ... feasible points, by enumeration.
    double best = -10;
    for (const auto& p : feasible_points<grid>()) best = std::max(best, static_cast<double>(measure{}(p).get<gain>()));
    using one = study<maximize<gain>, bayes<>>;
    const auto result = one{measure{}}.run({.trials = 35, .seed = 2, .optimizer = {.maximiser = quick}});
    CHECK(result.front().front().get<gain>() > best - 0.02);
    using with = study<maximize<gain, threshold<5>>, bayes<ehvi>>; // a threshold that nothing reaches
    CHECK(with{measure{}}.run({.trials = 35, .seed = 2, .optimizer = {.maximiser = quick}}).front().front().get<gain>() > best - 0.02);
}

TEST_CASE("Failed, impossible and infeasible trials are survived and not repeated", "[optimizer]") {
    const auto moody = [](const point<grid>& p) -> metrics<cost, gain, size> {
        if (p.get<"kind">() == "x") throw std::runtime_error{"no"};
        auto m = measure{}(p);
        if (p.get<"a">() > 12) m.set<cost>(std::numeric_limits<double>::infinity());
        return m;
    };
    const auto result = two{moody}.run({.trials = 30, .seed = 4, .optimizer = {.maximiser = quick}});
    CHECK(result.trials().size() == 30);
    CHECK(result.repeated() == 0);
    CHECK(std::any_of(result.trials().begin(), result.trials().end(), [](const auto& t) { return !t.completed(); }));
    CHECK(result.size() > 0);
    // Nothing ever works: it goes on asking.
    two::session_type session{1, {}};
    for (int i = 0; i < 20; ++i) {
        const auto p = session.ask(1);
        REQUIRE(p.size() == 1);
        session.tell_failure(p[0], "no");
    }
}

TEST_CASE("No feasible trial at first: the constraint is learnt", "[optimizer]") {
    using tight = study<minimize<cost, threshold<2>>, maximize<gain, threshold<-1>>, subject_to<size, at_most<0.14>>, bayes<>>;
    const auto result = tight{measure{}}.run({.trials = 30, .seed = 1, .optimizer = {.maximiser = quick}});
    CHECK(result.size() > 0);
}

TEST_CASE("Limits changed before the run reach the model", "[optimizer]") {
    two loose{measure{}}, tight{measure{}};
    tight.at_most<size>(0.3);
    // Within the tight limit, only b = 0 and a <= 4 of kind y are not dominated: five of the 624 points.
    const auto found = tight.run({.trials = 30, .seed = 1, .optimizer = {.maximiser = quick}}).front();
    CHECK(found.size() == 5);
    for (const auto& t : found) CHECK((t.point.get<"b">() == 0 && t.point.get<"a">() <= 4 && t.point.get<"kind">() == "y"));
    CHECK(loose.run({.trials = 30, .seed = 1, .optimizer = {.maximiser = quick}}).front().size() > 8);
}

TEST_CASE("Small spaces are exhausted, and then the search ends", "[optimizer]") {
    struct small : space<param<"a", range<0, 3>>, param<"b", range<0, 2>>> {};
    using s = search<small, minimize<cost, threshold<10>>, bayes<>>;
    const auto result = s{[](const point<small>& p) { return metrics<cost>{static_cast<double>(p.get<"a">() * p.get<"b">())}; }}.run(
        {.trials = 100, .seed = 1, .optimizer = {.maximiser = quick}});
    CHECK(result.trials().size() == 12);
    CHECK(result.reason() == stop_reason::exhausted);
}

TEST_CASE("Points of a batch differ and lie apart", "[optimizer]") {
    two::session_type session{3, {.maximiser = quick}};
    const auto tell = [&](const point<grid>& p) {
        two::session_type::metrics_type values;
        const auto m = measure{}(p);
        values.set<cost>(m.get<cost>());
        values.set<gain>(m.get<gain>());
        values.set<size>(m.get<size>());
        session.tell(p, values);
    };
    for (const auto& p : session.ask(6)) tell(p);
    const auto batch = session.ask(4);
    REQUIRE(batch.size() == 4);
    CHECK(std::set<point<grid>>(batch.begin(), batch.end()).size() == 4);
    // Not told yet: the next batch avoids them.
    for (const auto& p : session.ask(4)) CHECK(std::find(batch.begin(), batch.end(), p) == batch.end());
}

TEST_CASE("An engine that is told the same trials and given the state goes on as the first would", "[optimizer]") {
    using engine = bayes<>::engine<grid, two::goals_type>;
    const bayes<>::options o{.maximiser = quick};
    engine first{o};
    random_stream random{9};
    std::vector<trial<grid, two::goals_type>> told;
    const auto step = [&](engine& e, random_stream& r) {
        const auto p = e.ask(r, 1).at(0);
        trial<grid, two::goals_type> t;
        t.number = told.size();
        t.point = p;
        const auto m = measure{}(p);
        t.values.set<cost>(m.get<cost>());
        t.values.set<gain>(m.get<gain>());
        t.values.set<size>(m.get<size>());
        e.tell({&t, 1});
        return t;
    };
    for (const int stop : {3, 9}) { // in the Sobol start, and after it
        while (told.size() < static_cast<std::size_t>(stop)) told.push_back(step(first, random));
        engine second{o};
        second.tell(told);
        second.restore(first.state());
        auto a = random, b = random;
        auto other = first;
        for (int i = 0; i < 3; ++i) CHECK(step(other, a).point == step(second, b).point);
    }
}

TEST_CASE("A batch of none is refused", "[optimizer]") {
    CHECK_THROWS_WITH(two{measure{}}.run({.optimizer = {.batch = 0}}), "verdant: bayes, batch: expected at least 1, found 0");
}

TEST_CASE("On the stand-in problem it beats random search", "[optimizer]") {
    const auto mine = stand_in::carbon_mode<bayes<ehvi>>{stand_in::evaluator{}}.run({.trials = 45, .seed = 1}).hypervolume().value();
    const auto random = stand_in::carbon_mode<random_search>{stand_in::evaluator{}}.run({.trials = 45, .seed = 1}).hypervolume().value();
    CHECK(mine > 1.05 * random);
}
