// The front of a kept study, by sweeps and pair by pair, against the definition of dominance.

#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/report/detail/kept_front.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace vd = verdant;
using Catch::Contains;

namespace {

/// Trials with a few values of each metric, so that many are equal in some.
struct drawn_study {
    vd::study_columns columns;
    std::vector<vd::stored_trial> trials;
    std::set<std::uint64_t> feasible, front;

    drawn_study(std::size_t objectives, std::size_t count, std::size_t values, vd::random_stream& random) {
        for (std::size_t o = 0; o < objectives; ++o) columns.objectives.push_back({.metric = o, .maximized = o == 1});
        for (std::size_t n = 0; n < count; ++n) {
            vd::stored_trial t{.number = n, .completed = true};
            for (std::size_t o = 0; o < objectives; ++o) t.metrics.push_back(static_cast<double>(random.below(values)) - 2);
            trials.push_back(t);
            if (random.below(8) > 0) feasible.insert(n);
        }
        for (const auto n : feasible)
            if (is_on_front(n)) front.insert(n);
    }
    [[nodiscard]] double worth(std::uint64_t n, std::size_t o) const {
        return columns.objectives[o].maximized ? -trials[n].metrics[o] : trials[n].metrics[o];
    }
    /// Not dominated, and the first of those that are equal.
    [[nodiscard]] bool is_on_front(std::uint64_t n) const {
        for (const auto other : feasible) {
            bool worse = false, better = false;
            for (std::size_t o = 0; o < columns.objectives.size(); ++o) {
                better = better || worth(other, o) < worth(n, o);
                worse = worse || worth(other, o) > worth(n, o);
            }
            if (!worse && (better || other < n)) return false;
        }
        return true;
    }
    [[nodiscard]] std::string refusal(const std::set<std::uint64_t>& listed) const {
        try {
            static_cast<void>(vd::detail::rows_of_front<>(columns, trials, feasible, listed, "s.json"));
        } catch (const vd::input_error& e) { return e.what(); }
        return "accepted";
    }
};

} // namespace

TEST_CASE("fronts are accepted as they are, and with one trial more or less they are not", "[report]") {
    vd::random_stream random{5};
    for (int round = 0; round < 200; ++round) {
        const drawn_study s{1 + random.below(3), 1 + random.below(40), 2 + random.below(7), random};
        CHECK(s.refusal(s.front) == "accepted");
        for (const auto n : s.feasible) {
            auto other = s.front;
            if (other.erase(n) > 0)
                CHECK_THAT(s.refusal(other), Contains("front: expected all trials that no other dominates, found none like trial "));
            else {
                other.insert(n);
                CHECK_THAT(s.refusal(other), Contains("trials that no other dominates, found trial " + std::to_string(n) + ',') ||
                                                 Contains("expected one trial of those that are equal in all objectives, found trials "));
            }
        }
    }
}

TEST_CASE("a front of a hundred thousand trials is read at once", "[report]") {
    vd::study_columns columns;
    columns.objectives = {{.metric = 0}, {.metric = 1}};
    std::vector<vd::stored_trial> trials;
    std::set<std::uint64_t> all;
    for (std::uint64_t n = 0; n < 100'000; ++n) {
        trials.push_back({.number = n, .completed = true, .metrics = {static_cast<double>(n), -static_cast<double>(n)}});
        all.insert(n);
    }
    CHECK(vd::detail::rows_of_front<>(columns, trials, all, all, "s.json").size() == 200'000);
}
