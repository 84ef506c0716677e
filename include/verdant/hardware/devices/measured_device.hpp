#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/devices/kernel.hpp>
#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// A device whose figures are measurements, for machines whose makers publish none that programs reach: the CPU at hand.
namespace verdant::hardware {

/// A kernel and how long it took.
struct timed_kernel {
    kernel_work work;
    si::time time{};
};

namespace detail {

/// @throws input_error if a kernel took no time or an endless one, or does negative work
inline void check_times(std::span<const timed_kernel> kernels, std::string_view where) {
    for (std::size_t i = 0; i < kernels.size(); ++i) {
        const double t = to_si(kernels[i].time);
        const auto& w = kernels[i].work;
        if (!(t > 0) || !std::isfinite(t) || !hardware::is_well_formed(w))
            throw input_error{"measured kernels", std::string{where} + ", kernel " + std::to_string(i),
                              "a positive finite time, and work that is finite and not negative",
                              std::to_string(w.operations) + " operations, " + std::to_string(w.bytes) + " bytes and " + std::to_string(w.launches) +
                                  " launches in " + std::to_string(t) + " s"};
    }
}

} // namespace detail

/// The device whose roofline touches these measurements from below: its peak is the most operations a second that any kernel reached, its bandwidth
/// the most bytes a second. So the bound of none of these kernels is above its time, and the peak is what this program reaches here, no promise of
/// the maker. What `measure_latency` writes will do: `{work of the layer, its latency}` for each row of its tables.
/// @param name     outlives the device
/// @param kernels  of one precision, at least one with operations; those that fit into a cache give a bandwidth of the cache
/// @param capacity of the memory, in bytes
/// @param power    what the device may draw, 0 where that is not known
/// @throws input_error if a kernel took no time, none computes or moves anything, or capacity or power are negative or not finite
template <class = instantiated_when_used>
[[nodiscard]] real_device measured_device(std::string_view name, std::span<const timed_kernel> kernels, precision p, double capacity,
                                          si::power power = {}) {
    detail::check_times(kernels, name);
    if (!(capacity >= 0 && std::isfinite(capacity))) throw input_error{name, "capacity", "bytes, 0 or more", std::to_string(capacity)};
    if (!(to_si(power) >= 0 && std::isfinite(to_si(power)))) throw input_error{name, "power", "watts, 0 or more", std::to_string(to_si(power))};
    double peak = 0, bandwidth = 0;
    for (const auto& k : kernels) {
        peak = std::max(peak, k.work.operations / to_si(k.time));
        bandwidth = std::max(bandwidth, k.work.bytes / to_si(k.time));
    }
    if (!(peak > 0 && bandwidth > 0)) throw input_error{"measured kernels", name, "one that computes and one that moves data", "none"};
    return {.name = name, .peaks = only(p, peak), .bandwidth = bandwidth, .capacity = capacity, .link = 0, .power = power};
}
VERDANT_DEFINED_ONCE(real_device measured_device<>(std::string_view, std::span<const timed_kernel>, precision, double, si::power));

} // namespace verdant::hardware
