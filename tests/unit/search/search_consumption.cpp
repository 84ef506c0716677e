#include <verdant/search/search_consumption.hpp>

#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/search/worker_shares.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/study/study_result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace studies;
using evolution = study<vd::nsga2<>>;

namespace {

vd::search_consumption joules(double j, const char* method = "a meter") {
    vd::search_consumption one;
    one.took = j * vd::seconds{};
    one.processors = j * vd::joules{};
    one.graphics = 2 * j * vd::joules{};
    one.memory = 4 * j * vd::joules{};
    one.emitted = j * vd::grams_co2e{};
    one.method = method;
    return one;
}

// Says that so much was consumed each time it is asked.
struct steady_meter {
    double each;
    double so_far = 0;
    vd::search_consumption consumption() { return joules(so_far += each); }
};

// Evaluates here, and says of each trial by which process: some by this one, the others by two more.
struct three_processes {
    using job = vd::job<net>;
    std::vector<job> waiting;
    const vd::evaluator_set<net, evolution::goals_type>* measure = nullptr;
    bool metered = false, second_metered = false;
    std::uint32_t lost = 0;

    // A joule by processors for each trial.
    static std::shared_ptr<const vd::worker_consumption> share(std::uint32_t worker) {
        vd::worker_consumption one{.worker = "host " + std::to_string(worker)};
        one.used.took = 1.0 * vd::seconds{};
        one.used.processors = 1.0 * vd::joules{};
        one.used.emitted = 1.0 * vd::grams_co2e{};
        one.used.method = "its meter";
        return std::make_shared<const vd::worker_consumption>(one);
    }

    void submit(std::span<const job> jobs, const vd::evaluator_set<net, evolution::goals_type>& with) {
        waiting.insert(waiting.end(), jobs.begin(), jobs.end());
        measure = &with;
    }
    void collect(const vd::completion_sink<evolution::goals_type>& done) {
        for (const auto& one : std::exchange(waiting, {})) {
            vd::completed_job<evolution::goals_type> what{.number = one.number};
            measure->evaluate_one(one, what.outcome);
            what.outcome.times.worker = static_cast<std::uint32_t>(one.number % 3);
            what.outcome.elsewhere = what.outcome.times.worker != 0;
            if (what.outcome.elsewhere && (metered || (second_metered && what.outcome.times.worker == 2)))
                what.outcome.consumed = share(what.outcome.times.worker);
            what.outcome.lost = one.number == 5 ? lost : 0;
            done(std::move(what));
        }
    }
    void cancel() { waiting.clear(); }
    std::size_t pending() const { return waiting.size(); }
    std::size_t workers() const { return 3; }
};

vd::metrics<vd::accuracy, vd::latency> broken(const point&) { throw std::runtime_error{"broken"}; }

} // namespace

TEST_CASE("consumptions of runs add up, with the methods of all", "[search]") {
    auto all = joules(1);
    REQUIRE(all.energy().value() == 7);
    all += joules(2, "another");
    all += joules(3);
    REQUIRE(all.took.value() == 6);
    REQUIRE(all.energy().value() == 42);
    REQUIRE(all.emitted.value() == Approx(0.006));
    REQUIRE(all.method == "a meter; also: another");
    REQUIRE(all.runs == 3);
    vd::search_consumption none{.runs = 0};
    none += joules(1);
    REQUIRE(none == joules(1));
}

TEST_CASE("a result says what the search consumed where an observer meters it", "[search]") {
    REQUIRE(!evolution{measure, power}.run({.trials = 20}).consumption());
    steady_meter meter{5};
    const auto found = evolution{measure, power}.run({.trials = 20}, meter);
    REQUIRE(found.consumption() == joules(5)); // asked at the end
    REQUIRE(same(found, evolution{measure, power}.run({.trials = 20})));
}

TEST_CASE("a result says that it was evaluated by processes that its meter does not see", "[search]") {
    steady_meter meter{5};
    three_processes workers;
    const std::string others = "a meter; workers in other processes are not counted, but for what the meter sees of this machine";
    const auto found = evolution{measure, power}.run({.trials = 20}, meter, workers);
    REQUIRE(found.consumption() == joules(5, others.c_str()));
    // Kept with the study, and beside what later runs say of themselves.
    vd::memory_storage kept;
    steady_meter first{5}, second{5};
    static_cast<void>(evolution{measure, power}.run({.trials = 20}, first, workers, kept));
    REQUIRE(kept.load()->consumption == std::vector{joules(5, others.c_str())});
    REQUIRE(evolution{measure, power}.run({.trials = 40}, second, kept).consumption()->method == others);
    vd::memory_storage several;
    steady_meter third{5};
    // Another number of them is the same method.
    static_cast<void>(evolution{measure, power}.run({.trials = 2}, third, workers, several)); // numbers 0 and 1
    steady_meter fourth{5};
    const auto more = evolution{measure, power}.run({.trials = 20}, fourth, workers, several);
    REQUIRE(more.consumption()->method == others);
    REQUIRE(more.consumption()->runs == 2);
}

TEST_CASE("workers that have meters are added, each by its name, also in what is kept", "[search]") {
    three_processes workers;
    workers.metered = true;
    steady_meter meter{5};
    vd::memory_storage kept;
    const evolution s{measure, power};
    const auto found = s.run({.trials = 20}, meter, workers, kept); // six by each of the others, and one more by the first
    const auto& all = *found.consumption();
    REQUIRE(all.processors.value() == 5 + 13);
    REQUIRE(all.graphics.value() == 10);
    REQUIRE(vd::in<vd::grams_co2e>(all.emitted) == Approx(5 + 13));
    REQUIRE(all.took.value() == 5); // workers do it in the meantime
    REQUIRE(all.runs == 1);
    REQUIRE(all.method == "a meter; workers in other processes by meters of their own, while they evaluated");
    REQUIRE(all.workers.size() == 2);
    REQUIRE((all.workers[0].worker == "host 1" && all.workers[0].energy().value() == 7));
    REQUIRE((all.workers[1].worker == "host 2" && all.workers[1].energy().value() == 6));
    REQUIRE(kept.load()->consumption.size() == 3);
    REQUIRE(kept.load()->consumption[2].runs == 0);
    REQUIRE(kept.load()->consumption[2].method == "host 2; its meter");
    REQUIRE(kept.load()->consumption[2].took.value() == 0); // it passed in the run
    REQUIRE(vd::study_result<evolution>(*kept.load(), "kept").consumption() == all);
    // Another run adds to both.
    steady_meter second{5};
    const auto more = s.run({.trials = 40}, second, workers, kept);
    REQUIRE(more.consumption()->processors.value() == 10 + 13 + 13);
    REQUIRE(more.consumption()->runs == 2);
    REQUIRE(more.consumption()->workers.size() == 2);
    REQUIRE(more.consumption()->workers[0].energy().value() + more.consumption()->workers[1].energy().value() == 26);
    REQUIRE(kept.load()->consumption.size() == 6);
    REQUIRE(same(more, s.run({.trials = 40})));
}

TEST_CASE("observers are told what earlier runs emitted without their workers", "[search]") {
    struct listening {
        double before = -1;
        void started(const vd::search_state& state) { before = vd::in<vd::grams_co2e>(state.emitted_before); }
    };
    three_processes workers;
    workers.metered = true;
    const evolution s{measure, power};
    vd::memory_storage kept, summed;
    steady_meter first{5}, second{5};
    const auto found = s.run({.trials = 20}, first, workers, kept);
    REQUIRE(vd::in<vd::grams_co2e>(found.consumption()->emitted) == Approx(5 + 13));
    listening resumed, again;
    static_cast<void>(s.run({.trials = 40}, second, kept, workers, resumed));
    REQUIRE(resumed.before == Approx(5));
    // As a study in JSON has it: one sum with the shares inside.
    auto study = *kept.load();
    vd::search_consumption sum{.runs = 0};
    for (const auto& one : study.consumption) sum += one;
    summed.create(study.description);
    summed.consumed(0, sum);
    static_cast<void>(s.run({.trials = 20}, summed, again));
    REQUIRE(vd::in<vd::grams_co2e>(sum.emitted) == Approx(2 * 5 + 13 + 13));
    REQUIRE(again.before == Approx(2 * 5));
}

TEST_CASE("shares that are missing are missed in words", "[search]") {
    three_processes workers;
    workers.second_metered = true;
    steady_meter meter{5}, again{5};
    const auto some = evolution{measure, power}.run({.trials = 20}, meter, workers);
    REQUIRE(some.consumption()->workers.size() == 1);
    REQUIRE(some.consumption()->method ==
            "a meter; workers in other processes by meters of their own, while they evaluated; some workers in other processes are not "
            "counted, but for what the meter sees of this machine");
    workers.metered = true;
    workers.lost = 1;
    REQUIRE_THAT(evolution(measure, power).run({.trials = 20}, again, workers).consumption()->method,
                 Catch::EndsWith("; workers were lost, and what they consumed for the trials that they were lost with is not counted"));
}

TEST_CASE("what several meters count of one machine counts once", "[search]") {
    const auto worker = [](const char* name, double memory, const char* machine) {
        vd::worker_consumption one{.worker = name};
        one.used.processors = 2.0 * vd::joules{};
        one.used.memory = memory * vd::joules{};
        one.used.emitted = (2 + memory) * vd::grams_co2e{};
        one.used.method = "m";
        one.scope.memory = machine;
        return one;
    };
    vd::detail::worker_shares shares;
    shares.add(worker("a 1", 6, "a, memory"));
    shares.add(worker("b 1", 4, "b, memory"));
    shares.add(worker("b 2", 8, "b, memory"));
    shares.add(worker("b 1", 5, "b, memory"));
    shares.add(worker("c 1", 3, "")); // of its process alone
    const auto rows = shares.rows({.memory = "a, memory"});
    REQUIRE(rows.size() == 4);
    REQUIRE(rows[0].memory.value() == 0); // the process that searches counts it
    REQUIRE(rows[0].processors.value() == 2);
    REQUIRE(vd::in<vd::grams_co2e>(rows[0].emitted) == Approx(2));
    REQUIRE(rows[0].method == "a 1; m; memory: counted for another process");
    REQUIRE(rows[1].memory.value() == 9); // more than the other one
    REQUIRE(rows[1].processors.value() == 4);
    REQUIRE(rows[1].method == "b 1; m");
    REQUIRE(rows[2].memory.value() == 0);
    REQUIRE(rows[3].memory.value() == 3);
    // A sum that is kept elsewhere is parted into the same rows.
    vd::search_consumption sum{.runs = 0};
    sum += joules(1);
    for (const auto& row : rows) sum += row;
    const auto parted = vd::detail::consumption_rows(sum);
    REQUIRE(parted.size() == 5);
    REQUIRE(parted[0].energy().value() == Approx(7));
    vd::search_consumption again{.runs = 0};
    for (const auto& row : parted) again += row;
    REQUIRE(again.workers == sum.workers);
    REQUIRE(again.energy().value() == Approx(sum.energy().value()));
}

TEST_CASE("graphics cards and processes are told apart by name, and children are parts of their parents", "[search]") {
    const auto worker = [](const char* name, double graphics, const char* cards, const char* process) {
        vd::worker_consumption one{.worker = name};
        one.used.processors = 2.0 * vd::joules{};
        one.used.graphics = graphics * vd::joules{};
        one.used.method = "m";
        one.scope = {.processors = process, .graphics = cards};
        return one;
    };
    bool twice = false;
    {
        // One card each: none is another's, though all are of one kind.
        vd::detail::worker_shares shares;
        shares.add(worker("a 1", 5, "GPU-1", "a/1/10"));
        shares.add(worker("a 2", 5, "GPU-12", "a/1/11"));
        shares.add(worker("a 3", 7, "GPU-0", "a/1/9/30")); // started by the process that searches
        shares.add(worker("a 4", 4, "", "a/1/90"));
        const auto rows = shares.rows({.processors = "a/1/9", .graphics = "GPU-0"}, &twice);
        REQUIRE(!twice);
        REQUIRE((rows[0].graphics.value() == 5 && rows[1].graphics.value() == 5));
        REQUIRE((rows[0].processors.value() == 2 && rows[1].processors.value() == 2));
        REQUIRE(rows[2].energy().value() == 0);
        REQUIRE(rows[2].method == "a 3; m; processors, graphics: counted for another process");
        REQUIRE((rows[3].processors.value() == 2 && rows[3].graphics.value() == 4));
    }
    {
        // Sets of cards: one that is another's in part, and one of which the process that searches counts a part.
        vd::detail::worker_shares shares;
        shares.add(worker("b 1", 5, "GPU-1\nGPU-2", ""));
        shares.add(worker("b 2", 6, "GPU-2\nGPU-3", ""));
        shares.add(worker("b 3", 9, "GPU-4\nGPU-0", ""));
        shares.add(worker("b 4", 10, "GPU-0", "")); // within the searching process, so that it takes nothing from b 3
        shares.add(worker("b 5", 6, "GPU-3", ""));  // as much as b 2, but later
        const auto rows = shares.rows({.graphics = "GPU-0\nGPU-7"}, &twice);
        REQUIRE(twice);
        REQUIRE((rows[0].graphics.value() == 0 && rows[1].graphics.value() == 6 && rows[2].graphics.value() == 9));
        REQUIRE((rows[3].graphics.value() == 0 && rows[4].graphics.value() == 0));
        REQUIRE(rows[2].method == "b 3; m; graphics: in part counted for the process that searches, too");
    }
    {
        // A meter of the machine has what its processes count, not the other way round.
        vd::detail::worker_shares shares;
        shares.add(worker("c 1", 0, "", "c/1/2"));
        shares.add(worker("cc 1", 0, "", "cc/1/2"));
        const auto rows = shares.rows({.processors = "c"});
        REQUIRE((rows[0].processors.value() == 0 && rows[1].processors.value() == 2));
        vd::detail::worker_shares machine;
        machine.add(worker("c 1", 0, "", "c"));
        REQUIRE(machine.rows({.processors = "c/1/2"})[0].processors.value() == 2);
    }
}

TEST_CASE("what a kept study consumed adds up over its runs", "[search]") {
    vd::memory_storage kept;
    const evolution s{measure, power};
    steady_meter first{5}, second{7};
    REQUIRE(s.run({.trials = 20}, kept, first).consumption() == joules(5));
    REQUIRE(!s.run({.trials = 30}, kept).consumption()); // this run is not metered, and does not say how much of the whole it was
    const auto found = s.run({.trials = 40}, kept, second);
    REQUIRE(found.consumption()->energy().value() == 84);
    REQUIRE(found.consumption()->runs == 2);
    REQUIRE(kept.load()->consumption == std::vector{joules(5), joules(7)});
}

TEST_CASE("a search that ends by an error has its consumption kept, but not in a study that is not its own", "[search]") {
    vd::memory_storage kept;
    steady_meter meter{5};
    REQUIRE_THROWS_AS((evolution{broken, power}.run({.trials = 60, .failures_in_a_row = 3}, kept, meter)), vd::search_error);
    REQUIRE(kept.load()->consumption == std::vector{joules(5)});
    REQUIRE_THROWS_AS((evolution{measure, power}.run({.trials = 60, .seed = 9}, kept, meter)), vd::input_error);
    REQUIRE(kept.load()->consumption.size() == 1);
}
