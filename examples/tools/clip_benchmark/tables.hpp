// `clip_benchmark build` and `clip_benchmark average`: tables of results.
#pragma once

#include "../terminal/validators.hpp"
#include "files.hpp"
#include "plan.hpp"

#include <verdant/data/benchmark/benchmark_json.hpp>
#include <verdant/data/benchmark/benchmark_table.hpp>
#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/report/report.hpp>

#include <cstddef>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace clip_benchmark {

namespace io = verdant::io;
namespace vd = verdant;

/// Results of JSON files and of tables that `build` wrote.
/// @throws input_error where a result is there twice: by all its numbers, or, for averages, by what it is the result of
enum class twice : unsigned char { by_numbers, by_name };
inline std::vector<io::benchmark_result> read_results(const std::vector<std::string>& files, twice refused) {
    std::vector<io::benchmark_result> out;
    std::map<std::string, std::string> from; // the file, of each result
    const auto take = [&](io::benchmark_result r, const std::string& file) {
        auto named = r; // the same but for its files, whatever these hold
        std::erase_if(named.settings, [](const auto& one) { return one.first == files_setting; });
        const auto title = r.dataset + ", " + r.task + ", " + r.language + ", " + io::model_fullname(r) + ", " + io::settings_text(named);
        const auto key = refused == twice::by_name ? title : io::to_json(r).dump();
        if (const auto [there, added] = from.emplace(key, file); !added)
            throw vd::input_error{file, title, "each result once", "it in " + there->second + (there->second == file ? " twice" : " too")};
        out.push_back(std::move(r));
    };
    for (const auto& file : files) {
        if (!file.ends_with(".csv")) {
            take(io::read_benchmark_result(file), file);
            continue;
        }
        for (auto& r : io::results_of(io::read_csv(file))) take(std::move(r), file);
    }
    return out;
}

inline void run_build(const std::vector<std::string>& files, const std::string& output) {
    check_not_among(output, files);
    const auto table = io::benchmark_table(read_results(files, twice::by_numbers));
    make_folder_of(output);
    io::write_file(output, io::csv_text(table));
    std::cout << table.rows.size() << (table.rows.size() == 1 ? " result in " : " results in ") << output << '\n';
}

/// Says which results averages leave out.
inline void tell_left_out(const std::vector<io::benchmark_result>& results) {
    std::string names;
    std::size_t count = 0;
    for (const auto& r : results) {
        if (io::headline_value(r)) continue;
        if (++count <= 5) names += (names.empty() ? "" : "; ") + r.dataset + ' ' + r.task + " of " + io::model_fullname(r);
    }
    if (count == 0) return;
    if (count > 5) names += "; and " + std::to_string(count - 5) + " more";
    std::cerr << "clip_benchmark: " << count << " of " << results.size() << (count == 1 ? " results is" : " results are")
              << " in no average, without acc1, both recall@1 or mean_average_precision that is a number: " << names << '\n';
}

inline void run_average(const std::vector<std::string>& files, const std::string& folder) {
    if (!folder.empty())
        for (const auto* name : {"/by_model.csv", "/by_model_and_task.csv", "/by_dataset.csv"}) check_not_among(folder + name, files);
    const auto results = read_results(files, twice::by_name);
    const auto found = io::average(results);
    if (found.by_model.rows.empty())
        throw vd::input_error{files.front(), "metrics", "acc1, both recall@1 or mean_average_precision in some result", "none"};
    tell_left_out(results);
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
