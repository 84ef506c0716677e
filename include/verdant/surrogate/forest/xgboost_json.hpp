#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/forest/detail/xgboost_arrays.hpp>
#include <verdant/surrogate/forest/detail/xgboost_document.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/forest/xgboost_model.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Models of XGBoost in its JSON (doc/tutorials/saving_model.rst, doc/model.schema).
namespace verdant::surrogate {

namespace detail {

/// A number as XGBoost writes it: the shortest digits that give the same float back, and a power of ten, as in 9.916E3 and 0E0.
[[nodiscard]] inline std::string xgboost_number(float value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
    const std::string_view text{digits, static_cast<std::size_t>(end - digits)};
    const auto e = text.find('e');
    auto power = text.substr(e + 2);
    while (power.size() > 1 && power.front() == '0') power.remove_prefix(1);
    std::string out{text.substr(0, e)};
    out += text[e + 1] == '-' ? "E-" : "E";
    out += power;
    return out;
}

/// Throws input_error for floats that are not finite, which JSON cannot hold.
template <class T>
void append_numbers(std::string& out, std::string_view name, std::span<const T> values) {
    out += '"';
    out += name;
    out += "\":[";
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i != 0) out += ',';
        if constexpr (std::is_same_v<T, float>) {
            if (!std::isfinite(values[i]))
                throw input_error{"model of XGBoost", std::string{name} + '[' + std::to_string(i) + ']', "a finite number",
                                  std::to_string(values[i])};
            out += xgboost_number(values[i]);
        } else out += std::to_string(values[i]);
    }
    out += ']';
}

/// Throws input_error for texts that are not UTF-8, which JSON cannot hold.
inline void append_value(std::string& out, std::string_view name, const nlohmann::json& value) {
    try {
        out += '"' + std::string{name} + "\":" + value.dump();
    } catch (const nlohmann::json::exception& e) { throw input_error{"model of XGBoost", name, "texts in UTF-8", io::detail::reason_in(e.what())}; }
}

inline void append_tree(std::string& out, const regression_tree& t, std::size_t number, std::size_t features) {
    const xgboost_tree_arrays a{t};
    out += '{';
    const auto floats = [&](std::string_view name, const std::vector<float>& v) { append_numbers(out, name, std::span<const float>{v}), out += ','; };
    const auto wholes = [&](std::string_view name, const auto& v) { append_numbers(out, name, std::span{v}), out += ','; };
    floats("base_weights", a.weight);
    out += R"("categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[],)";
    wholes("default_left", t.default_left);
    out += "\"id\":" + std::to_string(number) + ',';
    wholes("left_children", t.left);
    floats("loss_changes", a.gain);
    wholes("parents", a.parent);
    wholes("right_children", t.right);
    floats("split_conditions", a.condition);
    wholes("split_indices", t.feature);
    wholes("split_type", a.zero);
    floats("sum_hessian", a.cover);
    out += R"("tree_param":{"num_deleted":"0","num_feature":")" + std::to_string(features) + R"(","num_nodes":")" + std::to_string(t.nodes()) +
           R"(","size_leaf_vector":"0"}})";
}

} // namespace detail

/// A model of the bytes of XGBoost's JSON, from version 1.3 on. Nodes that pruning removed are left out, so that the nodes behind them get other
/// numbers. Everything is used or refused by its name: other boosters (`dart`, `gblinear`) and objectives, several classes or targets, splits by
/// categories, unknown members of trees.
/// @param source what errors call the text: a file's name
/// @throws input_error that names the source and the member
template <class = instantiated_when_used>
[[nodiscard]] xgboost_model parse_xgboost_json(std::string_view text, std::string_view source) {
    return detail::xgboost_model_from(io::parse_json<detail::xgboost_value>(text, source), source);
}
VERDANT_DEFINED_ONCE(xgboost_model parse_xgboost_json<>(std::string_view, std::string_view));

/// The same of a file. Throws file_error or input_error, which name it.
template <class = instantiated_when_used>
[[nodiscard]] xgboost_model read_xgboost_json(const std::string& path) {
    return parse_xgboost_json(io::read_file(path), path);
}
VERDANT_DEFINED_ONCE(xgboost_model read_xgboost_json<>(const std::string&));

/// The JSON of a model as XGBoost 1.7 writes it, byte by byte, which it and later versions read.
/// @throws input_error where `check_model` refuses the model, and for numbers that JSON cannot hold, such as an infinite threshold
template <class = instantiated_when_used>
[[nodiscard]] std::string xgboost_json(const xgboost_model& m) {
    check_model(m, "model of XGBoost");
    const auto count = m.trees.trees().size();
    const auto features = m.trees.features();
    std::string out = R"({"learner":{)";
    detail::append_value(out, "attributes", m.attributes);
    out += ',';
    detail::append_value(out, "feature_names", m.feature_names);
    out += ',';
    detail::append_value(out, "feature_types", m.feature_types);
    out += R"(,"gradient_booster":{"model":{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":")" + std::to_string(count) +
           R"(","size_leaf_vector":"0"},"tree_info":[)";
    for (std::size_t t = 0; t < count; ++t) out += t == 0 ? "0" : ",0";
    out += R"(],"trees":[)";
    for (std::size_t t = 0; t < count; ++t) {
        if (t != 0) out += ',';
        detail::append_tree(out, m.trees.trees()[t], t, features);
    }
    out += R"(]},"name":"gbtree"},"learner_model_param":{"base_score":")" + detail::xgboost_number(m.trees.base_score()) +
           R"(","boost_from_average":"1","num_class":"0","num_feature":")" + std::to_string(features) +
           R"(","num_target":"1"},"objective":{"name":")" + m.objective + '"';
    if (detail::has_loss_parameters(m.objective)) out += R"(,"reg_loss_param":{"scale_pos_weight":"1"})";
    out += R"(}},"version":[1,7,4]})";
    return out;
}
VERDANT_DEFINED_ONCE(std::string xgboost_json<>(const xgboost_model&));

/// Writes a model into a file, whole or not at all. Throws file_error or input_error.
template <class = instantiated_when_used>
void write_xgboost_json(const std::string& path, const xgboost_model& m) {
    io::write_file(path, xgboost_json(m));
}
VERDANT_DEFINED_ONCE(void write_xgboost_json<>(const std::string&, const xgboost_model&));

} // namespace verdant::surrogate
