#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/meta/fixed_string.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Metrics of tabular benchmarks, and the devices that some of them are measured on.
namespace verdant {

/// Images that a device finishes each second.
struct images_per_second : unit<si::frequency, 1.0, "images/s"> {};

/// Share of right answers, shown in per cent.
struct top1 : metric<"top1", double, percent> {};
/// Share of images whose label is among the five likeliest, shown in per cent.
struct top5 : metric<"top5", double, percent> {};
/// Images a second on a device.
struct throughput : metric<"throughput", si::frequency, images_per_second> {};
/// Time of a training.
struct training_time : metric<"training_time", si::time, hours> {};

} // namespace verdant

namespace verdant::tabular {

namespace detail {

struct device_tag {};

/// Of metrics that do not depend on a device, the name that records have for them; empty for those that do.
template <metric_like M>
inline constexpr std::string_view network_metric{};
template <> inline constexpr std::string_view network_metric<top1> = "val_top1";
template <> inline constexpr std::string_view network_metric<accuracy> = "val_top1";
template <> inline constexpr std::string_view network_metric<top5> = "val_top5";
template <> inline constexpr std::string_view network_metric<training_time> = "train_time";
template <> inline constexpr std::string_view network_metric<macs> = "macs";
template <> inline constexpr std::string_view network_metric<parameters> = "params";

template <class M>
concept metric_of_device = std::same_as<M, latency> || std::same_as<M, throughput> || std::same_as<M, energy>;

/// What is checked of a device; in a class of its own, since clang takes one whose assertion fails for no base.
template <class... M>
struct device_check {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool are_of_devices = (metric_of_device<M> && ...);
    static_assert(are_of_devices, "verdant: that metric is not measured on a device; list of latency, throughput and energy those that were measured on it");
};

} // namespace detail

/// A device that networks were measured on. Derive a struct of your own from it: `struct my_phone : device<"my_phone", latency> {};`
/// @tparam Name as records have it: `latency_my_phone`
/// @tparam M    what was measured on it: latency, throughput, energy
template <fixed_string Name, metric_like... M>
struct device : detail::device_tag {
    static_assert(detail::device_check<M...>::value);
    [[nodiscard]] static constexpr std::string_view name() { return Name.view(); }
    /// Whether it was measured on the device, or needs none.
    template <metric_like Metric>
    static constexpr bool measures = (std::same_as<Metric, M> || ...) || !detail::metric_of_device<Metric>;
};

/// A struct derived from `device<...>`.
template <class D>
concept device_like = std::derived_from<D, detail::device_tag>;

/// For benchmarks of metrics that need no device.
struct no_device : device<""> {};
/// AMD's Zynq UltraScale+ ZCU102 with a DPUCZDX8G B4096: eight-bit networks.
struct zcu102 : device<"zcu102", latency, throughput> {};
/// AMD's Versal VCK190 with a DPUCVDX8G C32B3: eight-bit networks.
struct vck190 : device<"vck190", latency, throughput> {};
/// NVIDIA's GeForce RTX 3090: half precision.
struct rtx_3090 : device<"3090", throughput> {};
/// NVIDIA's A100 of 40 GB: half precision.
struct a100 : device<"a100", throughput> {};
/// One core of Google's TPU v2: bfloat16, images a second and core.
struct tpuv2 : device<"tpuv2", throughput> {};
/// One core of Google's TPU v3: bfloat16, images a second and core.
struct tpuv3 : device<"tpuv3", throughput> {};

/// What records call a metric on a device: `val_top1`, `throughput_a100`; a metric that they have no name for is called as it is.
template <device_like Device, metric_like Metric>
[[nodiscard]] std::string record_metric_name() {
    if constexpr (detail::metric_of_device<Metric>) return std::string{Metric::name()} + '_' + std::string{Device::name()};
    else return std::string{detail::network_metric<Metric>.empty() ? Metric::name() : detail::network_metric<Metric>};
}

/// A device of Accel-NASBench as text, and what was measured on it.
struct device_name {
    std::string_view name;
    bool has_latency = false, has_throughput = false;

    template <device_like D>
    [[nodiscard]] static constexpr device_name of() {
        return {D::name(), D::template measures<latency>, D::template measures<throughput>};
    }
};

/// The devices of Accel-NASBench (accelnb.py).
inline constexpr std::array<device_name, 6> accel_nas_bench_devices{device_name::of<zcu102>(), device_name::of<vck190>(), device_name::of<rtx_3090>(),
                                                                    device_name::of<a100>(),   device_name::of<tpuv2>(),  device_name::of<tpuv3>()};

/// What records call a metric on a device that are given as text: `throughput_a100` for `a100` and `throughput`.
/// @throws input_error where there is no such device, or the metric was not measured on it; it names those that there are and the nearest one
[[nodiscard]] inline std::string record_metric_name(std::string_view device, std::string_view metric, std::span<const device_name> devices = accel_nas_bench_devices) {
    const auto has = [metric](const device_name& d) { return metric == "latency" ? d.has_latency : d.has_throughput; };
    constexpr std::array<std::string_view, 2> metrics{"latency", "throughput"};
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end())
        throw input_error{"benchmark", "metric", "one of " + io::name_list(metrics), '\'' + std::string{metric} + '\'' + io::did_you_mean(metric, metrics)};
    std::vector<std::string_view> all, measured;
    const device_name* found = nullptr;
    for (const auto& d : devices) {
        all.push_back(d.name);
        if (has(d)) measured.push_back(d.name);
        if (d.name == device) found = &d;
    }
    if (found == nullptr) throw input_error{"benchmark", "device", "one of " + io::name_list(all), '\'' + std::string{device} + '\'' + io::did_you_mean(device, all)};
    if (!has(*found))
        throw input_error{"benchmark", "metric", "a metric that was measured on " + std::string{device},
                          '\'' + std::string{metric} + "', which was measured on " + io::name_list(measured)};
    return std::string{metric} + '_' + std::string{device};
}

} // namespace verdant::tabular
