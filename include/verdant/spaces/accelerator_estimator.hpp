#pragma once

#include <verdant/carbon/footprint.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/hardware/throughput.hpp>
#include <verdant/spaces/accelerator.hpp>
#include <verdant/workload/clip_configs.hpp>

#include <utility>

namespace verdant {

/// The evaluator of accelerators for one model: latency, energy, area, throughput and carbon of a point of `spaces::accelerator`, or of the
/// accelerator nested below `hw` in a larger space. Thread-safe; copies share what the mapping search remembers.
/// A point on which an operator of the model cannot be mapped throws infeasible_error that names operator and constraint, so its trial fails.
/// @tparam Mapper how loop nests are mapped, see `hardware::mapper`
template <hardware::mapper Mapper = hardware::mapping_cache<>>
class accelerator_estimator {
public:
    using record = metrics<latency, energy, lifetime_energy, verdant::area, verdant::tops, embodied_carbon, operational_carbon, total_carbon>;

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
        requires spaces::accelerator_space<Space> || spaces::accelerator_space<typename detail::find_nested<"hw", 0, typename Space::elements>::space_type>
    [[nodiscard]] record operator()(const point<Space>& p) const {
        if constexpr (spaces::accelerator_space<Space>) return estimate(spaces::accelerator_of(p));
        else return estimate(spaces::accelerator_of(p.template nested<"hw">()));
    }

    /// The same for an accelerator that is no point.
    [[nodiscard]] record estimate(const hardware::accelerator& a) const {
        const auto cost = estimator_(model_, a);
        const auto die = hardware::area(a);
        const auto whole = carbon::footprint_of(die, cost.energy, life_);
        return {cost.latency, cost.energy,     whole.lifetime_energy,         die,
                hardware::tops(a), whole.embodied(), whole.total - whole.embodied(), whole.total};
    }

    [[nodiscard]] const hardware::lowered_model& model() const noexcept { return model_; }
    [[nodiscard]] const carbon::life& life() const noexcept { return life_; }

private:
    hardware::lowered_model model_;
    hardware::estimator<Mapper> estimator_;
    carbon::life life_;
};

} // namespace verdant
