#pragma once

#include <verdant/error.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/text/closest_name.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace verdant::surrogate {

/// The objectives of XGBoost whose predictions are the sums of trees as they are (src/objective/, those without PredTransform). The others bend the
/// sum by a logistic or an exponential function.
inline constexpr std::array<std::string_view, 5> identity_objectives{"reg:squarederror", "reg:linear", "reg:absoluteerror", "reg:pseudohubererror",
                                                                     "reg:squaredlogerror"};

/// A model as XGBoost keeps it in a file: the trees, and what training noted beside them.
struct xgboost_model {
    boosted_trees trees;
    std::string objective = "reg:squarederror"; ///< one of `identity_objectives`
    std::map<std::string, std::string>
        attributes; ///< what training noted, as texts: best_iteration and best_score, and what users add, on which predictions do not depend
    std::vector<std::string> feature_names, feature_types; ///< one a feature, or none

    /// How many rounds early stopping found best, where training noted it: `best_iteration + 1`. `trees` are all of them, and their sum is what
    /// XGBoost's `Booster.predict` gives; `XGBRegressor.predict` gives that of `best_trees`. A model that was trained on or cut after an attribute
    /// was noted, so that it is stale, is read all the same, as `trees`: only these two refuse it.
    /// @param source what errors call the model
    /// @throws input_error where best_iteration is no round of the model, or best_ntree_limit another number
    [[nodiscard]] std::optional<std::size_t> best_rounds(std::string_view source = "model of XGBoost") const;
    /// The trees of the best rounds, or all where training noted none. @throws input_error as `best_rounds`
    [[nodiscard]] boosted_trees best_trees(std::string_view source = "model of XGBoost") const {
        const auto best = best_rounds(source);
        return best ? trees.first(*best) : trees;
    }

    friend bool operator==(const xgboost_model&, const xgboost_model&) = default;
};

inline std::optional<std::size_t> xgboost_model::best_rounds(std::string_view source) const {
    std::optional<std::size_t> best;
    // Versions from 2 on write the first one alone, and counting from 0.
    for (const auto& [name, first] : {std::pair{"best_iteration", std::size_t{0}}, std::pair{"best_ntree_limit", std::size_t{1}}}) {
        const auto noted = attributes.find(name);
        if (noted == attributes.end()) continue;
        const auto& text = noted->second;
        std::size_t n = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), n);
        const auto rounds = trees.trees().size();
        const bool is_round = problem == std::errc{} && end == text.data() + text.size() && n >= first && n - first < rounds;
        if (!is_round || (best && n != *best))
            throw input_error{source, std::string{"learner.attributes."} + name,
                              best          ? std::to_string(*best) + ", as best_iteration says"
                              : rounds == 0 ? "none in a model without trees"
                                            : "a round of the model, from " + std::to_string(first) + " to " + std::to_string(rounds - 1 + first),
                              '\'' + text + '\''};
        best = n - first + 1;
    }
    return best;
}

/// Throws input_error where features that are named are not those of a space: where one of them has the name of a parameter, all are the parameters
/// in their order. Names like `f0` and `f1`, or none, say nothing.
/// @param parameters in the order of the features
/// @param source     what errors call the model
inline void check_feature_names(std::span<const std::string> names, std::span<const std::string> parameters, std::string_view source) {
    const bool parameters_named = std::any_of(names.begin(), names.end(),
                                              [&](const auto& n) { return std::find(parameters.begin(), parameters.end(), n) != parameters.end(); });
    for (std::size_t f = 0; parameters_named && f < names.size(); ++f)
        if (f >= parameters.size() || names[f] != parameters[f])
            throw input_error{source, "learner.feature_names[" + std::to_string(f) + ']',
                              f < parameters.size() ? '\'' + parameters[f] + "', as the parameters are ordered" : "none", '\'' + names[f] + '\''};
}

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
