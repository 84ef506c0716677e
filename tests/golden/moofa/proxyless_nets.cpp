// Parameters and MACs of the four published ProxylessNAS networks, and the keys that the phone's table lacks for them.

#include "golden/golden.hpp"

#include <verdant/error.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/proxyless_nets.hpp>
#include <verdant/workload/latency/latency_csv.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace workload = verdant::workload;

static_assert(workload::parameters(workload::proxyless_mobile()) == 4'080'512);

TEST_CASE("costs of the published ProxylessNAS networks", "[golden]") {
    const auto path = golden::find("moofa/latency/proxyless_nets.json"), table_path = golden::find("moofa/latency/proxyless_mobile_trim_lut.csv");
    if (!path || !table_path) return;
    const auto tables = workload::read_latency_csv(table_path->string());
    const std::map<std::string, workload::mobile_net> nets{{"proxyless_cpu", workload::proxyless_cpu()},
                                                           {"proxyless_gpu", workload::proxyless_gpu()},
                                                           {"proxyless_mobile", workload::proxyless_mobile()},
                                                           {"proxyless_mobile_14", workload::proxyless_mobile_14()}};
    golden::summary rows{"moofa/latency/proxyless_nets.json", 0};
    const auto file = golden::read_json(*path);
    for (const auto& [name, expected] : file.items()) {
        rows.next_row();
        REQUIRE(nets.contains(name));
        const auto& net = nets.at(name);
        rows.equal("params", expected.at("params").get<std::int64_t>(), workload::parameters(net));
        rows.compare("flops_M", expected.at("flops_M").get<double>(), static_cast<double>(workload::macs(net)) / 1e6);
        std::string missing;
        try {
            (void)workload::latency_of(net, workload::table_of(tables, 224));
        } catch (const verdant::input_error& e) { missing = '\'' + e.place() + '\''; }
        rows.equal("missing_key", expected.at("missing_key").get<std::string>(), missing);
    }
    CHECK(rows.rows() > 0);
}
