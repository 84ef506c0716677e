#pragma once

#include <verdant/meta/refused_value.hpp>

#include <boost/units/quantity.hpp>

#include <concepts>

/// What is said where a quantity meets a plain number. Operators are looked for where quantities are at home, in the namespace of Boost.Units. These
/// are for quantities that have a unit: `list` is what their dimensions are in. Each says so itself, since compilers list every function between a
/// mistake and the user's line.
namespace boost::units {

template <class Item, class Rest, class System, class Enable, class Y>
constexpr bool operator==(const quantity<unit<list<Item, Rest>, System, Enable>, Y>&, double) {
    constexpr bool has_unit = std::same_as<Item, void>;
    static_assert(has_unit, "verdant: a quantity is compared with a plain number; give the number a unit, for example 20.0 * milliseconds{}, or compare "
                            "in<milliseconds>(...) of the quantity");
    return true;
}
template <class Item, class Rest, class System, class Enable, class Y>
constexpr int operator<=>(const quantity<unit<list<Item, Rest>, System, Enable>, Y>&, double) {
    constexpr bool has_unit = std::same_as<Item, void>;
    static_assert(has_unit, "verdant: a quantity is compared with a plain number; give the number a unit, for example 20.0 * milliseconds{}, or compare "
                            "in<milliseconds>(...) of the quantity");
    return 0;
}
template <class Item, class Rest, class System, class Enable, class Y>
constexpr auto operator+(const quantity<unit<list<Item, Rest>, System, Enable>, Y>&, double) {
    constexpr bool has_unit = std::same_as<Item, void>;
    static_assert(has_unit, "verdant: a plain number is added to a quantity, or taken from it, or the other way round; give the number a unit, for example "
                            "20.0 * milliseconds{}, or compute with in<milliseconds>(...) of the quantity");
    return verdant::detail::refused_value<quantity<unit<list<Item, Rest>, System, Enable>, Y>>{};
}
template <class Item, class Rest, class System, class Enable, class Y>
constexpr auto operator+(double, const quantity<unit<list<Item, Rest>, System, Enable>, Y>&) {
    constexpr bool has_unit = std::same_as<Item, void>;
    static_assert(has_unit, "verdant: a plain number is added to a quantity, or taken from it, or the other way round; give the number a unit, for example "
                            "20.0 * milliseconds{}, or compute with in<milliseconds>(...) of the quantity");
    return verdant::detail::refused_value<quantity<unit<list<Item, Rest>, System, Enable>, Y>>{};
}
template <class Item, class Rest, class System, class Enable, class Y>
constexpr auto operator-(const quantity<unit<list<Item, Rest>, System, Enable>, Y>&, double) {
    constexpr bool has_unit = std::same_as<Item, void>;
    static_assert(has_unit, "verdant: a plain number is added to a quantity, or taken from it, or the other way round; give the number a unit, for example "
                            "20.0 * milliseconds{}, or compute with in<milliseconds>(...) of the quantity");
    return verdant::detail::refused_value<quantity<unit<list<Item, Rest>, System, Enable>, Y>>{};
}
template <class Item, class Rest, class System, class Enable, class Y>
constexpr auto operator-(double, const quantity<unit<list<Item, Rest>, System, Enable>, Y>&) {
    constexpr bool has_unit = std::same_as<Item, void>;
    static_assert(has_unit, "verdant: a plain number is added to a quantity, or taken from it, or the other way round; give the number a unit, for example "
                            "20.0 * milliseconds{}, or compute with in<milliseconds>(...) of the quantity");
    return verdant::detail::refused_value<quantity<unit<list<Item, Rest>, System, Enable>, Y>>{};
}

} // namespace boost::units
