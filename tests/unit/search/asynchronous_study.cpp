#include "catch.hpp"
#include "dispatchers.hpp"
#include "laws/optimizer.hpp"
#include "unit/study/studies.hpp"

#include <verdant/error.hpp>
#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/study/memory_storage.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

using namespace studies;
using enum vd::tell_order;
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
    void submit(const vd::stored_pending& one) { alive(), kept.submit(one); }
    void add(const vd::stored_trial& t) { alive(), kept.add(t); }
    std::string name() const { return kept.name(); }
    void alive() {
        if (writes-- <= 0) throw power_cut{};
    }
};
static_assert(vd::pending_storage<dying_storage>);

// An optimizer that cannot be saved: its studies go on by asking and telling everything again.
template <class Optimizer>
struct unsaved : vd::optimizer_policy_base {
    using options = typename Optimizer::options;
    static constexpr std::string_view name() { return Optimizer::name(); }
    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options& o) : engine_{o} {}
        auto ask(vd::random_stream& random, std::size_t n) { return engine_.ask(random, n); }
        auto ask(vd::random_stream& random, std::size_t n, std::span<const vd::pending_trial<Space>> pending)
            requires vd::pending_optimizer<typename Optimizer::template engine<Space, Goals>, Space, Goals>
        {
            return engine_.ask(random, n, pending);
        }
        void tell(std::span<const vd::trial<Space, Goals>> told) { engine_.tell(told); }
        std::size_t preferred_batch() const { return engine_.preferred_batch(); }

    private:
        typename Optimizer::template engine<Space, Goals> engine_;
    };
};

// Gives trials in the order of a record, as many at once as were told between two of its questions.
template <class Goals>
class in_recorded_order {
public:
    in_recorded_order(const vd::stored_study& record, std::size_t workers) : asks_{record.asks}, order_(record.trials.size()), workers_{workers} {
        for (const auto& t : record.trials) order_.at(static_cast<std::size_t>(t.told.value())) = t.number;
    }
    void submit(std::span<const vd::job<net>> jobs, const vd::evaluator_set<net, Goals>& measure) {
        for (const auto& j : jobs) jobs_.emplace(j.number, j);
        measure_ = &measure;
    }
    void collect(const vd::completion_sink<Goals>& done) {
        const auto next = std::find_if(asks_.begin(), asks_.end(), [&](const auto& a) { return a.first_trial > given_; });
        const auto end = next == asks_.end() ? order_.size() : static_cast<std::size_t>(next->first_trial);
        for (; given_ < end; ++given_) {
            const auto j = jobs_.extract(order_[given_]);
            vd::outcome<Goals> out;
            measure_->evaluate_one(j.mapped(), out);
            done({j.key(), out});
        }
    }
    void cancel() { jobs_.clear(); }
    std::size_t pending() const { return jobs_.size(); }
    std::size_t workers() const { return workers_; }

private:
    std::vector<vd::stored_ask> asks_;
    std::vector<std::uint64_t> order_;
    std::size_t given_ = 0, workers_;
    std::map<std::uint64_t, vd::job<net>> jobs_;
    const vd::evaluator_set<net, Goals>* measure_ = nullptr;
};

// Fails for some points, and counts.
template <class Search>
Search counting_search(std::map<point, int>& calls) {
    return Search{[&calls](const point& p) {
                      ++calls[p];
                      if (p.get<"layers">() == 3 && p.get<"kernel">() == 5) throw std::runtime_error{"no luck"};
                      return measure(p);
                  },
                  power};
}

bool same_questions(const std::vector<vd::stored_ask>& a, const std::vector<vd::stored_ask>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.number == y.number && x.first_trial == y.first_trial && x.points == y.points && x.first_number == y.first_number;
    });
}

template <class Optimizer>
void goes_on_after_any_write(const typename Optimizer::options& o) {
    using search = study<Optimizer>;
    using post = by_mail<net, typename search::goals_type>;
    const typename search::options options{.trials = 24, .seed = 6, .batch = 4, .optimizer = o, .order = as_completed};
    std::map<point, int> calls;
    const auto s = counting_search<search>(calls);
    vd::memory_storage whole;
    post mail;
    const auto once = s.run(options, whole, mail);
    REQUIRE((once.trials().size() == 24 && whole.load()->pending.empty()));
    bool out_of_order = false;
    for (std::size_t i = 0; i < 24; ++i) out_of_order = out_of_order || once.trials()[i].number != i;
    REQUIRE(out_of_order);

    // With completions in the recorded order a run asks and finds the same.
    vd::memory_storage copy;
    in_recorded_order<typename search::goals_type> recorded{*whole.load(), 4};
    REQUIRE(same(s.run(options, copy, recorded), once));
    REQUIRE(same_questions(copy.load()->asks, whole.load()->asks));

    for (int writes = 1; writes < 90; ++writes) {
        vd::memory_storage kept;
        calls.clear();
        {
            dying_storage dying{kept, writes};
            post first;
            try {
                static_cast<void>(s.run(options, dying, first));
            } catch (const power_cut&) {}
        }
        const auto before = kept.load();
        const auto told = before->trials;
        std::map<point, int> called_before = calls;
        post second;
        auto longer = options;
        longer.trials = 30;
        const auto found = s.run(longer, kept, second);
        INFO("writes " << writes);
        REQUIRE(found.trials().size() == 30);
        // Nothing told is lost, and it is told in the same order.
        for (const auto& t : told) {
            REQUIRE(found.trials().at(static_cast<std::size_t>(t.told.value())).number == t.number);
            const auto& p = found.trials()[static_cast<std::size_t>(*t.told)].point;
            REQUIRE(calls.at(p) == called_before.at(p));
        }
        int twice = 0;
        std::set<point> met;
        for (const auto& t : found.trials()) {
            twice += calls.at(t.point) - 1;
            met.insert(t.point);
        }
        REQUIRE(twice <= 4);
        REQUIRE(met.size() == 30);
        // What is kept can be asked and told again from the beginning, without what the optimizer saved.
        auto record = *kept.load();
        REQUIRE((record.pending.empty() && record.trials.size() == 30));
        record.state.optimizer.reset();
        vd::memory_storage again{record};
        calls.clear();
        REQUIRE(same(s.run(options, again), found));
        REQUIRE(calls.empty());
    }
}

vd::stored_study some_record() {
    vd::memory_storage kept;
    by_mail<net, study<vd::random_search>::goals_type> mail;
    static_cast<void>(study<vd::random_search>{measure, power}.run({.trials = 12, .batch = 4, .order = as_completed}, kept, mail));
    return *kept.load();
}
std::string refusal(const std::function<void(vd::stored_study&)>& damage) {
    auto record = some_record();
    damage(record);
    vd::memory_storage kept{record};
    try {
        static_cast<void>(study<vd::random_search>{measure, power}.run({.trials = 20, .batch = 4, .order = as_completed}, kept));
    } catch (const vd::input_error& e) { return e.what(); }
    return "none";
}

} // namespace

TEST_CASE("a study that is told as completed goes on after any write, and replays", "[search]") {
    goes_on_after_any_write<vd::random_search>({});
    goes_on_after_any_write<vd::nsga2<>>({.population = 6});
    goes_on_after_any_write<unsaved<vd::regularized_evolution<>>>({.population = 6, .sample = 3});
    goes_on_after_any_write<vd::archive_evolution<>>({.initial = 7, .budget = 5, .generations = 0});
    goes_on_after_any_write<unsaved<vd::archive_evolution<>>>({.initial = 7, .budget = 5, .generations = 0});
    using controller = vd::reinforce<vd::target_reward>;
    const controller::options few{.episodes = 3, .embedding = 4, .hidden = 8, .learning_rate = 0.02, .reward = {.target = 100}};
    goes_on_after_any_write<controller>(few);
    goes_on_after_any_write<unsaved<controller>>(few);
}

TEST_CASE("it goes on with other workers, and gives back what it has where fewer trials are asked for", "[search]") {
    const study<vd::nsga2<>> s{measure, power};
    using post = by_mail<net, study<vd::nsga2<>>::goals_type>;
    vd::memory_storage kept;
    post mail;
    const auto first = s.run({.trials = 20, .batch = 7, .order = as_completed}, kept, mail);
    const auto same_again = s.run({.trials = 5, .order = as_completed}, kept);
    REQUIRE((same_again.trials() == first.trials() && same_again.trials().size() == 20));
    const auto more = s.run({.trials = 30, .threads = 2, .order = as_completed}, kept);
    REQUIRE(std::equal(first.trials().begin(), first.trials().end(), more.trials().begin()));
    REQUIRE(more.trials().size() == 30);
}

TEST_CASE("a study of one order does not go on in the other", "[search]") {
    const study<vd::random_search> s{measure, power};
    vd::memory_storage kept, other;
    static_cast<void>(s.run({.trials = 5, .batch = 1, .order = as_completed}, kept));
    REQUIRE_THROWS_WITH(s.run({.trials = 9, .batch = 1}, kept), Contains("order: stored as_completed, the program has generations"));
    static_cast<void>(s.run({.trials = 5, .batch = 1}, other));
    REQUIRE_THROWS_WITH(s.run({.trials = 9, .batch = 1, .order = as_completed}, other),
                        Contains("order: stored generations, the program has as_completed"));
}

TEST_CASE("what was told as completed wants a storage that keeps pending trials", "[search]") {
    struct plain {
        vd::memory_storage kept;
        std::optional<vd::stored_study> load() { return kept.load(); }
        void create(const vd::study_description& d) { kept.create(d); }
        void begin(const vd::stored_ask& a, const vd::stored_state& s) { kept.begin(a, s); }
        void add(const vd::stored_trial& t) { kept.add(t); }
        std::string name() const { return "plain"; }
    } storage;
    REQUIRE_THROWS_WITH((study<vd::random_search>{measure, power}.run({.order = as_completed}, storage)), Contains("keeps pending trials"));
}

TEST_CASE("records with a gap in the order told, or without a trial that was asked for, are refused", "[search]") {
    REQUIRE(refusal([](vd::stored_study&) {}) == "none");
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.trials[4].told.reset(); }), Contains("trial 4") && Contains("a place in the order told"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.trials[4].told = r.trials[5].told; }),
                 Contains("trial 5") && Contains("that no other trial has"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.trials[4].told = 12; }), Contains("below 12") && Contains("found 12"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.trials[4].number = 3; }), Contains("one trial of this number") && Contains("two"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.asks.back().first_number = 400; }), Contains("400 trials asked for before it"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.asks[2].first_trial = 1'000'000; }),
                 Contains("question 2") && Contains("behind those before it"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.asks[2].number = 1; }), Contains("question 2"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.state.optimizer = "1000 "; }), Contains("the number of a question"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.state.optimizer = "x"; }), Contains("the number of a question"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.asks.back().first_number = 9; }), Contains("not asked for"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.pending.push_back({3, r.trials[3].parameters}); }),
                 Contains("pending trial 3") && Contains("two"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) { r.pending.push_back({400, r.trials[3].parameters}); }), Contains("not asked for"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) {
                     r.trials.erase(std::find_if(r.trials.begin(), r.trials.end(), [](const auto& t) { return t.told == 11; }));
                     r.asks.back().first_trial = 12;
                 }),
                 Contains("12 trials told before it"));
    REQUIRE_THAT(refusal([](vd::stored_study& r) {
                     r.state.optimizer.reset();
                     r.trials[2].parameters = r.trials[3].parameters;
                 }),
                 Contains("trial 2") && Contains("which the optimizer proposes"));
}

TEST_CASE("what an evolution has bred in vain, since it is pending, is saved with it", "[search]") {
    // The first point stays pending while all others are measured one by one, and is bred again and again.
    using evolution = vd::nsga2<>;
    using space = laws::law_space;
    using all = vd::goals<vd::maximize<vd::accuracy>, vd::minimize<vd::latency>>;
    using session = vd::search_session<space, all, evolution>;
    const auto tell = [](session& s, std::uint64_t number, const vd::point<space>& p) {
        const auto width = static_cast<double>(p.get<"width">());
        s.tell({number, {.values = {0.1 * width, width * vd::milliseconds{}}}});
    };
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 7U, 8U, 9U, 11U, 12U}) {
        session s{seed, {.population = 8}, all::limits(), 100, as_completed};
        s.start_with(vd::start_points<space>{vd::point<space>{}});
        REQUIRE(s.pose(1).fresh.size() == 1);
        const auto step = [&](session& of) {
            const auto q = of.pose(1);
            for (const auto& one : q.fresh) tell(of, one.number, one.point);
            return q.asked;
        };
        for (int i = 0; i < 14; ++i) step(s);
        session again{seed, {.population = 8}, all::limits(), 100, as_completed};
        again.start_with(vd::start_points<space>{vd::point<space>{}});
        for (const auto& t : s.trials()) again.take(t.number, t.point, t.values, t.message);
        again.take(s.pending().front());
        again.restore(s.random().state(), s.repeated(), s.engine().save());
        for (int i = 0; i < 20; ++i) REQUIRE(step(again) == step(s));
    }
}
