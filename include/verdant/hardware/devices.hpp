#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>

#include <array>
#include <string>
#include <string_view>

/// Fixed accelerators by name, such as one like an A100.
namespace verdant::hardware {

/// A fixed accelerator by name.
struct device {
    std::string_view name;
    accelerator value;
};

/// GPU-like points: core counts and buffers of well-known GPUs in the same 22 nm, 625 MHz, 8-bit template. They are not models of
/// those products, which are `devices/published_devices.hpp`. Source: CATransformers, optimization/optimizer_energy_model.py, of which
/// `h100_like` is the fixed hardware and the others are alternatives; docs/estimator.md 1.4.
inline constexpr device v100_like{"V100-like", {640, 5120, 16, 4, 16, 64 * 1024LL, 128, 6 * 1024 * 1024LL}};
inline constexpr device a100_like{"A100-like", {432, 6912, 16, 4, 16, 192 * 1024LL, 128, 32 * 1024 * 1024LL}};
inline constexpr device h100_like{"H100-like", {528, 16896, 16, 4, 16, 256 * 1024LL, 256, 50 * 1024 * 1024LL}};

/// All of them, for a lookup by name.
inline constexpr std::array devices{v100_like, a100_like, h100_like};

/// The fixed device of that name.
/// @throws input_error listing the names, if there is none
[[nodiscard]] inline const device& device_named(std::string_view name) {
    std::string known;
    for (const device& d : devices) {
        if (d.name == name) return d;
        known += (known.empty() ? "" : ", ") + std::string{d.name};
    }
    throw input_error{"device", "", "one of " + known, "\"" + std::string{name} + "\""};
}

} // namespace verdant::hardware
