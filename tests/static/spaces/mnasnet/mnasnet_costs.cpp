#include <verdant/spaces/mnasnet/mnasnet_costs.hpp>

#include <verdant/spaces/mnasnet/mnasnet_1d.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/space/cardinality.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/mobile_net_1d.hpp>
#include <verdant/workload/convnet/thop_counts.hpp>

using namespace verdant;

// EfficientNet-B0's 5 288 548 parameters, known since its publication.
static_assert(spaces::thop_counts_of(spaces::efficientnet_b0).parameters == 5288548);
static_assert(spaces::cost_of(spaces::efficientnet_b0).parameters == 5288548);
static_assert(spaces::net_of(spaces::efficientnet_b0).blocks.size() == 16);

// The tables say what walks over the networks say, at other sizes too.
consteval bool tables_agree() {
    constexpr spaces::mnasnet_frame small{.image_size = 32, .classes = 10, .act = workload::nonlinearity::silu};
    for (const auto& one : spaces::mnasnet_designs) {
        if (spaces::cost_of(one.network) != workload::cost_of(spaces::net_of(one.network))) return false;
        if (spaces::thop_counts_of(one.network) != workload::thop_counts_of(spaces::net_of(one.network))) return false;
        if (spaces::cost_of<small>(one.network) != workload::cost_of(spaces::net_of(one.network, small))) return false;
        if (spaces::thop_counts_of<small>(one.network) != workload::thop_counts_of(spaces::net_of(one.network, small))) return false;
    }
    return true;
}
static_assert(tables_agree());

// Squeeze-and-excitation is narrower by the expansion than elsewhere: a quarter of the layer's input.
static_assert(spaces::net_of(spaces::largest_mnasnet).blocks[1].squeezed == 4 && spaces::net_of(spaces::largest_mnasnet).blocks[1].mid == 96);
static_assert(workload::squeezed_channels(workload::mobile_block{.in = 16, .mid = 64}) == 16);
// By hand: 4 -> 8 -> 4 channels on 2 x 2 with two squeezed ones: expansion 32 * 4, depthwise 8 * 9 * 4, squeeze 2 * 8 * 2, projection 32 * 4.
constexpr workload::mobile_block hand{.in = 4, .mid = 8, .out = 4, .expand = 2, .se = true, .squeezed = 2};
static_assert(workload::thop_counts_of(hand, 2) == workload::thop_counts{128 + 288 + 32 + 128, 0, 32 + 32 + 16, 5 * 8, 32 + 16 + 72 + 16 + 16 + 2 + 16 + 8 + 32 + 8});
static_assert(workload::macs(hand, 2) == 128 + 288 + 32 + 128);

// Points of the space are networks for all evaluators, also where a parameter is fixed.
static_assert(spaces::holds_network<spaces::mnasnet> && spaces::holds_network<fix<spaces::mnasnet, "block0_se", false>>);
static_assert(spaces::network_of(point<fix<spaces::mnasnet, "block0_se", false>>{}) == point<spaces::mnasnet>{}.with<"block0_se", false>());

// Networks for signals.
static_assert(static_cast<double>(cardinality<spaces::mnasnet_1d>) == 1889568.0);
constexpr spaces::mnasnet_1d_design signal{{6, 4, 6, 6, 1}, {5, 3, 3, 5, 3}, {1, 3, 1, 1, 2}};
static_assert(spaces::design_of(spaces::point_of(signal)) == signal);
static_assert(spaces::net_of(spaces::point_of(signal), spaces::signal_task_named("deepsea")).blocks.size() == 8);
static_assert(workload::thop_counts_of(spaces::net_of(spaces::point_of(signal), spaces::signal_task_named("ecg"))).parameters == 99972);
