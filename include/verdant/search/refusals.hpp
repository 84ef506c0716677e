#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/number_in_unit.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What sessions and runs throw: texts are put together here, compiled once for all searches of a program.
namespace verdant::detail {

template <class = instantiated_when_used>
[[noreturn]] void refuse_impatience(std::size_t questions) {
    throw search_error{"the optimizer has proposed only known points " + std::to_string(questions) +
                       " times on end; end the loop where session.exhausted() is true, or raise .patience"};
}
VERDANT_DEFINED_ONCE(void refuse_impatience<>(std::size_t));

template <class = instantiated_when_used>
[[noreturn]] void refuse_trial_not_pending(std::uint64_t number) {
    throw input_error{"session", "trial " + std::to_string(number), "one that is pending", "none"};
}
VERDANT_DEFINED_ONCE(void refuse_trial_not_pending<>(std::uint64_t));

template <class = instantiated_when_used>
[[noreturn]] void refuse_told_otherwise(const std::string& point) {
    throw input_error{"session", point, "a point that was not told, or the same again", "one that was told otherwise: correct it"};
}
VERDANT_DEFINED_ONCE(void refuse_told_otherwise<>(const std::string&));

template <class = instantiated_when_used>
[[noreturn]] void refuse_not_told(const std::string& point) {
    throw input_error{"session", point, "a point that was told", "one that was not"};
}
VERDANT_DEFINED_ONCE(void refuse_not_told<>(const std::string&));

template <class = instantiated_when_used>
[[noreturn]] void refuse_points_asked(std::size_t n) {
    throw input_error{"session", "points asked for", "a number of points that fits into memory", std::to_string(n)};
}
VERDANT_DEFINED_ONCE(void refuse_points_asked<>(std::size_t));

/// @param low,high in SI units @param factor the unit in SI units
template <class = instantiated_when_used>
[[noreturn]] void refuse_limits(std::string_view metric, double low, double high, double factor, std::string_view unit) {
    const auto shown = [&](double si) { return number_with_unit(si, factor, unit, [](double value) { return rounded_text(value); }); };
    throw input_error{"session", "limits of " + std::string{metric}, "a lower one that is not above the upper one",
                      "at least " + shown(low) + ", at most " + shown(high)};
}
VERDANT_DEFINED_ONCE(void refuse_limits<>(std::string_view, double, double, double, std::string_view));

template <class = instantiated_when_used>
[[noreturn]] void refuse_outcome(std::uint64_t number) {
    throw search_error{"a dispatcher gave an outcome of trial " + std::to_string(number) + ", which is not pending"};
}
VERDANT_DEFINED_ONCE(void refuse_outcome<>(std::uint64_t));

[[noreturn]] inline void refuse_lost_trials() { throw search_error{"a dispatcher lost trials that it was given"}; }

template <class = instantiated_when_used>
[[noreturn]] void refuse_failures(std::size_t on_end, std::uint64_t last, const std::string& message) {
    throw search_error{std::to_string(on_end) + " trials in a row failed, the last (trial " + std::to_string(last) + ") with: " + message};
}
VERDANT_DEFINED_ONCE(void refuse_failures<>(std::size_t, std::uint64_t, const std::string&));

} // namespace verdant::detail
