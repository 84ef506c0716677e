#pragma once

#include <verdant/goal/draw_summary.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/uncertainty/draws.hpp>
#include <verdant/uncertainty/interval.hpp>
#include <verdant/uncertainty/quantity_algebra.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// What an evaluator with uncertain inputs returns.
namespace verdant {

namespace detail {

/// As `metric_like`, but for quantities and units as well, which the template then refuses in a sentence of its own and not by its constraint.
template <class M>
concept given_metric = metric_like<M> || quantity_like<M> || unit_like<M>;

/// What is said of these.
template <class M>
struct drawn_argument : refusal {
    static_assert(fits<M>, "verdant: what stands in drawn<...> or ranged<...> is no metric; write a struct derived from metric<...>, for example "
                           "drawn<total_carbon>, and no quantity or unit");
};
/// The metric that stands for one.
template <class M>
struct metric_meant : no_metric {
    using value_type = typename uncertainty::detail::quantity_meant<M>::type;
};

} // namespace detail

/// Says in a record that a metric is there as draws.
template <detail::given_metric M>
struct drawn {
    using metric_type = M;
    using value_type = uncertainty::draws<typename M::value_type>;
};
/// Says in a record that a metric is there as an interval.
template <detail::given_metric M>
struct ranged {
    using metric_type = M;
    using value_type = uncertainty::interval<typename M::value_type>;
};
/// Refused, with a sentence that says what to write.
template <detail::given_metric M>
    requires(!metric_like<M>)
struct drawn<M> : drawn<detail::metric_meant<M>> {
    static_assert(detail::drawn_argument<M>::value);
};
/// The same.
template <detail::given_metric M>
    requires(!metric_like<M>)
struct ranged<M> : ranged<detail::metric_meant<M>> {
    static_assert(detail::drawn_argument<M>::value);
};

namespace detail {

template <class E>
inline constexpr bool is_drawn = false;
template <class M>
inline constexpr bool is_drawn<drawn<M>> = true;
template <class E>
inline constexpr bool is_ranged = false;
template <class M>
inline constexpr bool is_ranged<ranged<M>> = true;

/// What is checked of the record.
template <class Sure, class... U>
struct uncertain_check {
    static constexpr bool sure_first = is_metrics<Sure>;
    static_assert(sure_first,
                  "verdant: the first argument of uncertain_metrics is no record; write metrics<...> with what is known exactly, metrics<> where "
                  "nothing is, and then drawn<...> or ranged<...>");
    static constexpr bool marked = ((is_drawn<U> || is_ranged<U>) && ...);
    static_assert(marked, "verdant: uncertain_metrics lists what is neither drawn<...> nor ranged<...>; write for example "
                          "uncertain_metrics<metrics<latency>, drawn<total_carbon>>");
    static constexpr bool distinct = all_distinct<U...>();
    static_assert(distinct, "verdant: this record lists a metric twice; name each metric once");
    static constexpr bool sound = sure_first && marked && distinct;
    static constexpr bool value = true; // a false one would add a second error below the first
};

/// What a record keeps of a value: draws or an expression of them, or an interval, of the metric's quantity.
template <class U, class V>
struct uncertain_value {
    [[nodiscard]] static consteval bool right() {
        if constexpr (requires { typename V::quantity; }) return std::is_same_v<typename V::quantity, typename U::metric_type::value_type>;
        else return false;
    }
    static constexpr bool fits = right();
    static_assert(
        fits,
        "verdant: draws or an interval of a record are of another quantity than their metric, or no draws; give drawn<...> draws and ranged<...> "
        "an interval, of the quantity of the metric, see uncertain_value<...> in this message");
    static constexpr bool value = true;

    template <class Given>
    [[nodiscard]] static typename U::value_type kept(Given&& given) {
        if constexpr (fits) return typename U::value_type(std::forward<Given>(given));
        else if constexpr (is_ranged<U>) return typename U::value_type{typename U::metric_type::value_type{}};
        else return {};
    }
};

/// Where draws are copied to before they are put into another order; each thread has one, which grows once.
[[nodiscard]] inline std::span<double> scratch_copy(std::span<const double> draws) {
    thread_local std::vector<double> scratch;
    scratch.assign(draws.begin(), draws.end());
    return scratch;
}

} // namespace detail

/// A record of which some metrics are uncertain: known ones first, then draws and intervals.
///
///     uncertain_metrics<metrics<latency>, drawn<total_carbon>> measure(const point<net>&); // for minimize<quantile<total_carbon, 0.95>>
///
/// Goals take what they want of it: `mean<M>`, `quantile<M, 0.95>`, `deviation<M>` of a drawn metric, `lower_bound<M>`, `upper_bound<M>` of a ranged
/// one. A metric may be both known, as the value without uncertainty, and drawn.
template <class Sure, class... U>
class uncertain_metrics {
    static_assert(detail::uncertain_check<Sure, U...>::value);

    template <class G>
    static consteval bool gives() {
        if constexpr (draw_summary<G>) return (std::same_as<U, drawn<typename G::drawn_metric>> || ...);
        else if constexpr (interval_summary<G>) return (std::same_as<U, ranged<typename G::ranged_metric>> || ...);
        else return false;
    }

public:
    using answers_goals = void;
    static constexpr bool is_sound = detail::uncertain_check<Sure, U...>::sound && Sure::is_sound;
    /// Whether a goal may ask for this metric.
    template <class G>
    static constexpr bool has = Sure::template has<G> || gives<G>();
    /// Whether there are draws of this metric.
    template <class M>
    static constexpr bool has_draws = (std::same_as<U, drawn<M>> || ...);

    /// @param sure   the known metrics @param values draws (or expressions of them) and intervals, in the order of the record
    template <class... V>
        requires(sizeof...(V) == sizeof...(U))
    explicit(false) uncertain_metrics(const Sure& sure, V&&... values)
        : sure_{sure}, uncertain_{detail::uncertain_value<U, std::remove_cvref_t<V>>::kept(std::forward<V>(values))...} {}

    /// The known metrics.
    [[nodiscard]] const Sure& known() const noexcept { return sure_; }
    /// The draws of a metric.
    template <metric_like M>
        requires has_draws<M>
    [[nodiscard]] const uncertainty::draws<typename M::value_type>& draws() const noexcept {
        return std::get<detail::position_in<drawn<M>, U...>()>(uncertain_);
    }
    /// The interval of a metric.
    template <metric_like M>
        requires(std::same_as<U, ranged<M>> || ...)
    [[nodiscard]] const uncertainty::interval<typename M::value_type>& range() const noexcept {
        return std::get<detail::position_in<ranged<M>, U...>()>(uncertain_);
    }

    /// A known metric, or what is asked of an uncertain one.
    /// @throws input_error for no draws, and for NaN among them
    template <metric_like G>
        requires has<G>
    [[nodiscard]] typename G::value_type get() const {
        if constexpr (Sure::template has<G>) return sure_.template get<G>();
        else if constexpr (draw_summary<G>)
            return from_si<typename G::value_type>(G::of_draws(detail::scratch_copy(draws<typename G::drawn_metric>().si())));
        else return G::of_interval(range<typename G::ranged_metric>());
    }

    friend bool operator==(const uncertain_metrics&, const uncertain_metrics&) = default;

private:
    Sure sure_;
    std::tuple<typename U::value_type...> uncertain_;
};

namespace detail {

template <class Sure, class... U>
inline constexpr bool is_metrics<uncertain_metrics<Sure, U...>> = true;

} // namespace detail
} // namespace verdant
