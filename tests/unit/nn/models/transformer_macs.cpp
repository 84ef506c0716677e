// The multiply-accumulates of the operator graphs against those that LibTorch really does for the networks.

#include <verdant/nn/models/bert.hpp>
#include <verdant/nn/models/llama.hpp>
#include <verdant/nn/models/vit.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>
#include <verdant/workload/graph/macs.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/library.h>

#include "catch.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace vd = verdant;
namespace wl = verdant::workload;

namespace {

long long counted = 0;

/// Adds the multiply-accumulates of a call of LibTorch's, then does what was called. Products are called as linear, matmul and conv2d.
void count(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
    const auto arguments = op.schema().arguments().size();
    const auto input = [&](std::size_t i) { return torch::jit::peek(*stack, i, arguments).toTensor(); };
    const auto& name = op.operator_name().name;
    if (name == "aten::linear") counted += input(0).numel() * input(1).size(0);
    else if (name == "aten::matmul") counted += input(0).numel() * input(1).size(-1);
    else if (name == "aten::conv2d") counted += input(1).numel() * (input(0).size(2) / input(1).size(2)) * (input(0).size(3) / input(1).size(3));
    else if (name.ends_with("mm") || name.ends_with("convolution") || name.ends_with("einsum"))
        throw verdant::error{"a product that is not counted: " + name};
    const c10::impl::ExcludeDispatchKeyGuard within{c10::DispatchKey::TESTING_ONLY_GenericMode};
    op.callBoxed(stack);
}

TORCH_LIBRARY_IMPL(_, TESTING_ONLY_GenericMode, m) { m.fallback(torch::CppFunction::makeFromBoxedFunction<&count>()); }

/// Multiply-accumulates of whatever `run` does.
template <class Run>
long long executed(const Run& run) {
    const c10::AutoGradMode off{false};
    counted = 0;
    const c10::impl::IncludeDispatchKeyGuard watched{c10::DispatchKey::TESTING_ONLY_GenericMode};
    run();
    return counted;
}

template <class Model>
Model of(const typename Model::config_type& c) {
    return nn::random_transformer<Model>(c, 1);
}

long long run_text(const auto& m, int tokens) {
    return executed([&] { (void)nn::logits(m, at::ones({1, tokens}, at::kLong), at::ones({1, tokens}, at::kLong)); });
}

struct small_berts : vd::spaces::transformer<
                         vd::spaces::transformer_bounds{
                             .base_ffn = 128, .base_width = 96, .least_layers = 1, .most_layers = 4, .least_ffn_blocks = 6, .least_width_blocks = 4},
                         vd::choices<2, 3, 4, 6>> {};

} // namespace

TEST_CASE("LibTorch does for a BERT the multiply-accumulates that its operator graph has", "[nn]") {
    vd::random_stream draws{3};
    for (int i = 0; i < 8; ++i) {
        auto c = vd::spaces::transformer_of(vd::sample<small_berts>(draws), wl::bert_config{.vocabulary = 30, .positions = 64, .classes = 3});
        const int tokens = 5 + 7 * i;
        INFO("layers " << c.layers << ", width " << c.width << ", ffn " << c.ffn << ", heads " << c.heads << ", tokens " << tokens);
        const auto m = of<nn::bert>(c);
        CHECK(run_text(m, tokens) == wl::macs(wl::trace(c, tokens)));
        CHECK(nn::parameter_count(m) == wl::parameters(c));
    }
}

TEST_CASE("LibTorch does what the graph has for a ViT", "[nn]") {
    vd::random_stream draws{4};
    for (int i = 0; i < 8; ++i) {
        const auto c = vd::spaces::transformer_of(vd::sample<small_berts>(draws),
                                                  wl::vit_config{.image = 24 + 8 * i, .patch = i % 2 == 0 ? 8 : 4, .classes = 5});
        INFO("layers " << c.layers << ", width " << c.width << ", ffn " << c.ffn << ", heads " << c.heads << ", image " << c.image);
        const auto m = of<nn::vit>(c);
        CHECK(executed([&] { (void)nn::logits(m, at::zeros({1, c.channels, c.image, c.image})); }) == wl::macs(wl::trace(c)));
        CHECK(nn::parameter_count(m) == wl::parameters(c));
    }
}

TEST_CASE("LibTorch does what the graph has for a Llama, with shared keys and values or without", "[nn]") {
    const std::vector<wl::llama_config> all{
        {.layers = 3, .width = 48, .ffn = 80, .heads = 6, .key_value_heads = 2, .vocabulary = 30},
        {.layers = 1, .width = 32, .ffn = 56, .heads = 4, .key_value_heads = 4, .vocabulary = 30},
        {.layers = 2, .width = 64, .ffn = 40, .heads = 8, .key_value_heads = 1, .vocabulary = 30, .classes = 7},
    };
    for (const auto& c : all)
        for (const int tokens : {1, 13, 40}) {
            INFO("width " << c.width << ", key/value heads " << c.key_value_heads << ", tokens " << tokens);
            const auto m = of<nn::llama>(c);
            CHECK(run_text(m, tokens) == wl::macs(wl::trace(c, tokens)));
            CHECK(nn::parameter_count(m) == wl::parameters(c));
        }
}
