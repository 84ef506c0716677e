#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/goal/trial_origin.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/space/point.hpp>

#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

/// A trial: a point with what was measured of it.
namespace verdant {

/// Whether a trial has values.
enum class trial_status : std::uint8_t {
    completed, ///< every metric of the goals was measured
    failed     ///< the evaluator threw or gave NaN; `message` says what
};

/// One point and what was found out about it.
/// @tparam Goals `goals<...>`
template <search_space Space, class Goals>
struct trial {
    std::uint64_t number = 0; ///< position in the study, from 0
    verdant::point<Space> point{};
    trial_status status = trial_status::completed;
    typename Goals::metrics_type values{};
    std::array<double, Goals::objective_count> objectives{}; ///< to be minimised, SI units
    double violation = 0;                                    ///< 0 where every constraint holds
    std::string message{};                                   ///< of a failed trial
    trial_origin origin = trial_origin::optimizer;
    trial_times times{};                                     ///< of its evaluation

    [[nodiscard]] bool completed() const noexcept { return status == trial_status::completed; }
    /// Completed, and every constraint holds.
    [[nodiscard]] bool feasible() const noexcept { return completed() && violation == 0; }
    template <metric_like M>
        requires(Goals::metrics_type::template has<M>)
    [[nodiscard]] const typename M::value_type& get() const {
        return values.template get<M>();
    }
    /// Refused, with a sentence that says what to write.
    template <metric_like M>
    [[nodiscard]] auto get() const {
        constexpr bool held = requires { Goals::has_mistake; };
        static_assert(held, "verdant: this record does not hold that metric; track<...> it in the goals of the search, see get in this message");
        return detail::refused_value<typename M::value_type>{};
    }
    /// Refused, with a sentence that says what to write.
    template <class M>
        requires(!metric_like<M>)
    [[nodiscard]] auto get() const {
        constexpr bool is_metric = metric_like<M>;
        static_assert(is_metric, "verdant: a trial is asked for a metric, for example trial.get<latency>(); what stands in get<...> is no metric");
        return detail::refused_value<double>{};
    }
    /// Refused, with a sentence that says what to write.
    template <fixed_string Name>
    [[nodiscard]] auto get() const {
        if constexpr (detail::place_of<Space, Name> < parameter_count<Space>) {
            constexpr bool is_metric = Name.size() > sizeof(trial) * sizeof(trial);
            static_assert(is_metric,
                          "verdant: a trial is asked for a metric by its type, for example trial.get<latency>(); for a parameter by its name "
                          "ask the point of the trial, trial.point.get<\"layers\">()");
            return point.template get<Name>();
        } else {
            using meant = typename Goals::metrics_type::template nearest<Name>;
            static_assert(detail::metric_by_name<detail::named<Name>, meant>::value);
            return detail::refused_value<typename meant::value_type>{};
        }
    }
    /// Refused, with a sentence that says what to write.
    template <auto Index>
        requires std::integral<decltype(Index)>
    [[nodiscard]] auto get() const {
        constexpr bool is_metric = !std::integral<decltype(Index)>;
        static_assert(is_metric, "verdant: a trial is asked for a metric by its type, for example trial.get<latency>()");
        return detail::refused_value<double>{};
    }
    /// Refused, with a sentence that says what to write.
    template <class Metric>
    [[nodiscard]] auto get(const Metric&) const {
        constexpr bool is_template_argument = std::is_void_v<Metric>;
        static_assert(is_template_argument, "verdant: the metric stands between < and >, for example trial.get<latency>()");
        return detail::refused_value<double>{};
    }

    /// Equal trials have found the same; when they were evaluated is no part of that.
    friend bool operator==(const trial& a, const trial& b) {
        return a.number == b.number && a.point == b.point && a.status == b.status && a.values == b.values && a.objectives == b.objectives &&
               a.violation == b.violation && a.message == b.message && a.origin == b.origin;
    }
};

} // namespace verdant
