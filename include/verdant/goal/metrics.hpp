#pragma once

#include <verdant/goal/metric.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>

namespace verdant {

template <metric_like... M>
class metrics;

namespace detail {

/// Position of M in a pack, or the size of the pack.
template <class M, class... All>
[[nodiscard]] consteval std::size_t position_in() {
    std::size_t i = 0;
    static_cast<void>(((std::same_as<M, All> ? true : (++i, false)) || ...));
    return i;
}

template <class M, class V>
[[nodiscard]] constexpr typename M::value_type metric_value(const V& value) {
    // A variable, since of a concept the compilers would explain at length why it does not hold.
    constexpr bool fits = std::is_convertible_v<V, typename M::value_type>;
    static_assert(fits,
                  "verdant: a value has another unit than its metric; give each metric a quantity of its own kind, for example 3.0 * milliseconds{}");
    if constexpr (fits) return value;
    else return {};
}

} // namespace detail

/// A record of measured values, one for each metric: what evaluators return. `metrics<latency, area>{3.0 * milliseconds{}, 2.0 *
/// square_millimetres{}}.get<latency>()`. Values are quantities, so units cannot be mixed up.
template <metric_like... M>
class metrics {
public:
    constexpr metrics() = default;

    /// One value a metric, in the order of the metrics.
    template <class... V>
        requires(sizeof...(V) > 0 && (!std::same_as<V, metrics> && ...))
    // NOLINTNEXTLINE(google-explicit-constructor): a record of one metric is made from its value
    constexpr metrics(const V&... values) : metrics{checked{}, values...} {}

    [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(M); }

    template <class Metric>
    static constexpr bool has = (std::same_as<Metric, M> || ...);

    template <class Metric>
    [[nodiscard]] constexpr const typename Metric::value_type& get() const {
        return values_[boost::hana::size_c<index_of<Metric>()>];
    }
    template <class Metric>
    constexpr void set(const typename Metric::value_type& value) {
        values_[boost::hana::size_c<index_of<Metric>()>] = value;
    }

    /// The values as plain numbers in SI units.
    [[nodiscard]] constexpr std::array<double, sizeof...(M)> si_values() const { return {si_value(get<M>())...}; }
    /// From plain numbers in SI units, for reading files.
    [[nodiscard]] static constexpr metrics from_si_values(const std::array<double, sizeof...(M)>& values) {
        metrics record;
        std::size_t i = 0;
        (record.template set<M>(from_si<typename M::value_type>(values[i++])), ...);
        return record;
    }

    friend constexpr bool operator==(const metrics& a, const metrics& b) { return ((a.get<M>() == b.get<M>()) && ...); }

private:
    struct checked {};
    template <class... V>
    constexpr metrics(checked, const V&... values) {
        static_assert(sizeof...(V) == sizeof...(M), "verdant: metrics<...> takes one value for each metric, in their order; add or drop values");
        if constexpr (sizeof...(V) == sizeof...(M)) values_ = {detail::metric_value<M>(values)...};
    }

    template <class Metric>
    [[nodiscard]] static consteval std::size_t index_of() {
        static_assert(has<Metric>, "verdant: this record does not hold that metric; see Metric above and the metrics<...> it is asked of");
        return has<Metric> ? detail::position_in<Metric, M...>() : 0;
    }

    boost::hana::tuple<typename M::value_type...> values_{};
};

namespace detail {

template <class T>
inline constexpr bool is_metrics = false;
template <class... M>
inline constexpr bool is_metrics<metrics<M...>> = true;

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
