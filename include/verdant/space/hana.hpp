#pragma once

#include <verdant/meta/hana.hpp>
#include <verdant/space/point.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/at_key.hpp>
#include <boost/hana/equal.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <utility>

/// Points as maps of Boost.Hana from names of parameters to values.
namespace verdant::detail {

template <class S, std::size_t P, std::size_t... I>
[[nodiscard]] consteval auto parameter_key(std::index_sequence<I...>) {
    return boost::hana::string<view_of<S>.name(P)[I]...>{};
}

/// The full name of parameter `P`, such as `"tower.0.width"_s`.
template <class S, std::size_t P>
using parameter_key_t = decltype(parameter_key<S, P>(std::make_index_sequence<view_of<S>.name(P).size()>{}));

template <class Key>
struct parameter_getter {
    template <class Point>
    [[nodiscard]] constexpr auto operator()(const Point& p) const {
        return p.template get<key_text(Key{})>();
    }
};

template <class S, std::size_t... P>
[[nodiscard]] constexpr auto parameter_accessors(std::index_sequence<P...>) {
    return boost::hana::make_tuple(boost::hana::make_pair(parameter_key_t<S, P>{}, parameter_getter<parameter_key_t<S, P>>{})...);
}

} // namespace verdant::detail

namespace boost::hana {

/// A point is a Struct of Hana: Foldable (`for_each`, `unpack`, `length`), Searchable (`at_key`, `find`, `contains`) and Comparable; `keys` and
/// `to_map` work as well. Its keys are the full names of its parameters, in order, those of nested spaces with their prefixes, and its values are
/// what `get<"name">()` gives, each of its own type: `hana::at_key(p, "width"_s)`. Those that do not exist at the point have their first value.
template <verdant::search_space S>
struct accessors_impl<verdant::point<S>> {
    [[nodiscard]] static constexpr auto apply() {
        return verdant::detail::parameter_accessors<S>(std::make_index_sequence<verdant::parameter_count<S>>{});
    }
};

/// Straight to the value: the search through all keys that Hana makes instead costs more to compile with each parameter.
template <verdant::search_space S>
struct at_key_impl<verdant::point<S>> {
    template <class Point, char... Characters>
    [[nodiscard]] static constexpr auto apply(const Point& p, string<Characters...>) {
        constexpr auto name = verdant::detail::key_text(string<Characters...>{});
        constexpr bool exists = verdant::view_of<S>.find(name.view()) < verdant::parameter_count<S>;
        static_assert(exists, "verdant: this space has no parameter of that name; see the letters of the name in this message, or print verdant::names<Space>() for the list");
        if constexpr (exists) return p.template get<name>();
        else return 0;
    }
};

template <verdant::search_space S>
struct equal_impl<verdant::point<S>, verdant::point<S>> {
    [[nodiscard]] static constexpr bool apply(const verdant::point<S>& a, const verdant::point<S>& b) { return a == b; }
};

} // namespace boost::hana
