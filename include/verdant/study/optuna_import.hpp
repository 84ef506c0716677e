#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/study/kept_domain.hpp>
#include <verdant/study/optuna_study.hpp>
#include <verdant/study/stored_constraint.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Studies of Optuna as kept studies.
namespace verdant {

/// A study that came from Optuna, and what of it has no place in one of ours.
struct imported_study {
    stored_study study{};
    std::size_t unfinished = 0; ///< trials that run, wait, or failed before all their parameters were suggested: left out
    std::size_t pruned = 0;     ///< trials that were pruned: kept as failed
    std::size_t set_back =
        0;   ///< trials that ended before they began, as where local time is set back, which Optuna writes: when they ended is not known
    std::size_t repeated = 0;   ///< trials of points that are there already: left out, a failed or pruned one before a complete one
};

namespace detail {

/// The domain of a distribution. Throws input_error for one that is continuous or has too many values.
[[nodiscard]] inline stored_parameter parameter_of(const std::string& name, const optuna_distribution& d, std::string_view source) {
    stored_parameter p{.name = name};
    const auto add = [&p](const std::string& text) { p.domain += (p.domain.empty() ? "" : ", ") + quoted_where_needed(text); };
    if (d.kind == optuna_distribution::sort::categorical) {
        p.kind = d.texts ? "text" : d.booleans ? "boolean" : d.whole_numbers ? "integer" : d.numbers ? "real" : "text";
        for (const auto& c : d.choices) add(c);
        return p;
    }
    const bool integer = d.kind == optuna_distribution::sort::integer;
    p.kind = integer ? "integer" : "real";
    if (d.step == 0 && d.low != d.high)
        throw input_error{source, "parameter " + name, "a distribution with a step", "one whose values no domain can list"};
    const double count = d.step == 0 ? 1 : std::floor((d.high - d.low) / d.step + 1e-8) + 1;
    if (count > 16777216) throw input_error{source, "parameter " + name, "at most 16777216 values", exact_text(count)};
    const auto value = [&](double i) {
        const double x = d.low + i * d.step;
        return integer ? std::to_string(static_cast<std::int64_t>(x)) : rounded_text(x, 12);
    };
    for (double i = 0; i < count; ++i) {
        if (count > 4096 && i == 5) {
            p.domain += ", ..., " + value(count - 1) + " (" + std::to_string(static_cast<std::int64_t>(count)) + " values)";
            break;
        }
        add(value(i));
    }
    return p;
}

template <class Deferred = instantiated_when_used>
class basic_optuna_importer {
public:
    basic_optuna_importer(const optuna_study& theirs, std::string_view source) : theirs_{theirs}, source_{source} {}

    /// Takes space, goals and metrics from the study itself.
    void describe() {
        auto& d = out_.study.description;
        for (const auto& [name, distribution] : theirs_.parameters) {
            d.parameters.push_back(parameter_of(name, distribution, source_));
            for (const auto& t : theirs_.trials)
                if ((t.state == "COMPLETE" || t.state == "PRUNED") && t.parameters.count(name) == 0) d.parameters.back().condition = "suggested";
        }
        constexpr auto none = std::numeric_limits<double>::quiet_NaN();
        for (std::size_t o = 0; o < theirs_.maximized.size(); ++o) {
            d.metrics.push_back(theirs_.objectives.empty() ? "objective_" + std::to_string(o) : theirs_.objectives[o]);
            d.goals.push_back({theirs_.maximized[o] ? "maximize" : "minimize", d.metrics.back(), "", 1, none, none, none});
        }
        for (const auto& t : theirs_.trials) limits_ = std::max(limits_, t.constraints.size());
        for (std::size_t c = 0; c < limits_; ++c) {
            d.metrics.push_back("constraint_" + std::to_string(c));
            d.goals.push_back({"subject_to", d.metrics.back(), "", 1, none, -std::numeric_limits<double>::infinity(), 0});
        }
        own_metrics_ = true;
    }

    /// Takes them from one of ours, which the study must fit.
    void fit(const study_description& ours) {
        auto& d = out_.study.description = ours;
        d.options.clear();
        d.start_points.clear();
        const auto named = [&](const std::string& name) {
            return std::find_if(d.parameters.begin(), d.parameters.end(), [&](const auto& p) { return p.name == name; }) != d.parameters.end();
        };
        for (const auto& [name, distribution] : theirs_.parameters)
            if (!named(name)) throw input_error{source_, "parameter " + name, "a parameter of the space", "none of that name there"};
        for (const auto& p : d.parameters)
            if (p.condition.empty() && !theirs_.trials.empty() && theirs_.parameters.count(p.name) == 0)
                throw input_error{source_, "parameter " + p.name, "a parameter of that name", "none in Optuna's study"};
        std::size_t o = 0;
        for (const auto& g : d.goals) {
            if (g.kind != "minimize" && g.kind != "maximize") continue;
            if (o >= theirs_.maximized.size() || theirs_.maximized[o] != (g.kind == "maximize"))
                throw input_error{source_, "objective " + std::to_string(o), g.kind + ' ' + g.metric,
                                  o >= theirs_.maximized.size() ? "none"
                                  : theirs_.maximized[o]        ? "MAXIMIZE"
                                                                : "MINIMIZE"};
            ++o;
        }
        if (o != theirs_.maximized.size()) throw input_error{source_, "objectives", std::to_string(o), std::to_string(theirs_.maximized.size())};
    }

    [[nodiscard]] imported_study import() {
        auto& d = out_.study.description;
        d.optimizer = "Optuna: " + theirs_.name;
        d.seed = 0;
        d.batch = 1;
        d.order = "generations";
        d.fidelity.clear();
        for (const auto& p : d.parameters) domains_.emplace_back(p);
        basic_point_rules<Deferred> rules{d};
        std::map<std::vector<std::string>, std::size_t> points; // and their trials
        std::vector<bool> pruned, set_back;                    // of these
        for (const auto& t : theirs_.trials) {
            auto point = point_of(t);
            if (!point) {
                ++out_.unfinished;
                continue;
            }
            const auto [known, fresh] = points.emplace(*point, out_.study.trials.size());
            // Whoever tries a failed trial again, as Optuna's RetryFailedTrialCallback does, asks for what came of it then.
            const bool again = !fresh && t.state == "COMPLETE" && !out_.study.trials[known->second].completed;
            if (!fresh) ++out_.repeated;
            if (!fresh && !again) continue;
            if (const auto wrong = rules(*point))
                throw input_error{source_, place(t) + (wrong->parameter.empty() ? "" : ", " + wrong->parameter), wrong->expected, wrong->found};
            stored_trial one{.number = known->second, .parameters = std::move(*point), .completed = t.state == "COMPLETE", .times = t.times};
            const bool back = one.times.ended < one.times.started;
            if (back) one.times.ended = std::numeric_limits<double>::quiet_NaN();
            if (one.completed) one.metrics = metrics_of(t);
            else one.message = t.state == "PRUNED" ? "pruned" : t.message.empty() ? "failed in Optuna" : t.message;
            if (again) {
                pruned[known->second] = false;
                set_back[known->second] = back;
                out_.study.trials[known->second] = std::move(one);
                continue;
            }
            pruned.push_back(t.state == "PRUNED");
            set_back.push_back(back);
            out_.study.trials.push_back(std::move(one));
        }
        out_.pruned = static_cast<std::size_t>(std::count(pruned.begin(), pruned.end(), true));
        out_.set_back = static_cast<std::size_t>(std::count(set_back.begin(), set_back.end(), true));
        return std::move(out_);
    }

private:
    [[nodiscard]] static std::string place(const optuna_trial& t) { return "trial " + std::to_string(t.number); }

    /// The point of a trial; nothing where it has none yet.
    [[nodiscard]] std::optional<std::vector<std::string>> point_of(const optuna_trial& t) {
        if (t.state == "RUNNING" || t.state == "WAITING") return std::nullopt;
        std::vector<std::string> point;
        for (std::size_t p = 0; p < domains_.size(); ++p) {
            const auto& one = out_.study.description.parameters[p];
            const auto found = t.parameters.find(one.name);
            if (found == t.parameters.end()) {
                if (one.condition.empty() && t.state == "FAIL") return std::nullopt;
                if (one.condition.empty()) throw input_error{source_, place(t) + ", " + one.name, "a value", "none"};
                point.emplace_back();
                continue;
            }
            const auto code = domains_[p].find(found->second);
            if (code == kept_domain::none)
                throw input_error{source_, place(t) + ", " + one.name, "one of " + one.domain.substr(0, 200), '\'' + found->second + '\''};
            point.push_back(domains_[p].values()[code]);
        }
        return point;
    }

    [[nodiscard]] std::vector<double> metrics_of(const optuna_trial& t) const {
        if (own_metrics_) {
            auto values = t.values;
            if (limits_ > 0 && t.constraints.size() != limits_)
                throw input_error{source_, place(t) + ", constraints", std::to_string(limits_), std::to_string(t.constraints.size())};
            values.insert(values.end(), t.constraints.begin(), t.constraints.end());
            return values;
        }
        const auto& d = out_.study.description;
        // Where goals have limits, these say anew which trials are feasible; where they have none, nothing would.
        if (std::none_of(d.goals.begin(), d.goals.end(), [](const auto& g) { return g.kind == "subject_to"; }))
            for (const auto c : t.constraints)
                if (!(c <= 0)) throw input_error{source_, place(t) + ", constraints", "at most 0, since no goal is a limit", exact_text(c)};
        std::vector<double> values;
        for (const auto& name : d.metrics) {
            std::optional<double> in_unit;
            double factor = 1;
            std::size_t o = 0;
            for (const auto& g : d.goals) {
                const bool objective = g.kind == "minimize" || g.kind == "maximize";
                if (g.metric == name) {
                    factor = g.factor;
                    if (objective) in_unit = t.values[o];
                }
                o += objective ? 1 : 0;
            }
            if (const auto kept = t.attributes.find(name); !in_unit && kept != t.attributes.end()) in_unit = kept->second;
            const auto exact = t.exact.find(name);
            if (!in_unit && exact == t.exact.end())
                throw input_error{source_, place(t) + ", metric " + name, "a user attribute of that name", "none"};
            if (in_unit && std::isnan(*in_unit)) throw input_error{source_, place(t) + ", metric " + name, "a number", "NaN"};
            const double in_si = in_unit ? *in_unit * factor : 0;
            if (exact == t.exact.end() && std::isfinite(*in_unit) && (!std::isfinite(in_si) || (in_si == 0) != (*in_unit == 0)))
                throw input_error{source_, place(t) + ", metric " + name, "a number that SI units have, too", exact_text(*in_unit)};
            // Compared in the unit, where the value may be 0 or infinite that is neither in SI units.
            const double theirs = exact != t.exact.end() ? exact->second / factor : 0;
            if (in_unit && exact != t.exact.end() &&
                !(std::isfinite(*in_unit) ? std::abs(theirs - *in_unit) <= 1e-9 * std::abs(theirs) + 1e-300 : theirs == *in_unit))
                throw input_error{source_, place(t) + ", metrics_si", "what the trial's value says, in SI units",
                                  exact_text(exact->second) + " as " + name};
            values.push_back(exact != t.exact.end() ? exact->second : in_si);
        }
        return values;
    }

    const optuna_study& theirs_;
    std::string source_;
    imported_study out_{};
    std::vector<kept_domain> domains_{};
    std::size_t limits_ = 0;
    bool own_metrics_ = false;
};

} // namespace detail

/// A study of Optuna as one of ours, with the space, objectives and constraints that it has itself: metrics are `objective_0`, ..., and
/// `constraint_0`, ... with the limit 0. Trials get numbers in their order. A parameter that some measured trials lack exists where it was
/// `suggested`. Its optimizer is `Optuna: NAME`: it is there to be looked at, compared, merged and read with a type (`study_result`).
/// @param source what errors call the study
/// @throws input_error that names a parameter whose distribution has no step, or too many values
template <class Deferred = instantiated_when_used>
[[nodiscard]] imported_study import_optuna_study(const optuna_study& theirs, std::string_view source) {
    detail::basic_optuna_importer<Deferred> to{theirs, source};
    to.describe();
    return to.import();
}
VERDANT_DEFINED_ONCE(imported_study import_optuna_study<>(const optuna_study&, std::string_view));

/// The same with the space, goals and metrics of a study of ours: parameters, by name, have values of its domains, points are within its constraints
/// as far as their texts say, objectives have its directions and are in the units of its goals, and its other metrics are user attributes of their
/// names. Its limits say which trials are feasible; without any, a trial that breaks a constraint of Optuna's is refused. What `write_optuna_study`
/// wrote comes back with equal numbers.
/// @throws input_error that names the parameter, objective, metric or trial which does not fit
template <class Deferred = instantiated_when_used>
[[nodiscard]] imported_study import_optuna_study(const optuna_study& theirs, const study_description& ours, std::string_view source) {
    detail::basic_optuna_importer<Deferred> to{theirs, source};
    to.fit(ours);
    return to.import();
}
VERDANT_DEFINED_ONCE(imported_study import_optuna_study<>(const optuna_study&, const study_description&, std::string_view));

} // namespace verdant
