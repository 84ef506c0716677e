#pragma once

#include <verdant/goal/metrics.hpp>
#include <verdant/meta/hana.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/at_key.hpp>
#include <boost/hana/equal.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

/// Records of metrics as maps of Boost.Hana from names of metrics to quantities.
namespace verdant::detail {

template <class M, std::size_t... I>
[[nodiscard]] consteval auto metric_key(std::index_sequence<I...>) {
    return boost::hana::string<M::name()[I]...>{};
}
template <class M>
using metric_key_t = decltype(metric_key<M>(std::make_index_sequence<M::name().size()>{}));

template <class M>
struct metric_getter {
    template <class Record>
    [[nodiscard]] constexpr typename M::value_type operator()(const Record& record) const {
        return record.template get<M>();
    }
};

/// Position of the metric of a name, or their number.
template <class... M>
[[nodiscard]] consteval std::size_t metric_named(std::string_view name) {
    const std::array<std::string_view, sizeof...(M)> names{M::name()...};
    std::size_t i = 0;
    while (i < names.size() && names[i] != name) ++i;
    return i;
}
template <class... M>
[[nodiscard]] consteval bool distinct_metric_names() {
    std::size_t i = 0;
    return (... && (metric_named<M...>(M::name()) == i++));
}

} // namespace verdant::detail

namespace boost::hana {

/// A record is a Struct of Hana as points are (space/hana.hpp): keys are the names of its metrics, values are quantities:
/// `hana::at_key(record, "latency"_s)`.
template <class... M>
struct accessors_impl<verdant::metrics<M...>> {
    [[nodiscard]] static constexpr auto apply() {
        constexpr bool distinct = verdant::detail::distinct_metric_names<M...>();
        static_assert(distinct, "verdant: two metrics of this record have one name, which is the key of both; name one of them differently");
        return make_tuple(make_pair(verdant::detail::metric_key_t<M>{}, verdant::detail::metric_getter<M>{})...);
    }
};

template <class... M>
struct at_key_impl<verdant::metrics<M...>> {
    template <class Record, char... Characters>
    [[nodiscard]] static constexpr auto apply(const Record& record, string<Characters...>) {
        constexpr auto position = verdant::detail::metric_named<M...>(verdant::detail::key_text(string<Characters...>{}).view());
        constexpr bool held = position < sizeof...(M);
        static_assert(held, "verdant: this record holds no metric of that name; see the letters of the name in this message, and the metrics<...> that it is asked of");
        if constexpr (held) return record.template get<std::tuple_element_t<position, std::tuple<M...>>>();
        else return 0;
    }
};

template <class... M>
struct equal_impl<verdant::metrics<M...>, verdant::metrics<M...>> {
    [[nodiscard]] static constexpr bool apply(const verdant::metrics<M...>& a, const verdant::metrics<M...>& b) { return a == b; }
};

} // namespace boost::hana
