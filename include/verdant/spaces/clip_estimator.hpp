#pragma once

#include <verdant/carbon/footprint.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/spaces/clip_co_design.hpp>
#include <verdant/spaces/hardware_costs.hpp>
#include <verdant/workload/clip_configs.hpp>

#include <optional>
#include <utility>

namespace verdant {

/// The evaluator of pruned CLIP models on accelerators: latency, energy, area, throughput and carbon of the model that a point describes, on the
/// accelerator that it asks for below `hw`, or on a fixed one. Thread-safe; copies share what the mapping search remembers.
/// A point on which an operator cannot be mapped throws infeasible_error that names operator and constraint, so its trial fails.
/// @tparam Mapper how loop nests are mapped, see `hardware::mapper`
/// @tparam Area   which L2 the area counts: `hardware::published` or `hardware::live`
template <hardware::mapper Mapper = hardware::mapping_cache<>, hardware::area_policy Area = hardware::published>
class clip_estimator {
public:
    using record = hardware_costs;

    /// CLIP ViT-B/16 with the assumptions of the published search.
    clip_estimator() : clip_estimator{workload::clip_named("ViT-B-16")} {}

    /// @param base what the space does not vary: patch, joint dimension, image, context
    /// @param life carbon intensities, memory, number of inferences
    explicit clip_estimator(const workload::clip_config& base, const carbon::life& life = {}, Mapper mapper = Mapper{})
        : base_{base}, estimator_{std::move(mapper)}, life_{life} {}

    /// All models on one accelerator, for example `hardware::h100_like.value`.
    clip_estimator(const workload::clip_config& base, const hardware::accelerator& fixed, const carbon::life& life = {}, Mapper mapper = Mapper{})
        : base_{base}, fixed_{fixed}, estimator_{std::move(mapper)}, life_{life} {}

    /// @throws infeasible_error; input_error where neither the point nor the constructor gives an accelerator
    template <spaces::clip_space Space>
    [[nodiscard]] record operator()(const point<Space>& p) const {
        const auto model = spaces::clip_of(p, base_);
        if constexpr (spaces::co_design_space<Space>) return estimate(model, fixed_ ? *fixed_ : spaces::nested_accelerator_of(p));
        else {
            if (!fixed_) throw input_error{"clip_estimator", "accelerator", "a fixed one, as this space has no parameters below hw", "none"};
            return estimate(model, *fixed_);
        }
    }

    /// The same for a model and an accelerator that are no point.
    [[nodiscard]] record estimate(const workload::clip_config& model, const hardware::accelerator& a) const {
        return hardware_costs_of<Area>(estimator_(hardware::lower(workload::operators(model)), a), a, life_);
    }

    [[nodiscard]] const workload::clip_config& base() const noexcept { return base_; }
    [[nodiscard]] const carbon::life& life() const noexcept { return life_; }

private:
    workload::clip_config base_;
    std::optional<hardware::accelerator> fixed_{};
    hardware::estimator<Mapper> estimator_;
    carbon::life life_;
};

} // namespace verdant
