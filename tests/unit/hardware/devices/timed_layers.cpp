#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/devices/measured_device.hpp>
#include <verdant/hardware/devices/roofline.hpp>
#include <verdant/hardware/devices/timed_layers.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/proxyless_nets.hpp>
#include <verdant/workload/latency/latency_layers.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <algorithm>
#include <set>

namespace hw = verdant::hardware;
namespace vd = verdant;
namespace wl = verdant::workload;

TEST_CASE("the layers of a latency table make a device whose roofline is below them all", "[hardware]") {
    const auto net = wl::proxyless_cpu();
    const auto p = hw::precision::fp32;
    wl::latency_table table{"cpu.csv"};
    std::set<std::string> keys;
    double operations = 0;
    for (const auto& l : wl::latency_layers(net)) {
        const auto w = hw::work_of(l, p, 1);
        operations += w.operations;
        CHECK(w.bytes > 0);
        // as if 20 GFLOP/s, 8 GB/s and 10 us a layer
        if (keys.insert(l.key).second) table.add(l.key, {.mean = 1e3 * (1e-5 + std::max(w.operations / 20e9, w.bytes / 8e9)), .count = 1});
    }
    CHECK(operations == 2.0 * static_cast<double>(wl::macs(net)));
    const auto kernels = hw::timed_layers(net, table, p, 1);
    CHECK(kernels.size() == wl::latency_layers(net).size());
    const auto cpu = hw::measured_device("the CPU at hand", kernels, p, 16e9);
    CHECK((cpu.peaks.fp32 > 15e9 && cpu.peaks.fp32 < 20e9));
    for (const auto& k : kernels) CHECK(vd::to_si(hw::lower_bound(k.work, cpu, p)) <= vd::to_si(k.time) * (1 + 1e-12));

    CHECK_THROWS_WITH(hw::timed_layers(net, wl::latency_table{"empty.csv"}, p, 1), Catch::Contains("empty.csv"));
    CHECK_THROWS_WITH(hw::timed_layers(net, table, p, 0), Catch::Contains("one image"));
    CHECK(hw::timed_layers(net, table, p, 4)[0].work.operations == 4 * kernels[0].work.operations);
}
