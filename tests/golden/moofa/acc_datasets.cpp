// The recorded data sets: peak memory of every row, and how well the shipped predictors do on them.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/surrogate/prediction_quality.hpp>
#include <verdant/workload/mobile_costs.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

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

TEST_CASE("quality of the shipped predictors on the recorded data sets", "[golden]") {
    const auto path = golden::find("moofa/acc_datasets/summary.json");
    if (!path) return;
    golden::summary rows{"moofa/acc_datasets/summary.json", 1e-6}; // the table has predictions in single precision
    const auto file = golden::read_json(*path);
    for (const auto& [name, expected] : file.items()) {
        const auto table = golden::find("moofa/acc_datasets/" + name + ".csv");
        if (!table) continue;
        rows.next_row();
        std::vector<double> predicted, actual;
        auto least = std::numeric_limits<std::int64_t>::max(), greatest = std::numeric_limits<std::int64_t>::min();
        for (const auto& r : golden::read_csv(*table)) {
            predicted.push_back(std::stod(r.at("predicted")));
            actual.push_back(std::stod(r.at("accuracy")));
            least = std::min<std::int64_t>(least, std::stoll(r.at("peak_memory")));
            greatest = std::max<std::int64_t>(greatest, std::stoll(r.at("peak_memory")));
        }
        rows.equal("rows", expected.at("public").get<std::size_t>(), actual.size());
        rows.equal("least peak", expected.at("peak_min").get<std::int64_t>(), least);
        rows.equal("greatest peak", expected.at("peak_max").get<std::int64_t>(), greatest);
        const auto quality = verdant::surrogate::quality_of<double, double>(predicted, actual);
        rows.compare("rmse", expected.at("predictor_public").at("rmse").get<double>(), quality.rmse);
        rows.compare("pearson", expected.at("predictor_public").at("pearson").get<double>(), quality.pearson);
    }
    CHECK(rows.rows() > 0);
}
