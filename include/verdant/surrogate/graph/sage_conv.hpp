#pragma once

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/surrogate/graph/detail/gathering.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/graph_conv.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>

namespace verdant::surrogate {

/// y_i = W_l mean(x_j of the edges j -> i) + b + W_r x_i (Hamilton et al., NeurIPS 2017; torch_geometric/nn/conv/sage_conv.py). Tensors
/// `lin_l.weight`, `lin_l.bias`, `lin_r.weight`.
template <class Scalar>
class sage_conv {
public:
    using scalar_type = Scalar;
    struct options {
        bool normalize = false; ///< divide each row of results by its 2-norm
        bool bias = true;
    };

    /// @param prefix of the tensors' names
    /// @throws input_error where a tensor is missing or has another shape
    sage_conv(std::size_t inputs, std::size_t outputs, const io::named_tensors& tensors, const std::string& prefix, options o = {})
        : inputs_{inputs}, options_{o}, weights_{outputs, {inputs, inputs}} {
        weights_.template set_weights<Scalar>(0, detail::layer_tensor<Scalar>(tensors, prefix + "lin_l.weight", {outputs, inputs}));
        weights_.template set_weights<Scalar>(1, detail::layer_tensor<Scalar>(tensors, prefix + "lin_r.weight", {outputs, inputs}));
        if (o.bias) weights_.template set_bias<Scalar>(detail::layer_tensor<Scalar>(tensors, prefix + "lin_l.bias", {outputs}));
    }

    [[nodiscard]] std::size_t inputs() const noexcept { return inputs_; }
    [[nodiscard]] std::size_t outputs() const noexcept { return weights_.outputs(); }

    /// Numbers of edges are not used.
    void apply(const layer_call<Scalar>& c, layer_room<Scalar>& room) const {
        detail::gather_and_multiply<Scalar>(c, room, detail::gathering::mean, nullptr, nullptr, inputs_, weights_);
        if (!options_.normalize) return;
        for (std::size_t i = 0; i < c.last - c.first; ++i) {
            Scalar* const row = c.y.row(i);
            Scalar sum = 0;
            for (std::size_t k = 0; k < outputs(); ++k) sum += row[k] * row[k];
            const Scalar length = std::max(std::sqrt(sum), Scalar(1e-12)); // as torch.nn.functional.normalize
            for (std::size_t k = 0; k < outputs(); ++k) row[k] /= length;
        }
    }

private:
    std::size_t inputs_;
    options options_;
    detail::packed_linear<Scalar> weights_;
};

} // namespace verdant::surrogate
