#pragma once

#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/technology.hpp>

namespace verdant::hardware {

/// Peak throughput of the tensor cores in 10^12 operations per second, a multiply-accumulate counted as two (docs/estimator.md 1.3).
[[nodiscard]] constexpr double tops(const accelerator& a) {
    return static_cast<double>(a.tensor_cores) * a.width * a.depth * 2.0 * int8_22nm::cycles_per_second / 1e12;
}

/// The throughput limit of the published search in TOPS: 16384 PEs (CATransformers, configurations.py).
inline constexpr double published_tops_limit = 20.48;

} // namespace verdant::hardware
