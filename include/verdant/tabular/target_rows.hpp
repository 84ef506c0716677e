#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/index_features.hpp>
#include <verdant/tabular/network_record.hpp>
#include <verdant/tabular/record_table.hpp>
#include <verdant/text/closest_name.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a surrogate of one metric is fitted to.
namespace verdant::tabular {

/// The features of networks, which are the indices of their points, and what was measured of each.
struct target_rows {
    std::string target{}; ///< the metric's name
    std::string unit{};
    std::size_t columns = 0;
    std::vector<float> x{};             ///< [records, columns], row by row
    std::vector<double> y{};            ///< [records], in `unit`
    std::vector<std::size_t> records{}; ///< the number of each row's record in its table
    std::size_t lacking = 0;            ///< records that were left out, since the metric was not measured of them

    [[nodiscard]] std::size_t rows() const noexcept { return y.size(); }
    [[nodiscard]] surrogate::feature_rows features() const noexcept { return {x, columns}; }
};

/// The name of the metric that somebody calls a target: itself, or `acc` for `val_top1` where there is no metric of that name.
/// @throws input_error where the table has no such metric, with the names of those that it has
template <search_space S>
[[nodiscard]] std::string target_name(const record_table<S>& table, std::string_view target) {
    const auto names = table.metric_names();
    for (const auto& name : names)
        if (name == target) return name;
    if (target == "acc")
        for (const auto& name : names)
            if (name == "val_top1") return name;
    throw input_error{table.source, "target", names.empty() ? "a metric, of which the table has none" : "one of " + io::name_list(names),
                      '\'' + std::string{target} + '\'' + io::did_you_mean(target, names)};
}

/// The rows of some records that have a metric; others are left out and counted.
/// @param target see `target_name`
/// @throws input_error where there is no such metric, none of the records has it, or they have it in several units
template <search_space S>
[[nodiscard]] target_rows rows_of(const record_table<S>& table, std::span<const std::size_t> records, std::string_view target) {
    target_rows to;
    to.target = target_name(table, target);
    to.columns = parameter_count<S>;
    for (const auto i : records) {
        const auto& record = table.records.at(i);
        const auto* const metric = record.find(to.target);
        if (metric == nullptr) {
            ++to.lacking;
            continue;
        }
        if (!to.records.empty() && metric->unit != to.unit)
            throw input_error{table.source, "target " + to.target + ", record " + std::to_string(record.id),
                              "a number in '" + to.unit + "', as those before it", "one in '" + metric->unit + '\''};
        to.x.resize(to.x.size() + to.columns);
        surrogate::index_features(record.architecture, std::span{to.x}.last(to.columns));
        to.y.push_back(metric->mean);
        to.records.push_back(i);
        to.unit = metric->unit;
    }
    if (to.y.empty()) throw input_error{table.source, "target " + to.target, "records that have it", "none of " + std::to_string(records.size())};
    return to;
}

} // namespace verdant::tabular
