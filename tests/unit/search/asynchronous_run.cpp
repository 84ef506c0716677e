#include "catch.hpp"
#include "dispatchers.hpp"
#include "unit/study/studies.hpp"

#include <verdant/parallel/thread_pool.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <sched.h>

using namespace studies;
using enum vd::tell_order;
using Catch::Contains;
using random_study = study<vd::random_search>;
using breeding = study<vd::nsga2<>>;
using post = by_mail<net, random_study::goals_type>;

namespace {

template <class Result>
std::vector<std::uint64_t> numbers_of(const Result& r) {
    std::vector<std::uint64_t> all;
    for (const auto& t : r.trials()) all.push_back(t.number);
    return all;
}
std::vector<std::uint64_t> counted(std::size_t n) {
    std::vector<std::uint64_t> all;
    for (std::size_t i = 0; i < n; ++i) all.push_back(i);
    return all;
}
template <class Result>
bool different_points(const Result& r) {
    std::set<point> met;
    for (const auto& t : r.trials()) met.insert(t.point);
    return met.size() == r.trials().size();
}

// Counts what it is told, and may say stop.
struct counting {
    std::atomic<std::size_t>& told_so_far;
    std::size_t last = ~std::size_t{0};
    template <class Trial>
    vd::search_step told(const Trial&, const vd::search_state& s) {
        told_so_far = s.done;
        return s.done < last ? vd::search_step::go_on : vd::search_step::stop;
    }
};

struct unlucky {
    vd::metrics<vd::accuracy, vd::latency> operator()(const point&) const { throw std::runtime_error{"no luck"}; }
};

// A dispatcher that answers otherwise than it should.
struct faulty {
    enum class fault { strange_number, lost } kind;
    std::size_t jobs = 0;
    void submit(std::span<const vd::job<net>> more, const vd::evaluator_set<net, random_study::goals_type>&) { jobs += more.size(); }
    void collect(const vd::completion_sink<random_study::goals_type>& done) {
        jobs = 0;
        if (kind == fault::strange_number) done({999, {}});
    }
    void cancel() { jobs = 0; }
    std::size_t pending() const { return jobs; }
    std::size_t workers() const { return 2; }
};

} // namespace

TEST_CASE("a slow trial keeps nobody waiting, and results are in the order told with their numbers", "[search]") {
    std::atomic<std::size_t> told = 0, calls = 0;
    // The first trial that begins ends when all others have been told.
    const auto slow = [&](const point& p) {
        if (calls++ == 0)
            while (told < 29) sched_yield();
        return measure(p);
    };
    counting watching{told};
    const auto found = breeding{slow, power}.run({.trials = 30, .seed = 4, .threads = 3, .order = as_completed}, watching);
    REQUIRE(found.reason() == vd::stop_reason::trials);
    REQUIRE(found.trials().size() == 30);
    REQUIRE(found.trials().back().number < 3);
    REQUIRE(different_points(found));
    auto numbers = numbers_of(found);
    std::sort(numbers.begin(), numbers.end());
    REQUIRE(numbers == counted(30));
    std::set<std::uint32_t> workers;
    for (const auto& t : found.trials()) workers.insert(t.times.worker);
    REQUIRE((*workers.begin() >= 1 && *workers.rbegin() <= 3 && workers.size() >= 2));
}

TEST_CASE("one worker finds the same each time, in the order of the numbers", "[search]") {
    const breeding s{measure, power};
    const auto found = s.run({.trials = 90, .seed = 3, .order = as_completed});
    REQUIRE(numbers_of(found) == counted(90));
    REQUIRE(different_points(found));
    REQUIRE(same(found, s.run({.trials = 90, .seed = 3, .order = as_completed})));
    REQUIRE_FALSE(same(found, s.run({.trials = 90, .seed = 4, .order = as_completed})));
    for (const auto& t : found.trials()) REQUIRE(t.times.worker == 1);
}

TEST_CASE("as many trials are pending as there are workers, or as are asked for", "[search]") {
    const random_study s{measure, power};
    post mail, more, wide;
    REQUIRE(s.run({.trials = 40, .order = as_completed}, mail).trials().size() == 40);
    REQUIRE(mail.most_pending == 5);
    REQUIRE(s.run({.trials = 40, .batch = 9, .order = as_completed}, more).trials().size() == 40);
    REQUIRE(more.most_pending == 9);
    REQUIRE(s.run({.trials = 3, .batch = 9, .order = as_completed}, wide).trials().size() == 3);
    REQUIRE(wide.most_pending == 3);
    vd::thread_pool pool{3};
    REQUIRE(s.run({.trials = 40, .order = as_completed}, pool).trials().size() == 40);
}

TEST_CASE("a search of trials as completed ends where others do", "[search]") {
    const study<vd::exhaustive_search> all{measure, power};
    const auto serial = all.run({.trials = ~std::size_t{0}});
    REQUIRE(serial.reason() == vd::stop_reason::exhausted);
    for (const unsigned threads : {1U, 4U}) {
        const auto found = all.run({.trials = ~std::size_t{0}, .threads = threads, .order = as_completed});
        REQUIRE(found.reason() == vd::stop_reason::exhausted);
        REQUIRE(found.trials().size() == serial.trials().size());
        REQUIRE(found.hypervolume() == serial.hypervolume());
    }
    // All feasible points are known before long: then only known ones come.
    const random_study s{measure, power};
    const auto drawn = s.run({.trials = 100'000, .threads = 2, .patience = 20, .order = as_completed});
    REQUIRE(drawn.reason() == vd::stop_reason::patience);
    REQUIRE((drawn.trials().size() > 40 && different_points(drawn)));

    std::atomic<std::size_t> told = 0;
    for (const unsigned threads : {1U, 3U}) {
        counting until{told, 10};
        const auto stopped = s.run({.trials = 100, .threads = threads, .order = as_completed}, until);
        REQUIRE(stopped.reason() == vd::stop_reason::requested);
        REQUIRE((stopped.trials().size() >= 10 && stopped.trials().size() <= 10 + threads));
        const auto timed =
            s.run({.trials = 100'000, .threads = threads, .patience = 1'000'000, .time_limit = 0.02 * vd::seconds{}, .order = as_completed});
        REQUIRE(timed.reason() == vd::stop_reason::time_limit);
        REQUIRE_THROWS_WITH((random_study{unlucky{}, power}.run({.trials = 100, .threads = threads, .failures_in_a_row = 7, .order = as_completed})),
                            Contains("7 trials in a row failed") && Contains("no luck"));
    }
    post mail;
    counting until{told, 10};
    REQUIRE(s.run({.trials = 100, .order = as_completed}, mail, until).trials().size() >= 10);
    REQUIRE(mail.pending() == 0);
}

TEST_CASE("start points are the first trials as completed, too, and batches are evaluated", "[search]") {
    const auto by_batch = [](std::span<const point> points) {
        std::vector<vd::metrics<vd::energy>> all;
        for (const auto& p : points) all.push_back(power(p));
        return all;
    };
    const vd::start_points<net> starts{feasible(7), feasible(3), feasible(11)};
    for (const unsigned threads : {1U, 2U}) {
        const auto found = random_study{measure, by_batch}.run({.trials = 20, .threads = threads, .order = as_completed}, starts);
        REQUIRE(found.trials().size() == 20);
        for (const auto& t : found.trials()) {
            REQUIRE((t.origin == vd::trial_origin::start_point) == (t.number < 3));
            if (t.number < 3) REQUIRE(t.point == starts.points()[static_cast<std::size_t>(t.number)]);
            REQUIRE(t.values.get<vd::energy>() == power(t.point).get<vd::energy>());
        }
    }
}

TEST_CASE("dispatchers that lose trials or answer for others end the search", "[search]") {
    const random_study s{measure, power};
    faulty strange{faulty::fault::strange_number}, lost{faulty::fault::lost};
    REQUIRE_THROWS_WITH(s.run({.order = as_completed}, strange), Contains("trial 999, which is not pending"));
    REQUIRE_THROWS_WITH(s.run({.order = as_completed}, lost), Contains("lost trials"));
}

TEST_CASE("a session that is told as completed keeps the numbers that it gave", "[search]") {
    auto session = breeding::ask_tell({.seed = 2, .order = as_completed});
    const auto q = session.pose(4);
    REQUIRE(q.fresh.size() == 4);
    vd::metrics<vd::accuracy, vd::latency, vd::energy> values{0.5, 10.0 * vd::milliseconds{}, 3.0 * vd::joules{}};
    REQUIRE(session.tell(q.fresh[2].point, values).number == 2);
    REQUIRE(session.tell_failure(q.fresh[0].point, "no luck").number == 0);
    const auto next = session.pose(1);
    REQUIRE((next.fresh.size() == 1 && next.fresh[0].number == 4));
    REQUIRE(session.pending().size() == 3);
    REQUIRE(session.tell({q.fresh[3].number, {values}}).number == 3);
    REQUIRE(session.find(q.fresh[3].point)->number == 3);
}
