#pragma once

#include <verdant/carbon/life.hpp>
#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/evaluators/hardware_costs.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/estimate.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/sweep.hpp>
#include <verdant/meta/component/arrays.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/units.hpp>

#include <xtensor/xtensor.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

namespace verdant {

/// Lower bounds of what an `accelerator_estimator` measures, for all accelerators at once: the bound that `bounded_search` wants. Area, throughput
/// and embodied carbon are exact. No mapping is searched.
///
///     const accelerator_estimator measure{model};
///     using study = search<spaces::accelerator, minimize<latency>, minimize<total_carbon>, bounded_search<accelerator_bounds<>>>;
///     const auto found = study{measure}.run({.trials = 3240, .optimizer = {.bound = accelerator_bounds<>{measure}}});
///
/// @tparam Area the area policy of the estimator
template <hardware::area_policy Area = hardware::published>
class accelerator_bounds {
public:
    using exact = metrics<area, tops, embodied_carbon>;

    /// Those of the default `accelerator_estimator`.
    accelerator_bounds() : accelerator_bounds{co_design_costs<hardware::lowered_model, hardware::bound_mapper, Area>{}} {}

    template <class... Policies>
        requires std::same_as<typename co_design_costs<hardware::lowered_model, Policies...>::area_rule, Area>
    explicit accelerator_bounds(const co_design_costs<hardware::lowered_model, Policies...>& measured)
        : model_{measured.base()}, life_{measured.life()} {}

    template <spaces::accelerator_space Space>
    [[nodiscard]] std::vector<hardware_costs> operator()(std::span<const point<Space>> points) const {
        std::vector<hardware::accelerator> accelerators;
        accelerators.reserve(points.size());
        for (const auto& p : points) accelerators.push_back(spaces::accelerator_of(p));
        return of(accelerators);
    }

    /// The same for accelerators given as values, not as points of a space.
    [[nodiscard]] std::vector<hardware_costs> of(std::span<const hardware::accelerator> accelerators) const {
        const hardware::sweep bounds{model_, accelerators};
        const xt::xtensor<double, 1> seconds = bounds.latency(), joules = bounds.energy();
        std::vector<hardware_costs> all;
        all.reserve(accelerators.size());
        for (std::size_t i = 0; i < accelerators.size(); ++i) {
            hardware::estimate least;
            least.latency = from_si<si::time>(seconds(i));
            least.energy = from_si<si::energy>(joules(i));
            all.push_back(hardware_costs_of<Area>(least, accelerators[i], life_));
        }
        return all;
    }

private:
    hardware::lowered_model model_;
    carbon::life life_;
};

template <class... Policies>
accelerator_bounds(const co_design_costs<hardware::lowered_model, Policies...>&)
    -> accelerator_bounds<typename co_design_costs<hardware::lowered_model, Policies...>::area_rule>;

} // namespace verdant
