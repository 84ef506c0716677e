#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/narrowed.hpp>
#include <verdant/workload/convnet/thop_counts.hpp>

#include "catch.hpp"

#include <algorithm>

namespace vd = verdant;
namespace workload = verdant::workload;

TEST_CASE("a net of width 1 is the net, a narrower one fits together and is cheaper", "[workload]") {
    vd::random_stream random{1};
    for (int times = 0; times < 20; ++times) {
        const auto net = vd::spaces::net_of(vd::sample<vd::spaces::mnasnet>(random));
        CHECK(workload::narrowed(net, 1) == net);
        auto cheaper = workload::thop_counts_of(net);
        for (const double width : {0.5, 0.25, 0.1}) {
            const auto narrow = workload::narrowed(net, width);
            CHECK(narrow.first_conv.out == workload::make_divisible(32 * width));
            int in = narrow.first_conv.out;
            for (std::size_t i = 0; i < net.blocks.size(); ++i) {
                const auto &was = net.blocks[i], &now = narrow.blocks[i];
                CHECK(now.in == in);
                CHECK(now.out == workload::make_divisible(was.out * width));
                CHECK(now.mid == now.in * was.expand);
                CHECK(now.squeezed == std::max(1, now.in / 4));
                CHECK((now.shortcut == was.shortcut && now.se == was.se && now.kernel == was.kernel && now.stride == was.stride));
                in = now.out;
            }
            CHECK(narrow.feature_mix.in == in);
            CHECK(narrow.feature_mix.out == workload::make_divisible(1280 * width));
            const auto counts = workload::thop_counts_of(narrow);
            CHECK(counts.operations() < cheaper.operations());
            CHECK(counts.parameters < cheaper.parameters);
            cheaper = counts;
        }
    }
    CHECK_THROWS_WITH(workload::narrowed(workload::mobile_net{}, 0), Catch::Contains("width"));
    CHECK_THROWS_WITH(workload::narrowed(workload::mobile_net{}, 5), Catch::Contains("width"));
}
