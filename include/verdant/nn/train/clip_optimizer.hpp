#pragma once

#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/weight_decay.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// The optimiser of a CLIP, with OpenCLIP's rule of weight decay.
namespace verdant::nn {

/// OpenCLIP's rule (open_clip_train/main.py, `exclude`): all but vectors and scalars, norms, biases, and the logit scale, which go by their names.
struct openclip_decay {
    [[nodiscard]] constexpr bool operator()(std::string_view name, std::int64_t axes) const noexcept {
        for (const std::string_view part : {"bn", "ln", "bias", "logit_scale"})
            if (name.find(part) != std::string_view::npos) return false;
        return axes >= 2;
    }
};
static_assert(decay_rule<openclip_decay>);

/// An optimiser of all parameters of a CLIP, which become trainable.
template <decay_rule Rule = openclip_decay>
[[nodiscard]] adamw adamw_of(clip_model& m, const adamw_options& options = {}, const Rule& decays = {}) {
    require_grad(m);
    adamw out{options};
    for_each_parameter(m, [&](const std::string& name, const at::Tensor& t) { out.add(name, t, decays); });
    return out;
}

/// An optimiser of those parameters of a CLIP that are trainable, so that locked ones have neither moments nor decay; see `lock_towers`.
template <decay_rule Rule = openclip_decay>
[[nodiscard]] adamw adamw_of_trainable(const clip_model& m, const adamw_options& options = {}, const Rule& decays = {}) {
    adamw out{options};
    for_each_parameter(m, [&](const std::string& name, const at::Tensor& t) {
        if (t.requires_grad()) out.add(name, t, decays);
    });
    return out;
}

} // namespace verdant::nn
