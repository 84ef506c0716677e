// Parameters and MACs of the published ProxylessNAS networks, and the keys that the phone's table lacks for them.

#include "golden/golden.hpp"

#include <verdant/error.hpp>
#include <verdant/units.hpp>
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
    const auto table_path = golden::find("moofa/latency/proxyless_mobile_trim_lut.csv");
    if (!table_path) return;
    const auto tables = workload::read_latency_csv(table_path->string());
    const std::map<std::string, workload::mobile_net> nets{{"proxyless_cpu", workload::proxyless_cpu()},
                                                           {"proxyless_gpu", workload::proxyless_gpu()},
                                                           {"proxyless_mobile", workload::proxyless_mobile()},
                                                           {"proxyless_mobile_14", workload::proxyless_mobile_14()}};
    for (const auto& f : golden::find_all("moofa/latency/proxyless_nets*.json")) {
        golden::summary rows{f.name, 0};
        const auto file = golden::read_json(f.path);
        for (const auto& [name, expected] : file.items()) {
            const auto known = nets.find(name);
            if (known == nets.end()) {
                rows.leave_out("no published net is called " + name);
                continue;
            }
            rows.next_row();
            const auto& net = known->second;
            rows.equal("params", expected.at("params").get<std::int64_t>(), workload::parameters(net));
            rows.compare("flops_M", expected.at("flops_M").get<double>(), static_cast<double>(workload::macs(net)) / 1e6);
            std::string missing;
            try {
                const auto found = verdant::in<verdant::milliseconds>(workload::latency_of(net, workload::table_of(tables, net.image_size)));
                if (const auto& latency = expected.at("latency_ms_mobile_trim"); !latency.is_null())
                    rows.compare("latency", latency.get<double>(), found);
            } catch (const verdant::input_error& e) { missing = '\'' + e.place() + '\''; }
            const auto& key = expected.at("missing_key"); // null where the table covers the net
            rows.equal("missing_key", key.is_null() ? std::string{} : key.get<std::string>(), missing);
        }
    }
}
