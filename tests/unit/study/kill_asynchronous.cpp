#include <verdant/study/memory_storage.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include "catch.hpp"
#include "killing.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

using namespace studies;

TEST_CASE("a search told as completed that is killed at random moments loses nothing told, and replays", "[sqlite]") {
    using search = study<vd::nsga2<>>;
    search::options options{.trials = 400, .seed = 5, .threads = 3, .failures_in_a_row = 0, .optimizer = {.population = 10}};
    options.order = vd::tell_order::as_completed;
    const scratch_folder folder;
    const auto path = folder.file("killed.db");
    std::mt19937_64 moments{std::random_device{}()}; // any moment must do
    std::vector<std::uint64_t> told; // numbers in the order told
    // The space has 192 points: on a fast machine ten kills leave fewer than the search below is to add.
    for (int kill = 0; kill < 10 && told.size() < 80; ++kill) {
        const auto wait = static_cast<useconds_t>(moments() % 30'000);
        CAPTURE(kill, wait, told.size());
        run_and_kill<search>(options, path, 2'000, wait, kill % 2 != 0);
        if (::access(path.c_str(), F_OK) != 0) continue;
        const auto study = *vd::sqlite_storage{path}.load();
        std::vector<std::uint64_t> now(study.trials.size());
        for (const auto& t : study.trials) now.at(static_cast<std::size_t>(t.told.value())) = t.number;
        REQUIRE(now.size() >= told.size());
        REQUIRE(std::equal(told.begin(), told.end(), now.begin()));
        told = now;
    }
    REQUIRE((!told.empty() && told.size() < 172));
    const search quick{slow_measure{0}, power};
    options.trials = told.size() + 20;
    const auto found = quick.run(options, vd::sqlite_storage{path});
    REQUIRE(found.trials().size() == options.trials);
    for (std::size_t i = 0; i < told.size(); ++i) REQUIRE(found.trials()[i].number == told[i]);
    // Asked and told again from the beginning, without what was saved.
    auto record = *vd::sqlite_storage{path}.load();
    REQUIRE(record.pending.empty());
    record.state.optimizer.reset();
    vd::memory_storage again{record};
    REQUIRE(same(quick.run(options, again), found));
}
