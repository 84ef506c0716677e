#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/tabular/record_json.hpp>
#include <verdant/tabular/record_table.hpp>

#include "golden/golden.hpp"

#include <string>

using namespace verdant;
using spaces::mnasnet;

TEST_CASE("Records of Accel-NASBench are read, and read back as they were written", "[golden]") {
    for (const auto& file : golden::find_all("anb/anb_dataset*.csv")) {
        golden::summary summary{file.name, 0};
        const auto schema = tabular::accel_nas_bench_schema();
        const auto table = tabular::read_record_table<mnasnet>(file.path.string(), schema);
        const auto rows = golden::read_csv(file.path);
        REQUIRE(table.records.size() == rows.size());
        const auto again = tabular::parse_record_table<mnasnet>(tabular::record_table_text(table, schema), "again", schema);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            summary.next_row();
            const auto& r = table.records[i];
            summary.equal("result_id", std::stoull(rows[i].at("result_id")), static_cast<unsigned long long>(r.id));
            summary.equal("split", rows[i].at("split"), table.splits[i]);
            for (std::size_t p = 0; p < parameter_count<mnasnet>; ++p)
                summary.equal(view_of<mnasnet>.name(p), std::stoll(rows[i].at(std::string{view_of<mnasnet>.name(p)})),
                              static_cast<long long>(view_of<mnasnet>.code_of(p, r.architecture[p])));
            const auto column = [&](const std::string& metric, const std::string& of) {
                const auto& text = rows[i].at(of);
                const auto* const m = r.find(metric);
                summary.equal(of + " is there", !text.empty(), m != nullptr);
                if (m != nullptr) summary.compare(of, std::stod(text), m->mean);
            };
            for (const auto* fields : {&schema.metrics, &schema.model_info})
                for (const auto& f : *fields) column(f.name, f.column);
            for (const auto& platform : schema.platforms) column(platform, platform + "_mean");
            summary.equal("record read back from a table", true, again.records[i] == r);
            if (i % 16 == 0)
                summary.equal("record read back from JSON", true,
                              tabular::record_from_json<mnasnet>(tabular::record_json(r, schema), r.id, "json", schema) == r);
        }
    }
}
