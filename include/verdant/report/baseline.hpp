#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/report/report.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a search is compared with: designs that pictures show beside its trials.
namespace verdant {

/// A design that is known without the search, such as the model before pruning: its name and what was measured of it.
///
///     baseline{"unpruned", {{"accuracy", 0.68}, {"latency", 41.5}}} // ms, the unit in which reports show latency
struct baseline {
    std::string name;
    std::vector<std::pair<std::string, double>> values; ///< names of metrics, and values in the units that reports use
};

namespace detail {

template <class Record>
struct baseline_record;
template <class... M>
struct baseline_record<metrics<M...>> {
    [[nodiscard]] static baseline of(std::string name, const metrics<M...>& values) {
        return {std::move(name), {{std::string{M::name()}, reported<M>(values)}...}};
    }
    /// What some records have of these metrics.
    template <class... Records>
    [[nodiscard]] static baseline from(std::string name, const Records&... records) {
        baseline made{std::move(name), {}};
        const auto add = [&made]<class One, class Of>(const Of& record) {
            if constexpr (Of::template has<One>) made.values.emplace_back(One::name(), reported<One>(record));
        };
        const auto add_all = [&]<class One>() { (add.template operator()<One>(records), ...); };
        (add_all.template operator()<M>(), ...);
        return made;
    }
};

/// Refuses baselines that no picture of these metrics could show.
template <class = instantiated_when_used>
void check_baselines(const std::vector<baseline>& all, const std::vector<std::string_view>& metrics) {
    for (const auto& b : all) {
        if (b.name.empty()) throw input_error{"baseline", "name", "a name", "an empty text"};
        for (std::size_t i = 0; i < b.values.size(); ++i) {
            const auto& [metric, value] = b.values[i];
            if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end())
                throw input_error{"baseline " + b.name, "values", "metrics of the goals: " + io::name_list(metrics),
                                  metric + io::did_you_mean(metric, metrics)};
            if (!std::isfinite(value)) throw input_error{"baseline " + b.name, metric, "a finite number", rounded_text(value)};
            for (std::size_t j = 0; j < i; ++j)
                if (b.values[j].first == metric) throw input_error{"baseline " + b.name, metric, "one value", "two"};
        }
    }
}
VERDANT_DEFINED_ONCE(void check_baselines<>(const std::vector<baseline>&, const std::vector<std::string_view>&));

/// What a baseline has of a metric. Throws `input_error` where it has nothing.
template <class = instantiated_when_used>
[[nodiscard]] double baseline_value(const baseline& b, std::string_view metric) {
    std::vector<std::string_view> known;
    for (const auto& [name, value] : b.values) {
        if (name == metric) return value;
        known.push_back(name);
    }
    throw input_error{"baseline " + b.name, "values", "a value of " + std::string{metric} + ", which the picture shows",
                      known.empty() ? std::string{"none"} : "only " + io::name_list(known)};
}
VERDANT_DEFINED_ONCE(double baseline_value<>(const baseline&, std::string_view));

/// The metrics of some goals by name, in their order.
template <class Goals>
[[nodiscard]] std::vector<std::string_view> names_of_metrics() {
    std::vector<std::string_view> names;
    Goals::for_each([&names]<class G>() { names.push_back(G::metric_type::name()); });
    return names;
}

} // namespace detail

/// A baseline with what an evaluator gave for it.
template <metric_like... M>
[[nodiscard]] baseline baseline_of(std::string name, const metrics<M...>& values) {
    return detail::baseline_record<metrics<M...>>::of(std::move(name), values);
}
/// A baseline for pictures of a search: of what several evaluators gave, what its goals are about.
///
///     baseline_of<study::goals_type>("unpruned", costs, metrics<accuracy>{0.68})
template <class Goals, class... Records>
[[nodiscard]] baseline baseline_of(std::string name, const Records&... records) {
    constexpr bool are_goals = requires { typename Goals::metrics_type; };
    static_assert(are_goals,
                  "verdant: what stands in baseline_of<...> are no goals; write baseline_of<study::goals_type>(\"unpruned\", costs, qualities)");
    if constexpr (are_goals) return detail::baseline_record<typename Goals::metrics_type>::from(std::move(name), records...);
    else return {std::move(name), {}};
}
/// A trial as a baseline, such as the first one. Throws `input_error` where it failed.
template <class Space, class Goals>
[[nodiscard]] baseline baseline_of(std::string name, const trial<Space, Goals>& t) {
    if (!t.completed()) throw input_error{"baseline " + name, "", "a trial with values", "a failed one: " + t.message};
    return baseline_of(std::move(name), t.values);
}

namespace detail {

/// What is said of arguments that do not fit.
template <class... Wrong>
struct baseline_slip : refusal {
    static_assert(
        fits<Wrong...>,
        "verdant: a baseline takes its name first, then one record or trial; write baseline_of(\"unpruned\", measured), and of several records "
        "baseline_of<study::goals_type>(\"unpruned\", costs, qualities)");
};

} // namespace detail

/// Refused, with a sentence that says what to write.
template <class First, class... Rest>
    requires(!std::convertible_to<const First&, std::string> && !std::convertible_to<First&, std::string> && !std::convertible_to<First, std::string>)
[[nodiscard]] baseline baseline_of(const First&, const Rest&...) {
    static_cast<void>(detail::baseline_slip<First, Rest...>::value);
    return {};
}
/// The same of several records without the goals of a search.
template <class... First, class... Second, class... Rest>
[[nodiscard]] baseline baseline_of(const std::string&, const metrics<First...>&, const metrics<Second...>&, const Rest&...) {
    static_cast<void>(detail::baseline_slip<metrics<First...>, metrics<Second...>, Rest...>::value);
    return {};
}

} // namespace verdant
