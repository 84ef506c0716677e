#pragma once

#include <verdant/carbon/footprint.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/spaces/accelerator.hpp>
#include <verdant/spaces/hardware_costs.hpp>
#include <verdant/workload/clip_configs.hpp>

#include <utility>

namespace verdant {

/// The evaluator of accelerators for one model: latency, energy, area, throughput and carbon of a point of `spaces::accelerator`, or of the
/// accelerator nested below `hw` in a larger space. Thread-safe; copies share what the mapping search remembers.
/// A point on which an operator of the model cannot be mapped throws infeasible_error that names operator and constraint, so its trial fails.
/// @tparam Mapper how loop nests are mapped, see `hardware::mapper`
/// @tparam Area   which L2 the area counts: `hardware::published` or `hardware::live`
template <hardware::mapper Mapper = hardware::mapping_cache<>, hardware::area_policy Area = hardware::published>
class accelerator_estimator {
public:
    using record = hardware_costs;

    /// The unpruned CLIP ViT-B/16, with the assumptions of the published search.
    accelerator_estimator() : accelerator_estimator{workload::clip_named("ViT-B-16")} {}

    /// @param model one model for all accelerators
    /// @param life  carbon intensities, memory, number of inferences
    explicit accelerator_estimator(const workload::clip_config& model, const carbon::life& life = {}, Mapper mapper = Mapper{})
        : model_{hardware::lower(workload::operators(model))}, estimator_{std::move(mapper)}, life_{life} {}

    /// Any model, lowered once.
    explicit accelerator_estimator(hardware::lowered_model model, const carbon::life& life = {}, Mapper mapper = Mapper{})
        : model_{std::move(model)}, estimator_{std::move(mapper)}, life_{life} {}

    template <class Space>
        requires spaces::accelerator_space<Space> ||
                 spaces::accelerator_space<typename detail::find_nested<"hw", 0, typename Space::elements>::space_type>
    [[nodiscard]] record operator()(const point<Space>& p) const {
        if constexpr (spaces::accelerator_space<Space>) return estimate(spaces::accelerator_of(p));
        else return estimate(spaces::accelerator_of(p.template nested<"hw">()));
    }

    /// The same for an accelerator that is no point.
    [[nodiscard]] record estimate(const hardware::accelerator& a) const { return hardware_costs_of<Area>(estimator_(model_, a), a, life_); }

    [[nodiscard]] const hardware::lowered_model& model() const noexcept { return model_; }
    [[nodiscard]] const carbon::life& life() const noexcept { return life_; }

private:
    hardware::lowered_model model_;
    hardware::estimator<Mapper> estimator_;
    carbon::life life_;
};

} // namespace verdant
