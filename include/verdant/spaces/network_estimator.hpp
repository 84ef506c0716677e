#pragma once

#include <verdant/carbon/footprint.hpp>
#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/spaces/clip_co_design.hpp>
#include <verdant/spaces/hardware_costs.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/workload/mobile_graph.hpp>
#include <verdant/workload/residual_graph.hpp>

#include <optional>
#include <utility>

namespace verdant {

/// The evaluator of convolutional networks on accelerators: latency, energy, area, throughput and carbon of the network that a point describes, on
/// the accelerator that it asks for below `hw`, or on a fixed one. Thread-safe; copies share what the mapping search remembers.
/// A point on which an operator cannot be mapped throws infeasible_error that names operator and constraint, so its trial fails.
/// @tparam Mapper how loop nests are mapped, see `hardware::mapper`
/// @tparam Area   which L2 the area counts: `hardware::published` or `hardware::live`
template <hardware::mapper Mapper = hardware::mapping_cache<>, hardware::area_policy Area = hardware::published>
class network_estimator {
public:
    using record = hardware_costs;

    /// @param life carbon intensities, memory, number of inferences
    explicit network_estimator(const carbon::life& life = {}, Mapper mapper = Mapper{}) : estimator_{std::move(mapper)}, life_{life} {}

    /// All networks on one accelerator.
    explicit network_estimator(const hardware::accelerator& fixed, const carbon::life& life = {}, Mapper mapper = Mapper{})
        : fixed_{fixed}, estimator_{std::move(mapper)}, life_{life} {}

    /// @throws infeasible_error; input_error where neither the point nor the constructor gives an accelerator
    template <spaces::holds_network Space>
    [[nodiscard]] record operator()(const point<Space>& p) const {
        const auto net = spaces::net_of(spaces::network_of(p));
        if constexpr (spaces::co_design_space<Space>) return estimate(net, fixed_ ? *fixed_ : spaces::nested_accelerator_of(p));
        else {
            if (!fixed_) throw input_error{"network_estimator", "accelerator", "a fixed one, as this space has no parameters below hw", "none"};
            return estimate(net, *fixed_);
        }
    }

    /// The same for a network and an accelerator that are no point.
    /// @param net a `workload::mobile_net` or `workload::residual_net`
    template <class Net>
    [[nodiscard]] record estimate(const Net& net, const hardware::accelerator& a) const {
        return hardware_costs_of<Area>(estimator_(hardware::lower(workload::operators(net)), a), a, life_);
    }

    [[nodiscard]] const carbon::life& life() const noexcept { return life_; }

private:
    std::optional<hardware::accelerator> fixed_{};
    hardware::estimator<Mapper> estimator_;
    carbon::life life_;
};

} // namespace verdant
