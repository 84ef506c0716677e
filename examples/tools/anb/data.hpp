// Records of measured networks, and which of them are for what.
#pragma once

#include "../terminal/paths.hpp"
#include "../terminal/validators.hpp"

#include <verdant/error.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/tabular/record_json.hpp>
#include <verdant/tabular/record_schema.hpp>
#include <verdant/tabular/record_splits.hpp>
#include <verdant/tabular/record_table.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anb {

namespace vd = verdant;
using mnasnet = vd::spaces::mnasnet;
using record_table = vd::tabular::record_table<mnasnet>;

/// Where records are, and how they are split where they do not say so themselves.
struct data_settings {
    std::string data;
    std::uint32_t split_seed = 6;
};

inline void add_data(CLI::App& app, data_settings& s, const std::string& more = {}) {
    app.add_option("--data", s.data,
                   "records of measured networks: a table (CSV with the columns of Accel-NASBench), or a folder of files result_<id>.json" + more)
        ->check(terminal::path())
        ->required();
    app.add_option("--split_seed", s.split_seed,
                   "where the records have no column split: of the shuffle that parts them in train, val and test, 8 : 1 : 1, each architecture in one of them")
        ->capture_default_str();
}

/// Gives records a split that have none.
inline void split_if_none(record_table& table, std::uint32_t seed) {
    if (!table.splits.empty()) return;
    table.splits.assign(table.records.size(), "none"); // what was measured a second time stays in none
    table.split_positions.assign(table.records.size(), -1);
    const auto parts =
        vd::tabular::split_records(vd::tabular::distinct_architectures(std::span<const vd::tabular::network_record<mnasnet>>{table.records}), {.seed = seed});
    const auto mark = [&table](const std::vector<std::size_t>& records, const char* name) {
        std::int64_t position = 0;
        for (const auto i : records) {
            table.splits[i] = name;
            table.split_positions[i] = position++;
        }
    };
    mark(parts.train, "train");
    mark(parts.validation, "val");
    mark(parts.test, "test");
}

/// Reads records, and says which columns of a table were passed over.
[[nodiscard]] inline record_table load_records(const data_settings& s, std::string_view command) {
    record_table table;
    if (std::filesystem::is_directory(s.data)) {
        table.source = s.data;
        table.records = vd::tabular::read_records<mnasnet>(s.data, vd::tabular::open_schema());
    } else table = vd::tabular::read_record_table<mnasnet>(s.data, vd::tabular::open_schema(), vd::tabular::unknown_columns::pass_over);
    if (!table.passed_over.empty()) {
        std::string names;
        for (const auto& name : table.passed_over) names += (names.empty() ? "" : ", ") + name;
        std::fprintf(stderr, "anb %.*s: %s: columns that are not read: %s\n", static_cast<int>(command.size()), command.data(), s.data.c_str(), names.c_str());
    }
    if (table.records.empty()) throw vd::input_error{s.data, "", "records of networks", "none"};
    split_if_none(table, s.split_seed);
    return table;
}

} // namespace anb
