#include <verdant/optimizer/bayes/bayes.hpp>

#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>

#include "catch.hpp"
#include "stand_in.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
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

TEST_CASE("Options of every part are checked before the first question", "[optimizer]") {
    using Catch::Contains;
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    const auto refusal = [](const bayes<>::options& o) {
        try {
            two::session_type session{1, o};
        } catch (const input_error& e) { return std::string{e.what()}; }
        return std::string{"accepted"};
    };
    CHECK(refusal({}) == "accepted");
    CHECK_THAT(refusal({.batch = 0}), Contains("bayes, batch: expected at least 1, found 0"));
    CHECK_THAT(refusal({.initial = static_cast<std::size_t>(-1)}), Contains("bayes, initial: "));
    CHECK_THAT(refusal({.acquisition = {.samples = 0}}), Contains("bayes, acquisition.samples: "));
    CHECK_THAT(refusal({.acquisition = {.eta = nan}}), Contains("bayes, acquisition.eta: expected a number above 0, found nan"));
    CHECK_THAT(refusal({.acquisition = {.tau_relu = -1}}), Contains("bayes, acquisition.tau_relu: "));
    CHECK_THAT(refusal({.maximiser = {.raw_samples = 0}}), Contains("bayes, maximiser.raw_samples: "));
    CHECK_THAT(refusal({.maximiser = {.starts = 0}}), Contains("bayes, maximiser.starts: "));
    CHECK_THAT(refusal({.maximiser = {.minimiser = {.memory = 0}}}), Contains("bayes, maximiser, memory: "));
    CHECK_THAT(refusal({.fit = {.noise = 0}}), Contains("bayes, fit.noise: "));
    CHECK_THAT(refusal({.fit = {.lengthscale = {0.1, 6}}}), Contains("bayes, fit.lengthscale.shape: expected a number of 1 or more, found 0.1"));
    CHECK_THAT(refusal({.fit = {.outputscale = {2, nan}}}), Contains("bayes, fit.outputscale.rate: "));
    CHECK_THAT(refusal({.fit = {.attempts = 0}}), Contains("bayes, fit.attempts: "));
}

namespace {

using falling = search<grid, minimize<cost>, maximize<gain>, bayes<>>;

// The best lies where points fail.
template <class Fail>
std::size_t failures_of(Fail fail, unsigned seed) {
    std::size_t failures = 0;
    const auto measured = [&](const point<grid>& p) -> metrics<cost, gain> {
        const double a = p.get<"a">() / 15.0, b = p.get<"b">() / 15.0;
        if (a + b < 0.7) {
            ++failures;
            return fail();
        }
        return {a + b + (p.get<"kind">() == "y" ? 0.0 : 0.2), -b * b};
    };
    const auto found = falling{measured}.run({.trials = 40, .seed = seed, .failures_in_a_row = 0, .optimizer = {.maximiser = quick}});
    REQUIRE(found.trials().size() == 40);
    return failures;
}

} // namespace

TEST_CASE("Failed and infinite trials teach where not to go", "[optimizer]") {
    const auto thrown = []() -> metrics<cost, gain> { throw std::runtime_error{"out of memory"}; };
    const auto infinite = []() -> metrics<cost, gain> { return {std::numeric_limits<double>::infinity(), 0.5}; };
    std::size_t failures = 0;
    for (const unsigned seed : {1U, 2U}) {
        const auto once = failures_of(thrown, seed);
        CHECK(failures_of(infinite, seed) == once);
        failures += once;
    }
    CHECK(failures <= 40); // of 80; without the model two thirds
}

TEST_CASE("A search where everything fails asks on", "[optimizer]") {
    const auto nothing = [](const point<grid>&) -> metrics<cost, gain> { throw std::runtime_error{"no"}; };
    const auto found = falling{nothing}.run({.trials = 12, .failures_in_a_row = 0, .optimizer = {.maximiser = quick}});
    CHECK(found.trials().size() == 12);
    CHECK(found.empty());
}

TEST_CASE("What is huge or tiny is told apart as anything else", "[optimizer]") {
    const auto points = [](double unit) {
        const auto scaled = [unit](const point<grid>& p) -> metrics<cost, gain> {
            const auto m = measure{}(p);
            return {unit * m.get<cost>(), m.get<gain>()};
        };
        std::vector<point<grid>> asked;
        const auto found = falling{scaled}.run({.trials = 14, .seed = 4, .optimizer = {.maximiser = quick}});
        for (const auto& t : found.trials()) asked.push_back(t.point);
        return asked;
    };
    // Powers of two change no bit of what the model sees.
    const auto usual = points(1);
    CHECK(points(0x1p+600) == usual);
    CHECK(points(0x1p+1020) == usual);
    CHECK(points(0x1p-600) == usual);
}

TEST_CASE("Trials that were corrected are modelled as they are", "[optimizer]") {
    falling::session_type right{5, {.maximiser = quick}}, wrong{5, {.maximiser = quick}};
    for (int i = 0; i < 12; ++i) {
        const auto p = right.ask(1).front();
        REQUIRE(wrong.ask(1).front() == p);
        const auto m = measure{}(p);
        const falling::goals_type::metrics_type values{m.get<cost>(), m.get<gain>()};
        right.tell(p, values);
        if (i % 2 == 0) wrong.tell_failure(p, "mistyped");
        else wrong.tell(p, {-100.0, 100.0});
        wrong.correct(p, values);
    }
    CHECK(wrong.trials() == right.trials());
}

namespace {

template <fixed_string Name>
using kind = param<Name, choices<"p", "q", "r">>;
struct kinds : space<kind<"a0">, kind<"a1">, kind<"a2">, kind<"a3">, kind<"a4">, kind<"a5">, kind<"a6">, kind<"a7">, kind<"a8">, kind<"a9">, kind<"b0">, kind<"b1">,
                     kind<"b2">, kind<"b3">, kind<"b4">, kind<"b5">, kind<"b6">, kind<"b7">, kind<"b8">, kind<"b9">> {};

/// Two sums of weights, with terms of neighbours, that want different values.
struct kinds_measure {
    metrics<cost, gain> operator()(const point<kinds>& p) const {
        random_stream weights{77};
        double one = 0, other = 0;
        for (std::size_t i = 0; i < p.size(); ++i) {
            std::array<double, 9> w{};
            for (auto& v : w) v = weights.uniform();
            one += w[p[i]] + 0.5 * w[3 + (p[i] + 2 * p[(i + 1) % p.size()]) % 3];
            other += 0.6 * w[p[i]] + 0.4 * w[6 + p[i]];
        }
        return {one, other};
    }
};
template <class Optimizer>
using of_kinds = search<kinds, minimize<cost, threshold<20>>, maximize<gain, threshold<8>>, Optimizer>;

} // namespace

TEST_CASE("Categories: many unordered parameters are searched better than at random, equally for any number of threads", "[optimizer]") {
    double mine = 0, random = 0;
    for (const std::uint64_t seed : {1U, 2U}) {
        mine += of_kinds<bayes<>>{kinds_measure{}}.run({.trials = 90, .seed = seed}).hypervolume().value();
        random += of_kinds<random_search>{kinds_measure{}}.run({.trials = 360, .seed = seed}).hypervolume().value();
    }
    CHECK(mine > 1.1 * random); // with a quarter of the trials
    const auto run = [](unsigned threads) {
        return of_kinds<bayes<>>{kinds_measure{}}
            .run({.trials = 56, .seed = 3, .threads = threads, .batch = 2, .optimizer = {.points = {.raw_samples = 32, .starts = 2}}})
            .trials();
    };
    CHECK(run(1) == run(3));
}

TEST_CASE("An engine goes on as the first would between fits, with categories and failures", "[optimizer]") {
    using goals = of_kinds<bayes<>>::goals_type;
    using engine = bayes<>::engine<kinds, goals>;
    const bayes<>::options o{.initial = 6, .points = {.raw_samples = 32, .starts = 2}};
    engine first{o};
    random_stream random{9};
    std::vector<trial<kinds, goals>> told;
    const auto step = [&](engine& e, random_stream& r) {
        trial<kinds, goals> t;
        t.number = told.size();
        t.point = e.ask(r, 1).at(0);
        const auto m = kinds_measure{}(t.point);
        t.values.set<cost>(t.point[0] == 0 ? std::numeric_limits<double>::infinity() : static_cast<double>(m.get<cost>()));
        t.values.set<gain>(m.get<gain>());
        e.tell({&t, 1});
        return t;
    };
    for (const std::size_t stop : {8U, 17U, 29U}) {
        while (told.size() < stop) told.push_back(step(first, random));
        engine second{o};
        second.restore(first.save(), told);
        auto a = random, b = random;
        auto other = first;
        for (int i = 0; i < 4; ++i) CHECK(step(other, a).point == step(second, b).point);
    }
}

TEST_CASE("Failing categories are avoided, for many seeds", "[optimizer]") {
    std::size_t failures = 0, suggestions = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const auto measured = [&](const point<kinds>& p) -> metrics<cost, gain> {
            // The best value of the first two parameters cannot be built: four ninths of all points.
            if (p[0] == 1 || p[1] == 1) throw std::runtime_error{"out of memory"};
            auto m = kinds_measure{}(p);
            return {static_cast<double>(m.get<cost>()) + (p[0] == 0 ? 0.5 : 0.0), static_cast<double>(m.get<gain>())};
        };
        typename of_kinds<bayes<>>::options o{.trials = 70, .seed = seed, .failures_in_a_row = 0};
        o.optimizer.initial = 20;
        o.optimizer.points = {.raw_samples = 64, .starts = 2};
        const auto found = of_kinds<bayes<>>{measured}.run(o);
        for (std::size_t i = 20; i < found.trials().size(); ++i, ++suggestions) failures += found.trials()[i].completed() ? 0 : 1;
    }
    CHECK(suggestions == 200);
    CHECK(failures <= 20); // 111 if asked at random
}

TEST_CASE("Refits are checked, and one at each question is possible", "[optimizer]") {
    CHECK_THROWS_WITH(two::session_type(1, {.refit_growth = 0.5}), "verdant: bayes, refit_growth: expected a number of 1 or more, found 0.5");
    CHECK_THROWS_WITH(two::session_type(1, {.points = {.raw_samples = 0}}), Catch::Contains("bayes, points.raw_samples: "));
    CHECK_THROWS_WITH(two::session_type(1, {.maximiser = {.finished = 0}}), Catch::Contains("bayes, maximiser.finished: "));
    CHECK_THROWS_WITH(two::session_type(1, {.acquisition = {.rays = 0}}), Catch::Contains("bayes, acquisition.rays: "));
    const auto each = two{measure{}}.run({.trials = 20, .seed = 1, .optimizer = {.maximiser = quick, .refit_growth = 1}});
    CHECK(each.trials().size() == 20);
}
