#pragma once

#include <verdant/surrogate/forest/regression_tree.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace verdant::surrogate::detail {

/// What XGBoost has for the parent of the root, and for the feature of a node that pruning removed (include/xgboost/tree_model.h).
inline constexpr std::int32_t xgboost_no_parent = 2147483647;

/// The arrays of a tree in XGBoost's files that are not those of `regression_tree`. Conditions are thresholds in inner nodes and values in leaves.
struct xgboost_tree_arrays {
    std::vector<float> condition, gain, cover, weight;
    std::vector<std::int32_t> parent, feature;
    std::vector<std::uint8_t> zero;

    explicit xgboost_tree_arrays(const regression_tree& t)
        : condition(t.threshold), gain(t.gain), cover(t.cover), weight(t.weight), parent(t.nodes(), xgboost_no_parent), zero(t.nodes()) {
        for (auto* const v : {&gain, &cover}) v->resize(t.nodes());
        for (std::size_t n = 0; n < t.nodes(); ++n) {
            if (t.leaf(n)) condition[n] = t.value[n];
            else
                for (const auto child : {t.left[n], t.right[n]}) parent[static_cast<std::size_t>(child)] = static_cast<std::int32_t>(n);
            feature.push_back(static_cast<std::int32_t>(t.feature[n]));
        }
        if (weight.empty()) weight = t.value;
    }
};

/// Whether files have `reg_loss_param` beside the name of an objective (src/objective/regression_obj.cu).
[[nodiscard]] inline bool has_loss_parameters(std::string_view objective) {
    return objective == "reg:squarederror" || objective == "reg:linear" || objective == "reg:squaredlogerror";
}

} // namespace verdant::surrogate::detail
