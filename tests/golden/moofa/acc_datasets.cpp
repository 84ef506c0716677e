// The recorded data sets: peak memory of every row, and how well the shipped predictors do on them.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/numeric/prediction_quality.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace workload = verdant::workload;

TEST_CASE("peaks of the recorded data sets", "[golden]") {
    for (const auto& file : golden::find_all("moofa/acc_datasets/*.csv")) {
        const auto family_name = golden::family_of_set(file.star);
        if (family_name.empty()) {
            golden::skip(file.name, "a set of no known family");
            continue;
        }
        golden::summary rows{file.name, 0};
        const auto& family = golden::family_named(family_name);
        for (const auto& r : golden::read_csv(file.path)) {
            rows.next_row();
            const auto net = golden::spaces::net_of(family.net, golden::arch_of(r, family.expands));
            rows.equal<std::int64_t>("peak_memory", std::stoll(r.at("peak_memory")), workload::peak_memory(net));
        }
        CHECK(rows.rows() > 0);
    }
}

TEST_CASE("quality of the shipped predictors on the recorded data sets", "[golden]") {
    for (const auto& f : golden::find_all("moofa/acc_datasets/summary*.json")) {
        golden::summary rows{f.name, 1e-6}; // the table has predictions in single precision
        const auto file = golden::read_json(f.path);
        for (const auto& [name, expected] : file.items()) {
            const auto table = golden::find("moofa/acc_datasets/" + name + ".csv");
            if (!table) {
                rows.leave_out(name + ": no table beside it");
                continue;
            }
            if (const auto there = golden::read_csv(*table).size(), known = expected.at("public").get<std::size_t>(); there != known) {
                rows.leave_out(name + ": the table has " + std::to_string(there) + " rows, the figures are of " + std::to_string(known));
                continue;
            }
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
            rows.equal("n", expected.at("predictor_public").at("n").get<std::size_t>(), actual.size());
        }
    }
}
