#pragma once

#include <verdant/data/benchmark/benchmark_result.hpp>
#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The table of many benchmark results, with their averages.
namespace verdant::io {

namespace detail {

inline constexpr std::array<std::string_view, 7> benchmark_columns{"dataset", "model",    "pretrained", "model_fullname",
                                                                   "task",    "language", "settings"};

/// The shortest text that reads back as the same number; nothing for NaN.
[[nodiscard]] inline std::string field_of(double value) { return std::isnan(value) ? std::string{} : exact_text(value); }

} // namespace detail

/// Model and weights in one name.
[[nodiscard]] inline std::string model_fullname(const benchmark_result& r) { return r.model + " " + r.pretrained; }

/// The settings of a result in one text: `split=test text-layers=2`.
[[nodiscard]] inline std::string settings_text(const benchmark_result& r) {
    std::string out;
    for (const auto& [name, value] : r.settings) out += (out.empty() ? "" : " ") + name + '=' + value;
    return out;
}

/// Model, weights and, in brackets, the settings that tell models of one name apart. The split `test` is what is meant without one.
[[nodiscard]] inline std::string model_variant(const benchmark_result& r) {
    std::string out;
    for (const auto& [name, value] : r.settings)
        if (name.find('.') == name.npos && !(name == "split" && value == "test")) out += (out.empty() ? " [" : " ") + name + '=' + value;
    return model_fullname(r) + out + (out.empty() ? "" : "]");
}

/// One table of many results, a row each in the order given. Columns: dataset, model, pretrained, model_fullname, task, language, settings where some
/// result has them, then every metric that occurs, sorted by name. A field is empty where a result has no such metric, or NaN for it.
template <class = instantiated_when_used>
[[nodiscard]] csv_table benchmark_table(std::span<const benchmark_result> results) {
    std::set<std::string> names;
    bool settings = false;
    for (const auto& r : results) {
        settings = settings || !r.settings.empty();
        for (const auto& m : r.metrics) names.insert(m.first);
    }
    csv_table out;
    out.columns.assign(detail::benchmark_columns.begin(), detail::benchmark_columns.end() - (settings ? 0 : 1));
    out.columns.insert(out.columns.end(), names.begin(), names.end());
    for (const auto& r : results) {
        std::vector<std::string> row{r.dataset, r.model, r.pretrained, model_fullname(r), r.task, r.language};
        if (settings) row.push_back(settings_text(r));
        for (const auto& name : names) {
            const auto* const value = r.metric(name);
            row.push_back(value == nullptr ? std::string{} : detail::field_of(*value));
        }
        out.lines.push_back(out.rows.size() + 2);
        out.rows.push_back(std::move(row));
    }
    return out;
}
VERDANT_DEFINED_ONCE(csv_table benchmark_table<>(std::span<const benchmark_result>));

/// The results in such a table. Empty fields are metrics that the result does not have. Columns may come in any order, True and
/// False in tables of the original are 1 and 0.
/// @throws input_error naming file, line and column
template <class = instantiated_when_used>
[[nodiscard]] std::vector<benchmark_result> results_of(const csv_table& table) {
    const auto dataset = table.column("dataset"), model = table.column("model"), pretrained = table.column("pretrained"), task = table.column("task");
    const auto language = std::find(table.columns.begin(), table.columns.end(), "language");
    const auto is_metric = [&](std::size_t c) {
        const std::string_view name = table.columns[c];
        return std::find(detail::benchmark_columns.begin(), detail::benchmark_columns.end(), name) == detail::benchmark_columns.end() &&
               !name.empty() && name != "classnames" && name != "templates";
    };
    const auto settings = std::find(table.columns.begin(), table.columns.end(), "settings");
    // What has no name of its own goes on with the value before.
    const auto read_settings = [](std::string_view text, benchmark_result& r) {
        for (bool more = !text.empty(); more;) {
            const auto space = text.find(' ');
            more = space != text.npos;
            const auto word = text.substr(0, space);
            text.remove_prefix(more ? space + 1 : text.size());
            if (const auto equals = word.find('='); equals != word.npos) r.settings.emplace_back(word.substr(0, equals), word.substr(equals + 1));
            else if (!r.settings.empty()) r.settings.back().second += ' ' + std::string{word};
        }
    };
    std::vector<benchmark_result> out;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const auto& row = table.rows[i];
        benchmark_result r{.dataset = row[dataset], .model = row[model], .pretrained = row[pretrained], .task = row[task], .language = "en"};
        if (language != table.columns.end()) r.language = row[static_cast<std::size_t>(language - table.columns.begin())];
        if (settings != table.columns.end()) read_settings(row[static_cast<std::size_t>(settings - table.columns.begin())], r);
        for (std::size_t c = 0; c < row.size(); ++c)
            if (is_metric(c) && !row[c].empty())
                r.metrics.emplace_back(table.columns[c], row[c] == "True" ? 1 : row[c] == "False" ? 0 : table.number(i, c));
        out.push_back(std::move(r));
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<benchmark_result> results_of<>(const csv_table&));

/// The one number that a result counts with (CATransformers, final_model_training/calc_avg.py): acc1, else the mean of both recall@1, else
/// mean_average_precision; nothing where it has none of them, as linear probes.
[[nodiscard]] inline std::optional<double> headline_value(const benchmark_result& r) {
    const auto number = [&r](const char* name) -> std::optional<double> {
        const auto* const found = r.metric(name);
        return found == nullptr || std::isnan(*found) ? std::nullopt : std::optional{*found};
    };
    if (const auto accuracy = number("acc1")) return accuracy;
    const auto image = number("image_retrieval_recall@1"), text = number("text_retrieval_recall@1");
    if (image && text) return (*image + *text) / 2;
    return number("mean_average_precision");
}

/// Averages of many results by model, by model and task, and by model and data set.
struct benchmark_averages {
    csv_table by_model; ///< model_fullname (as `model_variant` gives it), count, mean
    csv_table by_model_and_task; ///< model_fullname, task, count, mean
    csv_table by_dataset; ///< model_fullname, then a column for each data set: the mean over its tasks and languages, or nothing
};

/// Models, tasks and data sets are sorted by name. Results without a headline value do not count.
template <class = instantiated_when_used>
[[nodiscard]] benchmark_averages average(std::span<const benchmark_result> results) {
    struct mean {
        double sum = 0;
        std::size_t count = 0;
        void add(double x) { sum += x, ++count; }
        [[nodiscard]] std::string text() const { return detail::field_of(sum / static_cast<double>(count)); }
    };
    std::map<std::string, mean> models;
    std::map<std::pair<std::string, std::string>, mean> tasks, datasets;
    std::set<std::string> dataset_names;
    for (const auto& r : results)
        if (const auto value = headline_value(r)) {
            const auto name = model_variant(r);
            models[name].add(*value);
            tasks[{name, r.task}].add(*value);
            datasets[{name, r.dataset}].add(*value);
            dataset_names.insert(r.dataset);
        }
    benchmark_averages out;
    out.by_model.columns = {"model_fullname", "count", "mean"};
    out.by_model_and_task.columns = {"model_fullname", "task", "count", "mean"};
    out.by_dataset.columns = {"model_fullname"};
    out.by_dataset.columns.insert(out.by_dataset.columns.end(), dataset_names.begin(), dataset_names.end());
    for (const auto& [name, m] : models) {
        out.by_model.rows.push_back({name, std::to_string(m.count), m.text()});
        std::vector<std::string> row{name};
        for (const auto& dataset : dataset_names) {
            const auto found = datasets.find({name, dataset});
            row.push_back(found == datasets.end() ? std::string{} : found->second.text());
        }
        out.by_dataset.rows.push_back(std::move(row));
    }
    for (const auto& [key, m] : tasks) out.by_model_and_task.rows.push_back({key.first, key.second, std::to_string(m.count), m.text()});
    return out;
}
VERDANT_DEFINED_ONCE(benchmark_averages average<>(std::span<const benchmark_result>));

} // namespace verdant::io
