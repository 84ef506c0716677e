// anb records
#pragma once

#include "data.hpp"

#include <verdant/tabular/record_table.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>

namespace anb {

/// Says what records hold, and writes them as one table.
struct records_command {
    static constexpr const char* name = "records";
    static constexpr const char* about = "what records hold: how many networks, their splits, the range of each metric; and the records as one table";

    data_settings data;
    std::string out;

    void add_options(CLI::App& app) {
        add_data(app, data);
        app.add_option("--out", out, "writes them as a table, with their splits")->check(terminal::path());
    }

    [[nodiscard]] int run() const {
        terminal::require_another_file("--out", out, {data.data}, "the records");
        const auto table = load_records(data, name);
        const auto distinct = vd::tabular::distinct_architectures(std::span<const vd::tabular::network_record<mnasnet>>{table.records}).size();
        std::printf("%zu records of %zu networks", table.records.size(), distinct);
        for (const auto& split : table.split_names()) std::printf("  %s %zu", split.c_str(), table.split(split).size());
        std::printf("\n%-20s %8s %12s %12s %12s\n", "metric", "records", "least", "mean", "greatest");
        for (const auto& metric : table.metric_names()) print(table, metric);
        if (out.empty()) return 0;
        vd::tabular::write_record_table(out, table);
        std::printf("%s\n", out.c_str());
        return 0;
    }

private:
    static void print(const record_table& table, const std::string& metric) {
        std::size_t count = 0;
        double least = 0, greatest = 0, sum = 0;
        std::string unit;
        for (const auto& r : table.records) {
            const auto* const m = r.find(metric);
            if (m == nullptr) continue;
            least = count == 0 ? m->mean : std::min(least, m->mean);
            greatest = count == 0 ? m->mean : std::max(greatest, m->mean);
            sum += m->mean;
            unit = m->unit;
            ++count;
        }
        const auto text = [](double value) { return vd::rounded_text(value, 6); };
        std::printf("%-20s %8zu %12s %12s %12s  %s\n", metric.c_str(), count, text(least).c_str(), text(sum / static_cast<double>(count)).c_str(),
                    text(greatest).c_str(), unit.c_str());
    }
};

} // namespace anb
