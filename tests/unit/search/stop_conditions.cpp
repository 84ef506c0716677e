#include <verdant/search/stop_conditions.hpp>

#include "catch.hpp"
#include "dispatchers.hpp"
#include "unit/study/studies.hpp"

#include <verdant/study/memory_storage.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace studies;
using Catch::Contains;

namespace {

using evolution = study<vd::nsga2<>>;
const evolution::options usual{.trials = 60, .seed = 3, .optimizer = {.population = 12, .offspring = 12}};

// Asks for a stop once so many trials were told.
struct enough {
    std::size_t most;
    vd::search_step told(const evolution::trial_type&, const vd::search_state& state) const {
        return state.done >= most ? vd::search_step::stop : vd::search_step::go_on;
    }
};

// Counts evaluations, and asks for a stop once there were so many: in the middle of a question.
struct counted {
    std::shared_ptr<std::atomic<std::size_t>> count = std::make_shared<std::atomic<std::size_t>>(0);
    vd::metrics<vd::accuracy, vd::latency> operator()(const point& p) const {
        ++*count;
        return measure(p);
    }
};
struct until {
    const counted& calls;
    std::size_t most;
    bool stop_requested() const { return *calls.count >= most; }
};

struct slow_batches {
    std::size_t* calls;
    std::vector<vd::metrics<vd::accuracy, vd::latency>> operator()(std::span<const point> points) const {
        ++*calls;
        std::vector<vd::metrics<vd::accuracy, vd::latency>> found;
        for (const auto& p : points) found.push_back(measure(p));
        return found;
    }
};

} // namespace

TEST_CASE("an observer ends a search with what was found", "[search]") {
    const evolution s{measure, power};
    const auto whole = s.run(usual);
    for (const std::size_t most : {1U, 12U, 13U, 40U}) {
        enough watch{most};
        const auto found = s.run(usual, watch);
        REQUIRE(found.reason() == vd::stop_reason::requested);
        REQUIRE(found.trials().size() == (most + 11) / 12 * 12); // what is evaluated is told: the question is completed
        for (std::size_t i = 0; i < found.trials().size(); ++i) REQUIRE(found.trials()[i] == whole.trials()[i]);
    }
    enough never{1000};
    REQUIRE(same(s.run(usual, never), whole));
    enough with_the_last{60};
    REQUIRE(s.run(usual, with_the_last).reason() == vd::stop_reason::trials);
}

TEST_CASE("a stop in the middle of a question keeps what is evaluated, and a later run goes on bit for bit", "[search]") {
    const auto whole = evolution{measure, power}.run(usual);
    for (const unsigned threads : {1U, 3U}) {
        auto options = usual;
        options.threads = threads;
        vd::memory_storage kept;
        std::size_t had = 0;
        for (const std::size_t more : {5U, 1U, 9U, 12U}) {
            const counted calls;
            until watch{calls, more};
            const auto before = had;
            const auto found = evolution{calls, power}.run(options, kept, watch);
            REQUIRE(found.reason() == vd::stop_reason::requested);
            // Each other thread may have taken a trial before the last of these was counted: what is taken is evaluated, kept and told.
            REQUIRE(found.trials().size() >= had + more);
            REQUIRE(found.trials().size() < had + more + threads);
            had = found.trials().size();
            REQUIRE(kept.load()->trials.size() == had);
            REQUIRE(*calls.count == had - before);
            for (std::size_t i = 0; i < had; ++i) REQUIRE(found.trials()[i] == whole.trials()[i]);
        }
        REQUIRE(same(evolution{measure, power}.run(options, kept), whole));
    }
}

TEST_CASE("what a stop leaves is the end of a question, whatever order an executor has", "[search]") {
    // Later tasks overtake all earlier ones, and the stop comes before those begin.
    struct {
        void operator()(std::size_t n, const vd::detail::task_ref& task) const {
            for (std::size_t i = n; i-- > 0;) task(i);
        }
    } backwards;
    const auto whole = evolution{measure, power}.run(usual);
    const counted calls;
    until watch{calls, 5};
    vd::memory_storage kept;
    const auto found = evolution{calls, power}.run(usual, kept, watch, backwards);
    REQUIRE(found.trials().size() == 5);
    REQUIRE(kept.load()->trials.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) REQUIRE(found.trials()[i] == whole.trials()[i]);
}

TEST_CASE("what is kept is given back by a run that is stopped before it begins", "[search]") {
    vd::memory_storage kept;
    auto shorter = usual;
    shorter.trials = 17;
    evolution{measure, power}.run(shorter, kept);
    std::stop_source source;
    source.request_stop();
    const counted none;
    const auto found = evolution{none, power}.run(usual, source.get_token(), kept); // a token is an observer
    REQUIRE((found.trials().size() == 17 && found.reason() == vd::stop_reason::requested && *none.count == 0));
}

TEST_CASE("evaluators that take batches are given whole ones or none", "[search]") {
    std::size_t calls = 0, asked = 0;
    struct {
        std::size_t* asked;
        bool stop_requested() { return ++*asked > 20; }
    } watch{&asked};
    const auto found = evolution{slow_batches{&calls}, power}.run(usual, watch);
    REQUIRE((found.reason() == vd::stop_reason::requested && found.trials().size() == 12 && calls == 1));
}

TEST_CASE("a dispatcher that begins nothing more gives what is under way", "[search]") {
    std::stop_source source;
    by_mail<net, evolution::goals_type> mail;
    const evolution s{[&](const point& p) {
                          source.request_stop();
                          return measure(p);
                      },
                      power};
    const auto found = s.run(usual, mail, source.get_token());
    REQUIRE(found.reason() == vd::stop_reason::requested);
    REQUIRE((mail.pending() == 0 && found.trials().size() <= 12));
}

TEST_CASE("a search ends when its time is up", "[search]") {
    using namespace std::chrono_literals;
    const evolution s{[](const point& p) {
                          std::this_thread::sleep_for(2ms);
                          return measure(p);
                      },
                      power};
    auto options = usual;
    options.trials = 1000;
    options.time_limit = 30ms;
    const auto found = s.run(options);
    REQUIRE(found.reason() == vd::stop_reason::time_limit);
    REQUIRE((found.trials().size() >= 1 && found.trials().size() <= 16));
    for (const auto& t : found.trials()) REQUIRE(t.times.duration() >= 2.0 * vd::milliseconds{});
    options.trials = 3;
    options.time_limit = 1.0 * vd::hours{};
    REQUIRE(s.run(options).reason() == vd::stop_reason::trials);

    static_assert(vd::time_limit{90s}.time() == 0.025 * vd::hours{});
    static_assert(vd::time_limit{}.time().value() == std::numeric_limits<double>::infinity());
    for (const double hours : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
        options.time_limit = hours * vd::hours{};
        REQUIRE_THROWS_WITH(s.run(options), Contains("search, time_limit: expected a time above 0 s, found"));
    }
}

TEST_CASE("what an observer throws when it is asked whether to stop ends the search", "[search]") {
    struct {
        bool stop_requested() const { throw std::runtime_error{"no flag"}; }
    } broken;
    REQUIRE_THROWS_WITH(evolution(measure, power).run(usual, broken), "no flag");
    const counted calls;
    struct {
        const counted& calls;
        bool stop_requested() const { return *calls.count > 3 ? throw std::runtime_error{"lost the flag"} : false; }
    } later{calls};
    REQUIRE_THROWS_WITH(evolution(calls, power).run({.trials = 60, .threads = 2}, later), "lost the flag");
}

TEST_CASE("reasons have words", "[search]") {
    using enum vd::stop_reason;
    REQUIRE((vd::stop_reason_text(trials) == "trials" && vd::stop_reason_text(exhausted) == "exhausted" && vd::stop_reason_text(patience) == "patience"));
    REQUIRE((vd::stop_reason_text(time_limit) == "time_limit" && vd::stop_reason_text(requested) == "requested"));
}
