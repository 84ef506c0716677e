#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/devices/kernel.hpp>
#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <string_view>

/// How long a kernel takes at least on a real device, and how long about.
namespace verdant::hardware {

/// What a kernel waits for.
enum class bottleneck : unsigned char { arithmetic, memory };

/// Operations a byte above which arithmetic bounds a kernel: the ridge of the roofline (Williams, Waterman and Patterson, "Roofline: an insightful
/// visual performance model for multicore architectures", CACM 2009).
/// @throws input_error if the device has no peak at this precision
[[nodiscard]] constexpr double ridge(const real_device& d, precision p) {
    detail::check_roofline(d, p);
    return d.peaks[p] / d.bandwidth;
}

/// No run of the kernel from memory is faster: max(operations / peak, bytes / bandwidth), as in the roofline; no launch is counted.
/// @throws input_error if the device has no peak at this precision, or the work is negative or no number
[[nodiscard]] constexpr si::time lower_bound(const kernel_work& w, const real_device& d, precision p) {
    detail::check_work(w);
    detail::check_roofline(d, p);
    return std::max(w.operations / d.peaks[p], w.bytes / d.bandwidth) * seconds{};
}

/// Which of the two terms of `lower_bound` is the larger one.
/// @throws input_error as `lower_bound`
[[nodiscard]] constexpr bottleneck bound_by(const kernel_work& w, const real_device& d, precision p) {
    detail::check_work(w);
    detail::check_roofline(d, p);
    return w.operations / d.peaks[p] >= w.bytes / d.bandwidth ? bottleneck::arithmetic : bottleneck::memory;
}

/// What real kernels of one kind reach of a device's figures.
struct calibration {
    si::time launch{}; ///< of each launch, before anything is computed
    double arithmetic = 1; ///< share of the peak, above 0, at most 1
    double memory = 1; ///< share of the bandwidth, above 0, at most 1
};

/// Whether the overhead is not negative and both shares are above 0 and at most 1, so that an estimate is never below the bound.
[[nodiscard]] constexpr bool is_sound(const calibration& c) {
    const auto share = [](double s) { return s > 0 && s <= 1; };
    return to_si(c.launch) >= 0 && to_si(c.launch) < 1e9 && share(c.arithmetic) && share(c.memory);
}

/// The time of a kernel of the kind that was calibrated: launches + max(operations / (share of the peak), bytes / (share of the bandwidth)).
/// @throws input_error if the device has no peak at this precision, the calibration is not sound, or the work is negative or no number
[[nodiscard]] constexpr si::time estimated_time(const kernel_work& w, const real_device& d, precision p, const calibration& c) {
    detail::check_work(w);
    detail::check_roofline(d, p);
    if (!is_sound(c))
        throw input_error{"calibration", d.name, "an overhead that is not negative, shares above 0 and at most 1", "one that is not so"};
    return w.launches * c.launch + std::max(w.operations / (c.arithmetic * d.peaks[p]), w.bytes / (c.memory * d.bandwidth)) * seconds{};
}

} // namespace verdant::hardware
