// Memory histories and layers in words of some sub-networks.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/workload/convnet/layer_text.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace workload = verdant::workload;

TEST_CASE("histories and layers of sub-networks", "[golden]") {
    for (const auto& file : golden::find_all("moofa/subnets/*_detail.json")) {
        const auto name = golden::family_of_file(file.star);
        if (name.empty()) {
            golden::skip(file.name, "no known family");
            continue;
        }
        golden::summary rows{file.name, 0};
        const auto& family = golden::family_named(name);
        const auto all = golden::read_json(file.path);
        for (const auto& r : all) {
            rows.next_row();
            const auto net = golden::spaces::net_of(family.net, golden::arch_of(r.at("arch")));
            const auto history = workload::memory_history(net);
            rows.equal("history", r.at("history").get<std::vector<std::int64_t>>(), std::vector<std::int64_t>(history.begin(), history.end()));
            rows.equal("peak", r.at("peak").get<std::int64_t>(), workload::peak_memory(net));
            rows.compare("flops_M", r.at("flops_M").get<double>(), static_cast<double>(workload::macs(net)) / 1e6);
            rows.equal("profile_macs", r.at("profile_macs").get<std::int64_t>(), static_cast<std::int64_t>(workload::profiled_macs(net)));
            rows.equal("params", r.at("params").get<std::int64_t>(), workload::parameters(net));
            rows.equal("module_str", r.at("module_str").get<std::vector<std::string>>(), workload::layer_texts(net));
        }
        CHECK(rows.rows() > 0);
    }
}
