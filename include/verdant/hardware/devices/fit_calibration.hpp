#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/devices/kernel.hpp>
#include <verdant/hardware/devices/measured_device.hpp>
#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/hardware/devices/roofline.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>

/// Calibrations from measurements.
namespace verdant::hardware {

namespace detail {

/// The three numbers of a calibration on their way: logarithms, so that steps are factors.
using log_calibration = std::array<double, 3>;

inline hardware::calibration calibration_of(const log_calibration& at) {
    return {.launch = std::exp(at[0]) * seconds{}, .arithmetic = std::min(1.0, std::exp(at[1])), .memory = std::min(1.0, std::exp(at[2]))};
}

/// The sum of |ln(estimate / measurement)|: one outlier does not pull it, and twice as slow weighs as much as twice as fast.
inline double log_misfit(const log_calibration& at, std::span<const timed_kernel> kernels, const real_device& d, precision p) {
    const auto c = calibration_of(at);
    double sum = 0;
    for (const auto& k : kernels) sum += std::abs(std::log(to_si(hardware::estimated_time(k.work, d, p, c)) / to_si(k.time)));
    return sum;
}

} // namespace detail

/// The calibration of one kind of kernel with the least sum of |ln(estimate / measurement)|: a descent along coordinates whose steps halve, from
/// several starts; deterministic. A share that no kernel shows, such as that of the peak where none has operations, is 1.
/// @param kernels measurements of kernels of one kind on this device
/// @throws input_error if there are fewer than three, or one took no time, or the device has no peak at this precision
template <class = instantiated_when_used>
[[nodiscard]] calibration fit_calibration(std::span<const timed_kernel> kernels, const real_device& d, precision p) {
    detail::check_roofline(d, p);
    if (kernels.size() < 3) throw input_error{"calibration", d.name, "at least three kernels", std::to_string(kernels.size())};
    detail::check_times(kernels, d.name);
    double least = std::numeric_limits<double>::infinity();
    for (const auto& k : kernels) least = std::min(least, to_si(k.time) / std::max(k.work.launches, 1.0));

    detail::log_calibration best{};
    double best_misfit = std::numeric_limits<double>::infinity();
    for (const double share : {0.9, 0.6, 0.3}) {
        for (const double launch : {0.95, 0.3}) {
            detail::log_calibration at{std::log(launch * least), std::log(share), std::log(share)};
            double misfit = detail::log_misfit(at, kernels, d, p);
            for (double step = 0.5; step > 1e-4; step /= 2)
                for (bool moved = true; moved;) {
                    moved = false;
                    for (std::size_t i = 0; i < at.size(); ++i)
                        for (const double by : {step, -step}) {
                            auto next = at;
                            next[i] += by;
                            if (i > 0) next[i] = std::min(next[i], 0.0);
                            if (const double m = detail::log_misfit(next, kernels, d, p); m < misfit - 1e-12) {
                                at = next;
                                misfit = m;
                                moved = true;
                            }
                        }
                }
            if (misfit < best_misfit) {
                best = at;
                best_misfit = misfit;
            }
        }
    }
    auto c = detail::calibration_of(best);
    // what none of them shows is not claimed
    if (std::all_of(kernels.begin(), kernels.end(), [](const timed_kernel& k) { return k.work.operations == 0; })) c.arithmetic = 1;
    if (std::all_of(kernels.begin(), kernels.end(), [](const timed_kernel& k) { return k.work.bytes == 0; })) c.memory = 1;
    return c;
}
VERDANT_DEFINED_ONCE(calibration fit_calibration<>(std::span<const timed_kernel>, const real_device&, precision));

} // namespace verdant::hardware
