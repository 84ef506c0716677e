#include <verdant/study/kept_session.hpp>

#include "catch.hpp"
#include "studies.hpp"

#include <verdant/error.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/study/memory_storage.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace studies;
using Catch::Contains;

namespace {

template <class Optimizer>
using by_hand = vd::kept_session<study<Optimizer>>;

template <class Session>
typename Session::metrics_type all_metrics(const Session&, const point& p) {
    const auto a = measure(p);
    return {a.template get<vd::accuracy>(), a.template get<vd::latency>(), power(p).template get<vd::energy>()};
}

// Measures by hand, a few trials in each run of the program, the last one first.
template <class Optimizer>
vd::memory_storage measured_by_hand(const typename study<Optimizer>::options& options, std::size_t trials, std::size_t at_once) {
    vd::memory_storage kept;
    for (std::size_t told = 0; told < trials;) {
        by_hand<Optimizer> session{kept, options};
        for (std::size_t here = 0; here < at_once && told < trials; ++here, ++told) {
            const auto open = session.ask();
            REQUIRE_FALSE(open.empty());
            session.tell(open.back().point, all_metrics(session, open.back().point));
        }
    }
    return kept;
}

} // namespace

TEST_CASE("what is measured by hand over many runs is what a search finds", "[search]") {
    for (const std::size_t at_once : {1U, 3U, 100U}) {
        const study<vd::nsga2<>>::options options{.trials = 40, .seed = 3, .optimizer = {.population = 8, .offspring = 8}};
        auto kept = measured_by_hand<vd::nsga2<>>(options, 40, at_once);
        const by_hand<vd::nsga2<>> session{kept, options};
        REQUIRE(session.pending().empty());
        const auto whole = study<vd::nsga2<>>{measure, power}.run(options);
        REQUIRE(session.trials() == whole.trials());
        REQUIRE(session.result().front() == whole.front());
        // A search goes on with it, and gives it back without an evaluation.
        REQUIRE(same(study<vd::nsga2<>>{measure, power}.run(options, kept), whole));
    }
    const study<vd::evolution<>>::options repeating{.trials = 60, .seed = 1, .optimizer = {.population = 20}};
    auto kept = measured_by_hand<vd::evolution<>>(repeating, 60, 7);
    REQUIRE(same(study<vd::evolution<>>{measure, power}.run(repeating, kept), study<vd::evolution<>>{measure, power}.run(repeating)));
}

TEST_CASE("a session goes on with what a search has kept", "[search]") {
    study<vd::nsga2<>>::options options{.trials = 21, .seed = 3, .optimizer = {.population = 8, .offspring = 8}};
    vd::memory_storage kept;
    study<vd::nsga2<>>{measure, power}.run(options, kept);
    options.trials = 40;
    {
        by_hand<vd::nsga2<>> session{kept, options};
        REQUIRE(session.trials().size() == 21);
        REQUIRE(session.ask().size() == 3); // the rest of its third generation
        while (session.trials().size() < 40) {
            const auto next = session.ask().front().point;
            session.tell(next, all_metrics(session, next));
        }
    }
    REQUIRE(same(study<vd::nsga2<>>{measure, power}.run(options, kept), study<vd::nsga2<>>{measure, power}.run(options)));
}

TEST_CASE("points stay open until they are told, and are told once", "[search]") {
    vd::memory_storage kept;
    by_hand<vd::nsga2<>> session{kept, {.batch = 4}};
    const auto open = session.ask();
    REQUIRE(open.size() == 4);
    REQUIRE(session.ask() == open);
    auto values = all_metrics(session, open[0].point);
    values.set<vd::energy>(std::numeric_limits<double>::quiet_NaN() * vd::joules{});
    session.tell(open[1].point, values);
    REQUIRE(session.ask().size() == 3);
    REQUIRE(session.trials().empty()); // it waits for the first
    session.tell_failure(open[0].point, "");
    REQUIRE(session.trials().size() == 2);
    REQUIRE((session.trials()[0].message == "failed" && session.trials()[1].message == "energy is NaN"));
    REQUIRE_THROWS_WITH(session.tell(open[0].point, values), Contains("one that was told otherwise: correct it"));
    const auto asked = [&](const point& p) { return std::any_of(open.begin(), open.end(), [&](const auto& one) { return one.point == p; }); };
    for (const auto& p : vd::feasible_points<net>()) {
        if (asked(p)) continue;
        REQUIRE_THROWS_WITH(session.tell_failure(p, "no"), Contains("expected a point that was asked for, found another one"));
        break;
    }
}

// A storage that replaces trials and keeps no corrections.
struct forgetful {
    vd::memory_storage kept{};
    [[nodiscard]] std::optional<vd::stored_study> load() { return kept.load(); }
    void create(const vd::study_description& d) { kept.create(d); }
    void begin(const vd::stored_ask& a, const vd::stored_state& s) { kept.begin(a, s); }
    void add(const vd::stored_trial& t) { kept.add(t); }
    void replace(const vd::stored_trial& t) { kept.replace(t); }
    [[nodiscard]] std::string name() const { return "forgetful"; }
};

TEST_CASE("where corrections are not kept, trials of the last question are corrected, and earlier ones are not", "[search]") {
    forgetful kept;
    const study<vd::nsga2<>>::options options{.trials = 12, .seed = 4, .batch = 4, .optimizer = {.population = 4}};
    by_hand<vd::nsga2<>> session{kept, options};
    const auto open = session.ask();
    for (const auto& one : open) session.tell(one.point, {0.5, 1.0 * vd::seconds{}, 1.0 * vd::joules{}});
    session.correct_failure(open[1].point, "wrong network");
    for (const auto& one : open) session.correct(one.point, all_metrics(session, one.point));
    REQUIRE(session.trials().size() == 4);
    REQUIRE(kept.load()->trials.size() == 4);
    {
        auto copy = kept;
        const by_hand<vd::nsga2<>> again{copy, options};
        REQUIRE(again.trials() == session.trials());
    }
    const auto later = session.ask();
    REQUIRE_THROWS_WITH(session.correct(open[0].point, all_metrics(session, open[0].point)), Contains("of an earlier question, on which later ones were built"));
    REQUIRE_THROWS_WITH(session.correct(later[0].point, all_metrics(session, open[0].point)), Contains("found one that was not told"));
}

namespace {

// An optimizer that cannot be saved.
struct climber : vd::optimizer_policy_base {
    struct options {};
    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options&) {}
        std::vector<vd::point<Space>> ask(vd::random_stream& random, std::size_t n) {
            std::vector<vd::point<Space>> points;
            for (std::size_t i = 0; i < n; ++i) points.push_back(told_ % 5 != 0 && best_.completed() ? vd::step_mutation{}(best_.point, random) : vd::sample<Space>(random));
            return points;
        }
        void tell(std::span<const vd::trial<Space, Goals>> told) {
            for (const auto& t : told) {
                ++told_;
                if (t.feasible() && (!best_.feasible() || t.objectives < best_.objectives || t.point == best_.point)) best_ = t;
            }
        }
        std::size_t preferred_batch() const { return 4; }

    private:
        vd::trial<Space, Goals> best_{.status = vd::trial_status::failed};
        std::size_t told_ = 0;
    };
};

// Trials of any question are corrected now and then, in runs of a few steps each; `again` looks at what a new program makes of it.
template <class Optimizer>
void corrected_now_and_then(const typename study<Optimizer>::options& options, std::size_t trials) {
    vd::memory_storage kept, whole;
    by_hand<Optimizer> long_one{whole, options};
    const auto step = [&](auto& session, std::size_t i) {
        const auto open = session.ask();
        const auto& one = i % 3 == 1 ? open.back() : open.front();
        session.tell(one.point, all_metrics(session, one.point));
        if (session.trials().empty()) return;
        const auto& old = session.trials()[(7 * i) % session.trials().size()].point;
        if (i % 4 == 1) session.correct(old, {0.9 - 0.001 * static_cast<double>(i), 0.01 * vd::seconds{}, 1.0 * vd::joules{}});
        if (i % 6 == 2) session.correct_failure(old, "wrong network");
    };
    for (std::size_t i = 0; i < trials; ++i) {
        {
            by_hand<Optimizer> session{kept, options};
            REQUIRE(session.trials() == long_one.trials());
            REQUIRE(session.pending() == long_one.pending());
            step(session, i);
        }
        step(long_one, i);
    }
    REQUIRE(kept.load()->corrections.size() > trials / 4);
    // A search goes on with it as well, and gives the corrected values.
    auto more = options;
    more.trials = trials + 10;
    const auto a = study<Optimizer>{measure, power}.run(more, kept), b = study<Optimizer>{measure, power}.run(more, whole);
    REQUIRE(same(a, b));
    for (std::size_t i = 0; i < long_one.trials().size(); ++i) REQUIRE(a.trials()[i] == long_one.trials()[i]);
}

} // namespace

TEST_CASE("any told trial is corrected, and later runs go on bit for bit", "[search]") {
    corrected_now_and_then<vd::nsga2<>>({.trials = 40, .seed = 4, .batch = 4, .optimizer = {.population = 6}}, 40);
    corrected_now_and_then<vd::evolution<>>({.trials = 30, .seed = 5, .batch = 5, .optimizer = {.population = 10}}, 30);
    corrected_now_and_then<climber>({.trials = 30, .seed = 5, .batch = 4}, 30); // cannot be saved: asked and told from the beginning
}

TEST_CASE("a kept session begins with the points that it is given", "[search]") {
    const vd::start_points start{feasible(9), feasible(5), feasible(70)};
    const study<vd::nsga2<>>::options options{.trials = 20, .seed = 3, .batch = 2, .optimizer = {.population = 8}};
    vd::memory_storage kept;
    for (std::size_t told = 0; told < 20; ++told) {
        by_hand<vd::nsga2<>> session{kept, options, start};
        const auto open = session.ask();
        if (told == 0) REQUIRE((open.size() == 2 && open[0].point == start.points()[0] && open[1].point == start.points()[1]));
        if (told == 2) REQUIRE((open.size() == 1 && open[0].point == start.points()[2]));
        session.tell(open.front().point, all_metrics(session, open.front().point));
    }
    const by_hand<vd::nsga2<>> session{kept, options, start};
    REQUIRE(session.trials() == study<vd::nsga2<>>{measure, power}.run(options, start).trials());
    REQUIRE(session.trials()[2].origin == vd::trial_origin::start_point);
    REQUIRE(session.trials()[3].origin == vd::trial_origin::optimizer);
    REQUIRE_THROWS_WITH((by_hand<vd::nsga2<>>{kept, options}), Contains("start point 2: stored, but the program has none"));
}

TEST_CASE("a kept session ends where the optimizer does", "[search]") {
    vd::memory_storage kept;
    by_hand<vd::exhaustive_search> session{kept, {.batch = 64}};
    std::size_t told = 0;
    for (auto open = session.ask(); !open.empty(); open = session.ask())
        for (const auto& one : open) {
            session.tell(one.point, all_metrics(session, one.point));
            ++told;
        }
    REQUIRE(session.exhausted());
    REQUIRE(session.result().reason() == vd::stop_reason::exhausted);
    REQUIRE(session.trials().size() == told);
    const by_hand<vd::exhaustive_search> again{kept, {.batch = 64}};
    REQUIRE(again.trials() == session.trials());
    REQUIRE_THROWS_AS((by_hand<vd::exhaustive_search>{kept, {.batch = 63}}), vd::input_error);
}

TEST_CASE("a point may be told the same again, and nothing else", "[search]") {
    vd::memory_storage kept;
    by_hand<vd::nsga2<>> session{kept, {.seed = 2, .batch = 2, .optimizer = {.population = 4}}};
    const auto open = session.ask();
    const auto values = all_metrics(session, open[1].point);
    const auto refused = Contains("expected a point that was not told, or the same again, found one that was told otherwise: correct it");
    // The second waits for the first, then both are told.
    session.tell(open[1].point, values);
    for (int round = 0; round < 2; ++round) {
        REQUIRE_NOTHROW(session.tell(open[1].point, values));
        REQUIRE_THROWS_WITH(session.tell(open[1].point, {0.1, 1.0 * vd::seconds{}, 1.0 * vd::joules{}}), refused);
        REQUIRE_THROWS_WITH(session.tell_failure(open[1].point, "late"), refused);
        if (round == 0) session.tell_failure(open[0].point, "no power");
    }
    const auto next = session.ask(); // of an earlier question, too
    REQUIRE_NOTHROW(session.tell_failure(open[0].point, "no power"));
    REQUIRE_THROWS_WITH(session.tell_failure(open[0].point, "no network"), refused);
    REQUIRE_THROWS_WITH(session.tell(open[0].point, values), refused);
    REQUIRE(session.trials().size() == 2);
    REQUIRE(session.pending().size() == next.size());
}

TEST_CASE("a study with changed limits goes on by hand, and back in a run", "[search]") {
    const study<vd::nsga2<>>::options options{.trials = 8, .seed = 3, .optimizer = {.population = 8, .offspring = 8}};
    study<vd::nsga2<>> s{measure, power};
    s.at_most<vd::energy>(3.0 * vd::joules{});
    vd::memory_storage kept;
    s.run(options, kept);
    REQUIRE_THROWS_WITH((by_hand<vd::nsga2<>>{kept, options}), Contains("energy"));
    {
        by_hand<vd::nsga2<>> session{kept, options, s.limits()};
        REQUIRE(session.trials().size() == 8);
        REQUIRE(session.result().limits() == s.limits());
        while (session.trials().size() < 16)
            for (const auto& one : session.ask()) session.tell(one.point, all_metrics(session, one.point));
    }
    auto longer = options;
    longer.trials = 24;
    REQUIRE(same(s.run(longer, kept), s.run(longer)));
}

TEST_CASE("by hand, too, trials may be told as they are completed", "[search]") {
    using enum vd::tell_order;
    const study<vd::nsga2<>>::options options{.trials = 30, .seed = 3, .batch = 3, .optimizer = {.population = 6}, .order = as_completed};
    vd::memory_storage kept;
    std::size_t told = 0;
    std::vector<point> order;
    // In each run of the program three trials, the last pending one first.
    while (told < 30) {
        by_hand<vd::nsga2<>> session{kept, options};
        REQUIRE(session.trials().size() == told);
        for (std::size_t i = 0; i < told; ++i) REQUIRE(session.trials()[i].point == order[i]);
        for (int here = 0; here < 3; ++here, ++told) {
            const auto open = session.ask();
            REQUIRE(open.size() == 3);
            order.push_back(open.back().point);
            if (told % 7 == 0) session.tell_failure(order.back(), "no luck");
            else session.tell(order.back(), all_metrics(session, order.back()));
            REQUIRE(session.trials().back().number == open.back().number);
            REQUIRE_THROWS_AS(session.tell_failure(order.back(), "otherwise"), vd::input_error);
        }
    }
    by_hand<vd::nsga2<>> session{kept, options};
    const auto pending = session.pending();
    const auto more = session.ask(5);
    REQUIRE((more.size() == 5 && session.pending().size() == pending.size() + 5));
    // Corrections of any trial are kept with their place, and made again where the study goes on.
    session.correct(order[4], all_metrics(session, order[4]));
    session.tell(more[1].point, all_metrics(session, more[1].point));
    session.correct_failure(order[9], "the wrong board");
    static_cast<void>(session.ask(1));
    const by_hand<vd::nsga2<>> again{kept, options};
    REQUIRE(again.trials() == session.trials());
    auto record = *kept.load();
    record.state.optimizer.reset();
    vd::memory_storage replayed{record};
    const by_hand<vd::nsga2<>> third{replayed, options};
    REQUIRE(third.trials() == session.trials());
    REQUIRE(third.pending() == session.pending());
    // A search goes on with it.
    auto longer = options;
    longer.trials = 50;
    REQUIRE(study<vd::nsga2<>>{measure, power}.run(longer, kept).trials().size() == 50);
    by_hand<vd::nsga2<>> other{replayed, longer};
    vd::memory_storage empty;
    by_hand<vd::nsga2<>> plain{empty};
    REQUIRE_THROWS_WITH(plain.ask(2), Contains("tell_order::as_completed"));
}
