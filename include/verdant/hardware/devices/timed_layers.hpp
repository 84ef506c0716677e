#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/devices/kernel.hpp>
#include <verdant/hardware/devices/measured_device.hpp>
#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/latency/latency_layers.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

/// The layers of a latency table as measured kernels: what `measure_latency` wrote about the CPU at hand becomes a device.
namespace verdant::hardware {

/// The work of a layer of a latency table. Maps inside a block may stay in a cache, so only what goes in and out and the weights are compulsory.
/// @param batch images that were measured at a time
[[nodiscard]] inline kernel_work work_of(const workload::latency_layer& l, precision p, std::int64_t batch) {
    if (batch < 1) throw input_error{"latency table", l.key, "at least one image at a time", std::to_string(batch)};
    return std::visit(
        [&](const auto& what) -> kernel_work {
            using layer = std::remove_cvref_t<decltype(what)>;
            const double side = l.side, images = static_cast<double>(batch);
            const auto work = [&](double macs, double in, double out, double weights) {
                return kernel_work{.operations = 2 * images * macs, .bytes = (images * (in + out) + weights) * bytes_of(p)};
            };
            if constexpr (std::is_same_v<layer, workload::mean_layer>) return work(0, side * side * what.channels, what.channels, 0);
            else if constexpr (std::is_same_v<layer, workload::linear_layer>)
                return work(1.0 * what.in * what.out, what.in * (what.averages ? side * side : 1.0), what.out, 1.0 * what.in * what.out + what.out);
            else {
                const double after = workload::strided(l.side, what.stride);
                return work(static_cast<double>(workload::macs(what, l.side)), side * side * what.in, after * after * what.out,
                            static_cast<double>(workload::parameters(what)));
            }
        },
        l.what);
}

/// The layers of a network with their measured times, for `measured_device` and `fit_calibration`. Layers that the table gives no time, 0 ms, are
/// left out.
/// @param table of the network's resolution
/// @param batch images that were measured at a time
/// @throws input_error naming table and key, if a layer of the network is not in it, or the batch is not positive
template <class = instantiated_when_used>
[[nodiscard]] std::vector<timed_kernel> timed_layers(const workload::mobile_net& n, const workload::latency_table& table, precision p,
                                                     std::int64_t batch) {
    std::vector<timed_kernel> kernels;
    for (const auto& layer : workload::latency_layers(n))
        if (const double mean = table.mean(layer.key); mean > 0) kernels.push_back({work_of(layer, p, batch), mean * milliseconds{}});
    return kernels;
}
VERDANT_DEFINED_ONCE(std::vector<timed_kernel> timed_layers<>(const workload::mobile_net&, const workload::latency_table&, precision, std::int64_t));

} // namespace verdant::hardware
