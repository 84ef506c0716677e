#pragma once

#include <verdant/workload/language/decoder.hpp>
#include <verdant/workload/language/gpt.hpp>
#include <verdant/workload/language/mamba.hpp>
#include <verdant/workload/transformer/llama.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

/// Published language models.
namespace verdant::workload {

/// GPT-2 of 124 million numbers (Radford et al. 2019, table 2; the release's count).
inline constexpr gpt_config gpt_2_small{.layers = 12, .width = 768, .ffn = 3072, .heads = 12};
/// GPT-2 of 1.5 billion.
inline constexpr gpt_config gpt_2_xl{.layers = 48, .width = 1600, .ffn = 6400, .heads = 25};
/// GPT-3 of 175 billion (arXiv 2005.14165, table 2.1).
inline constexpr gpt_config gpt_3_175b{.layers = 96, .width = 12288, .ffn = 49152, .heads = 96, .vocabulary = 50257, .positions = 2048};

/// Mamba of 130 million and of 2.8 billion (arXiv 2312.00752, table 12; state-spaces/mamba-130m and mamba-2.8b).
inline constexpr mamba_config mamba_130m{.layers = 24, .width = 768, .step_rank = 48};
inline constexpr mamba_config mamba_2_8b{.layers = 64, .width = 2560, .step_rank = 160};

/// meta-llama/Llama-3.2-1B and 3B: the output is the embedding ("The Llama 3 herd of models", arXiv 2407.21783, and the models' config.json).
inline constexpr llama_config llama_3_2_1b{.layers = 16,
                                           .width = 2048,
                                           .ffn = 8192,
                                           .heads = 32,
                                           .key_value_heads = 8,
                                           .vocabulary = 128256,
                                           .positions = 131072,
                                           .rotary_base = 500000,
                                           .scaling = {.factor = 32}};
inline constexpr llama_config llama_3_2_3b{.layers = 28,
                                           .width = 3072,
                                           .ffn = 8192,
                                           .heads = 24,
                                           .key_value_heads = 8,
                                           .vocabulary = 128256,
                                           .positions = 131072,
                                           .rotary_base = 500000,
                                           .scaling = {.factor = 32}};
/// meta-llama/Llama-3.1-70B, also Llama-3.3-70B, and Llama-3.1-405B (arXiv 2407.21783, table 3).
inline constexpr llama_config llama_3_1_70b{.layers = 80,
                                            .width = 8192,
                                            .ffn = 28672,
                                            .heads = 64,
                                            .key_value_heads = 8,
                                            .vocabulary = 128256,
                                            .positions = 131072,
                                            .rotary_base = 500000,
                                            .scaling = {.factor = 8}};
inline constexpr llama_config llama_3_1_405b{.layers = 126,
                                             .width = 16384,
                                             .ffn = 53248,
                                             .heads = 128,
                                             .key_value_heads = 8,
                                             .vocabulary = 128256,
                                             .positions = 131072,
                                             .rotary_base = 500000,
                                             .scaling = {.factor = 8}};

} // namespace verdant::workload
