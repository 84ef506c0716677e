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
#include <cstddef>
#include <stdexcept>

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

} // namespace

TEST_CASE("a search at several fidelities is metered over its runs", "[fidelity]") {
    const asha search{train{}};
    vd::memory_storage kept;
    meter metered;
    CHECK(search.run({.budget = 4, .seed = 1, .policy = {.eta = 3}}, kept, metered).found().consumption()->emitted.value() == 2);
    CHECK(metered.before == 0);
    const auto found = search.run({.budget = 8, .seed = 1, .policy = {.eta = 3}}, metered, kept);
    CHECK(found.found().consumption()->emitted.value() == 4);
    CHECK(metered.before == 2);
    CHECK(kept.load()->consumption.size() == 2);
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
