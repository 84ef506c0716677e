#pragma once

#include <verdant/space/validity.hpp>

#include <cstddef>
#include <utility>

/// The types of the values of parameters.
namespace verdant::detail {

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

} // namespace verdant::detail
