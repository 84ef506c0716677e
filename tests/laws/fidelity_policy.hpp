#pragma once

// What every policy of fidelities keeps.

#include "catch.hpp"

#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/random/stream.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace laws {

// What a policy asked for, in order.
struct asked_measurement {
    std::uint64_t number = 0;
    std::size_t rung = 0;
    bool fresh = false;
    friend bool operator==(const asked_measurement&, const asked_measurement&) = default;
};

// Runs a schedule: `window` measurements are under way, which end in any order where `shuffled`; some fail. Gives what was asked for.
template <class Policy>
std::vector<asked_measurement> run_schedule(const typename Policy::options& options, const std::vector<double>& rungs, std::size_t objectives, std::size_t steps,
                                            std::size_t trials, std::size_t window, bool shuffled, std::uint64_t seed) {
    namespace vd = verdant;
    typename Policy::schedule schedule{options, rungs};
    vd::random_stream random{seed};
    std::vector<asked_measurement> all;
    std::deque<asked_measurement> open;
    std::map<std::uint64_t, std::size_t> measured; // the rung that a trial was told at last
    std::set<std::uint64_t> failed;
    std::set<std::pair<std::uint64_t, std::size_t>> asked;
    std::uint64_t next_number = 0;
    bool more = true;
    while (all.size() < steps) {
        while (open.size() < window) {
            const auto what = schedule.next();
            CHECK(what == schedule.next()); // the same until it is taken
            if (!what) break;
            if (!what->number && next_number == trials) {
                CHECK(more);
                more = false;
                schedule.no_more();
                continue;
            }
            CHECK(what->rung < rungs.size());
            const auto number = what->number ? *what->number : next_number++;
            if (what->number) {
                // Nothing is taken further that was not measured at the rung below, or failed there.
                REQUIRE(measured.contains(number));
                CHECK(measured[number] + 1 == what->rung);
                CHECK(!failed.contains(number));
            }
            CHECK(asked.insert({number, what->rung}).second);
            schedule.begun(*what, number);
            open.push_back({number, what->rung, !what->number});
            all.push_back(open.back());
        }
        if (open.empty()) break;
        const auto at = shuffled ? static_cast<std::size_t>(random.below(open.size())) : 0;
        const auto one = open[at];
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
        std::array<double, 3> values{};
        vd::random_stream mine{vd::random_stream::derived_seed(seed, one.number)};
        for (auto& v : values) v = mine.uniform() + 0.01 * static_cast<double>(one.rung);
        const bool fails = mine.uniform() < 0.1;
        measured[one.number] = one.rung;
        if (fails) failed.insert(one.number);
        schedule.told({one.number, one.rung, fails ? vd::measurement_status::failed : vd::measurement_status::completed,
                       fails ? std::span<const double>{} : std::span<const double>{values.data(), objectives}, 0, rungs[one.rung]});
    }
    return all;
}

// The laws of a policy. @param objectives that its searches may have
template <class Policy>
void check_fidelity_policy(const typename Policy::options& options, std::vector<std::size_t> objectives = {1}) {
    static_assert(verdant::fidelity_policy<Policy>);
    const std::vector<double> rungs{1 / 27.0, 3 / 27.0, 9 / 27.0, 1};
    for (const auto m : objectives)
        for (const std::size_t window : {1U, 4U, 30U})
            for (const bool shuffled : {false, true})
                for (const std::size_t trials : {3U, 200U}) {
                    const auto run = [&] { return run_schedule<Policy>(options, rungs, m, 500, trials, window, shuffled, 7); };
                    const auto asked = run();
                    CHECK(!asked.empty());
                    CHECK((asked == run())); // decisions depend on the calls alone
                    std::set<std::uint64_t> seen;
                    for (const auto& one : asked) {
                        CHECK(one.fresh == seen.insert(one.number).second);
                        CHECK(one.number < trials);
                    }
                }
}

} // namespace laws
