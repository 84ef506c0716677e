#pragma once

#include <verdant/meta/fixed_string.hpp>
#include <verdant/meta/members.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/core/when.hpp>
#include <boost/hana/flatten.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

/// Described structs (meta/members.hpp) as Structs of Boost.Hana, and the keys that these, points (space/hana.hpp) and records of metrics
/// (goal/hana.hpp) have: names as `hana::string`.
namespace verdant {

namespace detail {

template <fixed_string Text, std::size_t... I>
[[nodiscard]] consteval auto hana_string_of(std::index_sequence<I...>) {
    return boost::hana::string<Text.characters[I]...>{};
}

/// The characters of a key as a template argument.
template <char... Characters>
[[nodiscard]] consteval auto key_text(boost::hana::string<Characters...>) {
    return fixed_string<sizeof...(Characters)>{{Characters..., '\0'}};
}

} // namespace detail

/// A name as a value of a type of its own: the key of a member.
template <fixed_string Text>
inline constexpr auto key = detail::hana_string_of<Text>(std::make_index_sequence<Text.size()>{});

namespace literals {

/// `"width"_s` is `key<"width">`. Hana's own literal of that name is an extension of the compilers; this one is C++20.
template <fixed_string Text>
[[nodiscard]] consteval auto operator""_s() {
    return key<Text>;
}

} // namespace literals

namespace detail {

/// Gives the member of a struct, as a reference where the struct is one.
template <auto Pointer>
struct member_getter {
    template <class Struct>
    [[nodiscard]] constexpr decltype(auto) operator()(Struct&& of) const {
        return (std::forward<Struct>(of).*Pointer);
    }
};

template <class Entry>
struct entry_accessors {
    [[nodiscard]] static constexpr auto all() { return boost::hana::make_tuple(); }
};
template <fixed_string Name, auto Pointer, member_role Role>
struct entry_accessors<member<Name, Pointer, Role>> {
    [[nodiscard]] static constexpr auto all() { return boost::hana::make_tuple(boost::hana::make_pair(key<Name>, member_getter<Pointer>{})); }
};

template <class... Entries>
[[nodiscard]] constexpr auto accessors_of(members<Entries...>) {
    return boost::hana::flatten(boost::hana::make_tuple(entry_accessors<Entries>::all()...));
}

} // namespace detail
} // namespace verdant

namespace boost::hana {

/// A described struct is a Struct of Hana, and so Foldable (`for_each`, `unpack`, `length`), Searchable (`at_key`, `find`, `contains`) and
/// Comparable, unless it has an operator== of its own. Keys are the names of its direct members; `at_key` gives references.
template <verdant::described_struct Described>
struct accessors_impl<Described, when<verdant::detail::description_check<Described>::value>> {
    [[nodiscard]] static constexpr auto apply() { return verdant::detail::accessors_of(typename Described::described{}); }
};

} // namespace boost::hana
