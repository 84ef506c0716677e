#include <verdant/spaces/resnet/ofa_resnet.hpp>

#include <verdant/space/cardinality.hpp>
#include <verdant/space/validity.hpp>
#include <verdant/workload/convnet/residual_costs.hpp>

using namespace verdant;
using resnet = spaces::ofa_resnet<>;
using layout = spaces::resnet_layout;

static_assert(valid<resnet>);
// 8 sizes; stem 2 x 3 x 3; 4 stages of 3 depths and 3 widths; 18 blocks of 3.
static_assert(static_cast<double>(cardinality<resnet>) == 8.0 * 18 * 6561 * 387420489.0);
static_assert(view_of<resnet>.find("stem.inner_width") == layout::stem_inner_width && view_of<resnet>.find("stem.width") == layout::stem_width);
static_assert(view_of<resnet>.find("stage2.depth") == layout::depth(2) && view_of<resnet>.find("stage3.width") == layout::width(3));
static_assert(view_of<resnet>.find("stage2.block5.expand") == layout::expand(2, 5));

constexpr auto largest() {
    spaces::resnet_arch a;
    a.d = {2, 2, 2, 2, 2};
    a.e.fill(0.35);
    a.w = {2, 2, 2, 2, 2, 2};
    return a;
}
constexpr auto net = spaces::net_of(resnet::resnet, largest());
static_assert(net.blocks.size() == 18 && net.stem_residual);
static_assert(net.first_conv.out == 32 && net.last_conv.out == 64 && net.blocks.back().out == 2048);
static_assert(net.blocks[0].shortcut == workload::downsample::avgpool_conv && net.blocks[1].shortcut == workload::downsample::identity);
static_assert(spaces::arch_of(spaces::point_of<resnet>(largest())) == largest());
static_assert(spaces::net_of(point<resnet>{}).blocks.size() == 10 && !spaces::net_of(point<resnet>{}).stem_residual);
// By hand: a bottleneck of 64 -> 24 -> 64 channels at side 8 holds input, output and weights of its 3x3 convolution, and its own input.
static_assert(workload::cost_of(workload::bottleneck_block{.in = 64, .mid = 24, .out = 64}, 8).peak == 24 * 64 * 2 + 24 * 24 * 9 + 64 * 64);
static_assert(workload::cost_of(workload::bottleneck_block{.in = 64, .mid = 24, .out = 64}, 8).macs == (64 * 24 + 24 * 24 * 9 + 24 * 64) * 64);
