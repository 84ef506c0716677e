#pragma once

#include <verdant/space/validity.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

/// Where the parameter of a name stands in a space, the type of its values, and what is said of names and values that are none.
namespace verdant {

namespace detail {

template <std::size_t I, class T>
struct indexed_element {
    using type = T;
};

template <class Indices, class... T>
struct indexed_elements;
template <std::size_t... I, class... T>
struct indexed_elements<std::index_sequence<I...>, T...> : indexed_element<I, T>... {};

template <std::size_t I, class T>
indexed_element<I, T> element_at(const indexed_element<I, T>&);

template <class T>
struct value_of_element; // only for parameters

/// The type of value of parameter `P` of a list of elements: goes down into the one element that holds it.
template <class List, std::size_t P>
struct parameter_value;

template <class Element, std::size_t P>
struct element_value {
    using type = typename parameter_value<typename Element::elements, P>::type; // when
};
template <literal Name, class Domain, std::size_t P>
struct element_value<param<Name, Domain>, P> {
    using type = typename param<Name, Domain>::domain_type::value_type;
};
template <class Element, std::size_t P>
    requires requires { typename Element::space_type; }
struct element_value<Element, P> {
    using inner = typename Element::space_type;
    using type = typename parameter_value<typename inner::elements, P % parameter_count<inner>>::type;
};

/// The element that holds a parameter, and the number of the parameter there.
struct element_place {
    std::size_t element = 0, parameter = 0;
};

template <class... Elements, std::size_t P>
struct parameter_value<element_list<Elements...>, P> {
    static constexpr element_place find() {
        element_place at{0, P};
        for (const auto n : {parameters_of<Elements>()...}) {
            if (at.parameter < n) break;
            at.parameter -= n;
            ++at.element;
        }
        return at;
    }
    using elements = indexed_elements<std::index_sequence_for<Elements...>, Elements...>;
    using element = typename decltype(element_at<find().element>(std::declval<elements>()))::type;
    using type = typename element_value<element, find().parameter>::type;
};

template <class S, fixed_string Name>
inline constexpr std::size_t place_of = view_of<S>.find(Name.view());

template <class S, fixed_string Name>
[[nodiscard]] consteval std::size_t index_of_nearest(nearest<Name>) {
    return place_of<S, Name>;
}
template <class S>
[[nodiscard]] consteval std::size_t index_of_nearest(no_name_is_near) {
    return 0;
}

/// What is said of a name that no parameter of a space has.
template <class S, class Named, class Nearest>
struct unknown_parameter {
    static constexpr std::size_t index = index_of_nearest<S>(Nearest{}); // so that the value has the type that the program expects of it
    static constexpr bool exists = std::is_void_v<S>;
    static_assert(exists, "verdant: this space has no parameter of that name; see named<...> and nearest<...> in this message, or print "
                          "verdant::names<Space>() for the list");
};
/// Nothing is said of names where the space has a mistake, which has been reported.
template <class S, fixed_string Name, bool Exists = (place_of<S, Name> < parameter_count<S> || !table<S>.found.sound())>
struct select_place {
    using type = select_place;
    static constexpr std::size_t index = place_of<S, Name> < parameter_count<S> ? place_of<S, Name> : 0;
};
template <class S, fixed_string Name>
struct select_place<S, Name, false> {
    using type = unknown_parameter<S, named<Name>, typename select_nearest<S, Name, true>::type>;
};
/// Where the parameter of a name stands, as `index`. An alias, which compilers look through, so that they list few steps between a mistake and the user's line.
template <class S, fixed_string Name>
using parameter_place = typename select_place<S, Name>::type;

/// The whole numbers of a domain on both sides of one that it lacks: how messages of the compiler show what may be written.
template <std::int64_t... Values>
struct values_beside {};

template <class S, std::size_t P, std::int64_t Code>
[[nodiscard]] consteval auto find_values_beside() {
    constexpr auto n = view_of<S>.domain_size(P);
    if constexpr (view_of<S>.kind(P) == value_kind::integer && n <= 4096) {
        constexpr auto side = [](bool above) {
            std::size_t best = n;
            for (std::size_t i = 0; i < n; ++i) {
                const auto code = view_of<S>.code_of(P, i);
                if ((code > Code) != above) continue;
                if (best == n || (code < view_of<S>.code_of(P, best)) == above) best = i;
            }
            return best;
        };
        constexpr auto low = side(false), high = side(true);
        if constexpr (low < n && high < n) return values_beside<view_of<S>.code_of(P, low), view_of<S>.code_of(P, high)>{};
        else return values_beside<view_of<S>.code_of(P, low < n ? low : high)>{};
    } else return values_beside<>{};
}

/// What is said of a value that a parameter lacks.
template <class S, class Named, class Beside>
struct missing_value {
    static constexpr bool exists = std::is_void_v<S>;
    static_assert(exists,
                  "verdant: the parameter has no such value; choose one of its domain, of whole numbers see values_beside<...> in this message");
};

} // namespace detail

/// The type that `point<S>::get<Name>()` gives: an integer, bool, floating-point, enumeration or `std::string_view`. Integers are `int` where all values
/// of the domain lie within 46340 of zero, so that the product of two never passes it; else `std::int64_t`. Convert before you multiply three.
template <search_space S, fixed_string Name>
using value_of = typename detail::parameter_value<typename S::elements, detail::parameter_place<S, Name>::index>::type;

} // namespace verdant
