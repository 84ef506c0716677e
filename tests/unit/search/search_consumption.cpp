#include <verdant/search/search_consumption.hpp>

#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/study/memory_storage.hpp>

#include <cstddef>
#include <cstdint>
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
