#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <concepts>
#include <string>

/// Device and precision of a computation, as types.
namespace verdant::nn {

/// Where tensors live and are computed with, as a type: `D::device()` names the device and throws where this machine or this build of
/// LibTorch lacks it.
template <class D>
concept device_policy = requires {
    { D::device() } -> std::same_as<at::Device>;
};

/// The processor of this machine.
struct cpu {
    [[nodiscard]] static at::Device device() { return at::kCPU; }
};

/// Number of graphics cards that this LibTorch can use; 0 for a build without CUDA, as Debian's is.
[[nodiscard]] inline int cuda_devices() {
    if (!c10::impl::hasDeviceGuardImpl(at::kCUDA)) return 0;
    return c10::impl::getDeviceGuardImpl(at::kCUDA)->deviceCount();
}

/// The graphics card of that index.
template <int Index = 0>
struct cuda {
    static_assert(Index >= 0, "verdant: a graphics card has a negative index; write cuda<0> for the first");

    /// @throws input_error if there is no such card
    [[nodiscard]] static at::Device device() {
        if (const int there = cuda_devices(); Index >= there)
            throw input_error{"device", "", "a graphics card cuda:" + std::to_string(Index), std::to_string(there) + " that LibTorch can use"};
        return {at::kCUDA, static_cast<at::DeviceIndex>(Index)};
    }
};

/// The kind of numbers of a model and of its computation, as a type: weights are kept in `P::weights`, and an object of `P::scope` is alive
/// while the model computes on that device.
template <class P>
concept precision_policy = std::constructible_from<typename P::scope, at::Device> && requires {
    { P::weights } -> std::convertible_to<at::ScalarType>;
};

/// Whether gradients of a precision need a scaled loss: a policy says so by `static constexpr bool scales_loss = true`.
template <class P>
inline constexpr bool scales_loss = [] {
    if constexpr (requires {
                      { P::scales_loss } -> std::convertible_to<bool>;
                  })
        return static_cast<bool>(P::scales_loss);
    else return false;
}();

/// Weights and computation in one type, without mixing.
template <at::ScalarType Type>
struct pure {
    static_assert(Type == at::kFloat || Type == at::kDouble || Type == at::kHalf || Type == at::kBFloat16,
                  "verdant: a model cannot compute in this type; use at::kFloat, at::kDouble, at::kHalf or at::kBFloat16");

    static constexpr at::ScalarType weights = Type;
    struct scope {
        explicit scope(at::Device) {}
    };
};

/// The precision named fp32.
using fp32 = pure<at::kFloat>;
/// The precision named pure_bf16.
using pure_bf16 = pure<at::kBFloat16>;
/// The precision named pure_fp16.
using pure_fp16 = pure<at::kHalf>;

} // namespace verdant::nn
