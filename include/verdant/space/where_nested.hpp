#pragma once

#include <verdant/space/value_type.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

/// Where the parameters of a nested space begin.
namespace verdant::detail {

/// Where the parameters of a nested space begin, and its type.
template <class Space, std::size_t Offset>
struct nested_place {
    using space_type = Space;
    static constexpr std::size_t offset = Offset;
};

template <fixed_string Prefix, std::size_t Number, class Element>
struct nest_match {
    static constexpr bool here = false;
};
template <fixed_string Prefix, std::size_t Number, class Inner>
struct nest_match<Prefix, Number, nest<Prefix, Inner>> {
    static constexpr bool here = Number == 0;
    using space_type = Inner;
    static constexpr std::size_t offset = 0;
};
template <fixed_string Prefix, std::size_t Number, std::size_t Count, class Inner>
struct nest_match<Prefix, Number, repeat<Prefix, Count, Inner>> {
    static constexpr bool here = Number < Count;
    using space_type = Inner;
    static constexpr std::size_t offset = Number * parameter_count<Inner>;
};

template <fixed_string Prefix, std::size_t Number, class List>
struct find_nested;

template <fixed_string Prefix, std::size_t Number, literal Condition, class... Elements>
struct nest_match<Prefix, Number, when<Condition, Elements...>> : find_nested<Prefix, Number, element_list<Elements...>> {};
template <fixed_string Prefix, std::size_t Number, class Element>
    requires requires { typename Element::narrowed_space; }
struct nest_match<Prefix, Number, Element> : find_nested<Prefix, Number, typename Element::narrowed_space::elements> {};

template <fixed_string Prefix, std::size_t Number, class... Elements>
struct find_nested<Prefix, Number, element_list<Elements...>> {
    /// The element that is or holds the nested space; one past the last where none does.
    static constexpr std::size_t found() {
        std::size_t i = 0;
        for (const bool match : {nest_match<Prefix, Number, Elements>::here..., true}) {
            if (match) break;
            ++i;
        }
        return i;
    }
    static constexpr bool here = found() < sizeof...(Elements);
    static constexpr std::size_t element() { return here ? found() : 0; }
    static constexpr std::size_t before() {
        std::size_t sum = 0, i = 0;
        for (const auto n : {parameters_of<Elements>()...})
            if (i++ < element()) sum += n;
        return sum;
    }
    using elements = indexed_elements<std::index_sequence_for<Elements...>, Elements...>;
    using match = nest_match<Prefix, Number, typename decltype(element_at<element()>(std::declval<elements>()))::type>;
    using space_type = typename std::conditional_t<here, match, nested_place<void, 0>>::space_type;
    static constexpr std::size_t offset = before() + std::conditional_t<here, match, nested_place<void, 0>>::offset;
};

/// Stands for a nested point that does not exist, so that only that is reported.
struct no_point {
    template <fixed_string>
    [[nodiscard]] constexpr int get() const {
        return 0;
    }
    template <fixed_string, std::size_t = 0>
    [[nodiscard]] constexpr no_point nested() const {
        return {};
    }
};

} // namespace verdant::detail
