#pragma once

#include <verdant/nn/device.hpp>
#include <verdant/nn/prelude.hpp>

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace verdant::detail {

/// Whether this thread mixes precisions on a device, and with which type.
struct autocast_state {
    bool on;
    at::ScalarType type;

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    [[nodiscard]] static autocast_state of(at::DeviceType device) {
        return {at::autocast::is_autocast_enabled(device), at::autocast::get_autocast_dtype(device)};
    }
    void set(at::DeviceType device) const {
        at::autocast::set_autocast_enabled(device, on);
        at::autocast::set_autocast_dtype(device, type);
    }
#else
    [[nodiscard]] static autocast_state of(at::DeviceType device) {
        if (device == at::kCPU) return {at::autocast::is_cpu_enabled(), at::autocast::get_autocast_cpu_dtype()};
        return {at::autocast::is_enabled(), at::autocast::get_autocast_gpu_dtype()};
    }
    void set(at::DeviceType device) const {
        if (device == at::kCPU) {
            at::autocast::set_cpu_enabled(on);
            at::autocast::set_autocast_cpu_dtype(type);
        } else {
            at::autocast::set_enabled(on);
            at::autocast::set_autocast_gpu_dtype(type);
        }
    }
#endif
};

/// Puts this thread into a state, and back at its end. Guards nest.
class autocast_guard {
public:
    autocast_guard(at::DeviceType device, const autocast_state& state) : device_{device}, before_{autocast_state::of(device)} {
        at::autocast::increment_nesting();
        state.set(device_);
    }
    autocast_guard(const autocast_guard&) = delete;
    autocast_guard& operator=(const autocast_guard&) = delete;
    ~autocast_guard() {
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        before_.set(device_);
    }

private:
    at::DeviceType device_;
    autocast_state before_;
};

} // namespace verdant::detail

namespace verdant::nn {

/// Mixed precision: weights stay in 32 bits, products run in `Type` while a scope is alive. On the CPU LibTorch mixes bfloat16 only.
template <at::ScalarType Type>
struct autocast {
    static_assert(Type == at::kHalf || Type == at::kBFloat16, "verdant: autocast mixes with no such type; use at::kHalf or at::kBFloat16");

    static constexpr at::ScalarType weights = at::kFloat;
    /// bfloat16 has the range of 32 bits, half has not.
    static constexpr bool scales_loss = Type == at::kHalf;

    /// Turns mixing on for this thread and restores what was before. Scopes nest; the cache of converted weights lives as long as the
    /// outermost, so that weights must not change within.
    class scope {
    public:
        explicit scope(at::Device device) : guard_{usable(device), {true, Type}} {}

    private:
        static at::DeviceType usable(at::Device device) {
            if (device.type() == at::kCPU && Type != at::kBFloat16) throw input_error{"precision", "", "bfloat16 when mixing on the CPU", "half"};
            return device.type();
        }

        detail::autocast_guard guard_;
    };
};

/// The precisions named amp and amp_bf16.
using amp = autocast<at::kHalf>;
using amp_bf16 = autocast<at::kBFloat16>;

} // namespace verdant::nn
