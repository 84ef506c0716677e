#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/ensemble/any_regressor.hpp>
#include <verdant/surrogate/ensemble/regressor_ensemble.hpp>
#include <verdant/surrogate/forest/compiled_trees.hpp>
#include <verdant/surrogate/forest/forest_json.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>
#include <verdant/surrogate/kernel/support_vector_json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Models of files, whatever they are.
namespace verdant::surrogate {

namespace detail {

/// What `parse_regressor` gives.
/// @param names lists that the names of the features must agree with; that of the model joins them, where it has names
template <class = instantiated_when_used>
[[nodiscard]] any_regressor regressor_over(std::string_view bytes, std::string_view source, std::vector<std::vector<std::string>>& names) {
    const auto first = bytes.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || bytes[first] != '{')
        throw input_error{source, "", "a model in JSON or UBJSON (XGBoost's older binary form is saved as one of these by XGBoost itself)",
                          "something else"};
    const bool text = first + 1 < bytes.size() && (bytes[first + 1] == '"' || bytes[first + 1] == '}' || bytes[first + 1] == ' ' ||
                                                   bytes[first + 1] == '\n' || bytes[first + 1] == '\r' || bytes[first + 1] == '\t');
    // Models of XGBoost are long; their name for everything stands at their beginning, or at their end in files whose members stand in another order.
    if (!text || bytes.find("\"learner\"") != std::string_view::npos) {
        auto model = parse_xgboost(bytes, source);
        for (const auto& others : names) check_feature_names(model.feature_names, others, source);
        if (!model.feature_names.empty() && std::find(names.begin(), names.end(), model.feature_names) == names.end())
            names.push_back(std::move(model.feature_names));
        return compiled_trees{std::move(model.trees)};
    }
    const auto object = io::parse_json(bytes, source);
    if (object.contains("trees")) return forest_from(object, source);
    if (object.contains("mean")) return distributional_trees_from(object, source);
    if (object.contains("dual_coef")) return support_vectors_from(object, source);
    throw input_error{source, "",
                      "a model: of XGBoost (learner), a forest (trees), distributional trees (mean and log_std) or support vectors (dual_coef)",
                      "members of none of these"};
}
VERDANT_DEFINED_ONCE(any_regressor regressor_over<>(std::string_view, std::string_view, std::vector<std::vector<std::string>>&));

} // namespace detail

/// A model of the bytes of a file, by what they hold: XGBoost's JSON or UBJSON (which becomes `compiled_trees`), a forest (`forest_json`),
/// distributional trees (`distributional_trees_json`), support vectors (`support_vectors_json`).
/// @param source what errors call the bytes
/// @param parameters names of what the features stand for, such as `tabular::parameter_names<Space>()`: a model that names its features otherwise is
/// refused (`check_feature_names`)
/// @throws input_error that names the source and what is wrong there
template <class = instantiated_when_used>
[[nodiscard]] any_regressor parse_regressor(std::string_view bytes, std::string_view source, std::vector<std::string> parameters = {}) {
    std::vector<std::vector<std::string>> names{std::move(parameters)};
    return detail::regressor_over(bytes, source, names);
}
VERDANT_DEFINED_ONCE(any_regressor parse_regressor<>(std::string_view, std::string_view, std::vector<std::string>));

/// The same of a file. Throws file_error or input_error, which name it.
template <class = instantiated_when_used>
[[nodiscard]] any_regressor read_regressor(const std::string& path, std::vector<std::string> parameters = {}) {
    return parse_regressor(io::read_file(path), path, std::move(parameters));
}
VERDANT_DEFINED_ONCE(any_regressor read_regressor<>(const std::string&, std::vector<std::string>));

namespace detail {

/// Whether a name stands before another one, with numbers in them by their values: member2 before member10.
[[nodiscard]] inline bool before_by_numbers(std::string_view a, std::string_view b) {
    const auto number_at = [](std::string_view s, std::size_t& i) {
        while (i < s.size() && s[i] == '0') ++i;
        const auto begin = i;
        while (i < s.size() && s[i] >= '0' && s[i] <= '9') ++i;
        return s.substr(begin, i - begin);
    };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (digit(a[i]) && digit(b[j])) {
            const auto x = number_at(a, i), y = number_at(b, j);
            if (x != y) return x.size() != y.size() ? x.size() < y.size() : x < y;
        } else {
            if (a[i] != b[j]) return a[i] < b[j];
            ++i, ++j;
        }
    }
    return a.size() - i < b.size() - j || (a.size() - i == b.size() - j && a < b);
}

/// Files below a folder that are models by their names: all `surrogate_model.model`, as Accel-NASBench's programs write them; where there are none,
/// what ends in `.json`, `.ubj` or `.model`, but for settings.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> model_files_below(const std::string& folder) {
    std::vector<std::string> named, others;
    std::error_code failure;
    for (std::filesystem::recursive_directory_iterator i{folder, failure}, end; !failure && i != end; i.increment(failure)) {
        std::error_code none;
        if (!i->is_regular_file(none)) continue;
        const auto name = i->path().filename().string();
        constexpr std::array<std::string_view, 2> settings{"model_config.json", "data_config.json"};
        if (name == "surrogate_model.model") named.push_back(i->path().string());
        else if ((name.ends_with(".json") || name.ends_with(".ubj") || name.ends_with(".model")) &&
                 std::find(settings.begin(), settings.end(), name) == settings.end())
            others.push_back(i->path().string());
    }
    if (failure) throw file_error{folder, "read the folder", failure.message()};
    auto& files = named.empty() ? others : named;
    std::sort(files.begin(), files.end(), before_by_numbers);
    return std::move(files);
}

} // namespace detail

/// An ensemble of files, one member each.
/// @param parameters as of `parse_regressor`; members that name their features agree with these, and with each other
/// @throws file_error, or input_error where a file is no model, or members differ in their features
template <class = instantiated_when_used>
[[nodiscard]] regressor_ensemble<any_regressor> read_ensemble(const std::vector<std::string>& paths, std::vector<std::string> parameters = {}) {
    std::vector<any_regressor> members;
    std::vector<std::vector<std::string>> names{std::move(parameters)};
    for (const auto& p : paths) members.push_back(detail::regressor_over(io::read_file(p), p, names));
    return regressor_ensemble<any_regressor>{std::move(members), paths.empty() ? "ensemble" : paths.front()};
}
VERDANT_DEFINED_ONCE(regressor_ensemble<any_regressor> read_ensemble<>(const std::vector<std::string>&, std::vector<std::string>));

/// The ensemble of a folder: each `surrogate_model.model` below it, or, where there is none, each file that ends in `.json`, `.ubj` or `.model`,
/// numbers in names by their values.
/// @param parameters as above
/// @throws file_error, or input_error that names the file
template <class = instantiated_when_used>
[[nodiscard]] regressor_ensemble<any_regressor> read_ensemble(const std::string& folder, std::vector<std::string> parameters = {}) {
    const auto files = detail::model_files_below(folder);
    if (files.empty()) throw input_error{folder, "", "files of models: surrogate_model.model, or names that end in .json, .ubj or .model", "none"};
    return read_ensemble(files, std::move(parameters));
}
VERDANT_DEFINED_ONCE(regressor_ensemble<any_regressor> read_ensemble<>(const std::string&, std::vector<std::string>));

} // namespace verdant::surrogate
