#pragma once

#include <random>

namespace verdant::reference::detail {

/// Uniform in [0, 1) with 53 bits from two words of MT19937, as CPython and NumPy both draw it (genrand_res53 of the authors' program).
[[nodiscard]] inline double mt19937_double(std::mt19937& words) {
    const auto high = static_cast<double>(words() >> 5), low = static_cast<double>(words() >> 6);
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

} // namespace verdant::reference::detail
