#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/clip.hpp>

#include <c10/core/GradMode.h>

// As in the prelude: without this macro the header includes all 2000 functions.
#if defined(AT_PER_OPERATOR_HEADERS)
#include <torch/csrc/autograd/custom_function.h>
#else
#define AT_PER_OPERATOR_HEADERS
#include <torch/csrc/autograd/custom_function.h>
#undef AT_PER_OPERATOR_HEADERS
#endif

#include <cstddef>
#include <cstdint>
#include <vector>

/// Gradient checkpointing: blocks computed again in the backward pass.
namespace verdant::nn {

namespace detail {

/// A tensor that a node is given beside its inputs; it may be undefined.
struct constant_tensor {
    at::Tensor value;
};

/// One block as one node of the graph: only its input is kept, and its activations are computed once more when the gradients come.
template <class Precision>
struct checkpointed_block : torch::autograd::Function<checkpointed_block<Precision>> {
    using context = torch::autograd::AutogradContext;
    using tensors = torch::autograd::variable_list;
    static constexpr std::size_t parameters = 12;

    template <class... Parameters>
    static at::Tensor forward(context* kept, std::int64_t heads, std::int64_t nonlinearity, const constant_tensor& mask, const at::Tensor& x,
                              const Parameters&... p) {
        static_assert(sizeof...(p) == parameters);
        kept->save_for_backward({mask.value, x, p...});
        kept->saved_data["heads"] = heads;
        kept->saved_data["nonlinearity"] = nonlinearity;
        return run({mask.value, x, p...}, heads, nonlinearity);
    }

    static tensors backward(context* kept, const tensors& gradients) {
        auto inputs = kept->get_saved_variables();
        // Leaves of a graph of their own. Those whose gradient nobody asks for stay constants.
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const bool asked = inputs[i].defined() && inputs[i].requires_grad();
            if (inputs[i].defined()) inputs[i] = inputs[i].detach();
            if (asked) inputs[i].set_requires_grad(true);
        }
        {
            // As in the forward pass: the thread that goes back may be another one.
            const typename Precision::scope mixing{inputs[1].device()};
            const c10::AutoGradMode on{true};
            run(inputs, kept->saved_data["heads"].toInt(), kept->saved_data["nonlinearity"].toInt()).backward(gradients.at(0));
        }
        tensors out(2); // of the two numbers
        for (const auto& t : inputs) out.push_back(t.defined() ? t.grad() : at::Tensor{});
        return out;
    }

private:
    static at::Tensor run(const tensors& t, std::int64_t heads, std::int64_t nonlinearity) {
        const nn::residual_block b{
            .ln_1 = {t[2], t[3]}, .attn = {t[4], t[5], {t[6], t[7]}, heads}, .ln_2 = {t[8], t[9]}, .c_fc = {t[10], t[11]}, .c_proj = {t[12], t[13]}};
        return nn::forward(b, t[1], t[0], static_cast<workload::activation>(nonlinearity));
    }
};

} // namespace detail

/// `forward`, without keeping the block's activations: in the backward pass they are computed again from its input (Chen et al., arXiv 1604.06174).
/// The same gradients for a third more work. @tparam Precision that of the forward pass
template <precision_policy Precision = fp32>
[[nodiscard]] at::Tensor checkpointed_forward(const residual_block& b, const at::Tensor& x, const at::Tensor& mask,
                                              workload::activation nonlinearity) {
    if (!c10::GradMode::is_enabled()) return forward(b, x, mask, nonlinearity);
    return detail::checkpointed_block<Precision>::apply(b.attn.heads, static_cast<std::int64_t>(nonlinearity), detail::constant_tensor{mask}, x,
                                                        b.ln_1.weight, b.ln_1.bias, b.attn.in_proj_weight, b.attn.in_proj_bias,
                                                        b.attn.out_proj.weight, b.attn.out_proj.bias, b.ln_2.weight, b.ln_2.bias, b.c_fc.weight,
                                                        b.c_fc.bias, b.c_proj.weight, b.c_proj.bias);
}

/// Lets a model keep one tensor a block in training instead of all activations (OpenCLIP's `--grad-checkpointing`). What it computes stays the same.
/// @tparam Precision that of the training
template <precision_policy Precision = fp32>
void use_gradient_checkpointing(clip_model& m, bool on = true) {
    m.run_block = &forward;
    if (on) m.run_block = &checkpointed_forward<Precision>;
}

} // namespace verdant::nn
