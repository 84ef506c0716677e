#pragma once

#include <verdant/space/feasibility.hpp>

#include <cstddef>

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

/// One message a mistake. The compiler prints the arguments, so the message need not hold the name.
template <class S, problem Found, fixed_string Name>
struct sound_space {
    static_assert(is_not<Found, problem::no_parameters>,
                  "verdant: this space has no parameters; give it at least one param<\"name\", range<...>>");
    static_assert(is_not<Found, problem::not_an_element>,
                  "verdant: a space or when holds something other than param, where, nest, repeat and when; put a space into nest<\"prefix\", Space>");
    static_assert(is_not<Found, problem::not_a_domain>,
                  "verdant: the second argument of a param is no domain; write range<low, high>, choices<...> or flag, see Name above");
    static_assert(is_not<Found, problem::not_a_space>,
                  "verdant: a nest or repeat holds something that is no space; give it a struct derived from space<...>, see Name above");
    static_assert(is_not<Found, problem::bad_name>,
                  "verdant: a parameter's name is empty or holds a character other than letters, digits, _ and -; rename it, see Name above");
    static_assert(is_not<Found, problem::bad_prefix>,
                  "verdant: the prefix of a nest or repeat is empty or holds a character other than letters, digits, _ and -; rename it, see Name "
                  "above");
    static_assert(is_not<Found, problem::duplicate_name>,
                  "verdant: two parameters of this space have the same name; rename one, see Name above");
    static_assert(is_not<Found, problem::empty_domain>,
                  "verdant: a parameter has an empty domain; write range<low, high, step> with low <= high and step > 0, or choices<...> of at least "
                  "one value, see Name above");
    static_assert(is_not<Found, problem::large_domain>,
                  "verdant: a parameter has more than 16 million values; choose a larger step, or several parameters, see Name above");
    static_assert(is_not<Found, problem::duplicate_value>, "verdant: a domain lists a value twice; write each value once, see Name above");
    static_assert(is_not<Found, problem::mixed_domain>,
                  "verdant: a domain mixes values of different kinds; write only numbers, only strings or only enumerators, see Name above");
    static_assert(is_not<Found, problem::unknown_name>,
                  "verdant: a constraint, when or fix names a parameter that this space does not have; correct the name, see Name above");
    static_assert(is_not<Found, problem::declared_later>,
                  "verdant: a when condition names a parameter that is declared after it; move that parameter before the when, see Name above");
    static_assert(is_not<Found, problem::floating_in_constraint>,
                  "verdant: a constraint uses a floating-point parameter; give the parameter an integer domain, for example in thousandths, see "
                  "Name above");
    static_assert(is_not<Found, problem::floating_number>,
                  "verdant: a constraint uses a floating-point number; write it in integers, for example in thousandths");
    static_assert(is_not<Found, problem::plain_operand>,
                  "verdant: an expression holds a plain number or string; write it as val<...>, for example var<\"width\"> <= val<64>");
    static_assert(is_not<Found, problem::mixed_types>,
                  "verdant: a constraint mixes a string or an enumerator with a number, or orders it; compare it with == and != to its own kind, see "
                  "Name above");
    static_assert(is_not<Found, problem::unknown_label>,
                  "verdant: a constraint compares a parameter with a string or enumerator that is none of its values; correct it, see Name above");
    static_assert(is_not<Found, problem::not_a_condition>,
                  "verdant: the expression of a where or when is a number, not a condition; compare it with something, for example == val<0>");
    static_assert(is_not<Found, problem::too_deep>, "verdant: an expression is nested too deeply; split it into several where<...>");
    static_assert(is_not<Found, problem::foreign_value>,
                  "verdant: fix or restrict uses a value that the parameter's domain does not hold; choose among its values, see Name above");
    static constexpr bool value = true; // a false one would add a second error below the first
};

template <class S, feasibility Found>
struct possible_space {
    static_assert(is_not<Found, feasibility::infeasible>, "verdant: no point of this space satisfies its constraints; relax one of them or widen a domain");
    static constexpr bool value = true;
};

template <class S, feasibility Found>
struct proven_space {
    static_assert(is_not<Found, feasibility::undecided>,
                  "verdant: the compile-time search found no feasible point within its bound; assert not_infeasible<Space> instead of valid<Space>");
    static constexpr bool value = true;
};

// Aliases, since compilers list each template between the mistake and the user's line, and these they look through. A space with mistakes counts
// as feasible: its mistake has been reported.
template <class S>
using sound = sound_space<S, table<S>.found.kind, offending_name<S>()>;
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
