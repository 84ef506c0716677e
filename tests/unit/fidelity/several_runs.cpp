#include "catch.hpp"
#include "curves.hpp"
#include "unit/io/folder.hpp"

#include <verdant/error.hpp>
#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/detail/rung_by_rung.hpp>
#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/fidelity/median_stopping.hpp>
#include <verdant/fidelity/multi_fidelity.hpp>
#include <verdant/search/dispatcher.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace curves;
using Catch::Contains;
using watched = vd::multi_fidelity<study, epochs, vd::median_stopping>;
using asha = vd::multi_fidelity<study, epochs, vd::asha>;

/// Calls what a test wants done at each measurement, on the thread that makes it; reports each epoch.
struct meddling {
    std::function<void()> meddle;
    vd::metrics<vd::accuracy> operator()(const vd::point<net>& p, vd::measurement<epochs>& m) const {
        meddle();
        return train_and_report{}(p, m);
    }
};

watched::options judged(std::uint64_t seed) {
    return {.budget = 15, .seed = seed, .order = vd::measured_order::as_completed, .reports = vd::report_use::judged};
}
template <class Result>
std::size_t stopped(const Result& r) {
    std::size_t n = 0;
    for (const auto& e : r.evaluations()) n += e.status == vd::measurement_status::stopped ? 1 : 0;
    return n;
}

/// Keeps the evaluators of a run and a job of it behind its end, as a thread does that nobody waits for.
struct forgetful {
    using goals = study::goals_type;
    std::optional<vd::job<net>> left{};
    std::optional<vd::evaluator_set<net, goals>> measure{};
    std::size_t count = 0;
    void submit(std::span<const vd::job<net>> jobs, const vd::evaluator_set<net, goals>& of_run) {
        count += jobs.size();
        if (!left) left = jobs.front();
        measure = of_run;
    }
    void collect(const vd::completion_sink<goals>&) { throw std::runtime_error{"the line is dead"}; }
    void cancel() { count = 0; }
    std::size_t pending() const { return count; }
    std::size_t workers() const { return 1; }
};

/// Notes whether two of its calls are under way at once.
std::atomic<int> calls = 0;
std::atomic<bool> overlapped = false;
struct one_call {
    one_call() {
        if (++calls > 1) overlapped = true;
        std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
    one_call(const one_call&) = delete;
    one_call& operator=(const one_call&) = delete;
    ~one_call() { --calls; }
};
struct wary_stopping : vd::fidelity_policy_base {
    using options = vd::median_stopping::options;
    static constexpr bool single_objective = true;
    static constexpr std::string_view name() { return "wary_stopping"; }
    class schedule final : public vd::detail::rung_by_rung<vd::detail::median_rule> {
        using base = vd::detail::rung_by_rung<vd::detail::median_rule>;

    public:
        schedule(const options& o, std::span<const double> rungs) : base{{o.least, o.grace}, rungs.size()} {}
        std::optional<vd::next_measurement> next() override {
            const one_call only;
            return base::next();
        }
        void begun(const vd::next_measurement& what, std::uint64_t number) override {
            const one_call only;
            base::begun(what, number);
        }
        void told(const vd::rung_score& score) override {
            const one_call only;
            base::told(score);
        }
        bool goes_on(const vd::rung_score& score) override {
            const one_call only;
            return base::goes_on(score);
        }
    };
};

} // namespace

TEST_CASE("a policy is called by one thread at a time, also where reports are judged", "[fidelity]") {
    const vd::multi_fidelity<study, epochs, wary_stopping> search{train_and_report{}};
    const auto found = search.run({.budget = 8, .seed = 1, .threads = 3, .order = vd::measured_order::as_completed, .reports = vd::report_use::judged});
    CHECK(found.evaluations().size() > 50);
    CHECK_FALSE(overlapped);
}

TEST_CASE("runs of one search at once do not judge each other's reports", "[fidelity]") {
    const watched alone{train_and_report{}};
    const auto first = alone.run(judged(1)), second = alone.run(judged(2));
    REQUIRE(stopped(first) > 3);
    REQUIRE(stopped(second) > 3);
    // From the midst of one run another one of the same object is made, to its end.
    std::optional<vd::fidelity_result<net, study::goals_type>> inner;
    const watched* both = nullptr;
    std::size_t measured = 0;
    bool within = false;
    const watched search{meddling{[&] {
        if (within || ++measured != 8) return;
        within = true;
        inner = both->run(judged(2));
        within = false;
    }}};
    both = &search;
    const auto outer = search.run(judged(1));
    REQUIRE(inner);
    CHECK(outer.evaluations() == first.evaluations());
    CHECK(inner->evaluations() == second.evaluations());
}

TEST_CASE("runs of one search on several threads find what each finds alone", "[fidelity]") {
    std::vector<vd::fidelity_result<net, study::goals_type>> alone;
    const watched plain{train_and_report{}};
    for (std::uint64_t seed = 1; seed <= 3; ++seed) alone.push_back(plain.run(judged(seed)));
    // In the midst of each the others are waited for.
    std::atomic<int> there = 0;
    const watched search{meddling{[&] {
        thread_local int measured = 0;
        if (++measured != 5) return;
        for (++there; there < 3;) std::this_thread::yield();
    }}};
    std::vector<std::optional<vd::fidelity_result<net, study::goals_type>>> found(3);
    std::vector<std::thread> threads;
    for (std::uint64_t seed = 1; seed <= 3; ++seed)
        threads.emplace_back([&, seed] { found[static_cast<std::size_t>(seed - 1)] = search.run(judged(seed)); });
    for (auto& one : threads) one.join();
    for (std::size_t i = 0; i < 3; ++i) CHECK(found[i]->evaluations() == alone[i].evaluations());
}

TEST_CASE("a measurement that outlives its run is to stop", "[fidelity]") {
    const watched search{train_and_report{}};
    forgetful workers;
    CHECK_THROWS_WITH(search.run(judged(1), workers), "the line is dead");
    REQUIRE(workers.left);
    vd::outcome<study::goals_type> out;
    workers.measure->evaluate_one(*workers.left, out);
    CHECK(out.failure.empty());
    CHECK(out.stopped);
    CHECK(out.reported.size() == 1);
    // Where nobody judges, it goes to its end.
    auto recorded = judged(1);
    recorded.reports = vd::report_use::recorded;
    forgetful others;
    CHECK_THROWS_WITH(search.run(recorded, others), "the line is dead");
    vd::outcome<study::goals_type> whole;
    others.measure->evaluate_one(*others.left, whole);
    CHECK_FALSE(whole.stopped);
}

TEST_CASE("a folder of checkpoints is of one run at a time, and of one object", "[fidelity]") {
    const scratch_folder folder;
    const auto place = folder.file("above/checkpoints"), another = folder.file("another");
    std::optional<std::string> refusal;
    std::set<std::string> folders;
    const asha* both = nullptr;
    std::size_t in_another = 0;
    const asha::options o{.budget = 3, .seed = 1, .policy = {.eta = 3}};
    asha search{[&](const vd::point<net>& p, vd::measurement<epochs>& m) -> vd::metrics<vd::accuracy> {
        const auto mine = m.folder();
        folders.insert(mine.substr(0, mine.rfind('/')));
        if (!refusal && both != nullptr) {
            refusal = "";
            try {
                static_cast<void>(both->run(o));
            } catch (const vd::file_error& e) { refusal = e.path() + ": " + e.what(); }
            // A copy with a folder of its own runs at the same time.
            auto copy = *both;
            const auto found = copy.checkpoints_in(another).run({.budget = 1, .seed = 2, .policy = {.eta = 3}});
            in_another = found.evaluations().size();
        }
        return accuracy_at(p, static_cast<double>(m.value()));
    }};
    const asha plain{train{}};
    const auto wanted = plain.run(o);
    search.checkpoints_in(place);
    CHECK((search.run(o).evaluations() == wanted.evaluations()));
    CHECK(folders == std::set{place});
    both = &search;
    CHECK((search.run(o).evaluations() == wanted.evaluations())); // the run before has left the folder
    CHECK_THAT(*refusal, Contains(place) && Contains("another run of a search is using it; give each run a folder of its own"));
    CHECK(in_another > 3);
    CHECK(folders == std::set{place, another});
    // A folder that cannot be made is named before anything is measured.
    std::ofstream{folder.file("file")} << "no folder";
    CHECK_THROWS_WITH(asha{train{}}.checkpoints_in(folder.file("file/below")).run(o), Contains("file/below"));
}
