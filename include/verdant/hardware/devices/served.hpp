#pragma once

#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/hardware/devices/serving.hpp>
#include <verdant/hardware/devices/serving_memory.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/language/decoder.hpp>

/// A language model on real devices as a type, which the compiler refuses where it does not fit.
namespace verdant::hardware {

namespace detail {

template <const hardware::real_device& Device, workload::decoder Model, hardware::serving_plan Plan, hardware::serving_load Load>
consteval bool check_served() {
    constexpr bool counts = workload::is_well_formed(Model) && hardware::is_well_formed(Load) && Plan.devices > 0;
    static_assert(counts,
                  "verdant: there is nothing to serve; write a model with layers, at least one device, and a batch, prompts and answers above 0");
    constexpr bool computes = hardware::computes(Device, Plan.arithmetic) && hardware::has_roofline(Device);
    static_assert(computes,
                  "verdant: this device has no published peak at the precision of the arithmetic; write one that it has, such as precision::bf16");
    constexpr bool linked = Plan.devices == 1 || Device.link > 0;
    static_assert(linked,
                  "verdant: several devices share a layer, but the rate of their links is not known; write one device, or give real_device a link");
    if constexpr (counts) {
        constexpr bool fitting = hardware::fits(Device, Model, Plan, Load);
        static_assert(
            fitting,
            "verdant: weights and cache do not fit the memory of these devices; write a smaller batch, shorter texts, fewer bits or more devices");
    }
    return true; // a false one would add a second error below the first
}

} // namespace detail

/// A model that devices serve under a load. Derive a struct of its own, so that diagnostics stay short:
///
///     struct chat : served<h100_sxm, decoder_of(llama_3_1_8b_published), serving_plan{1, bf16, bf16, bf16}, serving_load{64, 512, 400}> {};
///
/// What does not fit into the memory does not compile.
/// @tparam Device a device of static storage, such as one of `published_devices.hpp`
template <const real_device& Device, workload::decoder Model, serving_plan Plan, serving_load Load>
struct served {
    static constexpr const real_device& device = Device;
    static constexpr workload::decoder model = Model;
    static constexpr serving_plan plan = Plan;
    static constexpr serving_load load = Load;

    static consteval bool sound() { return detail::check_served<Device, Model, Plan, Load>(); }
    static_assert(sound());

    /// Weights and cache of all devices.
    [[nodiscard]] static constexpr auto memory() { return serving_memory(Model, Plan, Load); }
    /// The least time between two tokens of a text.
    [[nodiscard]] static constexpr si::time step() { return step_time(Model, Device, Plan, Load, si::time{}).total(); }
    /// The least time until the first word of one prompt.
    [[nodiscard]] static constexpr si::time first_word() { return prefill_time(Model, Device, Plan, 1, Load.prompt, si::time{}).total(); }
};

} // namespace verdant::hardware
