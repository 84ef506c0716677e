#include <verdant/workload/convnet/mobile_graph.hpp>
#include <verdant/workload/convnet/residual_graph.hpp>

#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/workload/graph/macs.hpp>

#include "catch.hpp"

using namespace verdant;

namespace {

template <class S>
void check_point(const point<S>& p) {
    const auto net = spaces::net_of(p);
    const auto graph = workload::trace(net);
    CHECK(workload::macs(graph) == workload::macs(net));
    CHECK(spaces::cost_of(p) == workload::cost_of(net)); // tables and networks agree
    long long lowered = 0;
    const auto model = hardware::lower(workload::fuse(graph));
    for (const auto& op : model.ops)
        if (op.core() == workload::core_kind::tensor) lowered += hardware::macs(model.tensor_tasks[op.task]);
    CHECK(lowered == workload::macs(net));
}

template <class S>
void check_points() {
    random_stream random{11};
    for (int i = 0; i < 20; ++i) check_point(sample<S>(random));
}

} // namespace

TEST_CASE("operator graphs have the multiply-accumulates of the closed form") {
    check_points<spaces::ofa_mobilenet_v3<>>();
    check_points<spaces::comp_ofa>();
    check_points<spaces::moofa_v1>();
    check_points<spaces::moofa_v2>();
    check_points<spaces::ofa_proxyless<>>();
    check_points<spaces::ofa_resnet<>>();
    check_point(spaces::point_of<spaces::ofa_mobilenet_v3<>>(spaces::largest_arch<spaces::ofa_mobilenet_v3<>>()));
    check_point(spaces::point_of<spaces::moofa_v3>(spaces::largest_arch<spaces::moofa_v3>()));
    check_point(spaces::point_of<spaces::ofa_proxyless<>>(spaces::largest_arch<spaces::ofa_proxyless<>>()));
}
