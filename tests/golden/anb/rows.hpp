#pragma once

// The rows of Accel-NASBench's data set as features and labels, in the order of the reference's lists, and predictions that were published for some
// of them.

#include "golden/golden.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/labelled_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace golden {

/// Rows of one target that have it.
struct anb_rows {
    std::vector<float> x;
    std::vector<double> y;
    std::vector<std::string> ids;

    static constexpr std::size_t columns = 28;
    [[nodiscard]] verdant::surrogate::labelled_rows rows() const { return {{x, columns}, y}; }
};

/// The column of a target in `anb_dataset.csv`.
inline std::string anb_column(const std::string& target) { return target == "acc" ? "val_top1" : target + "_mean"; }

/// The feature of a value: its index among the choices of Accel-NASBench (configurationspaces/effnet_configspace.json).
inline float anb_index(const std::string& parameter, double value) {
    if (parameter.ends_with("_e")) return value == 1 ? 0 : value == 4 ? 1 : 2;
    if (parameter.ends_with("_k")) return value == 3 ? 0 : 1;
    if (parameter.ends_with("_l")) return static_cast<float>(value - 1);
    return value != 0 ? 0 : 1; // squeeze-excite: true has index 0
}

/// The table of a file of the schema of `anb_dataset.csv`.
inline verdant::io::csv_table read_anb_table(const std::filesystem::path& path) { return verdant::io::read_csv(path.string()); }

/// The rows of the given splits together, by their place in the reference's list.
inline anb_rows anb_split(const verdant::io::csv_table& table, const std::string& target, const std::vector<std::string>& splits) {
    const auto label = table.column(anb_column(target)), split = table.column("split"), position = table.column("split_pos"),
               id = table.column("result_id");
    std::vector<std::pair<std::size_t, std::string>> parameters;
    for (const char* const part : {"_e", "_k", "_l", "_se"})
        for (std::size_t b = 0; b < 7; ++b) {
            const auto name = "block" + std::to_string(b) + part;
            parameters.emplace_back(table.column(name), name);
        }
    std::sort(parameters.begin(), parameters.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t r = 0; r < table.rows.size(); ++r)
        if (std::find(splits.begin(), splits.end(), table.rows[r][split]) != splits.end() && !table.rows[r][label].empty())
            order.emplace_back(table.number(r, position), r);
    std::sort(order.begin(), order.end());
    anb_rows out;
    for (const auto& [place, r] : order) {
        for (const auto& [column, name] : parameters) out.x.push_back(anb_index(name, table.number(r, column)));
        out.y.push_back(table.number(r, label));
        out.ids.push_back(table.rows[r][id]);
    }
    return out;
}

/// The targets of `surrogate_preds_val.csv`, in their order.
inline std::vector<std::string> published_targets(const std::vector<row>& predictions) {
    std::vector<std::string> targets;
    for (const auto& r : predictions)
        if (std::find(targets.begin(), targets.end(), r.at("target")) == targets.end()) targets.push_back(r.at("target"));
    return targets;
}

/// A column of `surrogate_preds_val.csv` for the rows of one target, by the ids of architectures; fields may be empty.
inline std::map<std::string, std::string> published(const std::vector<row>& predictions, const std::string& target, const std::string& column) {
    std::map<std::string, std::string> out;
    for (const auto& r : predictions)
        if (r.at("target") == target) out[r.at("result_id")] = r.at(column);
    return out;
}

} // namespace golden
