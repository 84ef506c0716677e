#pragma once

#include <verdant/workload/transformer/bert.hpp>
#include <verdant/workload/transformer/llama.hpp>
#include <verdant/workload/transformer/vit.hpp>

/// Published configurations of BERT, ViT and Llama.
namespace verdant::workload {

// The base models of CarbonNAAS besides CLIP (CATransformers, eval/model_constants.py), with heads for the data sets that they are tuned
// on there: MRPC for texts (2 classes), CIFAR-10 for images (10). What that file does not give is of the published models.

/// google-bert/bert-base-uncased.
inline constexpr bert_config bert_base_uncased{.layers = 12, .width = 768, .ffn = 3072, .heads = 12};

/// google/vit-base-patch16-224, as aaraki/vit-base-patch16-224-in21k-finetuned-cifar10.
inline constexpr vit_config vit_base_patch16_224{.layers = 12, .width = 768, .ffn = 3072, .heads = 12};

/// meta-llama/Llama-2-7b-hf.
inline constexpr llama_config llama_2_7b{.layers = 32, .width = 4096, .ffn = 11008, .heads = 32, .key_value_heads = 32};

/// meta-llama/Meta-Llama-3.1-8B as published: feed-forward blocks of 14336 channels, four heads to each of keys and values.
inline constexpr llama_config llama_3_1_8b_published{.layers = 32,
                                                     .width = 4096,
                                                     .ffn = 14336,
                                                     .heads = 32,
                                                     .key_value_heads = 8,
                                                     .vocabulary = 128256,
                                                     .positions = 131072,
                                                     .rotary_base = 500000,
                                                     .scaling = {.factor = 8}};

/// The same with the feed-forward width that the original's table has for it, Llama 2's.
inline constexpr llama_config llama_3_1_8b = [] {
    auto c = llama_3_1_8b_published;
    c.ffn = 11008;
    return c;
}();

} // namespace verdant::workload
