#include "catch.hpp"
#include "dispatchers.hpp"
#include "laws/optimizer.hpp"
#include "unit/study/studies.hpp"

#include <verdant/error.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/study/study_description.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace studies;
using Catch::Contains;

namespace {

struct power_cut {};

// Keeps a study until so many writes were made; then nothing more reaches the storage, as if the process had died.
struct dying_storage {
    vd::memory_storage& kept;
    int writes;
    std::optional<vd::stored_study> load() { return kept.load(); }
    void create(const vd::study_description& d) { alive(), kept.create(d); }
    void begin(const vd::stored_ask& a, const vd::stored_state& s) { alive(), kept.begin(a, s); }
    void add(const vd::stored_trial& t) { alive(), kept.add(t); }
    std::string name() const { return kept.name(); }
    void alive() {
        if (writes-- <= 0) throw power_cut{};
    }
};
static_assert(vd::storage<dying_storage> && vd::storage<vd::memory_storage> && !vd::storage<int>);

// Fails for some points, and counts.
struct counting {
    std::atomic<int>* calls;
    vd::metrics<vd::accuracy, vd::latency> operator()(const point& p, vd::random_stream& random) const {
        ++*calls;
        if (p.get<"kernel">() == 5 && p.get<"width">() % 3 == 0) throw std::runtime_error{"no luck with\n'width' \xff"};
        auto m = measure(p);
        m.set<vd::accuracy>(m.get<vd::accuracy>() + 1e-3 * random.uniform());
        if (p.get<"width">() == 9) m.set<vd::latency>(std::numeric_limits<double>::infinity() * vd::seconds{});
        return m;
    }
};

std::vector<vd::metrics<vd::energy>> batch_power(std::span<const point> points) {
    std::vector<vd::metrics<vd::energy>> all;
    for (const auto& p : points) all.push_back(power(p));
    return all;
}

struct replayed : vd::optimizer_policy_base { // has a state and cannot save it
    struct options {};
    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options&) {}
        std::vector<vd::point<Space>> ask(vd::random_stream& random, std::size_t n) {
            std::vector<vd::point<Space>> points;
            for (std::size_t i = 0; i < n; ++i) points.push_back(best_ ? vd::reset_mutation{}(best_->point, random) : vd::sample<Space>(random));
            return points;
        }
        void tell(std::span<const vd::trial<Space, Goals>> told) {
            for (const auto& t : told)
                if (t.feasible() && (!best_ || t.objectives < best_->objectives)) best_ = t;
        }
        std::size_t preferred_batch() const { return 6; }

    private:
        std::optional<vd::trial<Space, Goals>> best_;
    };
};

// Runs until it is done, each time from what the last time left.
template <class Study, class... Evaluators>
void interrupted_equals_uninterrupted(const typename Study::options& options, Evaluators... evaluators) {
    const Study s{evaluators...};
    const auto whole = s.run(options);
    for (const int writes : {1, 2, 3, 5, 8, 13, 40}) {
        vd::memory_storage kept;
        for (int attempts = 0;; ++attempts) {
            REQUIRE(attempts < 1000);
            try {
                const auto found = s.run(options, dying_storage{kept, writes});
                REQUIRE(same(found, whole));
                break;
            } catch (const power_cut&) {}
        }
        REQUIRE(kept.load()->trials.size() == whole.trials().size());
        // Once finished, it is given back.
        REQUIRE(same(s.run(options, kept), whole));
    }
}

template <class Study>
std::string refusal(const Study& s, const typename Study::options& options, vd::memory_storage& kept) {
    try {
        s.run(options, kept);
    } catch (const vd::input_error& e) { return e.what(); }
    return "accepted";
}

// A study of 20 trials, to be damaged.
vd::stored_study twenty() {
    vd::memory_storage kept;
    study<vd::nsga2<>>{measure, power}.run({.trials = 20, .optimizer = {.population = 8, .offspring = 8}}, kept);
    return *kept.load();
}
std::string refusal(const vd::stored_study& damaged) {
    vd::memory_storage kept{damaged};
    return refusal(study<vd::nsga2<>>{measure, power}, {.trials = 20, .optimizer = {.population = 8, .offspring = 8}}, kept);
}

} // namespace

TEST_CASE("a search that dies at any write goes on as if it had not", "[search]") {
    std::atomic<int> calls = 0;
    interrupted_equals_uninterrupted<study<vd::nsga2<>>>(
        {.trials = 90, .seed = 3, .optimizer = {.population = 10, .duplicates = vd::duplicate_policy::allow}}, counting{&calls}, power);
    interrupted_equals_uninterrupted<study<vd::nsga2<vd::uniform_crossover, vd::step_mutation, vd::uniform_selection>>>(
        {.trials = 50, .seed = 3, .threads = 3, .optimizer = {.population = 10, .offspring = 3}}, counting{&calls}, power);
    interrupted_equals_uninterrupted<study<vd::random_search>>({.trials = 70, .seed = 5, .batch = 9}, counting{&calls}, batch_power);
    interrupted_equals_uninterrupted<study<vd::exhaustive_search>>({.trials = 1000, .batch = 50}, counting{&calls}, power); // exhausted
    interrupted_equals_uninterrupted<study<replayed>>({.trials = 60, .seed = 2}, counting{&calls}, power);
}

TEST_CASE("what is kept is not evaluated again, and observers are told of it", "[search]") {
    struct watcher {
        std::vector<std::uint64_t> told_numbers;
        vd::search_state first{}, last{};
        void started(const vd::search_state& s) { first = s; }
        void told(const study<vd::nsga2<>>::trial_type& t, const vd::search_state& s) {
            told_numbers.push_back(t.number);
            last = s;
        }
    };
    std::atomic<int> calls = 0;
    const study<vd::nsga2<>> s{counting{&calls}, power};
    const study<vd::nsga2<>>::options options{.trials = 64, .seed = 3, .optimizer = {.population = 10, .offspring = 10}};
    vd::memory_storage kept;
    // The study, four questions and 39 trials.
    REQUIRE_THROWS_AS(s.run(options, dying_storage{kept, 44}), power_cut);
    const auto there = static_cast<int>(kept.load()->trials.size());
    REQUIRE(there == 39);
    calls = 0;
    watcher w;
    const auto found = s.run(options, kept, w);
    REQUIRE(calls == 64 - there);
    REQUIRE(w.told_numbers.size() == 64);
    for (std::size_t i = 0; i < 64; ++i) REQUIRE(w.told_numbers[i] == i);
    REQUIRE((w.first.done == 0 && w.first.resumed == 39 && w.last.done == 64 && w.last.resumed == 39));
    REQUIRE(w.last.failed ==
            static_cast<std::size_t>(std::count_if(found.trials().begin(), found.trials().end(), [](const auto& t) { return !t.completed(); })));
}

TEST_CASE("more trials continue a finished study, from a batch that was cut short, too", "[search]") {
    const study<vd::nsga2<>> s{measure, power};
    study<vd::nsga2<>>::options options{.seed = 8, .optimizer = {.population = 10}};
    options.trials = 80;
    const auto whole = s.run(options);
    vd::memory_storage kept;
    for (const std::size_t trials : {10U, 24U, 27U, 63U, 80U}) {
        options.trials = trials;
        REQUIRE(s.run(options, kept).trials().size() == trials);
    }
    REQUIRE(same(s.run(options, kept), whole));
}

namespace {

// Runs that grow are one that was long from the start, whatever the seed.
template <class Study>
void grows(typename Study::options options, const std::vector<std::size_t>& steps, int seeds = 20) {
    const Study s{measure, power};
    for (int seed = 0; seed < seeds; ++seed) {
        CAPTURE(seed);
        options.seed = static_cast<std::uint64_t>(seed);
        vd::memory_storage kept;
        for (const auto trials : steps) {
            options.trials = trials;
            REQUIRE(same(s.run(options, kept), s.run(options)));
        }
    }
}

} // namespace

TEST_CASE("more trials are as if meant from the start, also where known points are proposed and batches are no generations", "[search]") {
    grows<study<vd::evolution<>>>({}, {25, 40, 100});
    grows<study<vd::evolution<>>>({.batch = 7, .optimizer = {.population = 20}}, {1, 25, 26, 90});
    grows<study<vd::nsga2<>>>({.batch = 7, .optimizer = {.population = 10, .duplicates = vd::duplicate_policy::allow}}, {25, 40, 100});
    grows<study<vd::nsga2<>>>({.optimizer = {.population = 11, .offspring = 7, .duplicates = vd::duplicate_policy::allow}}, {25, 40, 41, 100});
    grows<study<vd::random_search>>({}, {25, 140, 200}, 5); // of 240 points
    grows<study<replayed>>({}, {5, 11, 30}, 5);
}

TEST_CASE("a study of an earlier version, whose questions were cut to the trials wanted, is completed and goes on", "[search]") {
    study<vd::nsga2<>>::options options{.trials = 40, .seed = 8, .batch = 10, .optimizer = {.population = 10}};
    const study<vd::nsga2<>> s{measure, power};
    const auto whole = s.run(options);
    vd::memory_storage kept;
    options.trials = 24;
    s.run(options, kept);
    auto old = *kept.load();
    old.asks.back().points = 4; // of the third generation
    vd::memory_storage as_before{old};
    options.trials = 40;
    REQUIRE(same(s.run(options, as_before), whole));
    REQUIRE(as_before.load()->asks[3].points == 6);
}

TEST_CASE("fewer trials give back all that is there", "[search]") {
    const study<vd::nsga2<>> s{measure, power};
    study<vd::nsga2<>>::options options{.trials = 80, .seed = 8, .optimizer = {.population = 30}};
    vd::memory_storage kept;
    const auto whole = s.run(options, kept);
    for (const std::size_t fewer : {1U, 5U, 60U, 79U}) {
        options.trials = fewer;
        REQUIRE(same(s.run(options, kept), whole));
    }
    // Of an interrupted study, too: the question that was interrupted has no gaps in what is given back.
    vd::memory_storage broken;
    options.trials = 80;
    REQUIRE_THROWS_AS(s.run(options, dying_storage{broken, 45}), power_cut);
    options.trials = 3;
    REQUIRE(s.run(options, broken).trials().size() == broken.load()->trials.size());
}

namespace {

// Refuses some writes of trials, as a file does that is locked or on a full disk.
struct failing_storage {
    vd::memory_storage& kept;
    int good;     // writes before
    int bad;      // then so many fail
    int refused = 0;
    std::optional<vd::stored_study> load() { return kept.load(); }
    void create(const vd::study_description& d) { kept.create(d); }
    void begin(const vd::stored_ask& a, const vd::stored_state& s) { kept.begin(a, s); }
    void add(const vd::stored_trial& t) {
        if (good-- <= 0 && bad-- > 0) {
            ++refused;
            throw vd::file_error{"study", "write", "the disk is full"};
        }
        kept.add(t);
    }
    std::string name() const { return kept.name(); }
};

} // namespace

TEST_CASE("a write that fails once costs nothing", "[search]") {
    std::atomic<int> calls = 0;
    const study<vd::nsga2<>> s{counting{&calls}, power};
    for (const unsigned threads : {1U, 4U}) {
        const study<vd::nsga2<>>::options options{.trials = 100, .seed = 3, .threads = threads, .optimizer = {.population = 50}};
        const auto whole = s.run(options);
        calls = 0;
        vd::memory_storage kept;
        failing_storage storage{kept, 7, 1};
        REQUIRE(same(s.run(options, storage), whole));
        REQUIRE(storage.refused == 1);
        REQUIRE(calls == 100);
        REQUIRE(kept.load()->trials.size() == 100);
    }
}

TEST_CASE("after a write that fails for good nothing more is evaluated, and a later run goes on", "[search]") {
    std::atomic<int> calls = 0;
    const study<vd::nsga2<>> s{counting{&calls}, power};
    for (const unsigned threads : {1U, 4U}) {
        const study<vd::nsga2<>>::options options{.trials = 100, .seed = 3, .threads = threads, .optimizer = {.population = 50}};
        const auto whole = s.run(options);
        calls = 0;
        vd::memory_storage kept;
        failing_storage storage{kept, 7, 1'000'000};
        REQUIRE_THROWS_WITH(s.run(options, storage), Contains("the disk is full"));
        REQUIRE(kept.load()->trials.size() == 7);
        REQUIRE(calls <= 7 + static_cast<int>(threads));
        REQUIRE(same(s.run(options, kept), whole));
    }
}

TEST_CASE("what batches of evaluators and dispatchers that do not look gave is kept when a failure passes", "[search]") {
    std::atomic<int> calls = 0;
    const study<vd::random_search> s{counting{&calls}, batch_power};
    const study<vd::random_search>::options options{.trials = 60, .seed = 3, .batch = 30};
    const auto whole = s.run(options);
    calls = 0;
    vd::memory_storage kept;
    REQUIRE(same(s.run(options, failing_storage{kept, 31, 1}), whole));
    REQUIRE(calls == 60);
    vd::memory_storage by_post;
    by_mail<net, study<vd::random_search>::goals_type> post;
    REQUIRE(same(s.run(options, failing_storage{by_post, 3, 1}, post), whole));
    REQUIRE(by_post.load()->trials.size() == 60);
    vd::memory_storage lost;
    REQUIRE_THROWS_AS(s.run(options, failing_storage{lost, 3, 1'000'000}, post), vd::file_error);
    REQUIRE(post.pending() == 0);
    REQUIRE(lost.load()->trials.size() == 3);
}

TEST_CASE("a study of something else is refused with all that differs", "[search]") {
    const auto started = [] {
        vd::memory_storage kept;
        study<vd::nsga2<>>{measure, power}.run({.trials = 20, .optimizer = {.population = 8}}, kept);
        return kept;
    };
    auto kept = started();
    using options = study<vd::nsga2<>>::options;
    const study<vd::nsga2<>> same_study{measure, power};
    REQUIRE_THAT(refusal(same_study, options{.trials = 20, .seed = 1, .optimizer = {.population = 18}}, kept),
                 Contains("study in memory: expected the study of this program, found another one: option population: stored 8, the program has 18; "
                          "seed: stored 0, the program has 1; batch: stored 1, the program has 2"));
    REQUIRE_THAT(refusal(same_study, options{.trials = 20, .optimizer = {.population = 8, .mutation = {.rate = 0.25}}}, kept),
                 Contains("option mutation.rate: stored 0, the program has 0.25"));
    auto limited = same_study;
    limited.at_most<vd::energy>(29.0 * vd::joules{}).threshold<vd::latency>(0.2 * vd::seconds{});
    REQUIRE_THAT(refusal(limited, options{.trials = 20, .optimizer = {.population = 8}}, kept),
                 Contains("goal minimize latency: stored with threshold 0.3 (SI units), the program has with threshold 0.2 (SI units); "
                          "goal subject_to energy: stored from -inf to 30 (SI units), the program has from -inf to 29 (SI units)"));
    REQUIRE_THAT(refusal(study<vd::random_search>{measure, power}, {.trials = 20}, kept),
                 Contains("optimizer: stored nsga2, the program has random_search; option population: stored, but the program has none"));

    struct wider : vd::space<vd::param<"layers", vd::range<1, 9>>, vd::param<"width", vd::range<1, 10>>,
                             vd::when<vd::var<"width"> == vd::val<2>, vd::param<"kernel", vd::choices<3, 5, 7>>>> {};
    using other = vd::search<wider, vd::maximize<vd::accuracy, vd::threshold<0.5>>, vd::minimize<vd::energy>, vd::nsga2<>>;
    const other o{[](const vd::point<wider>&) { return vd::metrics<vd::accuracy, vd::energy>{0.5, 1.0 * vd::joules{}}; }};
    const auto text = refusal(o, {.trials = 20, .optimizer = {.population = 8}}, kept);
    REQUIRE_THAT(text, Contains("parameter layers: stored integer 1, 2, 3, 4, 5, 6, 7, 8, the program has integer 1, 2, 3, 4, 5, 6, 7, 8, 9"));
    REQUIRE_THAT(text, Contains("parameter kernel: stored integer 3, 5, 7, the program has integer 3, 5, 7 when width == 2"));
    REQUIRE_THAT(text, Contains("constraint width * layers <= 40: stored, but the program has none"));
    REQUIRE_THAT(text, Contains("goal minimize latency: stored, but the program has none"));

    // Nothing was changed by all that.
    REQUIRE(
        same(same_study.run({.trials = 20, .optimizer = {.population = 8}}, kept), same_study.run({.trials = 20, .optimizer = {.population = 8}})));
}

TEST_CASE("fingerprints belong to spaces", "[search]") {
    const auto a = twenty().description;
    auto b = a;
    b.seed = 9;
    b.goals.clear();
    REQUIRE(vd::fingerprint(a) == vd::fingerprint(b));
    REQUIRE(vd::fingerprint(a).size() == 16);
    REQUIRE(vd::study_differences(a, a).empty());
    b = a;
    b.constraints[0] = "width * layers <= 41";
    REQUIRE(vd::fingerprint(a) != vd::fingerprint(b));
    b = a;
    std::swap(b.parameters[0], b.parameters[1]);
    REQUIRE(vd::fingerprint(a) != vd::fingerprint(b));
    REQUIRE(vd::study_differences(a, b) == std::vector<std::string>{"parameters, constraints, goals or options: the order differs"});
}

TEST_CASE("an optimizer that has changed is found out by its points", "[search]") {
    vd::memory_storage kept;
    using options = study<laws::optimizer_archetype>::options;
    REQUIRE(study<laws::optimizer_archetype>{measure, power}.run(options{.trials = 1}, kept).trials().size() == 1);
    auto changed = *kept.load();
    changed.trials[0].parameters[2] = "7";
    vd::memory_storage other{changed};
    REQUIRE_THAT(refusal(study<laws::optimizer_archetype>{measure, power}, options{.trials = 1}, other),
                 Contains("study in memory, trial 0: expected layers=1 width=1 kernel=3, which the optimizer proposes") &&
                     Contains("found layers=1 width=1 kernel=7"));
}

TEST_CASE("damaged trials and states are refused by their place", "[search]") {
    REQUIRE(refusal(twenty()) == "accepted");
    auto s = twenty();
    s.trials[3].parameters[1] = "11";
    REQUIRE_THAT(refusal(s), Contains("trial 3, width: expected one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, found '11'"));
    s.trials[3].parameters = {"8", "10", "3"};
    REQUIRE_THAT(refusal(s), Contains("trial 3: expected a feasible point, found layers=8 width=10 kernel=3, which breaks width * layers <= 40"));
    s.trials[3].parameters = {"8"};
    REQUIRE_THAT(refusal(s), Contains("trial 3: expected 3 parameters, found 1"));
    s = twenty();
    s.trials[3].metrics.pop_back();
    REQUIRE_THAT(refusal(s), Contains("trial 3: expected 3 metrics, found 2"));
    s.trials[3].metrics.push_back(std::numeric_limits<double>::quiet_NaN());
    REQUIRE_THAT(refusal(s), Contains("trial 3, energy: expected a number, found none"));
    s = twenty();
    s.trials.erase(s.trials.begin() + 4);
    REQUIRE_THAT(refusal(s), Contains("trial 4: expected a trial, found none"));
    s = twenty();
    s.trials.push_back(s.trials[4]);
    REQUIRE_THAT(refusal(s), Contains("trial 4: expected one trial of this number, found two"));
    s = twenty();
    s.trials.back().number = 24;
    REQUIRE_THAT(refusal(s), Contains("trial 24: expected no trial that was not asked for, found one"));
    s = twenty();
    s.state.optimizer = "no state";
    REQUIRE_THAT(refusal(s), Contains("nsga2, word 1 of the stored state: expected a number, found 'no'"));
    s = twenty();
    s.state.random[2] ^= 1;
    REQUIRE_THAT(refusal(s), Contains("which the optimizer proposes"));
}

TEST_CASE("an engine that was kept without its state is replayed", "[search]") {
    auto s = twenty();
    s.state.optimizer.reset();
    REQUIRE(refusal(s) == "accepted");
    s.asks[1].first_trial = 7;
    s.asks[1].points = 7;
    REQUIRE(refusal(s) != "accepted");
}

TEST_CASE("failures in a row end a search that goes on only when there are more", "[search]") {
    const auto unlucky = [](const point&) -> vd::metrics<vd::accuracy, vd::latency> { throw std::runtime_error{"disk full"}; };
    vd::memory_storage kept;
    using options = study<vd::random_search>::options;
    const options o{.trials = 60, .seed = 1, .batch = 10};
    REQUIRE_THROWS_AS((study<vd::random_search>{unlucky, power}.run(o, kept)), vd::search_error);
    REQUIRE(kept.load()->trials.size() == 30); // all of the batch were measured
    const auto repaired = study<vd::random_search>{measure, power}.run(o, kept);
    REQUIRE(repaired.trials().size() == 60);
    REQUIRE((repaired.trials()[29].message == "disk full" && repaired.trials()[30].completed()));
}

TEST_CASE("an error of the storage ends the search", "[search]") {
    vd::memory_storage kept;
    vd::thread_pool pool{3};
    const study<vd::random_search> s{measure, power};
    REQUIRE_THROWS_AS(s.run({.trials = 60}, pool, dying_storage{kept, 12}), power_cut);
    REQUIRE(kept.load()->trials.size() == 10);
    REQUIRE(same(s.run({.trials = 60}, kept, vd::serial_executor{}), s.run({.trials = 60})));
}

TEST_CASE("a long domain is described by its ends", "[search]") {
    struct large : vd::space<vd::param<"n", vd::range<1, 100'000>>, vd::param<"x", vd::choices<0.5, 1e-17>>, vd::param<"f", vd::choices<"a b", "c">>,
                             vd::param<"b", vd::choices<false, true>>> {};
    using s = vd::search<large, vd::minimize<vd::latency>, vd::random_search>;
    const auto d = vd::describe_study<large, s::goals_type, vd::random_search>(s::goals_type::limits(), {}, 1, 64);
    REQUIRE(d.parameters[0].domain == "1, 2, 3, 4, 5, ..., 100000 (100000 values)");
    REQUIRE((d.parameters[1].kind == "real" && d.parameters[1].domain == "0.5, 1e-17"));
    REQUIRE((d.parameters[2].kind == "text" && d.parameters[2].domain == "\"a b\", c"));
    REQUIRE((d.parameters[3].kind == "boolean" && d.parameters[3].domain == "false, true"));
    REQUIRE(d.goals[0].threshold != d.goals[0].threshold);
}

TEST_CASE("what does not exist at a point is kept as nothing; older studies with its first value are read", "[search]") {
    struct local : vd::space<vd::param<"layers", vd::range<1, 4>>, vd::param<"local", vd::flag>,
                             vd::when<vd::var<"local"> == vd::val<true>, vd::param<"window", vd::choices<7, 9>>>> {};
    using search = vd::search<local, vd::maximize<vd::accuracy>, vd::exhaustive_search>;
    const search s{[](const vd::point<local>& p) {
        return vd::metrics<vd::accuracy>{0.1 * static_cast<double>(p.get<"layers">() + p.get_if<"window">().value_or(0))};
    }};
    vd::memory_storage kept;
    const auto whole = s.run({.trials = 12}, kept);
    REQUIRE(whole.trials().size() == 12);
    auto study = *kept.load();
    REQUIRE(study.trials[0].parameters == std::vector<std::string>{"1", "false", ""});
    REQUIRE(study.trials[1].parameters == std::vector<std::string>{"1", "true", "7"});
    const auto again = [&](vd::stored_study other) {
        vd::memory_storage storage{std::move(other)};
        return s.run({.trials = 12}, storage).trials();
    };
    REQUIRE(again(study) == whole.trials());
    auto older = study;
    for (auto& t : older.trials)
        if (t.parameters[2].empty()) t.parameters[2] = "7";
    REQUIRE(again(older) == whole.trials());
    auto wrong = study;
    wrong.trials[0].parameters[2] = "9";
    REQUIRE_THROWS_WITH(again(wrong), Contains("trial 0, window: expected nothing, since it exists only where local == true, found '9'"));
    wrong = study;
    wrong.trials[1].parameters[2].clear();
    REQUIRE_THROWS_WITH(again(wrong), Contains("trial 1, window: expected one of 7, 9, found ''"));
}
