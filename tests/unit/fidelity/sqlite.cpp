#include "catch.hpp"
#include "curves.hpp"
#include "unit/io/folder.hpp"

#include <verdant/error.hpp>
#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/hyperband.hpp>
#include <verdant/fidelity/multi_fidelity.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace {

using namespace curves;

// Stands for the end of the process.
struct power_cut {
    std::size_t after, told_ = 0;
    void told(const fronts::trial_type&, const vd::search_state&) {
        if (++told_ == after) throw std::runtime_error{"the power failed"};
    }
};

} // namespace

TEST_CASE("a multi-fidelity study in SQLite goes on bit for bit", "[fidelity]") {
    const scratch_folder folder;
    using search_type = vd::multi_fidelity<fronts, epochs, vd::asha>;
    const search_type search{time_of{}, train_and_report{}};
    search_type::options o{.budget = 8, .seed = 5, .policy = {.eta = 3}};
    const auto wanted = search.run(o);
    for (const auto order : {vd::measured_order::as_begun, vd::measured_order::as_completed}) {
        o.order = order;
        const auto path = folder.file(order == vd::measured_order::as_begun ? "begun.db" : "completed.db");
        for (const std::size_t after : {1U, 9U, 23U}) {
            vd::sqlite_storage file{path};
            power_cut cut{after};
            CHECK_THROWS_AS(search.run(o, file, cut), std::runtime_error);
        }
        vd::sqlite_storage file{path};
        const auto found = search.run(o, file);
        if (order == vd::measured_order::as_begun) CHECK((found.evaluations() == wanted.evaluations()));
        const auto kept = *file.load();
        CHECK(kept.evaluations.size() == found.evaluations().size());
        CHECK(kept.trials.size() == found.found().trials().size());
        CHECK((search.run(o, file).evaluations() == found.evaluations())); // nothing is measured again
        CHECK_THROWS_AS((vd::multi_fidelity<fronts, epochs, vd::hyperband>{time_of{}, train_and_report{}}.run({.budget = 8, .seed = 5}, file)),
                        vd::input_error);
    }
}
