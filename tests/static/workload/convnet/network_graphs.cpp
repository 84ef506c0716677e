#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/mobile_graph.hpp>
#include <verdant/workload/convnet/residual_costs.hpp>
#include <verdant/workload/convnet/residual_graph.hpp>
#include <verdant/workload/graph/macs.hpp>

using namespace verdant;

// A block by hand: expansion, depthwise, squeeze-and-excitation (mean, two convolutions, product), projection, sum.
constexpr auto one_block() {
    workload::mobile_net n;
    n.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::h_swish};
    n.blocks.push_back({.in = 8, .mid = 24, .out = 8, .kernel = 5, .expand = 3, .act = workload::nonlinearity::relu, .se = true, .shortcut = true});
    n.final_expand = {.in = 8, .out = 16, .act = workload::nonlinearity::h_swish};
    n.feature_mix = {.in = 16, .out = 32, .act = workload::nonlinearity::h_swish, .batch_norm = false};
    n.classes = 10;
    n.image_size = 16;
    return n;
}
constexpr auto ops = workload::operators(one_block()).operations;
static_assert(ops.size() == 1 + 8 + 1 + 1 + 1 + 1);
static_assert(ops[0].kind == workload::op_kind::convolution && ops[0].members.size() == 2);
static_assert(ops[2].name == "depth_conv" && ops[2].saved[1] == workload::shape{24, 1, 5, 5});
static_assert(ops[3].kind == workload::op_kind::mean && ops[3].part == workload::component::attention);
static_assert(ops[6].kind == workload::op_kind::mul && ops[6].operands.size() == 2);
static_assert(ops[8].kind == workload::op_kind::add && ops[8].operands.size() == 2);

template <class Net>
constexpr bool same_macs(const Net& n) {
    return workload::macs(workload::trace(n)) == workload::macs(n);
}
static_assert(same_macs(one_block()));
static_assert(same_macs(spaces::net_of(point<spaces::moofa_v2>{}))); // expansion 1: no such layer
static_assert(same_macs(spaces::net_of(point<spaces::ofa_resnet<>>{})));
