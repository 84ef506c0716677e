#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/kept_domain.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Studies column by column, without the types of the program that made them.
namespace verdant {

/// What came of a trial.
enum class trial_outcome : std::uint8_t {
    feasible,   ///< measured, and every constraint holds
    infeasible, ///< measured, and a constraint is broken or an objective is infinite
    failed      ///< not measured
};

/// A kept study by columns; each has an entry a trial, in the order of their numbers.
struct study_columns {
    /// A parameter, and which of its values each trial has.
    struct parameter {
        std::string name{}, kind{}, condition{};
        std::vector<std::string> values{};  ///< of the domain; where it is kept by its ends only, those that occur
        bool whole = true;                  ///< whether `values` is the whole domain
        std::vector<std::uint32_t> codes{}; ///< places in `values`; `absent` where the parameter does not exist
    };
    /// What was measured.
    struct metric {
        std::string name{}, unit{};
        double factor = 1;            ///< the unit in SI units
        std::vector<double> values{}; ///< in SI units; NaN where the trial failed
    };
    /// A goal to minimise or maximise.
    struct objective {
        std::size_t metric = 0;
        bool maximized = false;
        double threshold = std::numeric_limits<double>::quiet_NaN(); ///< in SI units, as the goal has it
    };
    /// A goal to keep within bounds, in SI units.
    struct constraint {
        std::size_t metric = 0;
        double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
        /// How far a value is out of bounds, relative to the bound (absolute where that is 0); 0 within.
        [[nodiscard]] double excess(double value) const {
            const auto of = [](double distance, double bound) {
                return std::isinf(bound) ? std::abs(bound) : distance / (bound == 0 ? 1.0 : std::abs(bound));
            };
            return value > high ? of(value - high, high) : value < low ? of(low - value, low) : 0;
        }
    };
    static constexpr std::uint32_t absent = kept_domain::none;

    std::vector<parameter> parameters{};
    std::vector<metric> metrics{};
    std::vector<objective> objectives{};
    std::vector<constraint> constraints{};
    std::vector<std::uint64_t> numbers{};
    std::vector<trial_outcome> outcomes{};
    std::vector<double> violations{}; ///< the sum of the excesses; infinite where an objective is; 0 of failed trials
    std::vector<trial_times> times{};

    [[nodiscard]] std::size_t trials() const noexcept { return numbers.size(); }
    /// The value of an objective of a trial, to be minimised, in SI units.
    [[nodiscard]] double minimized(std::size_t o, std::size_t trial) const {
        const auto v = metrics[objectives[o].metric].values[trial];
        return objectives[o].maximized ? -v : v;
    }
};

namespace detail {

/// Whether metrics in SI units are those of a trial that a file calls feasible, or infeasible, by the limits and objectives of its study. Files
/// round, so that a value within a billionth of a bound may be of either.
/// @param of columns of its study
[[nodiscard]] inline bool fits_outcome(const study_columns& of, const std::vector<double>& metrics, bool feasible) {
    constexpr double rounding = 1e-9;
    bool surely = true, perhaps = true; // within all limits: wherever the values are within rounding, or somewhere there
    for (const auto& o : of.objectives)
        if (!std::isfinite(metrics[o.metric])) surely = perhaps = false;
    for (const auto& c : of.constraints) {
        const auto value = metrics[c.metric];
        const auto moved = std::isfinite(value) ? rounding * std::abs(value) : 0;
        const bool below = c.excess(value - moved) == 0, above = c.excess(value + moved) == 0;
        surely = surely && below && above;
        perhaps = perhaps && (below || above || c.excess(value) == 0);
    }
    return feasible ? perhaps : !surely;
}

/// Makes columns of studies.
template <class = instantiated_when_used>
class basic_study_columns_maker {
public:
    basic_study_columns_maker(const stored_study& kept, std::string_view source) : study_{kept}, source_{source} {}

    [[nodiscard]] study_columns columns() {
        const auto& d = study_.description;
        for (const auto& name : d.metrics) out_.metrics.push_back({.name = name});
        for (const auto& g : d.goals) add_goal(g);
        for (const auto& p : d.parameters) {
            out_.parameters.push_back({.name = p.name, .kind = p.kind, .condition = p.condition});
            domains_.emplace_back(p);
        }
        for (const auto& t : study_.trials) add_trial(t);
        for (std::size_t p = 0; p < domains_.size(); ++p) {
            auto& column = out_.parameters[p];
            if (const auto moved = domains_[p].sort(); !moved.empty())
                for (auto& code : column.codes)
                    if (code != study_columns::absent) code = moved[code];
            column.values = domains_[p].values();
            column.whole = domains_[p].listed();
        }
        return std::move(out_);
    }

private:
    void add_goal(const stored_goal& g) {
        const auto m = static_cast<std::size_t>(std::find(study_.description.metrics.begin(), study_.description.metrics.end(), g.metric) -
                                                study_.description.metrics.begin());
        if (m == study_.description.metrics.size())
            throw input_error{source_, "goal " + g.kind + ' ' + g.metric, "a metric that trials record", "none of that name"};
        if (!(g.factor > 0) || std::isinf(g.factor))
            throw input_error{source_, "goal " + g.metric + ", factor", "a number above 0", stored_number_text(g.factor)};
        if (out_.metrics[m].unit.empty()) {
            out_.metrics[m].unit = g.unit;
            out_.metrics[m].factor = g.factor;
        }
        if (g.kind == "minimize" || g.kind == "maximize") {
            for (const auto& o : out_.objectives)
                if (o.metric == m)
                    throw input_error{source_, "goal " + g.kind + ' ' + g.metric, "a metric that no objective before has",
                                      '\'' + g.metric + "' twice"};
            out_.objectives.push_back({m, g.kind == "maximize", g.threshold});
        } else if (g.kind == "subject_to") {
            if (!(g.low <= g.high))
                throw input_error{source_, "goal subject_to " + g.metric, "a lower bound, and an upper one that is not below it",
                                  stored_number_text(g.low) + " and " + stored_number_text(g.high)};
            out_.constraints.push_back({m, g.low, g.high});
        } else if (g.kind != "track") throw input_error{source_, "goal " + g.metric, "maximize, minimize, subject_to or track", '\'' + g.kind + '\''};
    }

    void add_trial(const stored_trial& t) {
        const auto place = [&t] { return "trial " + std::to_string(t.number); };
        const auto count = [&](const char* what, std::size_t expected, std::size_t found) {
            if (expected != found) throw input_error{source_, place(), std::to_string(expected) + what, std::to_string(found)};
        };
        if (!out_.numbers.empty() && t.number <= out_.numbers.back())
            throw input_error{source_, place(), "a number above " + std::to_string(out_.numbers.back()), "no such"};
        count(" parameters", domains_.size(), t.parameters.size());
        if (t.completed) count(" metrics", out_.metrics.size(), t.metrics.size());
        for (std::size_t p = 0; p < domains_.size(); ++p) {
            auto& column = out_.parameters[p];
            const bool absent = t.parameters[p].empty() && !column.condition.empty();
            const auto code = absent ? study_columns::absent : domains_[p].find(t.parameters[p]);
            if (!absent && code == study_columns::absent)
                throw input_error{source_, place() + ", " + column.name, "a value of its domain", '\'' + t.parameters[p] + '\''};
            column.codes.push_back(code);
        }
        for (std::size_t m = 0; m < out_.metrics.size(); ++m)
            out_.metrics[m].values.push_back(t.completed ? t.metrics[m] : std::numeric_limits<double>::quiet_NaN());
        double violation = 0;
        if (t.completed) {
            for (const auto& c : out_.constraints) violation += c.excess(t.metrics[c.metric]);
            for (const auto& o : out_.objectives)
                if (!std::isfinite(t.metrics[o.metric])) violation = std::numeric_limits<double>::infinity();
        }
        out_.numbers.push_back(t.number);
        out_.violations.push_back(violation);
        out_.outcomes.push_back(!t.completed ? trial_outcome::failed : violation == 0 ? trial_outcome::feasible : trial_outcome::infeasible);
        out_.times.push_back(t.times);
    }

    const stored_study& study_;
    std::string source_;
    study_columns out_;
    std::vector<kept_domain> domains_;
};

} // namespace detail

/// A kept study by columns.
/// @param source what errors call the study: a file's name
/// @throws input_error that names the goal or trial which does not fit the description
template <class Deferred = instantiated_when_used>
[[nodiscard]] study_columns columns_of_study(const stored_study& study, std::string_view source) {
    return detail::basic_study_columns_maker<Deferred>{study, source}.columns();
}
VERDANT_DEFINED_ONCE(study_columns columns_of_study<>(const stored_study&, std::string_view));

/// Refused, with a sentence that says what to write.
template <class Wrong> // deduced, so that a study in braces is none
    requires(!std::convertible_to<const Wrong&, const stored_study&> && !std::convertible_to<Wrong&, const stored_study&> &&
             !std::convertible_to<Wrong, const stored_study&>)
[[nodiscard]] study_columns columns_of_study(const Wrong&, const detail::any_argument& = {}, ...) {
    static_assert(
        detail::fits<Wrong>,
        "verdant: columns_of_study takes a kept study, and what errors are to call it; write columns_of_study(*storage.load(), \"study.db\"), and "
        "of a result columns_of_study(stored_study_of(result, options), \"result\")");
    return {};
}

} // namespace verdant
