#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/goal/quantity_slips.hpp>
#include <verdant/goal/quantity_text.hpp>
#include <verdant/meta/nearest_name.hpp>
#include <verdant/meta/refused_value.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

/// A record of metrics, each found by its type.
namespace verdant {

template <class... M>
class metrics;

namespace detail {

/// Position of M in a pack, or the size of the pack.
template <class M, class... All>
[[nodiscard]] consteval std::size_t position_in() {
    std::size_t i = 0;
    static_cast<void>(((std::same_as<M, All> ? true : (++i, false)) || ...));
    return i;
}

template <class... M>
[[nodiscard]] consteval bool all_distinct() {
    std::size_t i = 0;
    return (... && (position_in<M, M...>() == i++));
}

template <class Quantity>
inline constexpr refused_value<Quantity> absent_value{};

/// The number of the metric that a name is nearest to; the number of metrics where it is near none.
template <fixed_string Name, class... M>
[[nodiscard]] consteval std::size_t nearest_metric() {
    const std::array<std::string_view, sizeof...(M)> names{M::name()...};
    return nearest_name(Name.view(), names.size(), [&names](std::size_t i) { return names[i]; });
}

/// What is said where a record of metrics or a trial is asked for one by its name.
/// @tparam Nearest the metric that was perhaps meant
template <class Named, class Nearest>
struct metric_by_name {
    static constexpr bool is_type = std::is_void_v<Named>;
    static_assert(is_type,
                  "verdant: a metric is asked for by its type, for example get<latency>(), without quotation marks; see metric_by_name<named<...>, "
                  "nearest metric> in this message; for a parameter by its name ask a point, trial.point.get<\"layers\">()");
    static constexpr bool value = true; // a false one would add a second error below the first
};
template <bool Known, std::size_t At, class... M>
struct metric_at {
    using type = no_metric;
};
template <std::size_t At, class... M>
struct metric_at<true, At, M...> {
    using type = std::remove_cvref_t<decltype(boost::hana::tuple<M...>{}[boost::hana::size_c<At>])>;
};

template <class T>
inline constexpr bool is_metrics = false; // true of records, below

} // namespace detail

/// A record of measured values, one for each metric: what evaluators return. `metrics<latency, area>{3.0 * milliseconds{}, 2.0 *
/// square_millimetres{}}.get<latency>()`. Values are quantities, so units cannot be mixed up.
template <class... M>
class metrics {
    static constexpr bool all_are_metrics = (metric_like<M> && ...);
    static constexpr bool distinct = !all_are_metrics || detail::all_distinct<M...>();

public:
    static constexpr bool is_sound = all_are_metrics && distinct;
    constexpr metrics() = default;

    /// One value a metric, in the order of the metrics. A whole number alone makes no record of several, so that `{count, record}` makes a vector.
    template <class... V>
        requires(sizeof...(V) > 0 && (!std::same_as<V, metrics> && ...) && (sizeof...(V) > 1 || sizeof...(M) == 1 || !(std::integral<V> && ...)))
    // NOLINTNEXTLINE(google-explicit-constructor): a record of one metric is made from its value
    constexpr metrics(const V&... values) {
        constexpr bool of_values = !(detail::is_metrics<V> || ...);
        static_assert(of_values,
                      "verdant: metrics<...> is made of a record with other metrics, or with these in another order; take its values one by "
                      "one, for example {other.get<latency>(), other.get<accuracy>()}");
        constexpr bool complete = !of_values || sizeof...(V) == sizeof...(M);
        static_assert(complete, "verdant: metrics<...> takes one value for each metric, in their order; add or drop values");
        if constexpr (of_values && complete) {
            // A variable, since of a concept the compilers would explain at length why it does not hold.
            constexpr bool fits = !all_are_metrics || (detail::becomes<V, typename detail::metric_in<M>::value_type> && ...);
            static_assert(
                fits,
                "verdant: a value has another unit than its metric; give each metric a quantity of its own kind, for example 3.0 * milliseconds{}");
            if constexpr (all_are_metrics && fits) values_ = {static_cast<typename M::value_type>(values)...};
        }
    }

    [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(M); }

    template <class Metric>
    static constexpr bool has = (std::same_as<Metric, M> || ...);

    /// The metric whose name is nearest to one that was written for its type.
    template <fixed_string Name>
    using nearest =
        typename detail::metric_at<(detail::nearest_metric<Name, M...>() < sizeof...(M)), detail::nearest_metric<Name, M...>(), M...>::type;

    template <class Metric>
    [[nodiscard]] constexpr const auto& get() const {
        constexpr auto at = index_of<Metric>();
        if constexpr (has<Metric>) return values_[boost::hana::size_c<at>];
        else return detail::absent_value<typename detail::metric_in<Metric>::value_type>; // it has been reported
    }
    /// Refused, with a sentence that says what to write.
    template <fixed_string Name>
    [[nodiscard]] constexpr auto get() const {
        using meant = nearest<Name>;
        static_assert(detail::metric_by_name<detail::named<Name>, meant>::value);
        return detail::refused_value<typename meant::value_type>{};
    }
    /// Refused, with a sentence that says what to write.
    template <class Metric>
    [[nodiscard]] constexpr auto get(const Metric&) const {
        constexpr bool is_template_argument = std::is_void_v<Metric>;
        static_assert(is_template_argument, "verdant: the metric stands between < and >, for example get<latency>()");
        return detail::refused_value<double>{};
    }
    template <class Metric>
    constexpr void set(const typename Metric::value_type& value) {
        values_[boost::hana::size_c<index_of<Metric>()>] = value;
    }

    /// The values as plain numbers in SI units.
    [[nodiscard]] constexpr std::array<double, sizeof...(M)> si_values() const { return {to_si(get<M>())...}; }
    /// From plain numbers in SI units, for reading files.
    [[nodiscard]] static constexpr metrics from_si_values(const std::array<double, sizeof...(M)>& values) {
        metrics record;
        std::size_t i = 0;
        (record.template set<M>(from_si<typename M::value_type>(values[i++])), ...);
        return record;
    }

    friend constexpr bool operator==(const metrics& a, const metrics& b) { return ((a.get<M>() == b.get<M>()) && ...); }

private:
    template <class Metric>
    [[nodiscard]] static consteval std::size_t index_of() {
        constexpr bool held = has<Metric>;
        static_assert(held, "verdant: this record does not hold that metric; see index_of in this message, and the metrics<...> that it is asked of");
        return held ? detail::position_in<Metric, M...>() : 0;
    }

    boost::hana::tuple<typename detail::metric_in<M>::value_type...> values_{};

    // Last, since clang forgets what follows a failed assertion.
    static_assert(all_are_metrics,
                  "verdant: metrics<...> lists what is no metric; write structs derived from metric<...>, such as latency or accuracy");
    static_assert(distinct, "verdant: this record lists a metric twice; name each metric once");
};

namespace detail {

/// Stands for the metrics of a record that a mistake elsewhere left open, once it has been reported.
struct reported_metrics {};

} // namespace detail

/// The record of a type whose arguments are wrong, which has been reported: it holds whatever it is asked for, so that nothing else is said.
template <>
class metrics<detail::reported_metrics> {
public:
    static constexpr bool is_sound = false;
    template <class Metric>
    static constexpr bool has = true;
    template <class Metric>
    [[nodiscard]] constexpr auto get() const {
        return detail::refused_value<typename detail::metric_in<Metric>::value_type>{};
    }
    template <fixed_string>
    [[nodiscard]] constexpr auto get() const {
        return 0.0;
    }
    friend constexpr bool operator==(const metrics&, const metrics&) = default;
};

namespace detail {

template <class... M>
inline constexpr bool is_metrics<metrics<M...>> = true;

/// The name of the first metric whose value is NaN; empty where there is none.
template <class... M>
[[nodiscard]] constexpr std::string_view nan_metric(const metrics<M...>& record) {
    const std::array<std::string_view, sizeof...(M)> names{M::name()...};
    const auto values = record.si_values();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] != values[i]) return names[i];
    return {};
}

/// Appends the metrics that are not there yet.
template <class Record, class... More>
struct unite_metrics {
    using type = Record;
};
template <class... M, class First, class... More>
struct unite_metrics<metrics<M...>, First, More...> {
    using type = typename unite_metrics<std::conditional_t<(std::same_as<First, M> || ...), metrics<M...>, metrics<M..., First>>, More...>::type;
};

} // namespace detail
} // namespace verdant
