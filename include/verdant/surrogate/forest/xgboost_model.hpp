#pragma once

#include <verdant/error.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/text/closest_name.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::surrogate {

/// The objectives of XGBoost whose predictions are the sums of trees as they are (src/objective/, those without PredTransform). The others bend the sum by a logistic or an exponential function.
inline constexpr std::array<std::string_view, 5> identity_objectives{"reg:squarederror", "reg:linear", "reg:absoluteerror", "reg:pseudohubererror",
                                                                     "reg:squaredlogerror"};

/// A model as XGBoost keeps it in a file: the trees, and what training noted beside them.
struct xgboost_model {
    boosted_trees trees;
    std::string objective = "reg:squarederror"; ///< one of `identity_objectives`
    std::map<std::string, std::string> attributes; ///< such as best_iteration and best_score, as texts
    std::vector<std::string> feature_names, feature_types; ///< one a feature, or none

    friend bool operator==(const xgboost_model&, const xgboost_model&) = default;
};

/// Throws input_error where a model is none that XGBoost reads.
/// @param source what errors call the model
inline void check_model(const xgboost_model& m, std::string_view source) {
    if (std::find(identity_objectives.begin(), identity_objectives.end(), m.objective) == identity_objectives.end())
        throw input_error{source, "learner.objective.name",
                          "an objective whose predictions are the sums of trees: " + io::name_list(identity_objectives), '\'' + m.objective + '\''};
    for (const auto* const list : {&m.feature_names, &m.feature_types})
        if (!list->empty() && list->size() != m.trees.features())
            throw input_error{source, list == &m.feature_names ? "learner.feature_names" : "learner.feature_types",
                              std::to_string(m.trees.features()) + " texts, one a feature, or none", std::to_string(list->size())};
    for (const auto& type : m.feature_types)
        if (type == "c") throw input_error{source, "learner.feature_types", "no categorical features, whose splits are sets", "'c'"};
}

} // namespace verdant::surrogate
