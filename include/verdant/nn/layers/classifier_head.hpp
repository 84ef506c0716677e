#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/residual_block.hpp>

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/stack.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// The linear layer at the end of a net that has `classifier`, `other_heads` and `dropout`; of several heads each is such a layer
/// (`MultiHeadLinearLayer` in Once-for-all's ofa/utils/layers.py).
namespace verdant::nn::detail {

/// Logits of features [B, F]: [B, classes], or [B, heads, classes] where there are several heads.
template <class Net, nn::forward_mode Mode>
[[nodiscard]] at::Tensor classify(const Net& net, const at::Tensor& features, Mode& mode) {
    const auto x = mode.drop(features, net.dropout);
    const auto first = at::linear(x, net.classifier.weight, net.classifier.bias);
    if (net.other_heads.empty()) return first;
    std::vector<at::Tensor> all{first};
    for (const auto& head : net.other_heads) all.push_back(at::linear(x, head.weight, head.bias));
    return at::stack(all, 1);
}

/// @param single name of a classifier with one head, such as `classifier.linear.`
template <class Net, class Visitor>
void visit_classifier(Net& net, const std::string& single, Visitor& visit) {
    const auto head = [&visit](const std::string& prefix, auto& layer) {
        visit(prefix + "weight", layer.weight, true);
        visit(prefix + "bias", layer.bias, true);
    };
    if (net.other_heads.empty()) return head(single, net.classifier);
    head("classifier.layers.0.", net.classifier);
    for (std::size_t i = 0; i < net.other_heads.size(); ++i) head("classifier.layers." + std::to_string(i + 1) + ".", net.other_heads[i]);
}

/// Gives a net a classifier of no particular content.
template <class Net>
void set_empty_classifier(Net& net, std::int64_t features, std::int64_t classes, int heads, const at::TensorOptions& o) {
    const auto empty = [&] { return nn::affine{at::empty({classes, features}, o), at::empty({classes}, o)}; };
    net.classifier = empty();
    net.other_heads.clear();
    for (int i = 1; i < heads; ++i) net.other_heads.push_back(empty());
}

} // namespace verdant::nn::detail
