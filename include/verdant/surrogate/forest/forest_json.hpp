#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/detail/json_numbers.hpp>
#include <verdant/surrogate/forest/distributional_trees.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Forests and distributional trees as JSON. A tree is five lists with an entry for each node, under scikit-learn's names in short: `left`, `right`
/// (-1 in leaves), `feature`, `threshold`, `value`.
///
///     {"features": 28, "trees": [{"left": [1, -1, -1], "right": [2, -1, -1], "feature": [3, 0, 0], "threshold": [0.5, 0, 0], "value": [0, 59.5,
/// 61]}]}
///     {"features": 28, "mean": {"start": 60.1, "trees": [...]}, "log_std": {"start": 0.8, "trees": [...]}}
namespace verdant::surrogate {

namespace detail {

template <class Json>
[[nodiscard]] Json tree_json(const forest_tree& t) {
    return {{"left", t.left}, {"right", t.right}, {"feature", t.feature}, {"threshold", t.threshold}, {"value", t.value}};
}

[[nodiscard]] inline forest_tree tree_from(const nlohmann::json& object, std::string_view source, const std::string& where) {
    const json_members members{object, source, where + '.'};
    io::check_members(object, source, where + '.', std::array<std::string_view, 6>{"left", "right", "feature", "threshold", "value", "n"});
    forest_tree t;
    t.left = members.numbers<std::int32_t>("left");
    t.right = members.numbers<std::int32_t>("right");
    t.threshold = members.numbers<double>("threshold");
    t.value = members.numbers<double>("value");
    // Leaves have no feature: scikit-learn writes -2 for none.
    const auto features = members.numbers<std::int32_t>("feature");
    for (std::size_t n = 0; n < features.size(); ++n) {
        const bool leaf = n < t.left.size() && t.left[n] == no_node;
        if (!leaf && features[n] < 0)
            throw input_error{source, where + ".feature[" + std::to_string(n) + ']', "a whole number of at least 0", std::to_string(features[n])};
        t.feature.push_back(leaf ? 0 : static_cast<std::uint32_t>(features[n]));
        if (n < t.threshold.size() && leaf) t.threshold[n] = 0;
        if (n < t.value.size() && !leaf) t.value[n] = 0;
    }
    t.default_left.assign(t.left.size(), 0);
    for (std::size_t n = 0; n < t.left.size(); ++n) t.default_left[n] = t.left[n] == no_node ? 0 : 1;
    return t;
}

[[nodiscard]] inline std::vector<forest_tree> trees_from(const nlohmann::json& list, std::string_view source, const std::string& where) {
    std::vector<forest_tree> trees;
    for (const auto& one : list) trees.push_back(tree_from(one, source, where + '[' + std::to_string(trees.size()) + ']'));
    return trees;
}

[[nodiscard]] inline distributional_trees::part part_from(const nlohmann::json& object, std::string_view source, const std::string& where) {
    const json_members members{object, source, where + '.'};
    io::check_members(object, source, where + '.', std::array<std::string_view, 2>{"start", "trees"});
    return {members.number<double>("start"), trees_from(members.array("trees"), source, where + ".trees")};
}

template <class Json>
[[nodiscard]] Json part_json(const distributional_trees::part& p) {
    auto trees = Json::array();
    for (const auto& t : p.trees) trees.push_back(tree_json<Json>(t));
    return {{"start", p.start}, {"trees", std::move(trees)}};
}

} // namespace detail

/// Reads a forest. @param source what errors call the text: a file's name
/// @throws input_error that names source and member
template <class = instantiated_when_used>
[[nodiscard]] tree_forest forest_from(const nlohmann::json& object, std::string_view source) {
    const detail::json_members members{object, source};
    io::check_members(object, source, "", std::array<std::string_view, 2>{"features", "trees"});
    return {members.number<std::uint32_t>("features"), detail::trees_from(members.array("trees"), source, "trees"), source};
}

/// The JSON of a forest, which `forest_from` reads.
template <class Json = nlohmann::ordered_json>
[[nodiscard]] Json forest_json(const tree_forest& m) {
    auto trees = Json::array();
    for (const auto& t : m.trees()) trees.push_back(detail::tree_json<Json>(t));
    return {{"features", m.features()}, {"trees", std::move(trees)}};
}

/// Reads distributional trees. @param source what errors call the text: a file's name
/// @throws input_error that names source and member
template <class = instantiated_when_used>
[[nodiscard]] distributional_trees distributional_trees_from(const nlohmann::json& object, std::string_view source) {
    const detail::json_members members{object, source};
    io::check_members(object, source, "", std::array<std::string_view, 3>{"features", "mean", "log_std"});
    return {members.number<std::uint32_t>("features"), detail::part_from(members.at("mean"), source, "mean"),
            detail::part_from(members.at("log_std"), source, "log_std"), source};
}

/// The JSON of distributional trees, which `distributional_trees_from` reads.
template <class Json = nlohmann::ordered_json>
[[nodiscard]] Json distributional_trees_json(const distributional_trees& m) {
    return {{"features", m.features()}, {"mean", detail::part_json<Json>(m.mean())}, {"log_std", detail::part_json<Json>(m.log_std())}};
}

/// Reads files. Throw file_error or input_error, which name them.
template <class = instantiated_when_used>
[[nodiscard]] tree_forest read_forest(const std::string& path) {
    return forest_from(io::read_json(path), path);
}
VERDANT_DEFINED_ONCE(tree_forest read_forest<>(const std::string&));
template <class = instantiated_when_used>
[[nodiscard]] distributional_trees read_distributional_trees(const std::string& path) {
    return distributional_trees_from(io::read_json(path), path);
}
VERDANT_DEFINED_ONCE(distributional_trees read_distributional_trees<>(const std::string&));

/// Writes files, whole or not at all. Throw file_error.
template <class = instantiated_when_used>
void write_forest(const std::string& path, const tree_forest& m) {
    io::write_json(path, forest_json(m), -1);
}
VERDANT_DEFINED_ONCE(void write_forest<>(const std::string&, const tree_forest&));
template <class = instantiated_when_used>
void write_distributional_trees(const std::string& path, const distributional_trees& m) {
    io::write_json(path, distributional_trees_json(m), -1);
}
VERDANT_DEFINED_ONCE(void write_distributional_trees<>(const std::string&, const distributional_trees&));

} // namespace verdant::surrogate
