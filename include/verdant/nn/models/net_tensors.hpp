#pragma once

#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/elastic_kernel.hpp>
#include <verdant/nn/layers/mbconv.hpp>
#include <verdant/nn/layers/squeeze_excitation.hpp>

#include <span>
#include <string>

/// The names of a convolutional net's tensors in the checkpoints of Once-for-all and MOOFA. A visitor is called as
/// `visit(name, tensor, trained)`.
namespace verdant::nn::detail {

/// What stands between a layer's name and that of its tensors.
struct tensor_names {
    const char* convolution;
    const char* norm;
};
inline constexpr tensor_names plain_names{"conv.", "bn."};
/// Elastic layers wrap the plain ones.
inline constexpr tensor_names elastic_names{"conv.conv.", "bn.bn."};

template <class Norm, class Visitor>
void visit_norm(Norm& n, const std::string& prefix, Visitor& visit) {
    visit(prefix + "weight", n.weight, true);
    visit(prefix + "bias", n.bias, true);
    visit(prefix + "running_mean", n.running_mean, false);
    visit(prefix + "running_var", n.running_var, false);
    visit(prefix + "num_batches_tracked", n.batches, false);
}

template <class Convolution, class Visitor>
void visit_convolution(Convolution& c, const std::string& prefix, const tensor_names& names, Visitor& visit) {
    visit(prefix + names.convolution + "weight", c.weight, true);
    if (c.norm) visit_norm(*c.norm, prefix + names.norm, visit);
    else if (c.grouped_norm) {
        visit(prefix + "bn.weight", c.grouped_norm->weight, true);
        visit(prefix + "bn.bias", c.grouped_norm->bias, true);
    }
}

struct no_steps {
    template <class Visitor>
    void operator()(const std::string&, Visitor&) const {}
};

/// @param steps called as `steps(prefix, visit)` before the depthwise kernels, for the matrices of elastic ones
template <class Block, class Visitor, class Steps = no_steps>
void visit_mbconv(Block& b, const std::string& prefix, const tensor_names& names, Visitor& visit, const Steps& steps = {}) {
    if (b.expansion) visit_convolution(*b.expansion, prefix + "inverted_bottleneck.", names, visit);
    steps(prefix + "depth_conv.conv.", visit);
    visit_convolution(b.depthwise, prefix + "depth_conv.", names, visit);
    if (b.excitation)
        for (auto* const part : {&b.excitation->reduce, &b.excitation->expand}) {
            const auto name = prefix + "depth_conv.se.fc." + (part == &b.excitation->reduce ? "reduce." : "expand.");
            visit(name + "weight", part->weight, true);
            visit(name + "bias", part->bias, true);
        }
    visit_convolution(b.projection, prefix + "point_linear.", names, visit);
}

} // namespace verdant::nn::detail
