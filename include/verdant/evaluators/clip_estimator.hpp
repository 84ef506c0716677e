#pragma once

#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/evaluators/model_at.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/spaces/carbon_nas/clip_co_design.hpp>
#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

/// Latency, energy, area and carbon of pruned CLIPs on accelerators.
namespace verdant {

/// The pruned CLIP of a point.
/// @param base what the space does not vary: patch, joint dimension, image, context; and what shares are shares of
template <spaces::clip_space Space>
[[nodiscard]] constexpr workload::clip_config model_at(const point<Space>& p, const workload::clip_config& base) {
    return spaces::clip_of(p, base);
}

/// The model that the published search prunes.
template <>
struct default_base<workload::clip_config> {
    [[nodiscard]] static constexpr const workload::clip_config& value() { return workload::clip_named("ViT-B-16"); }
};

/// The evaluator of pruned CLIP models, each on the accelerator that its point has below `hw`. On a fixed one:
/// `co_design_costs{base, hardware::h100_like.value}`.
using clip_estimator = co_design_costs<workload::clip_config>;

} // namespace verdant
