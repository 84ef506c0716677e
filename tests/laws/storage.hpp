#pragma once

// What every model of the concept `storage` keeps.

#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/goal/trial.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/study/study_difference.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace laws {

inline bool same_number(double v, double w) { return std::bit_cast<std::uint64_t>(v) == std::bit_cast<std::uint64_t>(w); }
// Not known is NaN, of any kind.
inline bool same_instant(double v, double w) { return same_number(v, w) || (v != v && w != w); }
inline bool same_trial(const verdant::stored_trial& x, const verdant::stored_trial& y) {
    return x.number == y.number && x.parameters == y.parameters && x.completed == y.completed && x.message == y.message && x.origin == y.origin &&
           x.told == y.told && x.times.worker == y.times.worker && same_instant(x.times.started, y.times.started) &&
           same_instant(x.times.ended, y.times.ended) &&
           std::equal(x.metrics.begin(), x.metrics.end(), y.metrics.begin(), y.metrics.end(), same_number);
}
inline bool same_trials(const std::vector<verdant::stored_trial>& a, const std::vector<verdant::stored_trial>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_trial);
}
inline bool same_corrections(const std::vector<verdant::stored_correction>& a, const std::vector<verdant::stored_correction>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const verdant::stored_correction& x, const verdant::stored_correction& y) {
        return x.ask == y.ask && x.told == y.told && same_trial(x.before, y.before);
    });
}
inline bool same_asks(const std::vector<verdant::stored_ask>& a, const std::vector<verdant::stored_ask>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const verdant::stored_ask& x, const verdant::stored_ask& y) {
        return x.number == y.number && x.first_trial == y.first_trial && x.points == y.points && x.wanted == y.wanted &&
               x.first_number == y.first_number;
    });
}
inline bool same_pending(const std::vector<verdant::stored_pending>& a, const std::vector<verdant::stored_pending>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return x.number == y.number && x.parameters == y.parameters; });
}
inline bool same_evaluations(const std::vector<verdant::stored_evaluation>& a, const std::vector<verdant::stored_evaluation>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const verdant::stored_evaluation& x, const verdant::stored_evaluation& y) {
        return x.number == y.number && same_number(x.fidelity, y.fidelity) && same_number(x.cost, y.cost) && x.status == y.status &&
               x.message == y.message && same_instant(x.times.started, y.times.started) && same_instant(x.times.ended, y.times.ended) &&
               x.times.worker == y.times.worker && std::equal(x.metrics.begin(), x.metrics.end(), y.metrics.begin(), y.metrics.end(), same_number);
    });
}
inline bool same_states(const verdant::stored_state& a, const verdant::stored_state& b) {
    return a.random == b.random && a.repeated == b.repeated && a.stale == b.stale && a.optimizer == b.optimizer;
}

/// @param open gives the storage, by value or reference, as a program finds it that is started anew; at first without a study
template <class Open>
void obeys_storage_laws(const Open& open) {
    using storage_type = std::remove_reference_t<decltype(open())>;
    static_assert(verdant::storage<storage_type>);
    auto description = verdant::describe_study<law_space, law_goals, verdant::random_search>(law_goals::limits(), {}, 5, 4);
    description.fidelity = "a policy, with 3 \"rungs\"";
    const auto holds = [&](const std::vector<verdant::stored_ask>& asks, const verdant::stored_state& state,
                           const std::vector<verdant::stored_trial>& trials) {
        auto&& again = open();
        const auto study = again.load();
        REQUIRE(study.has_value());
        REQUIRE(verdant::study_differences(study->description, description).empty());
        REQUIRE((study->description.order == description.order && study->description.fidelity == description.fidelity));
        REQUIRE(same_asks(study->asks, asks));
        REQUIRE((asks.empty() || same_states(study->state, state)));
        REQUIRE(same_trials(study->trials, trials));
    };
    {
        auto&& s = open();
        REQUIRE_FALSE(s.load().has_value());
        REQUIRE_FALSE(std::string{s.name()}.empty());
    }
    {
        auto&& s = open();
        s.create(description);
        REQUIRE(s.load().has_value());
    }
    holds({}, {}, {});

    const std::vector<verdant::stored_ask> asks{{0, 0, 4, 10, 0}, {1, 4, 3, 10, 6}};
    verdant::stored_state first{.random = {1, ~std::uint64_t{0}, 3, 4}, .repeated = 2, .stale = 1, .optimizer = "a state"}, second = first;
    second.optimizer.reset();
    second.random[0] = 9;
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    using enum verdant::trial_origin;
    // Points in time are whole microseconds. What was told by hand has an end alone, and where nobody looked at a clock there is none.
    const auto at = [](double seconds) { return verdant::detail::to_microsecond(1.75e9 + seconds); };
    constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();
    std::vector<verdant::stored_trial> trials{
        {0, {"2", "1", "0"}, true, {0.1, 5e-324}, "", start_point, {at(0), at(0.000001)}},
        {1, {"4", "2", "3"}, false, {}, "no luck with\n'this' \xff", start_point, {at(-86'400.5), at(7), 3}, 1},
        {2, {"12", "3", "0"}, true, {-0.0, infinity}, "", optimizer, {unknown, at(0.999999), ~std::uint32_t{0}}, 0},
        {3, {"12", "4", "0"}, true, {-infinity, 1.0 / 3}, "", optimizer, {}}};
    {
        auto&& s = open();
        REQUIRE(s.load().has_value());
        s.begin(asks[0], first);
        // Trials of the last question come in any order.
        s.add(trials[2]);
        s.add(trials[0]);
    }
    holds({asks[0]}, first, {trials[0], trials[2]});
    {
        auto&& s = open();
        REQUIRE(s.load().has_value());
        s.add(trials[3]);
        s.add(trials[1]);
    }
    holds({asks[0]}, first, trials);
    {
        auto&& s = open();
        REQUIRE(s.load().has_value());
        s.begin(asks[1], second);
    }
    holds(asks, second, trials);

    if constexpr (verdant::correcting_storage<storage_type>) {
        trials[3].metrics = {2.5, -1};
        trials[3].times = {at(1), at(3)};
        {
            auto&& s = open();
            REQUIRE(s.load().has_value());
            s.replace(trials[3]);
        }
        holds(asks, second, trials);
    }
    if constexpr (verdant::revising_storage<storage_type>) {
        // A failed trial that had a value after all, and one whose values were wrong twice. When they were evaluated does not change.
        std::vector<verdant::stored_correction> corrections;
        const auto revise = [&](std::size_t i, bool completed, std::vector<double> metrics, std::string message) {
            corrections.push_back({.ask = 1, .told = 4, .before = trials[i]});
            trials[i].completed = completed;
            trials[i].metrics = std::move(metrics);
            trials[i].message = std::move(message);
            {
                auto&& s = open();
                REQUIRE(s.load().has_value());
                s.revise(trials[i], corrections.back());
            }
            holds(asks, second, trials);
            auto&& again = open();
            REQUIRE(same_corrections(again.load()->corrections, corrections));
        };
        revise(1, true, {0.5, 1.0 / 7}, "");
        revise(2, false, {}, "the wrong board");
        revise(2, true, {0.25, infinity}, "");
    }

    if constexpr (verdant::pending_storage<storage_type>) {
        const std::vector<verdant::stored_pending> pending{{4, {"6", "3", "0"}}, {5, {"8", "4", "0"}}, {6, {"12", "1", "2"}}};
        const auto are = [&](const std::vector<verdant::stored_pending>& wanted) {
            auto&& again = open();
            REQUIRE(same_pending(again.load()->pending, wanted));
        };
        const auto with = [&](auto act) {
            auto&& s = open();
            REQUIRE(s.load().has_value());
            act(s);
        };
        // One that is asked again takes the place of the first.
        with([&](auto& s) {
            for (const std::size_t i : {2U, 0U, 1U, 0U}) s.submit(pending[i]);
            REQUIRE(same_pending(s.load()->pending, pending));
        });
        are(pending);
        auto done = trials[0];
        done.number = 5;
        trials.push_back(done);
        with([&](auto& s) { s.add(done); });
        are({pending[0], pending[2]});
        with([&](auto& s) { s.begin({2, 5, 3, 10, 5}, second); });
        are({});
    }

    if constexpr (verdant::evaluation_storage<storage_type>) {
        std::vector<verdant::stored_evaluation> evaluations{{2, 0.1, 0.1, "reported", {0.5, infinity}, "", {at(0), at(2), 7}},
                                                            {2, 1.0 / 3, 0.25, "stopped", {-0.0, 5e-324}, "", {unknown, at(3)}},
                                                            {0, 0.5, 0, "failed", {}, "no 'luck'\n\xff", {}},
                                                            {2, 1, 2, "completed", {1, 2}, "", {}}};
        for (const auto& one : evaluations) {
            auto&& s = open();
            REQUIRE(s.load().has_value());
            s.measure(one);
        }
        auto&& again = open();
        const auto study = again.load();
        REQUIRE(same_evaluations(study->evaluations, evaluations));
        REQUIRE(same_trials(study->trials, trials));
    }

    if constexpr (verdant::metered_storage<storage_type>) {
        using namespace verdant;
        const std::vector<search_consumption> runs{{2.5 * seconds{}, 0.1 * joules{}, {}, 3.0 * joules{}, {}, "a 'meter'", 1}, {.method = "none", .runs = 2}};
        for (const auto& [run, which] : {std::pair{0, 1}, {1, 1}, {0, 0}}) {
            auto&& s = open();
            REQUIRE(s.load().has_value());
            s.consumed(static_cast<std::uint64_t>(run), runs[static_cast<std::size_t>(which)]);
        }
        auto&& again = open();
        REQUIRE(again.load()->consumption == runs);
    }
}

/// Of studies that are told as trials are completed.
/// @param open as in `obeys_storage_laws`; another study
template <class Open>
void keeps_the_order_told(const Open& open) {
    static_assert(verdant::pending_storage<std::remove_reference_t<decltype(open())>>);
    auto description = verdant::describe_study<law_space, law_goals, verdant::random_search>(law_goals::limits(), {}, 5, 1);
    description.order = "as_completed";
    const verdant::stored_pending first{0, {"6", "3", "0"}}, second{1, {"8", "4", "0"}}, third{2, {"4", "1", "0"}};
    const auto trial = [](const verdant::stored_pending& one, std::uint64_t told) {
        return verdant::stored_trial{.number = one.number, .parameters = one.parameters, .metrics = {0.5, 0.25}, .told = told};
    };
    {
        auto&& s = open();
        s.create(description);
        s.begin({0, 0, 2, 9, 0}, {});
        s.submit(first);
        s.submit(second);
        s.add(trial(second, 0));
        s.begin({1, 1, 1, 9, 2}, {.stale = 3}); // while a trial is pending, which stays so
        s.submit(third);
        s.add(trial(third, 1));
    }
    {
        auto&& again = open();
        const auto study = again.load();
        REQUIRE(study->description.order == "as_completed");
        REQUIRE(same_asks(study->asks, {{0, 0, 2, 9, 0}, {1, 1, 1, 9, 2}}));
        REQUIRE(study->state.stale == 3);
        REQUIRE((study->pending.size() == 1 && study->pending[0].number == 0 && study->pending[0].parameters == first.parameters));
        REQUIRE((study->trials.size() == 2 && study->trials[0].number == 1 && study->trials[0].told == 0 && study->trials[1].told == 1));
        again.add(trial(first, 2));
    }
    auto&& last = open();
    const auto study = last.load();
    REQUIRE(study->pending.empty());
    REQUIRE((study->trials.size() == 3 && study->trials[0].number == 0 && study->trials[0].told == 2 && study->trials[2].told == 1));
}

} // namespace laws
