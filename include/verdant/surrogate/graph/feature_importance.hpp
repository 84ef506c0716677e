#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/graph/feature_embedding.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// What the embeddings of hop 0 tell about features (AutoBuild: ge_utils/measure_feat_importance.py).
namespace verdant::surrogate {

/// The scores of one feature over many nodes.
struct feature_statistics {
    std::string name;
    double mean = 0, deviation = 0; ///< that of a sample; 0 for a single node
    double least = 0, most = 0;
};

/// Statistics of the scores of each feature over nodes, such as those of all networks of a test part.
/// @param rows [nodes, columns], row by row
/// @throws input_error where there are no nodes or no whole rows, and for unknown categories
template <class = instantiated_when_used>
[[nodiscard]] std::vector<feature_statistics> feature_statistics_of(const feature_embedding& embedding, std::span<const float> rows) {
    const auto nodes = rows.size() / embedding.columns(), features = embedding.features().size();
    if (nodes == 0 || rows.size() != nodes * embedding.columns())
        throw input_error{"feature statistics", "rows", "whole rows of " + std::to_string(embedding.columns()) + " numbers, one at least", std::to_string(rows.size()) + " numbers"};
    std::vector<float> scores(nodes * features);
    for (std::size_t n = 0; n < nodes; ++n) embedding.embed(rows.data() + n * embedding.columns(), scores.data() + n * features, n);
    std::vector<feature_statistics> out;
    for (std::size_t f = 0; f < features; ++f) {
        auto& one = out.emplace_back();
        one.name = embedding.features()[f].name;
        one.least = std::numeric_limits<double>::infinity();
        one.most = -one.least;
        for (std::size_t n = 0; n < nodes; ++n) {
            const auto v = static_cast<double>(scores[n * features + f]);
            one.mean += v / static_cast<double>(nodes);
            one.least = std::min(one.least, v);
            one.most = std::max(one.most, v);
        }
        double square = 0;
        for (std::size_t n = 0; n < nodes; ++n) square += std::pow(static_cast<double>(scores[n * features + f]) - one.mean, 2);
        if (nodes > 1) one.deviation = std::sqrt(square / static_cast<double>(nodes - 1));
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<feature_statistics> feature_statistics_of<>(const feature_embedding&, std::span<const float>));

/// A category and its score.
struct ranked_category {
    std::size_t category;
    float score;
};

/// The categories of a feature, those of the greatest scores first; of equal ones the first.
/// @param observed how often each was met, as `feature_embedding::observe` counts; those that never were are left out. Empty: all
/// @throws input_error where the feature is made of numbers, or counts are not one a category
template <class = instantiated_when_used>
[[nodiscard]] std::vector<ranked_category> rank_categories(const feature_embedding& embedding, std::size_t feature, std::span<const float> observed = {}) {
    const auto scores = embedding.category_scores(feature);
    if (!observed.empty() && observed.size() != scores.size())
        throw input_error{"feature " + embedding.features()[feature].name, "counts", std::to_string(scores.size()), std::to_string(observed.size())};
    std::vector<ranked_category> out;
    for (std::size_t k = 0; k < scores.size(); ++k)
        if (observed.empty() || observed[k] > 0) out.push_back({k, scores[k]});
    std::sort(out.begin(), out.end(), [](const ranked_category& a, const ranked_category& b) { return a.score > b.score || (a.score == b.score && a.category < b.category); });
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<ranked_category> rank_categories<>(const feature_embedding&, std::size_t, std::span<const float>));

} // namespace verdant::surrogate
