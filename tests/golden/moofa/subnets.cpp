// Random sub-networks of all families: MACs, parameters, peak memory.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/workload/mobile_costs.hpp>

#include <cstdint>
#include <string>

namespace workload = verdant::workload;

TEST_CASE("costs of random sub-networks", "[golden]") {
    for (const char* name : {"OFA", "CompOFA", "MOOFA_V1", "MOOFA_V2", "MOOFA_V3"}) {
        const auto file = std::string{"moofa/subnets/"} + name + ".csv";
        const auto path = golden::find(file);
        if (!path) continue;
        golden::summary rows{file, 0};
        const auto& family = golden::family_named(name);
        for (const auto& r : golden::read_csv(*path)) {
            rows.next_row();
            const auto net = golden::spaces::net_of(family.net, golden::arch_of(r, family.expands));
            rows.compare("flops_M", std::stod(r.at("flops_M")), static_cast<double>(workload::macs(net)) / 1e6);
            rows.equal<std::int64_t>("profile_macs_f32", std::stoll(r.at("profile_macs_f32")),
                                     static_cast<std::int64_t>(workload::profiled_macs(net)));
            rows.equal<std::int64_t>("params", std::stoll(r.at("params")), workload::parameters(net));
            rows.equal<std::int64_t>("peak_memory", std::stoll(r.at("peak_memory")), workload::peak_memory(net));
        }
        CHECK(rows.rows() > 0);
    }
}
