#pragma once

#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/evaluators/model_at.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/workload/convnet/mobile_graph.hpp>
#include <verdant/workload/convnet/residual_graph.hpp>

/// Latency, energy, area and carbon of convolutional networks on accelerators.
namespace verdant {

/// The base of evaluators of convolutional networks: nothing, as points of their spaces say all.
struct whole_network {};

/// The network of a point: a `workload::mobile_net` or `workload::residual_net`.
template <spaces::holds_network Space>
[[nodiscard]] constexpr auto model_at(const point<Space>& p, whole_network) {
    return spaces::net_of(spaces::network_of(p));
}

template <>
struct default_base<whole_network> {
    [[nodiscard]] static constexpr whole_network value() { return {}; }
};

/// The evaluator of convolutional networks, each on the accelerator that its point has below `hw`. On a fixed one:
/// `co_design_costs{whole_network{}, accelerator}`.
using network_estimator = co_design_costs<whole_network>;

} // namespace verdant
