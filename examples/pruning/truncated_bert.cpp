// A BERT truncated to points of a search space: which weights stay, and what is left to compute.

#include <verdant/nn/models/bert.hpp>
#include <verdant/pruning/truncate.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>
#include <verdant/workload/graph/macs.hpp>

#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>

#include <cstdio>

namespace vd = verdant;

constexpr vd::workload::bert_config base{.layers = 6, .width = 64, .ffn = 256, .heads = 4, .vocabulary = 500, .positions = 64};

// [space]
// Bounds of one's own: two to six layers, a quarter of the widths to the whole.
struct small_berts
    : vd::spaces::transformer<
          vd::spaces::transformer_bounds{
              .base_ffn = base.ffn, .base_width = base.width, .least_layers = 2, .most_layers = 6, .least_ffn_blocks = 4, .least_width_blocks = 4},
          vd::choices<2, 3, 4>> {};
// [/space]

int main() {
    // With a checkpoint at hand: nn::load_transformer<nn::bert>(io::read_tensors("model.safetensors"), workload::bert_base_uncased).
    const auto whole = vd::nn::random_transformer<vd::nn::bert>(base, 1);
    auto stream = vd::nn::generator(2);
    const auto ids = at::randint(1, base.vocabulary, {4, 32}, stream, at::kLong), attention_mask = at::ones({4, 32}, at::kLong);

    vd::random_stream draws{7};
    for (int i = 0; i < 4; ++i) {
        const auto p = vd::sample<small_berts>(draws);
        // [truncate]
        // Embeddings start anew, as in the original; supernet::corrected_truncation keeps theirs.
        const auto model = vd::supernet::truncate(whole, p);
        const auto scores = vd::nn::logits(model, ids, attention_mask); // [4, classes]
        // [/truncate]
        std::printf("%s: %lld parameters, %lld MACs a text, scores %lld x %lld\n", vd::to_string(p).c_str(),
                    static_cast<long long>(vd::nn::parameter_count(model)), vd::workload::macs(vd::workload::trace(model.config, 32)),
                    static_cast<long long>(scores.size(0)), static_cast<long long>(scores.size(1)));
    }
}
