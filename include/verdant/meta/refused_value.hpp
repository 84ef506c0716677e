#pragma once

#include <concepts>
#include <type_traits>

namespace verdant::detail {

/// Stands for a value that a program was refused, as what it is and as a number, so that only the mistake is reported: `const double x = ...` of a quantity.
template <class Value>
struct refused_value {
    using verdant_refused = void;

    constexpr operator Value() const { return {}; } // NOLINT(google-explicit-constructor): takes the place of a value
};
template <class Value>
    requires std::is_class_v<Value>
struct refused_value<Value> : Value {
    using verdant_refused = void;

    constexpr refused_value() : Value{} {}
    template <std::floating_point Number>
    constexpr operator Number() const { // NOLINT(google-explicit-constructor): takes the place of a number
        return 0;
    }
};

} // namespace verdant::detail
