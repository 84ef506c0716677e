// `clip_benchmark build` and `clip_benchmark average`: tables of results.
#pragma once

#include "../terminal/validators.hpp"
#include "files.hpp"

#include <verdant/data/benchmark/benchmark_json.hpp>
#include <verdant/data/benchmark/benchmark_table.hpp>
#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/report/report.hpp>

#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace clip_benchmark {

namespace io = verdant::io;
namespace vd = verdant;

/// Results of JSON files and of tables that `build` wrote.
inline std::vector<io::benchmark_result> read_results(const std::vector<std::string>& files) {
    std::vector<io::benchmark_result> out;
    for (const auto& file : files) {
        if (!file.ends_with(".csv")) {
            out.push_back(io::read_benchmark_result(file));
            continue;
        }
        auto several = io::results_of(io::read_csv(file));
        out.insert(out.end(), std::make_move_iterator(several.begin()), std::make_move_iterator(several.end()));
    }
    return out;
}

inline void run_build(const std::vector<std::string>& files, const std::string& output) {
    const auto table = io::benchmark_table(read_results(files));
    make_folder_of(output);
    io::write_file(output, io::csv_text(table));
    std::cout << table.rows.size() << " results in " << output << '\n';
}

inline void run_average(const std::vector<std::string>& files, const std::string& folder) {
    const auto found = io::average(read_results(files));
    if (found.by_model.rows.empty())
        throw vd::input_error{files.front(), "metrics", "acc1, both recall@1 or mean_average_precision in some result", "none"};
    const auto show = [](const char* title, const io::csv_table& table) {
        vd::report rounded{table.columns, table.rows};
        for (auto& row : rounded.rows)
            for (auto& field : row)
                if (const auto value = terminal::number_in<double>(field)) field = vd::rounded_text(*value, 4);
        std::cout << title << '\n' << vd::table_text(rounded) << '\n';
    };
    show("by model", found.by_model);
    show("by model and task", found.by_model_and_task);
    show("by model and data set", found.by_dataset);
    if (folder.empty()) return;
    make_folder_of(folder + "/by_model.csv");
    io::write_file(folder + "/by_model.csv", io::csv_text(found.by_model));
    io::write_file(folder + "/by_model_and_task.csv", io::csv_text(found.by_model_and_task));
    io::write_file(folder + "/by_dataset.csv", io::csv_text(found.by_dataset));
}

} // namespace clip_benchmark
