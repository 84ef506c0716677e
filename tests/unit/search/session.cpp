#include "catch.hpp"
#include "dispatchers.hpp"
#include "unit/study/studies.hpp"

#include <verdant/optimizer/evolution/evolution.hpp>

#include <cstddef>
#include <iterator>
#include <limits>
#include <set>
#include <vector>

using namespace studies;
using Catch::Contains;

namespace {

using evolution = study<vd::nsga2<>>;
constexpr auto infinity = std::numeric_limits<double>::infinity();

evolution::goals_type::metrics_type all_metrics(const point& p) {
    const auto a = measure(p);
    return {a.get<vd::accuracy>(), a.get<vd::latency>(), power(p).get<vd::energy>()};
}

// Asks for the same points again and again.
struct same_points : vd::optimizer_policy_base {
    struct options {};
    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options&) {}
        std::vector<vd::point<Space>> ask(vd::random_stream&, std::size_t n) {
            std::vector<vd::point<Space>> points(n);
            for (std::size_t i = 0; i < n; ++i) points[i].assign(2, i % 2 == 0 ? 5 : 3);
            return points;
        }
        void tell(std::span<const vd::trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 3; }
    };
};

} // namespace

TEST_CASE("a loop of one's own finds what run() finds, bit for bit", "[search]") {
    const evolution::options options{
        .trials = 70, .seed = 4, .optimizer = {.population = 10, .offspring = 10, .duplicates = vd::duplicate_policy::allow}};
    auto session = evolution::ask_tell(options);
    while (session.trials().size() < 70)
        for (const auto& p : session.ask(10)) {
            if (session.tell_known(p) == nullptr) session.tell(p, all_metrics(p));
            if (session.trials().size() == 70) break;
        }
    const auto found = evolution{measure, power}.run(options);
    REQUIRE(same(session.result(), found));
    REQUIRE(found.repeated() > 0);
}

TEST_CASE("a told point is known, and keeps its first trial", "[search]") {
    auto session = evolution::ask_tell();
    const auto p = session.ask(1).front();
    REQUIRE(session.find(p) == nullptr);
    REQUIRE(session.tell_known(p) == nullptr);
    const auto first = session.tell(p, all_metrics(p));
    REQUIRE(first.number == 0);
    REQUIRE(*session.find(p) == first);
    REQUIRE(session.tell(p, all_metrics(p)) == first);
    REQUIRE(*session.tell_known(p) == first);
    REQUIRE(session.repeated() == 2);
    // Told otherwise: a mistake, which is not dropped without a word.
    const auto refused =
        Contains(to_string(p) + ": expected a point that was not told, or the same again, found one that was told otherwise: correct it");
    REQUIRE_THROWS_WITH(session.tell(p, {0.1, 1.0 * vd::seconds{}, 1.0 * vd::joules{}}), refused);
    REQUIRE_THROWS_WITH(session.tell_failure(p, "too late"), refused);
    REQUIRE(session.repeated() == 2);
    REQUIRE(*session.find(p) == first);
    REQUIRE(session.trials().size() == 1);
    session.correct_failure(p, "too late");
    REQUIRE(session.tell_failure(p, "too late").message == "too late");
    REQUIRE_THROWS_WITH(session.tell_failure(p, "too early"), refused);
    REQUIRE_THROWS_WITH(session.tell(p, all_metrics(p)), refused);
}

TEST_CASE("failures and NaN make failed trials with a message", "[search]") {
    auto session = evolution::ask_tell({.optimizer = {.population = 4}});
    const auto points = session.ask(4);
    const auto& failed = session.tell_failure(points[0], "out of memory");
    REQUIRE(failed.message == "out of memory");
    REQUIRE_FALSE(failed.completed());
    REQUIRE_FALSE(failed.feasible());
    REQUIRE(session.tell_failure(points[1], "").message == "failed");
    auto values = all_metrics(points[2]);
    values.set<vd::energy>(std::numeric_limits<double>::quiet_NaN() * vd::joules{});
    REQUIRE(session.tell(points[2], values).message == "energy is NaN");
    REQUIRE(session.result().empty());
    REQUIRE(session.tell(points[3], all_metrics(points[3])).completed());
}

TEST_CASE("an infinite objective is a measured trial that is infeasible", "[search]") {
    auto session = evolution::ask_tell({.optimizer = {.population = 4}});
    const auto points = session.ask(4);
    const auto& slow = session.tell(points[0], {0.9, infinity * vd::seconds{}, 1.0 * vd::joules{}});
    REQUIRE(slow.completed());
    REQUIRE(slow.violation == infinity);
    REQUIRE_FALSE(slow.feasible());
    REQUIRE_FALSE(session.tell(points[1], {-infinity, 1.0 * vd::seconds{}, 1.0 * vd::joules{}}).feasible());
    REQUIRE_FALSE(session.tell(points[2], {infinity, 1.0 * vd::seconds{}, 1.0 * vd::joules{}}).feasible());
    REQUIRE(session.tell(points[3], all_metrics(points[3])).completed());
    for (int generation = 0; generation < 3; ++generation)
        for (const auto& p : session.ask(4))
            if (session.tell_known(p) == nullptr) session.tell(p, {0.5, infinity * vd::seconds{}, 1.0 * vd::joules{}});
    REQUIRE(session.result().hypervolume().has_value());
}

TEST_CASE("a session may have limits of its own", "[search]") {
    auto limits = evolution::goals_type::limits();
    limits.high[0] = 1;
    auto session = evolution::ask_tell({}, limits);
    const auto p = session.ask(1).front();
    REQUIRE(session.tell(p, {0.5, 1.0 * vd::seconds{}, 2.0 * vd::joules{}}).violation == 1);
    REQUIRE(session.result().limits() == limits);
    REQUIRE(session.result().seed() == 0U);
    REQUIRE(session.result().trials_asked() == 0);
}

TEST_CASE("a session of a study object has its limits", "[search]") {
    evolution s{measure, power};
    s.at_most<vd::energy>(1.0 * vd::joules{}).threshold<vd::latency>(5.0 * vd::milliseconds{});
    auto session = s.session({.seed = 3});
    REQUIRE(session.limits() == s.limits());
    REQUIRE(session.limits() != evolution::goals_type::limits());
    const auto p = session.ask(1).front();
    REQUIRE_FALSE(session.tell(p, {0.5, 1.0 * vd::seconds{}, 2.0 * vd::joules{}}).feasible());
    REQUIRE(session.result().seed() == 3U);
    // Set later, they are for the sessions that follow.
    s.at_most<vd::energy>(3.0 * vd::joules{});
    REQUIRE(session.result().limits().high[0] == 1);
    REQUIRE(s.session().limits().high[0] == 3);
    REQUIRE(evolution::ask_tell({}, s.limits()).limits() == s.limits());
}

TEST_CASE("limits that no value meets are refused by the name of their metric", "[search]") {
    evolution s{measure, power};
    REQUIRE_THROWS_WITH(s.at_most<vd::energy>(-infinity * vd::joules{}), Contains("limit of energy") && Contains("at most -inf"));
    REQUIRE_THROWS_WITH(s.at_least<vd::energy>(infinity * vd::joules{}), Contains("limit of energy") && Contains("at least inf"));
    s.at_most<vd::energy>(infinity * vd::joules{}).at_least<vd::energy>(-infinity * vd::joules{});
    REQUIRE_NOTHROW(s.session());
    // In which order two of them are set does not matter: what is left between them is looked at when the search begins.
    s.at_most<vd::energy>(4.0 * vd::joules{}).at_least<vd::energy>(5.0 * vd::joules{});
    const auto refused = Contains("limits of energy: expected a lower one that is not above the upper one, found at least 5 J, at most 4 J");
    REQUIRE_THROWS_WITH(s.session(), refused);
    REQUIRE_THROWS_WITH(s.run({.trials = 5}), refused);
    s.at_most<vd::energy>(5.0 * vd::joules{});
    REQUIRE_NOTHROW(s.session());
}

TEST_CASE("a tracked metric that is NaN fails its trial, and an infinite one says nothing of it", "[search]") {
    using tracking = vd::search<net, vd::maximize<vd::accuracy>, vd::track<vd::energy>, vd::nsga2<>>;
    auto session = tracking::ask_tell();
    const auto points = session.ask(2);
    REQUIRE(session.tell(points[0], {0.5, std::numeric_limits<double>::quiet_NaN() * vd::joules{}}).message == "energy is NaN");
    const auto& t = session.tell(points[1], {0.5, infinity * vd::joules{}});
    REQUIRE(t.feasible());
    REQUIRE(vd::to_si(t.get<vd::energy>()) == infinity);
}

TEST_CASE("points that nobody asked for may be told", "[search]") {
    auto session = evolution::ask_tell({.optimizer = {.population = 5}});
    for (auto p = vd::feasible_points<net>().begin(); p != std::default_sentinel; ++p) session.tell(*p, all_metrics(*p));
    REQUIRE(session.result().front() == study<vd::exhaustive_search>{measure, power}.run({.trials = 1000}).front());
    REQUIRE(session.ask(3).size() == 3);
}

TEST_CASE("a session knows what was asked for and not told", "[search]") {
    auto session = evolution::ask_tell({.seed = 2, .optimizer = {.population = 6}});
    REQUIRE(session.pending().empty());
    const auto q = session.pose(6);
    REQUIRE(q.asked.size() == 6);
    REQUIRE(q.fresh.size() == 6);
    REQUIRE(std::equal(q.fresh.begin(), q.fresh.end(), session.pending().begin(), session.pending().end()));
    for (std::size_t i = 0; i < 6; ++i) REQUIRE((q.fresh[i].number == i && q.fresh[i].point == q.asked[i]));
    REQUIRE(session.find(q.asked[0]) == nullptr);

    // By number, in any order: each trial has the number of its job.
    const auto done = [&](std::size_t i) {
        return vd::completed_job<evolution::goals_type>{q.fresh[i].number, {all_metrics(q.fresh[i].point), i == 4 ? "no luck" : ""}};
    };
    REQUIRE(session.tell(done(3)).number == 3);
    REQUIRE(session.tell(done(4)).message == "no luck");
    REQUIRE(session.find(q.asked[3])->number == 3);
    REQUIRE((session.pending().size() == 4 && session.pending()[0].number == 0 && session.pending()[3].number == 5));
    REQUIRE_THROWS_WITH(session.tell(done(3)), "verdant: session, trial 3: expected one that is pending, found none");
    auto nan = done(0);
    nan.outcome.values.set<vd::accuracy>(std::numeric_limits<double>::quiet_NaN());
    REQUIRE(session.tell(nan).message == "accuracy is NaN");
    for (const std::size_t i : {5U, 1U, 2U}) REQUIRE(session.tell(done(i)).point == q.asked[i]);
    REQUIRE((session.pending().empty() && session.trials().size() == 6));
    REQUIRE(session.pose(1).fresh.at(0).number == 6);
}

TEST_CASE("a point is asked for once: known, pending and repeated ones are not fresh", "[search]") {
    auto session = study<same_points>::ask_tell();
    const auto q = session.pose(5);
    REQUIRE((q.asked.size() == 5 && q.fresh.size() == 2 && session.pending().size() == 2));
    REQUIRE((session.pose(5).fresh.empty() && session.pending().size() == 2));
    session.tell(q.fresh[1].point, {0.5, 1.0 * vd::seconds{}, 1.0 * vd::joules{}});
    REQUIRE((session.pose(2).fresh.empty() && session.pending().size() == 1));
}

TEST_CASE("trials told by point are numbered in the order told, whatever is pending", "[search]") {
    auto session = evolution::ask_tell({.seed = 2, .optimizer = {.population = 6}});
    const auto points = session.ask(4);
    REQUIRE(session.tell(points[2], all_metrics(points[2])).number == 0);
    REQUIRE((session.pending()[0].point == points[0] && session.pending()[0].number == 1));
    REQUIRE((session.pending()[1].point == points[1] && session.pending()[1].number == 2));
    REQUIRE((session.pending()[2].point == points[3] && session.pending()[2].number == 3));
    point other;
    for (auto p = vd::feasible_points<net>().begin(); p != std::default_sentinel; ++p)
        if (std::find(points.begin(), points.end(), *p) == points.end()) other = *p;
    REQUIRE(session.tell(other, all_metrics(other)).number == 1); // nobody asked for it
    REQUIRE((session.pending().size() == 3 && session.pending()[0].number == 2 && session.pending()[2].number == 4));
    for (const auto i : {3U, 0U, 1U}) session.tell_failure(points[i], "");
    for (std::size_t i = 0; i < 5; ++i) REQUIRE(session.trials()[i].number == i);
    REQUIRE(session.pending().empty());
}

TEST_CASE("session and dispatcher are enough for a loop that asks while trials are pending", "[search]") {
    const evolution s{[](const point& p, vd::random_stream& random) {
                          auto m = measure(p);
                          m.set<vd::accuracy>(random.uniform());
                          return m;
                      },
                      power};
    by_mail<net, evolution::goals_type> mail;
    auto session = evolution::ask_tell({.seed = 6, .optimizer = {.population = 8}});
    std::size_t most = 0;
    while (session.trials().size() < 80) {
        while (mail.pending() < mail.workers()) {
            std::vector<vd::job<net>> jobs;
            for (const auto& one : session.pose(1).fresh) jobs.push_back(vd::job_of(one, 6));
            mail.submit(jobs, s.evaluators());
        }
        REQUIRE(session.pending().size() == mail.pending());
        const auto tell = [&](const vd::completed_job<evolution::goals_type>& done) { session.tell(done); };
        mail.collect(vd::completion_sink<evolution::goals_type>{tell});
        most = std::max(most, mail.pending());
    }
    REQUIRE(most == 4);
    std::set<std::uint64_t> numbers;
    bool in_order = true;
    for (const auto& t : session.trials()) {
        in_order = in_order && numbers.size() == t.number;
        REQUIRE(numbers.insert(t.number).second);
        REQUIRE(t.get<vd::accuracy>() == vd::random_stream::derive(6, t.number).uniform());
    }
    REQUIRE_FALSE(in_order); // or nothing was shown
    for (const auto& one : session.pending()) REQUIRE(numbers.insert(one.number).second);
    REQUIRE((numbers.size() == 84 && *numbers.rbegin() == 83)); // none is missing
}

TEST_CASE("a loop that is only proposed known points ends", "[search]") {
    using stubborn = study<same_points>;
    auto session = stubborn::ask_tell({.patience = 3});
    for (const auto& p : session.ask(2)) session.tell(p, all_metrics(p));
    int questions = 0;
    while (!session.exhausted()) {
        REQUIRE(++questions < 10);
        for (const auto& p : session.ask(2)) REQUIRE(session.tell_known(p) != nullptr);
    }
    REQUIRE(questions == 4); // one more than the patience
    // A loop that does not look is ended by an error.
    REQUIRE_THROWS_WITH(session.ask(2), Catch::Contains("only known points 4 times on end; end the loop where session.exhausted() is true"));
    REQUIRE_THROWS_AS(session.ask(2), vd::search_error);
    // A new trial, asked for or not, is a new hope.
    for (const auto& p : vd::feasible_points<net>()) {
        if (session.find(p) != nullptr) continue;
        session.tell(p, all_metrics(p));
        break;
    }
    REQUIRE_FALSE(session.exhausted());
    REQUIRE(session.ask(2).size() == 2);
    // Questions about no points are none.
    for (int i = 0; i < 10; ++i) REQUIRE(session.ask(0).empty());
    REQUIRE_FALSE(session.exhausted());
}

TEST_CASE("a session whose optimizer has no more points is exhausted", "[search]") {
    auto session = study<vd::exhaustive_search>::ask_tell();
    std::size_t asked = 0;
    while (!session.exhausted())
        for (const auto& p : session.ask(50)) {
            session.tell(p, all_metrics(p));
            ++asked;
        }
    REQUIRE(asked == static_cast<std::size_t>(std::ranges::distance(vd::feasible_points<net>().begin(), std::default_sentinel)));
    REQUIRE(session.ask(50).empty());
}

namespace {

// A session that was told a wrong value and corrected it asks what one asks that was told right at once.
template <class Optimizer>
void corrects(typename study<Optimizer>::options options, std::size_t batch, int questions = 6) {
    auto right = study<Optimizer>::ask_tell(options), wrong = study<Optimizer>::ask_tell(options);
    for (int q = 0; q < questions; ++q) {
        const auto points = right.ask(batch);
        REQUIRE(wrong.ask(batch) == points);
        for (const auto& p : points)
            if (right.tell_known(p) == nullptr) right.tell(p, all_metrics(p));
        std::vector<point> fresh;
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (wrong.tell_known(points[i]) != nullptr) continue;
            fresh.push_back(points[i]);
            if (i + 1 == points.size()) break;
            if (i % 3 == 0) wrong.tell_failure(points[i], "the fan was off");
            else wrong.tell(points[i], {0.99, 1e-9 * vd::seconds{}, 1e-9 * vd::joules{}});
        }
        // Before the last trial of the question, so that the optimizer has decided nothing yet.
        for (std::size_t i = 0; i + 1 < fresh.size(); ++i) {
            const auto number = wrong.find(fresh[i])->number;
            REQUIRE(wrong.correct(fresh[i], all_metrics(fresh[i])).number == number);
        }
        if (!fresh.empty() && wrong.find(fresh.back()) == nullptr) wrong.tell(fresh.back(), all_metrics(fresh.back()));
    }
    REQUIRE(wrong.trials() == right.trials());
    REQUIRE(wrong.result().front() == right.result().front());
}

} // namespace

TEST_CASE("a told trial can be corrected, and the optimizer learns of it", "[search]") {
    corrects<vd::random_search>({.seed = 3}, 7);
    corrects<vd::exhaustive_search>({}, 10);
    // Their own values are corrected; a failed child that is measured after all comes too late to breed.
    using engine_tester = study<vd::nsga2<>>;
    auto session = engine_tester::ask_tell({.seed = 2, .optimizer = {.population = 6}});
    const auto points = session.ask(6);
    for (const auto& p : points) session.tell(p, {0.5, 1.0 * vd::seconds{}, 1.0 * vd::joules{}});
    session.correct(points[2], {0.9, 0.5 * vd::seconds{}, 1.0 * vd::joules{}});
    session.correct_failure(points[4], "it never ran");
    const auto& core = session.engine().core();
    REQUIRE(core.parents().size() == 5);
    REQUIRE(core.parents().genomes.front() == points[2]);
    REQUIRE((core.ranks()[0] == 0 && core.ranks()[1] == 1));
    REQUIRE(core.parents().rows()[0][0] == -0.9);
    REQUIRE(session.result().front().size() == 1);
    REQUIRE(session.find(points[4])->message == "it never ran");
    auto values = all_metrics(points[0]);
    values.set<vd::energy>(std::numeric_limits<double>::quiet_NaN() * vd::joules{});
    REQUIRE(session.correct(points[0], values).message == "energy is NaN");
    REQUIRE_THROWS_AS(session.correct(session.ask(1).front(), all_metrics(points[0])), vd::input_error);
    REQUIRE(session.ask(6).size() == 6);

    using ageing = study<vd::evolution<>>;
    auto evolving = ageing::ask_tell({.seed = 2, .optimizer = {.population = 8}}),
         told_right = ageing::ask_tell({.seed = 2, .optimizer = {.population = 8}});
    const auto first = evolving.ask(8);
    REQUIRE(told_right.ask(8) == first);
    for (const auto& p : first) {
        if (told_right.tell_known(p) == nullptr) told_right.tell(p, all_metrics(p));
        if (evolving.tell_known(p) == nullptr) evolving.tell(p, {0.5, 1.0 * vd::seconds{}, 1.0 * vd::joules{}});
        evolving.correct(p, all_metrics(p));
    }
    // The last trial completes the generation before it is corrected: parents are those of the wrong value. All later ones know better.
    REQUIRE(evolving.trials() == told_right.trials());
    REQUIRE(evolving.ask(8).size() == 8);
}

namespace {

// Proposes points that break a constraint, as a careless optimizer of one's own may.
struct careless : vd::optimizer_policy_base {
    struct options {};
    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options&) {}
        std::vector<vd::point<Space>> ask(vd::random_stream&, std::size_t) {
            return {vd::point<Space>{}, vd::point<Space>{}.template with<"layers", 8>().template with<"width", 10>()};
        }
        void tell(std::span<const vd::trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 2; }
    };
};

} // namespace

TEST_CASE("a point that breaks a constraint gets into no session, and the constraint is named", "[search]") {
    auto session = evolution::ask_tell();
    const auto broken = point{}.with<"layers", 8>().with<"width", 10>();
    const auto* text = "verdant: session, told point: expected a feasible point, found layers=8 width=10 kernel=3, which breaks width * layers <= 40";
    REQUIRE_THROWS_WITH(session.tell(broken, all_metrics(broken)), text);
    REQUIRE_THROWS_WITH(session.tell_failure(broken, "no luck"), text);
    REQUIRE(session.tell_known(broken) == nullptr);
    REQUIRE_THROWS_WITH(session.take(broken, all_metrics(broken), ""),
                        Catch::Contains("session, trial 0") && Catch::Contains("breaks width * layers <= 40"));
    REQUIRE(session.trials().empty());
    const auto good = point{}.with<"layers", 8>();
    REQUIRE(session.tell(good, all_metrics(good)).number == 0);

    const auto* proposal =
        "optimizer, proposed point: expected a feasible point, found layers=8 width=10 kernel=3, which breaks width * layers <= 40";
    auto other = study<careless>::ask_tell();
    REQUIRE_THROWS_WITH(other.ask(2), Catch::Contains(proposal));
    REQUIRE(other.pending().size() == 1); // the good one
    REQUIRE_THROWS_WITH((study<careless>{measure, power}.run({.trials = 4})), Catch::Contains(proposal));
}
