// The accuracy of points of a search space by truncating, tuning and measuring: the evaluator of a search.

#include <verdant/nn/train/classifier_training.hpp>
#include <verdant/pruning/truncated_accuracy.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>

#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>

#include <cstdint>
#include <cstdio>

namespace vd = verdant;

constexpr vd::workload::bert_config base{.layers = 2, .width = 32, .ffn = 64, .heads = 4, .vocabulary = 12, .positions = 8};
struct models : vd::spaces::transformer<vd::spaces::half_to_whole(base), vd::choices<2, 4>> {};

// Stands in for MRPC: texts of eight words; those of class 1 hold the word 11.
vd::nn::labelled_texts texts(std::int64_t count, std::uint64_t seed) {
    auto stream = vd::nn::generator(seed);
    const auto ids = at::randint(1, 11, {count, 8}, stream, at::kLong), labels = at::randint(0, 2, {count}, stream, at::kLong);
    for (std::int64_t i = 0; i < count; ++i)
        if (labels[i].item<std::int64_t>() == 1) ids[i][i % 8].fill_(11);
    return {.ids = ids, .attention_mask = at::ones({count, 8}, at::kLong), .token_types = {}, .labels = labels};
}

int main() {
    const auto pretrained = vd::nn::random_transformer<vd::nn::bert>(base, 1);
    // [tune]
    // nn::mrpc_bert is what the original tunes BERT with; this task is learned faster.
    const vd::nn::classifier_recipe recipe{.learning_rate = 3e-3, .batch = 32, .epochs = 10};
    const vd::supernet::truncated_accuracy my_accuracy{pretrained, texts(512, 1), texts(200, 2), recipe};
    // [/tune]
    vd::random_stream draws{7};
    for (int i = 0; i < 3; ++i) {
        const auto p = vd::sample<models>(draws);
        std::printf("%s: %s\n", vd::to_string(p).c_str(), my_accuracy(p).get<vd::accuracy>() > 0.9 ? "learned" : "not learned");
    }
}
