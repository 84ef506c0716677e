// Where a program computes, by its --device.
#pragma once

#include "validators.hpp"

#include <verdant/error.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/parallel/launcher.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace terminal {

/// `cpu`; `cuda`, of which each process of a machine takes one where there are several; or that card, such as `cuda:1`.
/// @throws input_error for another name, and for a card that this LibTorch cannot use
[[nodiscard]] inline at::Device device_of(const std::string& name) {
    if (name == "cpu") return at::kCPU;
    const auto number = name.starts_with("cuda:") ? number_in<int>(std::string_view{name}.substr(5)) : std::optional<int>{};
    if (name != "cuda" && (!number || *number < 0 || name != "cuda:" + std::to_string(*number)))
        throw verdant::input_error{"--device", "", "cpu, cuda or cuda:<number>", "'" + name + "'"};
    const int there = verdant::nn::cuda_devices();
    if (there <= number.value_or(0)) throw verdant::input_error{"--device", "", "a graphics card " + name, std::to_string(there) + " that LibTorch can use"};
    return {at::kCUDA, static_cast<at::DeviceIndex>(number.value_or(verdant::parallel::local_rank() % there))};
}

} // namespace terminal
