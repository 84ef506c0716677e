#pragma once

#include <verdant/meta/nearest_name.hpp>
#include <verdant/space/feasibility.hpp>

#include <cstddef>

/// `well_formed` and `valid`: whether a space is right, with a message where it is not.
namespace verdant {

namespace detail {

template <class S>
[[nodiscard]] consteval auto offending_name() {
    fixed_string<table<S>.found.length> name{};
    for (std::size_t i = 0; i < name.size(); ++i) name.characters[i] = table<S>.found.characters[i];
    return name;
}

/// A name for the comparison, so that compilers do not explain to the user how two enumerators compare.
template <auto Found, auto Mistake>
inline constexpr bool is_not = Found != Mistake;

/// The parameter of a space whose name is nearest to another one.
template <class S, fixed_string Name>
[[nodiscard]] consteval auto nearest_parameter() {
    constexpr auto at = nearest_name(Name.view(), parameter_count<S>, [](std::size_t p) { return view_of<S>.name(p); });
    if constexpr (at < parameter_count<S>) {
        fixed_string<view_of<S>.name(at).size()> name{};
        for (std::size_t i = 0; i < name.size(); ++i) name.characters[i] = view_of<S>.name(at)[i];
        return name;
    }
}
template <class S, fixed_string Name, bool Wanted>
struct select_nearest {
    using type = no_name_is_near;
};
template <class S, fixed_string Name>
    requires requires { nearest_parameter<S, Name>().size(); }
struct select_nearest<S, Name, true> {
    using type = nearest<nearest_parameter<S, Name>()>;
};

/// One message a mistake. The compiler prints the arguments, and with them the names.
/// @tparam Named   `named<...>`, what the problem is about
/// @tparam Nearest `nearest<...>`, the parameter that was perhaps meant
template <class S, problem Found, class Named, class Nearest>
struct sound_space {
    static_assert(is_not<Found, problem::no_parameters>, "verdant: this space has no parameters; give it at least one param<\"name\", range<...>>");
    static_assert(
        is_not<Found, problem::not_an_element>,
        "verdant: a space or when holds something other than param, where, nest, repeat and when; put a space into nest<\"prefix\", Space>");
    static_assert(is_not<Found, problem::not_a_domain>, "verdant: the second argument of a param is no domain; write range<low, high>, uniform<low, "
                                                        "high, n>, log_range<low, high, n>, choices<...> or "
                                                        "flag, see named<...> in this message");
    static_assert(
        is_not<Found, problem::not_a_space>,
        "verdant: a nest or repeat holds something that is no space; give it a struct derived from space<...>, see named<...> in this message");
    static_assert(is_not<Found, problem::bad_name>,
                  "verdant: a parameter's name is empty or holds a character other than letters, digits, _ and -, or is no string; "
                  "rename it, see named<...> in this message");
    static_assert(is_not<Found, problem::bad_prefix>, "verdant: the prefix of a nest or repeat is empty or holds a character other than letters, "
                                                      "digits, _ and -; rename it, see named<...> in this message");
    static_assert(is_not<Found, problem::duplicate_name>,
                  "verdant: two parameters of this space have the same name; rename one, see named<...> in this message");
    static_assert(is_not<Found, problem::empty_domain>,
                  "verdant: a parameter has an empty domain; write range<low, high, step> with low <= high and step > 0, or choices<...> of at least "
                  "one value, see named<...> in this message");
    static_assert(
        is_not<Found, problem::large_domain>,
        "verdant: a parameter has more than 16 million values; choose a larger step, or several parameters, see named<...> in this message");
    static_assert(is_not<Found, problem::large_value>,
                  "verdant: a number of a domain or constraint is above 9223372036854775807, which 64 bits with a sign do not hold; write a smaller "
                  "one, see named<...> in this message");
    static_assert(is_not<Found, problem::duplicate_value>,
                  "verdant: a domain lists a value twice; write each value once, see named<...> in this message");
    static_assert(
        is_not<Found, problem::mixed_domain>,
        "verdant: a domain mixes values of different kinds; write only numbers, only strings or only enumerators, see named<...> in this message");
    static_assert(is_not<Found, problem::unknown_name>, "verdant: a constraint, when or fix names a parameter that this space does not have; correct "
                                                        "the name, see named<...> and nearest<...> in this message");
    static_assert(
        is_not<Found, problem::declared_later>,
        "verdant: a when condition names a parameter that is declared after it; move that parameter before the when, see named<...> in this message");
    static_assert(is_not<Found, problem::no_numbers>,
                  "verdant: a domain lacks a number or has something else in its place; write range<low, high>, range<low, high, step>, "
                  "uniform<low, high, n>, log_range<low, high, n>, or choices<...> of strings and enumerators, see named<...> in this message");
    static_assert(is_not<Found, problem::not_finite>,
                  "verdant: a bound or number is infinite or NaN; write a finite one, see named<...> in this message where it is a parameter's");
    static_assert(
        is_not<Found, problem::no_interval>,
        "verdant: the bounds or the number of values of a uniform or log_range are wrong; write uniform<low, high, n> with low < high and n of at "
        "least 2, see named<...> in this message");
    static_assert(
        is_not<Found, problem::no_logarithm>,
        "verdant: a log_range begins at zero or below, where there is no logarithm; write a first value above zero, or uniform<low, high, n>, "
        "see named<...> in this message");
    static_assert(
        is_not<Found, problem::uneven_interval>,
        "verdant: the steps of a uniform of whole numbers are no whole numbers; write floating-point bounds such as 0.0 and 1.0, or a number of "
        "values that divides, see named<...> in this message");
    static_assert(is_not<Found, problem::crowded_domain>, "verdant: two values of a uniform or log_range round to the same number; take fewer "
                                                          "values, or a wider interval, see named<...> in this message");
    static_assert(is_not<Found, problem::floating_in_constraint>,
                  "verdant: a constraint computes with a floating-point parameter, which is only compared; compare it with a number or another such "
                  "parameter, or give it an integer domain, for example in thousandths, see named<...> in this message");
    static_assert(is_not<Found, problem::floating_number>,
                  "verdant: a constraint uses a floating-point number beside whole numbers; write it in integers, for example in thousandths");
    static_assert(is_not<Found, problem::mixed_numbers>,
                  "verdant: a constraint compares a floating-point parameter with something of another kind; compare it with a number or another "
                  "floating-point parameter, see named<...> in this message");
    static_assert(is_not<Found, problem::plain_operand>,
                  "verdant: an expression holds a plain number or string, or is one; write val<...> for a constant and var<\"...\"> for a parameter, "
                  "without quotation marks around the whole, for example where<var<\"width\"> <= val<64>>");
    static_assert(is_not<Found, problem::mixed_types>, "verdant: a constraint mixes a string or an enumerator with a number, or orders it; compare "
                                                       "it with == and != to its own kind, see named<...> in this message");
    static_assert(is_not<Found, problem::unknown_label>, "verdant: a constraint compares a parameter with a string or enumerator that is none of its "
                                                         "values; correct it, see named<...> in this message");
    static_assert(is_not<Found, problem::not_a_condition>,
                  "verdant: the expression of a where or when is a number, not a condition; compare it with something, for example == val<0>");
    static_assert(is_not<Found, problem::too_deep>, "verdant: an expression is nested too deeply; split it into several where<...>");
    static_assert(
        is_not<Found, problem::foreign_value>,
        "verdant: fix or restrict uses a value that the parameter's domain does not hold; choose among its values, see named<...> in this message");
    static constexpr bool value = true; // a false one would add a second error below the first
};

template <class S, feasibility Found>
struct possible_space {
    static_assert(is_not<Found, feasibility::infeasible>,
                  "verdant: no point of this space satisfies its constraints; relax one of them or widen a domain");
    static constexpr bool value = true;
};

template <class S, feasibility Found>
struct proven_space {
    static_assert(is_not<Found, feasibility::undecided>,
                  "verdant: the compile-time search found no feasible point within its bound; assert not_infeasible<Space> instead of valid<Space>");
    static constexpr bool value = true;
};

// A space that is unsound since one within it is, by nest, repeat, fix or restrict, gets the message of that one: however many are made from it,
// there is one.

template <class Element>
inline constexpr bool holds_mistake = false;
template <class Element>
    requires requires { typename Element::space_type; }
inline constexpr bool holds_mistake<Element> = !table<typename Element::space_type>.found.sound();

template <class S, bool Sound = table<S>.found.sound()>
struct reported_of {
    using type = S;
};
template <class S, class Elements>
struct first_mistaken {
    using type = S;
};
template <class S, class Element, class... Rest>
struct first_mistaken<S, element_list<Element, Rest...>> : first_mistaken<S, element_list<Rest...>> {};
template <class S, class Element, class... Rest>
    requires holds_mistake<Element>
struct first_mistaken<S, element_list<Element, Rest...>> : reported_of<typename Element::space_type> {};
template <class S>
struct reported_of<S, false> : first_mistaken<S, typename S::elements> {};

// Aliases, since compilers list each template between the mistake and the user's line, and these they look through. A space with mistakes counts
// as feasible: its mistake has been reported.
template <class S>
using sound_as = sound_space<S, table<S>.found.kind, named<offending_name<S>()>,
                             typename select_nearest<S, offending_name<S>(), table<S>.found.kind == problem::unknown_name>::type>;
template <class S>
using sound = sound_as<typename reported_of<S>::type>;
template <class S>
using possible = possible_space<S, table<S>.found.sound() ? feasibility_of<S> : feasibility::feasible>;
template <class S>
using proven = proven_space<S, table<S>.found.sound() ? feasibility_of<S> : feasibility::feasible>;

} // namespace detail

/// What is wrong with a space, as a value: for code that asks instead of failing.
template <search_space S>
inline constexpr diagnosis diagnosis_of = detail::table<S>.found;

/// True where names, domains and constraints of a space fit together. Where they do not, compilation fails with one message.
template <search_space S>
inline constexpr bool well_formed = detail::sound<S>::value;

/// True where, besides, no contradiction was found; `search` asks for this. Fails with one message where constraints contradict.
template <search_space S>
inline constexpr bool not_infeasible = detail::sound<S>::value && detail::possible<S>::value;

/// True where names are unique, every name used exists, domains are not empty and some point is feasible: all of it proved by the compiler.
/// Where one of these does not hold, compilation fails with one message; `diagnosis_of` and `feasibility_of` ask without failing.
template <search_space S>
inline constexpr bool valid = detail::sound<S>::value && detail::possible<S>::value && detail::proven<S>::value;

} // namespace verdant
