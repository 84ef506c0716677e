// The recorded data sets: peak memory of every row.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/workload/mobile_costs.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace workload = verdant::workload;

TEST_CASE("peaks of the recorded data sets", "[golden]") {
    using names = std::pair<const char*, const char*>;
    for (const auto& [name, family_name] :
         {names{"MIT_OFA", "OFA"}, names{"CompOFA", "CompOFA"}, names{"MC_OFA", "MOOFA_V3"}, names{"ablation_config1", "MOOFA_V1"},
          names{"ablation_config2", "MOOFA_V2"}, names{"ablation_config3", "MOOFA_V3"}}) {
        const auto file = std::string{"moofa/acc_datasets/"} + name + ".csv";
        const auto path = golden::find(file);
        if (!path) continue;
        golden::summary rows{file, 0};
        const auto& family = golden::family_named(family_name);
        for (const auto& r : golden::read_csv(*path)) {
            rows.next_row();
            const auto net = golden::spaces::net_of(family.net, golden::arch_of(r, family.expands));
            rows.equal<std::int64_t>("peak_memory", std::stoll(r.at("peak_memory")), workload::peak_memory(net));
        }
        CHECK(rows.rows() > 0);
    }
}
