// The published specialised networks: MACs, parameters, peak memory.

#include "golden/golden.hpp"
#include "golden/moofa/specialized.hpp"

#include <verdant/workload/convnet/mobile_costs.hpp>

#include <cstdint>

namespace workload = verdant::workload;

TEST_CASE("costs of the published specialised networks", "[golden]") {
    for (const auto& f : golden::find_all("moofa/specialized/specialized_nets*.json")) {
        golden::summary rows{f.name, 0};
        const auto file = golden::read_json(f.path);
        for (const auto& j : file.at("nets")) {
            rows.next_row();
            const auto net = golden::net_of(j);
            rows.compare("flops_M", j.at("flops_M").get<double>(), static_cast<double>(workload::macs(net)) / 1e6);
            rows.equal("profile_macs", j.at("profile_macs").get<std::int64_t>(), static_cast<std::int64_t>(workload::profiled_macs(net)));
            rows.equal("params", j.at("params").get<std::int64_t>(), workload::parameters(net));
            if (const auto& peak = j.at("peak_memory"); !peak.is_null())
                rows.equal("peak_memory", peak.get<std::int64_t>(), workload::peak_memory(net));
        }
        CHECK(rows.rows() > 0);
    }
}
