#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
};

/// A point that was asked for, and what came of it.
struct stored_trial {
    std::uint64_t number = 0;
    std::vector<std::string> parameters{}; ///< the text of each value
    bool completed = true;
    std::vector<double> metrics{}; ///< in SI units; empty where the trial failed
    std::string message{};         ///< of a failed trial
};

/// A question to the optimizer: written before its points are evaluated.
struct stored_ask {
    std::uint64_t number = 0;      ///< from 0
    std::uint64_t first_trial = 0; ///< trials told before
    std::uint64_t points = 0;      ///< asked for
    std::uint64_t wanted = 0;      ///< trials that the run was to have in all
};

/// The state just before a question: with it and the trials before, a run goes on.
struct stored_state {
    std::array<std::uint64_t, 4> random{}; ///< the words of the search's stream
    std::uint64_t repeated = 0;            ///< known points that were proposed
    std::uint64_t stale = 0;               ///< batches on end of nothing but known points
    std::optional<std::string> optimizer{}; ///< nothing for one that cannot be saved
};

/// All that is kept of a study.
struct stored_study {
    study_description description{};
    std::vector<stored_ask> asks{};     ///< in order
    stored_state state{};               ///< before the last of them
    std::vector<stored_trial> trials{}; ///< by number; of the last question any of them may be missing
};

/// Where a study is kept: `study.run(options, storage)`. What `begin` and `add` have returned from must survive the end of the process.
///
/// Semantics: `load` gives what is kept, nothing where there is no study yet; `create` starts one; `begin` keeps a question and replaces the state,
/// both or neither; `add` keeps a trial, of the last question, in any order but one at a time; `name` is what errors call it. All may throw. The header
/// of a storage includes `verdant/search/study_keeper.hpp`, which does the rest.
template <class S>
concept storage =
    requires(S& s, const S& c, const study_description& description, const stored_ask& ask, const stored_state& state, const stored_trial& t) {
        { s.load() } -> std::same_as<std::optional<stored_study>>;
        { s.create(description) } -> std::same_as<void>;
        { s.begin(ask, state) } -> std::same_as<void>;
        { s.add(t) } -> std::same_as<void>;
        { c.name() } -> std::convertible_to<std::string>;
    };

} // namespace verdant
