#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/detail/xgboost_arrays.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/forest/xgboost_model.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What XGBoost's JSON and UBJSON hold, which is the same.
namespace verdant::surrogate::detail {

/// Values of the JSON, with numbers in single precision, as those of XGBoost are: read through double precision, some decimals would be rounded
/// twice.
using xgboost_value = nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, float>;

/// Reads members of one object, each checked for its kind; `where` is what stands before their names in errors.
class xgboost_reader {
public:
    xgboost_reader(const xgboost_value& object, std::string_view source, std::string where)
        : object_{object}, source_{source}, where_{std::move(where)} {
        if (!object.is_object()) throw input_error{source, where_, "an object", object.type_name()};
    }

    [[noreturn]] void fail(std::string_view name, std::string_view expected, std::string_view found) const {
        throw input_error{source_, place(name), expected, found};
    }
    [[nodiscard]] std::string place(std::string_view name) const { return where_.empty() ? std::string{name} : where_ + '.' + std::string{name}; }
    [[nodiscard]] const xgboost_value* find(const char* name) const {
        const auto found = object_.find(name);
        return found == object_.end() ? nullptr : &*found;
    }
    [[nodiscard]] const xgboost_value& at(const char* name) const {
        if (const auto* const found = find(name)) return *found;
        fail(name, "this member", "none");
    }
    [[nodiscard]] xgboost_reader object(const char* name) const { return {at(name), source_, place(name)}; }
    [[nodiscard]] const std::string& text(const char* name) const {
        const auto& v = at(name);
        if (!v.is_string()) fail(name, "a text", v.type_name());
        return v.get_ref<const std::string&>();
    }
    [[nodiscard]] const xgboost_value& list(const char* name) const {
        const auto& v = at(name);
        if (!v.is_array()) fail(name, "a list", v.type_name());
        return v;
    }
    /// A whole number that stands in a text, as all parameters do.
    [[nodiscard]] std::size_t count(const char* name) const {
        const auto& t = text(name);
        std::uint32_t n = 0;
        const auto [end, problem] = std::from_chars(t.data(), t.data() + t.size(), n);
        if (problem != std::errc{} || end != t.data() + t.size() || n > static_cast<std::uint32_t>(std::numeric_limits<std::int32_t>::max()))
            fail(name, "a whole number of 0 or more in a text", '\'' + t + '\'');
        return n;
    }
    /// Whole numbers from `least` to `most`; files of old versions have true and false for 1 and 0.
    template <class T>
    void wholes(const char* name, std::vector<T>& out, std::int64_t least, std::int64_t most) const {
        const auto& v = list(name);
        out.reserve(v.size());
        for (const auto& x : v) {
            const bool whole = x.is_number_integer() && !(x.is_number_unsigned() && x.get<std::uint64_t>() > static_cast<std::uint64_t>(most));
            const auto n = whole ? x.get<std::int64_t>() : x.is_boolean() ? std::int64_t{x.get<bool>()} : least - 1;
            if (n < least || n > most)
                fail(std::string{name} + '[' + std::to_string(out.size()) + ']',
                     "a whole number from " + std::to_string(least) + " to " + std::to_string(most), shown(x));
            out.push_back(static_cast<T>(n));
        }
    }
    void numbers(const char* name, std::vector<float>& out) const {
        const auto& v = list(name);
        out.reserve(v.size());
        for (const auto& x : v) {
            if (!x.is_number()) fail(std::string{name} + '[' + std::to_string(out.size()) + ']', "a number", shown(x));
            out.push_back(x.get<float>());
        }
    }
    void texts(const char* name, std::vector<std::string>& out) const {
        if (find(name) == nullptr) return;
        for (const auto& x : list(name)) {
            if (!x.is_string()) fail(std::string{name} + '[' + std::to_string(out.size()) + ']', "a text", x.type_name());
            out.push_back(x.get<std::string>());
        }
    }
    template <class Names>
    void only(const Names& known) const {
        io::check_members(object_, source_, where_.empty() ? "" : where_ + '.', known);
    }

private:
    /// A value as errors show it.
    [[nodiscard]] static std::string shown(const xgboost_value& v) { return v.is_number() ? v.dump() : v.type_name(); }

    const xgboost_value& object_;
    std::string_view source_;
    std::string where_;
};

/// The members of a tree in versions 1.3 to 3.0.
inline constexpr std::array<std::string_view, 17> xgboost_tree_members{"base_weights",
                                                                       "categories",
                                                                       "categories_nodes",
                                                                       "categories_segments",
                                                                       "categories_sizes",
                                                                       "default_left",
                                                                       "id",
                                                                       "left_children",
                                                                       "leaf_child_counts",
                                                                       "loss_changes",
                                                                       "parents",
                                                                       "right_children",
                                                                       "split_conditions",
                                                                       "split_indices",
                                                                       "split_type",
                                                                       "sum_hessian",
                                                                       "tree_param"};

/// The arrays of a tree as they stand in a file.
struct xgboost_tree_file {
    regression_tree tree;
    std::vector<std::int32_t> parent;
};

/// Reads the arrays of a tree, each as long as the tree says that it is.
[[nodiscard]] inline xgboost_tree_file xgboost_arrays_from(const xgboost_reader& r, std::size_t nodes) {
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    const auto long_enough = [&](const char* name, std::size_t size) {
        if (size != nodes) r.fail(name, std::to_string(nodes) + " entries, as tree_param.num_nodes says", std::to_string(size));
    };
    const auto wholes = [&](const char* name, auto& out, std::int64_t least, std::int64_t greatest) {
        r.wholes(name, out, least, greatest);
        long_enough(name, out.size());
    };
    const auto numbers = [&](const char* name, std::vector<float>& out) {
        r.numbers(name, out);
        long_enough(name, out.size());
    };
    xgboost_tree_file f;
    auto& t = f.tree;
    wholes("left_children", t.left, no_node, most);
    wholes("right_children", t.right, no_node, most);
    wholes("parents", f.parent, 0, most);
    wholes("split_indices", t.feature, 0, most);
    wholes("default_left", t.default_left, 0, 1);
    numbers("split_conditions", t.threshold);
    numbers("base_weights", t.weight);
    numbers("loss_changes", t.gain);
    numbers("sum_hessian", t.cover);
    t.value.resize(nodes);
    for (std::size_t n = 0; n < nodes; ++n)
        if (t.leaf(n)) std::swap(t.value[n], t.threshold[n]);
    return f;
}

/// Throws input_error where a child has another parent than the node whose child it is. @return for each node whether it is a child
[[nodiscard]] inline std::vector<std::uint8_t> check_parents(const xgboost_tree_file& f, const xgboost_reader& r) {
    const auto nodes = f.tree.nodes();
    std::vector<std::uint8_t> is_child(nodes);
    for (std::size_t n = 0; n < nodes; ++n)
        for (const auto child : {f.tree.left[n], f.tree.right[n]}) {
            if (child <= 0 || static_cast<std::size_t>(child) >= nodes) continue; // which check_tree refuses, but for leaves
            const auto c = static_cast<std::size_t>(child);
            is_child[c] = 1;
            if (f.parent[c] != static_cast<std::int32_t>(n))
                r.fail("parents[" + std::to_string(c) + ']', std::to_string(n) + ", whose child it is", std::to_string(f.parent[c]));
        }
    return is_child;
}

/// The tree without nodes that pruning removed: leaves of no node, with a mark for a feature.
[[nodiscard]] inline regression_tree without_removed_nodes(regression_tree t, const std::vector<std::uint8_t>& is_child) {
    const auto nodes = t.nodes();
    std::vector<std::int32_t> number(nodes, no_node);
    std::int32_t kept = 0;
    for (std::size_t n = 0; n < nodes; ++n)
        if (n == 0 || is_child[n] != 0 || !t.leaf(n) || t.feature[n] != static_cast<std::uint32_t>(xgboost_no_parent)) number[n] = kept++;
    if (static_cast<std::size_t>(kept) == nodes) return t;
    const auto move = [&]<class T>(std::vector<T>& v) {
        for (std::size_t n = 0; n < nodes; ++n)
            if (number[n] != no_node) v[static_cast<std::size_t>(number[n])] = v[n];
        v.resize(static_cast<std::size_t>(kept));
    };
    for (auto* const children : {&t.left, &t.right})
        for (auto& child : *children)
            if (child > 0 && static_cast<std::size_t>(child) < nodes) child = number[static_cast<std::size_t>(child)];
    move(t.left);
    move(t.right);
    move(t.feature);
    move(t.default_left);
    for (auto* const v : {&t.threshold, &t.value, &t.gain, &t.cover, &t.weight}) move(*v);
    return t;
}

/// A tree of a file; `check_tree` of the model sees to what its arrays say of each other.
[[nodiscard]] inline regression_tree xgboost_tree_from(const xgboost_reader& r, std::size_t features) {
    r.only(xgboost_tree_members);
    const auto parameters = r.object("tree_param");
    if (parameters.count("num_feature") != features)
        parameters.fail("num_feature", std::to_string(features) + " as in learner_model_param", parameters.text("num_feature"));
    if (parameters.find("size_leaf_vector") != nullptr && parameters.count("size_leaf_vector") > 1)
        parameters.fail("size_leaf_vector", "leaves of one number", parameters.text("size_leaf_vector"));
    if (r.find("split_type") != nullptr) {
        std::vector<std::uint8_t> kind;
        r.wholes("split_type", kind, 0, 1);
        for (std::size_t n = 0; n < kind.size(); ++n)
            if (kind[n] != 0) r.fail("split_type[" + std::to_string(n) + ']', "a split by a threshold (0)", "one by categories");
    }
    for (const char* const name : {"categories", "categories_nodes"})
        if (r.find(name) != nullptr && !r.list(name).empty())
            r.fail(name, "no splits by categories", std::to_string(r.list(name).size()) + " entries");
    auto f = xgboost_arrays_from(r, parameters.count("num_nodes"));
    const auto is_child = check_parents(f, r);
    return without_removed_nodes(std::move(f.tree), is_child);
}

/// The number in the text of `base_score`; versions from 3.1 on put it into brackets.
[[nodiscard]] inline float xgboost_base_score(const xgboost_reader& parameters) {
    const auto& whole = parameters.text("base_score");
    std::string_view t = whole;
    if (t.size() > 2 && t.front() == '[' && t.back() == ']') t = t.substr(1, t.size() - 2);
    float value = 0;
    const auto [end, problem] = std::from_chars(t.data(), t.data() + t.size(), value);
    if (problem != std::errc{} || end != t.data() + t.size()) parameters.fail("base_score", "a number in a text", '\'' + whole + '\'');
    return value;
}

/// The model of a document.
[[nodiscard]] inline xgboost_model xgboost_model_from(const xgboost_value& document, std::string_view source) {
    const xgboost_reader root{document, source, ""};
    const auto learner = root.object("learner"), booster = learner.object("gradient_booster"), parameters = learner.object("learner_model_param");
    if (booster.text("name") != "gbtree") booster.fail("name", "'gbtree'", '\'' + booster.text("name") + '\'');
    for (const char* const several : {"num_class", "num_target"})
        if (parameters.find(several) != nullptr && parameters.count(several) > 1)
            parameters.fail(several, "one number to predict", parameters.text(several));
    const auto model = booster.object("model"), counts = model.object("gbtree_model_param");
    if (counts.find("num_parallel_tree") != nullptr && counts.count("num_parallel_tree") > 1)
        counts.fail("num_parallel_tree", "one tree a round", counts.text("num_parallel_tree"));
    const auto& list = model.list("trees");
    if (counts.count("num_trees") != list.size()) counts.fail("num_trees", std::to_string(list.size()) + ", as trees has", counts.text("num_trees"));
    const auto features = parameters.count("num_feature");
    std::vector<regression_tree> trees;
    trees.reserve(list.size());
    for (const auto& one : list)
        trees.push_back(xgboost_tree_from({one, source, model.place("trees") + '[' + std::to_string(trees.size()) + ']'}, features));
    xgboost_model m{
        boosted_trees{features, xgboost_base_score(parameters), std::move(trees), source}, learner.object("objective").text("name"), {}, {}, {}};
    learner.texts("feature_names", m.feature_names);
    learner.texts("feature_types", m.feature_types);
    if (const auto* const attributes = learner.find("attributes")) {
        const xgboost_reader reader{*attributes, source, learner.place("attributes")};
        for (const auto& member : attributes->items()) m.attributes.emplace(member.key(), reader.text(member.key().c_str()));
    }
    check_model(m, source);
    return m;
}

} // namespace verdant::surrogate::detail
