#include <verdant/predictor/flops_table.hpp>

#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

using namespace verdant;
using Catch::Contains;

namespace {

struct ofa : spaces::ofa_mobilenet_v3<1.2> {};

constexpr auto rounded = spaces::rounded_mobilenet_v3_family();
// int(round(c * 1.2)) of 16, 24, 40, 80, 112, 160, 960, 1280
static_assert(rounded.first_conv == 19 && rounded.first_block == 19 && rounded.final_expand == 1152 && rounded.feature_mix == 1536);
static_assert(rounded.stages[0].width == 29 && rounded.stages[1].width == 48 && rounded.stages[2].width == 96);
static_assert(rounded.stages[3].width == 134 && rounded.stages[4].width == 192);

constexpr spaces::flops_table<ofa> at_160{160};
static_assert(at_160(spaces::ofa_arch{spaces::largest_arch<ofa>().ks, spaces::largest_arch<ofa>().e, {2, 2, 2, 2, 2}, 160}) <
              at_160(spaces::ofa_arch{spaces::largest_arch<ofa>().ks, spaces::largest_arch<ofa>().e, {2, 2, 2, 2, 3}, 160}));

/// The network with these widths and inner channels that are only rounded.
workload::mobile_net rounded_net(const spaces::ofa_arch& a) {
    auto net = spaces::net_of(rounded, a);
    for (auto& b : net.blocks)
        if (b.stage >= 0) b.mid = workload::round_half_even(b.in * b.expand);
    return net;
}

} // namespace

TEST_CASE("sums of the table are the multiply-accumulates of networks with its widths", "[spaces]") {
    random_stream random{2};
    double least = 1, greatest = 0;
    for (const int size : {160, 176, 192, 208, 224}) {
        const spaces::flops_table<ofa> table{size};
        for (int i = 0; i < 40; ++i) {
            auto a = spaces::arch_of(sample<ofa>(random));
            a.image_size = size;
            CHECK(table(a) == workload::macs(rounded_net(a)));
            const auto ratio = static_cast<double>(table(a)) / static_cast<double>(workload::macs(spaces::net_of(ofa::family, a)));
            least = std::min(least, ratio);
            greatest = std::max(greatest, ratio);
        }
    }
    // The published supernet rounds up to multiples of 8, so the tutorial's table is below it; by no more than a fifth.
    CHECK(least > 0.8);
    CHECK(greatest < 1);
}

TEST_CASE("a table of other widths, entries and errors", "[spaces]") {
    // With the family of the space, whose widths and inner channels are divisible, the table is exact.
    const spaces::flops_table<spaces::moofa_v3> own{224, spaces::moofa_v3::family};
    const auto p = point<spaces::moofa_v3>{}.with<"image_size", 224>().with<"stage1.depth", 3>().with<"stage1.block2.kernel", 7>();
    CHECK(own(spaces::arch_of(p)) == spaces::macs(p));
    // The first block of a stage and later ones have different inputs; blocks behind one another have the same.
    CHECK(at_160.block(0, 3, 3) != at_160.block(1, 3, 3));
    CHECK(at_160.block(1, 3, 3) == at_160.block(2, 3, 3));
    CHECK(at_160.block(1, 7, 6) > at_160.block(1, 5, 6));
    CHECK(at_160.first_block() == 80 * 80 * (19 * 9 + 19 * 19));
    CHECK(at_160.other_blocks() > 0);
    auto a = spaces::largest_arch<ofa>();
    CHECK_THROWS_WITH(at_160(a), Contains("image size") && Contains("160") && Contains("224"));
    a.image_size = 160;
    a.ks[3] = 9;
    CHECK_THROWS_WITH(at_160(a), Contains("block 3") && Contains("9"));
    a.ks[3] = 3;
    a.d[2] = 5;
    CHECK_THROWS_WITH(at_160(a), Contains("d[2]"));
    CHECK_THROWS_AS((spaces::flops_table<spaces::ofa_proxyless<>>{160}), input_error);
}
