#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/predictor/accuracy_encoding.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A trained predictor of accuracy, and its evaluator.
namespace verdant::spaces {

/// Accuracy that a predictor expects, as a share of right answers.
struct predicted_accuracy : metric<"predicted_accuracy"> {};

/// A perceptron that tells the accuracy of a sub-network from its encoding. Immutable; any number of threads may use it.
template <accuracy_encoding Encoding>
class accuracy_predictor {
public:
    using arch_type = typename Encoding::arch_type;

    /// Room for features and layers; grows at first use.
    class workspace {
        friend accuracy_predictor;
        std::vector<float> features_;
        surrogate::mlp::workspace layers_;
    };

    /// `accuracy_predictor<moofa_encoding<moofa_v3>> p{surrogate::mlp::from(io::read_tensors(path))}`.
    /// Throws input_error unless the network takes what the encoding gives.
    explicit accuracy_predictor(surrogate::mlp network) : network_{std::move(network)} {
        if (network_.inputs() != Encoding::width)
            throw input_error{"accuracy predictor", "first layer", std::to_string(Encoding::width) + " inputs", std::to_string(network_.inputs())};
    }

    /// Predictions for many sub-networks; each is the same whatever the others are. Allocates nothing once `w` has served as many.
    /// Throws input_error for a value outside its domain. @pre out.size() == archs.size()
    void predict(std::span<const arch_type> archs, std::span<float> out, workspace& w) const {
        w.features_.resize(archs.size() * Encoding::width);
        encode<Encoding>(archs, w.features_);
        network_.predict(w.features_, out, w.layers_);
    }
    [[nodiscard]] float operator()(const arch_type& arch) const {
        workspace w;
        float out = 0;
        predict({&arch, 1}, {&out, 1}, w);
        return out;
    }
    [[nodiscard]] const surrogate::mlp& network() const noexcept { return network_; }

private:
    surrogate::mlp network_;
};

/// The predictor as an evaluator of points, in batches.
/// @tparam S        a space of networks, or one that nests such a space below `net`
/// @tparam Encoding of the predictor, over the space of networks
template <holds_network S, accuracy_encoding Encoding = moofa_encoding<verdant::spaces::detail::network_in<S>>>
class predict_accuracy {
public:
    explicit predict_accuracy(accuracy_predictor<Encoding> predictor) : predictor_{std::move(predictor)} {}
    explicit predict_accuracy(surrogate::mlp network) : predictor_{std::move(network)} {}

    [[nodiscard]] std::vector<metrics<predicted_accuracy>> operator()(std::span<const point<S>> points) const {
        std::vector<typename Encoding::arch_type> archs;
        archs.reserve(points.size());
        for (const auto& p : points) archs.push_back(arch_of(network_of(p)));
        std::vector<float> values(points.size());
        typename accuracy_predictor<Encoding>::workspace w;
        predictor_.predict(archs, values, w);
        std::vector<metrics<predicted_accuracy>> out;
        out.reserve(points.size());
        for (const auto v : values) out.push_back(metrics<predicted_accuracy>{static_cast<double>(v)});
        return out;
    }
    [[nodiscard]] const accuracy_predictor<Encoding>& predictor() const noexcept { return predictor_; }

private:
    accuracy_predictor<Encoding> predictor_;
};

} // namespace verdant::spaces
