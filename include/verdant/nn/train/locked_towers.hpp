#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/clip.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace verdant::nn {

/// Which towers keep their weights in training, by OpenCLIP's options (locked-image tuning: Zhai et al., CVPR 2022). The groups of the vision tower
/// are patches, class token, positions and first norm; each block but the last; the last block with the norm after it; the projection. Those of the
/// text tower are embeddings and positions; each block but the last; the last block with the norm after it; the projection. More groups than there
/// are unlock all. The logit scale and bias are in neither tower.
struct tower_locks {
    bool image = false;
    std::int64_t unlocked_image_groups = 0; ///< the last ones, which train nevertheless
    bool text = false;
    std::int64_t unlocked_text_layers = 0; ///< groups, likewise
    bool freeze_text_norms = false; ///< whether the norms of locked text layers are locked too; otherwise they train
};

namespace detail {

/// Sets of parameters of a tower, each one unlocked whole.
using tower_group = std::vector<at::Tensor>;

[[nodiscard]] inline std::vector<tower_group> tower_groups(std::vector<nn::residual_block>& blocks, tower_group first, const nn::affine& norm,
                                                           const at::Tensor& projection) {
    std::vector<tower_group> groups{std::move(first)};
    for (auto& block : blocks) {
        auto& group = groups.emplace_back();
        auto add = [&group](const std::string&, const at::Tensor& t) { group.push_back(t); };
        visit_block(block, "", add);
    }
    groups.back().push_back(norm.weight);
    groups.back().push_back(norm.bias);
    groups.push_back({projection});
    return groups;
}

inline void lock_all_but(std::int64_t unlocked, const std::vector<tower_group>& groups) {
    for (std::size_t i = 0; i < groups.size(); ++i)
        for (const auto& t : groups[i]) t.set_requires_grad(static_cast<std::int64_t>(groups.size() - i) <= unlocked);
}

} // namespace detail

/// Makes all parameters of a model trainable but those that are locked.
/// @throws input_error for a number of groups below zero, or one beside a tower that is not locked
template <class = instantiated_when_used>
void lock_towers(clip_model& m, const tower_locks& locks) {
    const auto check = [](const char* tower, bool locked, std::int64_t unlocked) {
        if (unlocked < 0 || (unlocked > 0 && !locked))
            throw input_error{std::string{"locks of the "} + tower + " tower", "",
                              locked ? "at least 0 unlocked groups" : "none unlocked where none is locked", std::to_string(unlocked)};
    };
    check("vision", locks.image, locks.unlocked_image_groups);
    check("text", locks.text, locks.unlocked_text_layers);
    require_grad(m);
    auto& v = m.vision;
    if (locks.image)
        detail::lock_all_but(locks.unlocked_image_groups,
                             detail::tower_groups(v.blocks, {v.conv1, v.class_embedding, v.positional_embedding, v.ln_pre.weight, v.ln_pre.bias},
                                                  v.ln_post, v.projection));
    auto& t = m.text;
    if (!locks.text) return;
    detail::lock_all_but(locks.unlocked_text_layers,
                         detail::tower_groups(t.blocks, {t.token_embedding, t.positional_embedding}, t.ln_final, t.projection));
    if (locks.freeze_text_norms) return;
    for (const auto& block : t.blocks)
        for (const auto* norm : {&block.ln_1, &block.ln_2}) norm->weight.set_requires_grad(true), norm->bias.set_requires_grad(true);
    t.ln_final.weight.set_requires_grad(true), t.ln_final.bias.set_requires_grad(true);
}
VERDANT_DEFINED_ONCE(void lock_towers<>(clip_model&, const tower_locks&));

} // namespace verdant::nn
