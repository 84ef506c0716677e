// Random sub-networks of all families: MACs, parameters, peak memory.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/workload/convnet/mobile_costs.hpp>

#include <cstdint>
#include <string>

namespace workload = verdant::workload;

TEST_CASE("costs of random sub-networks", "[golden]") {
    for (const auto& file : golden::find_all("moofa/subnets/*.csv")) {
        const auto name = golden::family_of_file(file.star);
        if (name.empty()) {
            golden::skip(file.name, "no known family");
            continue;
        }
        golden::summary rows{file.name, 0};
        const auto& family = golden::family_named(name);
        for (const auto& r : golden::read_csv(file.path)) {
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
