// Where a program computes, by its --device.
#pragma once

#include "validators.hpp"

#include <verdant/error.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/parallel/launcher.hpp>

#include <string>
#include <string_view>

namespace terminal {

/// `cpu`; `cuda`, of which each process of a machine takes one where there are several; or that card, such as `cuda:1`.
/// @throws input_error for another name, and for a card that this LibTorch cannot use
[[nodiscard]] inline at::Device device_of(const std::string& name) {
    if (name == "cpu") return at::kCPU;
    const bool any = name == "cuda";
    const int card = any || !name.starts_with("cuda:") ? -1 : number_in<int>(std::string_view{name}.substr(5)).value_or(-1);
    if (!any && (card < 0 || name != "cuda:" + std::to_string(card)))
        throw verdant::input_error{"--device", "", "cpu, cuda or cuda:<number>", "'" + name + "'"};
    const int there = verdant::nn::cuda_devices();
    if (there <= (any ? 0 : card))
        throw verdant::input_error{"--device", "", "a graphics card " + name, std::to_string(there) + " that LibTorch can use"};
    return {at::kCUDA, static_cast<at::DeviceIndex>(any ? verdant::parallel::local_rank() % there : card)};
}

} // namespace terminal
