#pragma once

#include <concepts>
#include <type_traits>

namespace verdant::detail {

/// What all classes are that say what is wrong with arguments: `static_assert(slip<Wrong>::value)` or `static_cast<void>(slip<Wrong>::value)` makes
/// one. Classes, so that compilers list few steps between the mistake and the user's line; `value` is here, since clang forgets what follows a failed
/// assertion, and always true, since a false one would add a second error below the first.
struct refusal {
    static constexpr bool value = true;
};
/// False of whatever was written, once that is known: for assertions in what only mistakes instantiate.
template <class... Written>
inline constexpr bool fits = false;

/// Stands for a value that a program was refused, as what it is and as a number, so that only the mistake is reported: `const double x = ...` of a
/// quantity.
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
