#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Features of nodes as scores: the embeddings of hop 0.
namespace verdant::surrogate {

/// The FE-MLP of AutoBuild (ge_utils/custom_embeds.py, ge_utils/components.py): each feature is embedded and projected to one number on its own, of
/// which the absolute value is taken. So the 1-norm of a node at hop 0 is the sum of the scores of its features. Scores of categories are computed
/// once, when this is made.
class feature_embedding {
public:
    /// @param tensors with those of the features below `prefix`
    /// @throws input_error where one is missing or has another shape
    feature_embedding(std::vector<graph_feature> features, const io::named_tensors& tensors, const std::string& prefix = "embed_layer.")
        : features_{std::move(features)} {
        for (const auto& f : features_) {
            const auto projection = numbers(tensors, prefix + f.projection + ".weight", {1, f.width});
            const double bias = numbers(tensors, prefix + f.projection + ".bias", {1}).front();
            auto& part = parts_.emplace_back();
            part.column = columns_;
            columns_ += f.columns;
            if (f.categories > 0) {
                const auto table = numbers(tensors, prefix + f.embedding + ".weight", {f.categories, f.width});
                for (std::size_t k = 0; k < f.categories; ++k) {
                    double sum = bias;
                    for (std::size_t w = 0; w < f.width; ++w) sum += projection[w] * table[k * f.width + w];
                    part.numbers.push_back(static_cast<float>(std::abs(sum)));
                }
            } else {
                // Two linear layers with nothing between them are one.
                const auto weight = numbers(tensors, prefix + f.embedding + ".weight", {f.width, f.columns});
                const auto inner = numbers(tensors, prefix + f.embedding + ".bias", {f.width});
                double sum = bias;
                for (std::size_t w = 0; w < f.width; ++w) sum += projection[w] * inner[w];
                part.bias = sum;
                for (std::size_t c = 0; c < f.columns; ++c) {
                    double slope = 0;
                    for (std::size_t w = 0; w < f.width; ++w) slope += projection[w] * weight[w * f.columns + c];
                    part.slopes.push_back(slope);
                }
            }
        }
    }

    [[nodiscard]] const std::vector<graph_feature>& features() const noexcept { return features_; }
    /// Columns of a row of features.
    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

    /// The scores of a row of features, one a feature.
    /// @param node what an error calls the row
    /// @throws input_error for a number that is not a category of its feature
    void embed(const float* row, float* scores, std::size_t node) const {
        for (std::size_t f = 0; f < parts_.size(); ++f) {
            const auto& part = parts_[f];
            if (!part.numbers.empty()) {
                const float category = row[part.column];
                const auto k = category >= 0 && category < static_cast<float>(part.numbers.size()) ? static_cast<std::size_t>(category) : part.numbers.size();
                if (k == part.numbers.size() || static_cast<float>(k) != category) refuse(f, category, node);
                scores[f] = part.numbers[k];
            } else scores[f] = static_cast<float>(std::abs(number_score(part, row + part.column)));
        }
    }

    /// The scores of all categories of a feature, in their order (section "feature importance" of docs/graph_predictors.md).
    /// @throws input_error where the feature is made of numbers
    [[nodiscard]] std::span<const float> category_scores(std::size_t feature) const {
        const auto& part = parts_.at(feature);
        if (part.numbers.empty()) throw input_error{"feature " + features_[feature].name, "", "categories", "numbers"};
        return part.numbers;
    }
    /// The score of numbers.
    /// @param values as many as the feature has columns. AutoBuild's program of analysis gives resolutions as they are (192, 208, 224), though
    /// predictors are trained on
    ///               (r - 192) / 32: its printed values are those of raw resolutions here
    /// @throws input_error where the feature has categories or other columns
    [[nodiscard]] float score(std::size_t feature, std::span<const float> values) const {
        const auto& part = parts_.at(feature);
        if (part.slopes.size() != values.size() || values.empty())
            throw input_error{"feature " + features_[feature].name, "", std::to_string(part.slopes.size()) + " numbers", std::to_string(values.size())};
        return static_cast<float>(std::abs(number_score(part, values.data())));
    }

    /// Counts which categories of a feature rows hold: each that is met at all counts 1 a call, as in AutoBuild, whose counter is written without
    /// accumulation.
    /// @param rows   [nodes, columns()], row by row
    /// @param counts one a category
    /// @throws input_error for a number that is not a category
    void observe(std::size_t feature, std::span<const float> rows, std::span<float> counts) const {
        const auto& part = parts_.at(feature);
        if (part.numbers.size() != counts.size() || rows.size() % columns_ != 0)
            throw input_error{"feature " + features_[feature].name, "counts", std::to_string(part.numbers.size()) + " categories and whole rows",
                              std::to_string(counts.size()) + " categories and " + std::to_string(rows.size()) + " numbers"};
        std::vector<char> met(counts.size());
        for (std::size_t i = 0; i < rows.size() / columns_; ++i) {
            const float category = rows[i * columns_ + part.column];
            if (!(category >= 0 && category < static_cast<float>(counts.size())) || category != std::floor(category)) refuse(feature, category, i);
            met[static_cast<std::size_t>(category)] = 1;
        }
        for (std::size_t k = 0; k < met.size(); ++k) counts[k] += static_cast<float>(met[k]);
    }

private:
    struct feature_scores {
        std::size_t column = 0;
        std::vector<float> numbers; ///< of categories
        std::vector<double> slopes; ///< of columns that are numbers
        double bias = 0;
    };

    [[nodiscard]] static double number_score(const feature_scores& part, const float* values) {
        double sum = part.bias;
        for (std::size_t c = 0; c < part.slopes.size(); ++c) sum += part.slopes[c] * static_cast<double>(values[c]);
        return sum;
    }

    [[nodiscard]] static std::vector<double> numbers(const io::named_tensors& tensors, const std::string& name, const io::tensor_shape& shape) {
        const auto& found = tensors.at(name);
        if (found.shape() != shape)
            throw input_error{tensors.source_name().empty() ? "graph predictor" : tensors.source_name(), "tensor " + name, "shape " + io::shape_text(shape),
                              io::shape_text(found.shape())};
        return found.to<double>();
    }

    [[noreturn]] void refuse(std::size_t feature, float found, std::size_t node) const {
        throw input_error{"graph", "node " + std::to_string(node) + ", feature " + features_[feature].name,
                          "a category from 0 to " + std::to_string(features_[feature].categories - 1), std::to_string(found)};
    }

    std::vector<graph_feature> features_;
    std::vector<feature_scores> parts_;
    std::size_t columns_ = 0;
};

} // namespace verdant::surrogate
