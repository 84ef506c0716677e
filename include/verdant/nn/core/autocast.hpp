#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/autocast_mode.h>
#include <torch/version.h>

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
        explicit scope(at::Device device) : device_{device.type()}, was_on_{is_on(device_)}, was_type_{type(device_)} {
            if (device_ == at::kCPU && Type != at::kBFloat16) throw input_error{"precision", "", "bfloat16 when mixing on the CPU", "half"};
            at::autocast::increment_nesting();
            set(device_, true, Type);
        }
        scope(const scope&) = delete;
        scope& operator=(const scope&) = delete;
        ~scope() {
            if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
            set(device_, was_on_, was_type_);
        }

    private:
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
        static bool is_on(at::DeviceType device) { return at::autocast::is_autocast_enabled(device); }
        static at::ScalarType type(at::DeviceType device) { return at::autocast::get_autocast_dtype(device); }
        static void set(at::DeviceType device, bool on, at::ScalarType type) {
            at::autocast::set_autocast_enabled(device, on);
            at::autocast::set_autocast_dtype(device, type);
        }
#else
        static bool is_on(at::DeviceType device) { return device == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled(); }
        static at::ScalarType type(at::DeviceType device) {
            return device == at::kCPU ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype();
        }
        static void set(at::DeviceType device, bool on, at::ScalarType type) {
            if (device == at::kCPU) {
                at::autocast::set_cpu_enabled(on);
                at::autocast::set_autocast_cpu_dtype(type);
            } else {
                at::autocast::set_enabled(on);
                at::autocast::set_autocast_gpu_dtype(type);
            }
        }
#endif

        at::DeviceType device_;
        bool was_on_;
        at::ScalarType was_type_;
    };
};

/// The precisions named amp and amp_bf16.
using amp = autocast<at::kHalf>;
using amp_bf16 = autocast<at::kBFloat16>;

} // namespace verdant::nn
