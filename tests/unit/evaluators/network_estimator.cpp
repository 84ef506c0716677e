#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/evaluators/network_estimator.hpp>

#include <verdant/evaluators/network_costs.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>

#include "catch.hpp"

using namespace verdant;

namespace {

constexpr auto small_chip = hardware::from_clusters(1, 64, 16, 256, 64, 2);

struct design : space<nest<"net", spaces::moofa_v3>, nest<"hw", spaces::accelerator>> {};

} // namespace

TEST_CASE("networks on a fixed accelerator") {
    const co_design_costs estimate{whole_network{}, small_chip};
    const point<spaces::moofa_v3> smallest{};
    const auto largest = spaces::point_of<spaces::moofa_v3>(spaces::largest_arch<spaces::moofa_v3>());
    const auto low = estimate(smallest), high = estimate(largest);
    CHECK(low == estimate.estimate(spaces::net_of(smallest), small_chip));
    CHECK(low.get<energy>() < high.get<energy>());
    CHECK(low.get<latency>() < high.get<latency>());
    CHECK(low.get<area>() == high.get<area>());
    CHECK(low.get<total_carbon>() < high.get<total_carbon>());
    // Other families, and a smaller space.
    CHECK(estimate(point<spaces::ofa_proxyless<>>{}).get<energy>() > si::energy{});
    CHECK(estimate(point<spaces::ofa_resnet<>>{}).get<energy>() > si::energy{});
    CHECK(estimate(point<fix<spaces::moofa_v3, "image_size", 128>>{}) == low);
}

TEST_CASE("networks on the accelerator of their point") {
    const auto p = point<design>{}.with<"hw.width", 64>().with<"hw.depth", 16>().with<"hw.l2_kib", 256>().with<"hw.l2_bandwidth", 64>();
    CHECK(network_estimator{}(p) == co_design_costs{whole_network{}, small_chip}(point<spaces::moofa_v3>{}));
}

TEST_CASE("costs whatever the hardware") {
    constexpr auto record = network_costs{}(point<design>{});
    STATIC_REQUIRE(record.get<peak_memory>() == 299520);
    STATIC_REQUIRE(record.get<macs>() == 78683840);
    STATIC_REQUIRE(record.get<parameters>() == 3988256);
    CHECK(network_costs{}(point<spaces::ofa_resnet<>>{}).get<macs>() > 1e8);
}
