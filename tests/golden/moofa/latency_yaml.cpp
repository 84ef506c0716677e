// A latency table in the published format.

#include "golden/golden.hpp"

#include <verdant/workload/latency/latency_csv.hpp>
#include <verdant/workload/latency/latency_yaml.hpp>

#include <string>

namespace workload = verdant::workload;

TEST_CASE("a published latency table", "[golden]") {
    const auto csv = golden::find("moofa/latency/note10_lut.csv");
    if (!csv) return;
    const auto tables = workload::read_latency_csv(csv->string());
    for (const auto& f : golden::find_all("moofa/latency/note10_*_original.yaml")) {
        golden::summary rows{f.name, 0};
        const auto table = workload::read_latency_yaml(f.path.string());
        const auto expected = workload::table_of(tables, std::stoi(f.star));
        CHECK(table.entries().size() == expected.entries().size());
        for (const auto& [key, entry] : expected.entries()) {
            rows.next_row();
            const auto& found = table.entries().at(key);
            rows.compare("mean", entry.mean, found.mean);
            rows.compare("std", entry.spread, found.spread);
            rows.equal("count", entry.count, found.count);
        }
        CHECK(rows.rows() > 0);
        // Written and read back.
        const auto again = workload::parse_latency_yaml(workload::latency_yaml(table), "again");
        for (const auto& [key, entry] : table.entries()) rows.compare("again", entry.mean, again.mean(key));
    }
}
