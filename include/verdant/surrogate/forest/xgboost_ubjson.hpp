#pragma once

#include <verdant/io/document/ubjson.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/forest/detail/xgboost_arrays.hpp>
#include <verdant/surrogate/forest/detail/xgboost_document.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/forest/xgboost_json.hpp>
#include <verdant/surrogate/forest/xgboost_model.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Models of XGBoost in its UBJSON: the same members as in its JSON, with numbers as bytes. Version 2 writes it by default.
namespace verdant::surrogate {

namespace detail {

inline void write_tree(io::ubjson_writer& out, const regression_tree& t, std::size_t number, std::size_t features) {
    const xgboost_tree_arrays a{t};
    const auto member = [&]<class T>(std::string_view name, const std::vector<T>& values) {
        out.key(name);
        out.numbers(std::span<const T>{values});
    };
    const std::vector<std::int32_t> no_numbers;
    const std::vector<std::int64_t> no_sizes;
    out.begin_object();
    member("base_weights", a.weight);
    member("categories", no_numbers);
    member("categories_nodes", no_numbers);
    member("categories_segments", no_sizes);
    member("categories_sizes", no_sizes);
    member("default_left", t.default_left);
    out.key("id");
    out.whole(static_cast<std::int64_t>(number));
    member("left_children", t.left);
    member("loss_changes", a.gain);
    member("parents", a.parent);
    member("right_children", t.right);
    member("split_conditions", a.condition);
    member("split_indices", a.feature);
    member("split_type", a.zero);
    member("sum_hessian", a.cover);
    out.key("tree_param");
    out.begin_object();
    for (const auto& [name, value] : {std::pair{"num_deleted", std::string{"0"}}, std::pair{"num_feature", std::to_string(features)},
                                      std::pair{"num_nodes", std::to_string(t.nodes())}, std::pair{"size_leaf_vector", std::string{"0"}}}) {
        out.key(name);
        out.text(value);
    }
    out.end_object();
    out.end_object();
}

} // namespace detail

/// A model of the bytes of XGBoost's UBJSON: what `parse_xgboost_json` says.
/// @throws input_error that names the source and the member, or the byte
template <class = instantiated_when_used>
[[nodiscard]] xgboost_model parse_xgboost_ubjson(std::span<const unsigned char> bytes, std::string_view source) {
    return detail::xgboost_model_from(io::parse_ubjson<detail::xgboost_value>(bytes, source), source);
}
VERDANT_DEFINED_ONCE(xgboost_model parse_xgboost_ubjson<>(std::span<const unsigned char>, std::string_view));

/// The UBJSON of a model, which XGBoost from version 1.6 on reads.
/// @throws input_error where `check_model` refuses the model
template <class = instantiated_when_used>
[[nodiscard]] std::string xgboost_ubjson(const xgboost_model& m) {
    check_model(m, "model of XGBoost");
    io::ubjson_writer out;
    const auto texts = [&](std::string_view name, const auto& pairs) {
        out.key(name);
        out.begin_object();
        for (const auto& [key, value] : pairs) {
            out.key(key);
            out.text(value);
        }
        out.end_object();
    };
    const auto list = [&](std::string_view name, const std::vector<std::string>& values) {
        out.key(name);
        out.begin_array();
        for (const auto& v : values) out.text(v);
        out.end_array();
    };
    using pairs = std::vector<std::pair<std::string_view, std::string>>;
    const auto count = m.trees.trees().size();
    const auto features = m.trees.features();
    out.begin_object();
    out.key("learner");
    out.begin_object();
    texts("attributes", m.attributes);
    list("feature_names", m.feature_names);
    list("feature_types", m.feature_types);
    out.key("gradient_booster");
    out.begin_object();
    out.key("model");
    out.begin_object();
    texts("gbtree_model_param", pairs{{"num_parallel_tree", "1"}, {"num_trees", std::to_string(count)}, {"size_leaf_vector", "0"}});
    out.key("tree_info");
    out.begin_array();
    for (std::size_t t = 0; t < count; ++t) out.whole(0);
    out.end_array();
    out.key("trees");
    out.begin_array();
    for (std::size_t t = 0; t < count; ++t) detail::write_tree(out, m.trees.trees()[t], t, features);
    out.end_array();
    out.end_object();
    out.key("name");
    out.text("gbtree");
    out.end_object();
    texts("learner_model_param", pairs{{"base_score", detail::xgboost_number(m.trees.base_score())},
                                       {"boost_from_average", "1"},
                                       {"num_class", "0"},
                                       {"num_feature", std::to_string(features)},
                                       {"num_target", "1"}});
    out.key("objective");
    out.begin_object();
    out.key("name");
    out.text(m.objective);
    if (detail::has_loss_parameters(m.objective)) texts("reg_loss_param", pairs{{"scale_pos_weight", "1"}});
    out.end_object();
    out.end_object();
    out.key("version");
    out.begin_array();
    for (const std::int64_t part : {1, 7, 4}) out.whole(part);
    out.end_array();
    out.end_object();
    return out.bytes();
}
VERDANT_DEFINED_ONCE(std::string xgboost_ubjson<>(const xgboost_model&));

/// Writes a model into a file, whole or not at all. Throws file_error or input_error.
template <class = instantiated_when_used>
void write_xgboost_ubjson(const std::string& path, const xgboost_model& m) {
    io::write_file(path, xgboost_ubjson(m));
}
VERDANT_DEFINED_ONCE(void write_xgboost_ubjson<>(const std::string&, const xgboost_model&));

/// A model of bytes in either form: behind its first brace, UBJSON has the length of a name.
template <class = instantiated_when_used>
[[nodiscard]] xgboost_model parse_xgboost(std::string_view bytes, std::string_view source) {
    const bool binary =
        bytes.size() > 1 && bytes[0] == '{' &&
        (bytes[1] == 'L' || bytes[1] == 'l' || bytes[1] == 'I' || bytes[1] == 'i' || bytes[1] == 'U' || bytes[1] == '$' || bytes[1] == '#');
    if (!binary) return parse_xgboost_json(bytes, source);
    return parse_xgboost_ubjson({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, source);
}
VERDANT_DEFINED_ONCE(xgboost_model parse_xgboost<>(std::string_view, std::string_view));

/// A model of a file in either form. Throws file_error or input_error, which name it.
template <class = instantiated_when_used>
[[nodiscard]] xgboost_model read_xgboost(const std::string& path) {
    return parse_xgboost(io::read_file(path), path);
}
VERDANT_DEFINED_ONCE(xgboost_model read_xgboost<>(const std::string&));

} // namespace verdant::surrogate
