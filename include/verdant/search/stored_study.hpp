#pragma once

#include <verdant/goal/trial_origin.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/search/search_consumption.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What storages keep of a study: its description, questions, trials and state.
namespace verdant {

/// A parameter of a study that is kept.
struct stored_parameter {
    std::string name{};
    std::string kind{};      ///< `integer`, `real`, `text` or `boolean`: how its values are stored
    std::string domain{};    ///< all values, as text
    std::string condition{}; ///< where it exists; empty for everywhere
    friend bool operator==(const stored_parameter&, const stored_parameter&) = default;
};

/// A goal of a study that is kept. Numbers are in SI units; NaN where there is none.
struct stored_goal {
    std::string kind{};   ///< `maximize`, `minimize`, `subject_to` or `track`
    std::string metric{}; ///< its name
    std::string unit{};   ///< the symbol of the unit that reports use
    double factor = 1;    ///< that unit in SI units
    double threshold = 0, low = 0, high = 0;
};

/// What makes a study the one that it is: it can be continued by a program for which all of this is equal.
struct study_description {
    std::vector<stored_parameter> parameters{};
    std::vector<std::string> constraints{};
    std::vector<stored_goal> goals{};
    std::vector<std::string> metrics{}; ///< the names of the metrics that a trial records, in order
    std::string optimizer{};
    std::vector<std::array<std::string, 2>> options{}; ///< of the optimizer: names and values
    std::uint64_t seed = 0;
    std::uint64_t batch = 0; ///< points asked for at once
    std::vector<std::string> start_points{}; ///< as text: what was asked for before the optimizer was
    std::string order = "generations";       ///< in which trials are told: that, or `as_completed`
    std::string fidelity{};                  ///< the policy that spends less than whole evaluations, with its options; empty for none
    std::string library{}; ///< the version that began the study; for people, and not compared
};

/// A point that was asked for, and what came of it.
struct stored_trial {
    std::uint64_t number = 0;
    std::vector<std::string> parameters{}; ///< the text of each value; empty where the parameter does not exist
    bool completed = true;
    std::vector<double> metrics{}; ///< in SI units; empty where the trial failed
    std::string message{};         ///< of a failed trial
    trial_origin origin = trial_origin::optimizer;
    trial_times times{};
    std::optional<std::uint64_t> told{}; ///< its place in the order told, from 0; nothing where that is the order of the numbers
};

/// A measurement of a trial before its last one: a value on the way to a fidelity, or the whole evaluation at a lower one.
struct stored_evaluation {
    std::uint64_t number = 0; ///< of the trial
    double fidelity = 1;      ///< share of a whole evaluation
    double cost = 0;          ///< in whole evaluations, of this measurement alone
    std::string status{};     ///< `reported`, `completed`, `failed` or `stopped`
    std::vector<double> metrics{}; ///< in SI units; empty where it failed
    std::string message{};         ///< of a failed one
    trial_times times{};
};

/// That a trial was given other values after the optimizer had been told of it. The trial itself is kept with the new ones.
struct stored_correction {
    std::uint64_t ask = 0;  ///< the last question then
    std::uint64_t told = 0; ///< trials that the optimizer had been told of
    stored_trial before{};  ///< the trial as it was
};

/// A point that was asked for and whose trial is not there yet.
struct stored_pending {
    std::uint64_t number = 0;
    std::vector<std::string> parameters{}; ///< the text of each value; empty where the parameter does not exist
};

/// A question to the optimizer: written before its points are evaluated.
struct stored_ask {
    std::uint64_t number = 0;      ///< from 0
    std::uint64_t first_trial = 0; ///< trials told before
    std::uint64_t points = 0;      ///< asked for
    std::uint64_t wanted = 0;      ///< trials that the run was to have in all
    std::uint64_t first_number = 0; ///< that its first fresh trial has: in a search that asks while trials are pending, these are counted, too
};

/// The state just before the last question: with it and the trials before, a run goes on.
struct stored_state {
    std::array<std::uint64_t, 4> random{}; ///< the words of the search's stream
    std::uint64_t repeated = 0;            ///< known points that were proposed
    std::uint64_t stale = 0;               ///< batches on end of nothing but known points
    /// Nothing for one that cannot be saved. Where trials are told as they are completed, the state may be that before an earlier question: its
    /// number stands in front of this.
    std::optional<std::string> optimizer{};

    friend bool operator==(const stored_state&, const stored_state&) = default;
};

/// All that is kept of a study.
struct stored_study {
    study_description description{};
    std::vector<stored_ask> asks{}; ///< in order
    stored_state state{}; ///< before the last of them
    std::vector<stored_trial> trials{}; ///< by number; of the last question any of them may be missing
    std::vector<stored_pending> pending{}; ///< by number; only of storages that keep them
    std::vector<stored_correction> corrections{}; ///< in order; only of storages that keep them
    std::vector<stored_evaluation> evaluations{}; ///< in the order kept; only of storages that keep them
    std::vector<search_consumption>
        consumption{}; ///< of each run that was metered, in order, each with the shares of its workers behind it; only of storages that keep it
};

} // namespace verdant
