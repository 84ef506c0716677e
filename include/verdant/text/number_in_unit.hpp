#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

/// Numbers of SI units as text in other units. A double may be too large or too small for the doubles of another unit, as 1e306 s is in ms: such a
/// number stays in SI units, and says so, where it would else be infinite, zero, or not what was measured.
namespace verdant {

/// Whether a number of SI units is one of the doubles in a unit, too, but for rounding. One that is not finite is the same in any.
/// @param factor the unit in SI units
[[nodiscard]] inline bool fits_unit(double si, double factor) {
    if (!std::isfinite(si) || si == 0) return true;
    const double back = si / factor * factor;
    return std::isfinite(back) && std::abs(back - si) <= 4 * std::numeric_limits<double>::epsilon() * std::abs(si);
}

/// The number in the unit, for columns that name it; `1e+306 SI` where it does not fit.
/// @param write (double) -> text, such as by `exact_text`
template <class Write>
[[nodiscard]] std::string number_in_unit(double si, double factor, Write write) {
    return fits_unit(si, factor) ? std::string{write(si / factor)} : write(si) + " SI";
}

/// The number with the unit behind it, `12.5 ms`; `1e+306 SI` where it does not fit.
/// @param symbol of the unit; empty where it has none
template <class Write>
[[nodiscard]] std::string number_with_unit(double si, double factor, std::string_view symbol, Write write) {
    auto text = number_in_unit(si, factor, write);
    if (!symbol.empty() && fits_unit(si, factor)) text.append(1, ' ').append(symbol);
    return text;
}

} // namespace verdant
