#include "catch.hpp"
#include "curves.hpp"
#include "unit/io/folder.hpp"

#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/multi_fidelity.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/report/csv_tail.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/study/memory_storage.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using namespace curves;
using asha = vd::multi_fidelity<study, epochs, vd::asha>;

struct meter {
    double before = -1;
    void started(const vd::search_state& state) { before = state.emitted_before.value(); }
    vd::search_consumption consumption() {
        vd::search_consumption one;
        one.emitted = 2.0 * vd::kilograms_co2e{};
        return one;
    }
};

struct power_cut {};

/// Nothing reaches it any more once it has kept what a run has consumed, as if the process had died.
struct dying_storage {
    vd::memory_storage& kept;
    bool dead = false;
    std::optional<vd::stored_study> load() { return kept.load(); }
    void create(const vd::study_description& d) { alive(), kept.create(d); }
    void begin(const vd::stored_ask& a, const vd::stored_state& s) { alive(), kept.begin(a, s); }
    void submit(const vd::stored_pending& one) { alive(), kept.submit(one); }
    void add(const vd::stored_trial& t) { alive(), kept.add(t); }
    void replace(const vd::stored_trial& t) { alive(), kept.replace(t); }
    void measure(const vd::stored_evaluation& one) { alive(), kept.measure(one); }
    void consumed(std::uint64_t run, const vd::search_consumption& one) {
        alive(), kept.consumed(run, one);
        dead = true;
    }
    std::string name() const { return kept.name(); }
    void alive() const {
        if (dead) throw power_cut{};
    }
};
static_assert(vd::evaluation_storage<dying_storage> && vd::metered_storage<dying_storage> && vd::correcting_storage<dying_storage>);

/// Has consumed so much each time that it is asked.
struct growing_meter {
    double each = 2, so_far = 0;
    vd::search_consumption consumption() {
        vd::search_consumption one;
        one.emitted = (so_far += each) * vd::kilograms_co2e{};
        return one;
    }
};

} // namespace

TEST_CASE("what a search at several fidelities consumed is kept while it runs, every few seconds, and a run that goes on adds to it", "[fidelity]") {
    vd::memory_storage kept;
    dying_storage dying{kept};
    std::size_t measured = 0;
    // The fifth measurement takes longer than what is consumed waits for.
    const asha slow{[&](const vd::point<net>& p, vd::at_fidelity<epochs> at) {
        if (++measured == 5) std::this_thread::sleep_for(std::chrono::milliseconds{5100});
        return train{}(p, at);
    }};
    const asha::options o{.budget = 4, .seed = 1, .policy = {.eta = 3}};
    growing_meter killed;
    CHECK_THROWS_AS(slow.run(o, dying, killed), power_cut);
    const auto after = *kept.load();
    REQUIRE(after.consumption.size() == 1);
    CHECK(after.consumption[0].emitted.value() == 2); // as it was asked first, and not what it said at the end
    CHECK((!after.evaluations.empty() && after.evaluations.size() <= 5));

    meter next;
    const auto found = asha{train{}}.run(o, kept, next);
    CHECK(next.before == 2);
    CHECK(found.found().consumption()->emitted.value() == 4);
    CHECK(found.found().consumption()->runs == 2);
    CHECK(kept.load()->consumption.size() == 2);
}

TEST_CASE("a search at several fidelities is metered over its runs", "[fidelity]") {
    const asha search{train{}};
    vd::memory_storage kept;
    meter metered;
    CHECK(search.run({.budget = 4, .seed = 1, .policy = {.eta = 3}}, kept, metered).found().consumption()->emitted.value() == 2);
    CHECK(metered.before == 0);
    // The share of a worker is a part of the sum, and none of what the process that searches emitted.
    kept.consumed(1, {.emitted = 7.0 * vd::kilograms_co2e{}, .method = "host 17; a meter", .runs = 0});
    const auto found = search.run({.budget = 8, .seed = 1, .policy = {.eta = 3}}, metered, kept);
    CHECK(found.found().consumption()->emitted.value() == 4 + 7);
    CHECK(metered.before == 2);
    CHECK(kept.load()->consumption.size() == 3);
}

TEST_CASE("what a search at several fidelities consumed before an error is kept", "[fidelity]") {
    const asha search{train{}};
    vd::memory_storage kept;
    meter metered;
    struct {
        void told(const study::trial_type&, const vd::search_state& state) const {
            if (state.done == 5) throw std::runtime_error{"no disk"};
        }
    } broken;
    CHECK_THROWS_WITH(search.run({.budget = 4, .seed = 1}, kept, metered, broken), "no disk");
    CHECK(kept.load()->consumption.size() == 1);
    CHECK(search.run({.budget = 4, .seed = 1}, kept, metered).found().consumption()->emitted.value() == 4);
    CHECK(metered.before == 2);
}

TEST_CASE("a CSV tail has a row for each measurement of a search at several fidelities, once", "[fidelity]") {
    const asha search{train{}};
    const scratch_folder folder;
    vd::memory_storage kept;
    for (const double budget : {4.0, 8.0, 8.0}) {
        vd::csv_tail<study> tail{folder.file("trials.csv")};
        const auto found = search.run({.budget = budget, .seed = 1, .policy = {.eta = 3}}, kept, tail);
        std::size_t measured = 0;
        for (const auto& e : found.evaluations()) measured += e.status == vd::measurement_status::reported ? 0 : 1;
        CHECK(vd::io::read_csv(folder.file("trials.csv")).rows.size() == measured);
    }
}
