#pragma once

#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/evaluators/model_at.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

namespace verdant {

/// The model of the published search of accelerators: the unpruned CLIP ViT-B/16.
template <>
struct default_base<hardware::lowered_model> {
    [[nodiscard]] static constexpr const workload::clip_config& value() { return workload::clip_named("ViT-B-16"); }
};

/// The evaluator of accelerators for one model: of a point of `spaces::accelerator`, or of the accelerator below `hw` in a larger space.
///
///     accelerator_estimator cost;                                       // CLIP ViT-B/16
///     accelerator_estimator of_bert{workload::bert_base_uncased, life}; // any model, lowered once
///
/// With policies: `co_design_costs<hardware::lowered_model, hardware::corrected>`.
using accelerator_estimator = co_design_costs<hardware::lowered_model>;

} // namespace verdant
