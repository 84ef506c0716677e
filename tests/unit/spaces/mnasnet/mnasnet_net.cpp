#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/evaluators/network_costs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_1d.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/workload/convnet/mobile_graph.hpp>
#include <verdant/workload/convnet/mobile_net_json.hpp>
#include <verdant/workload/graph/macs.hpp>

namespace verdant::mnasnet_net_tests {

using Catch::Contains;

TEST_CASE("what a network of MnasNet cannot be is refused by name") {
    CHECK(spaces::mnasnet_activation("relu") == workload::nonlinearity::relu);
    CHECK(spaces::mnasnet_activation("silu") == workload::nonlinearity::silu);
    CHECK_THROWS_WITH(spaces::mnasnet_activation("gelu"), Contains("relu or silu") && Contains("gelu"));
    CHECK_THROWS_WITH(spaces::frame_of({.act = workload::nonlinearity::tanh}), Contains("activation") && Contains("tanh"));
    CHECK_THROWS_WITH(spaces::frame_of({.image_size = 0}), Contains("image size"));
    CHECK_THROWS_WITH(spaces::frame_of({.classes = -1}), Contains("classes"));
    CHECK_THROWS_WITH(spaces::signal_task_named("egc"), Contains("ecg, satellite, deepsea"));
    spaces::mnasnet_1d_design four;
    four.e.fill(1);
    four.k.fill(3);
    four.l.fill(4);
    CHECK_THROWS_WITH(spaces::point_of(four), Contains("block0_l"));
}

TEST_CASE("the operators of MnasNet's networks do the work that is counted") {
    for (const auto& one : spaces::mnasnet_designs) {
        const auto net = spaces::net_of(one.network);
        INFO(one.name);
        CHECK(workload::macs(workload::trace(net)) == spaces::cost_of(one.network).macs);
        CHECK_FALSE(operators(net).operations.empty());
    }
    CHECK(network_costs{}(spaces::efficientnet_b0).get<parameters>() == 5288548.0);
}

TEST_CASE("a net.config holds no squeeze-and-excitation but the originals'") {
    auto net = spaces::net_of(point<spaces::mnasnet>{}.with<"block0_se", false>());
    CHECK_THROWS_WITH(workload::to_json(net), Contains("squeeze-and-excitation"));
}

} // namespace verdant::mnasnet_net_tests
