#include <verdant/workload/graph/macs.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

namespace wl = verdant::workload;

// The published counts: BERT base with its pooler has 109,482,240 parameters, ViT-B/16 with 1000 classes 86,567,656, Llama 2 7B
// 6,738,415,616 and Llama 3.1 8B 8,030,261,248 with an output layer of vocabulary x width. Classifiers of two classes differ.
static_assert(wl::parameters(wl::bert_base_uncased) == 109'482'240 + 2 * 769);
static_assert(wl::parameters(wl::vit_config{
                  .layers = 12, .width = 768, .ffn = 3072, .heads = 12, .image = 224, .patch = 16, .channels = 3, .classes = 1000}) == 86'567'656);
static_assert(wl::parameters(wl::vit_base_patch16_224) == 86'567'656 - 990 * 769);
static_assert(wl::parameters(wl::llama_2_7b) == 6'738'415'616 - (32'000LL - 2) * 4096);
static_assert(wl::parameters(wl::llama_3_1_8b_published) == 8'030'261'248 - (128'256LL - 2) * 4096);
static_assert(wl::llama_3_1_8b.ffn == 11008 && wl::llama_3_1_8b.key_value_width() == 1024);

// Multiply-accumulates by hand: four square projections and two of the feed-forward block a token, two products of attention, and the head.
constexpr long long encoder_macs(long long layers, long long tokens, long long width, long long ffn) {
    return layers * tokens * (4 * width * width + 2 * width * ffn + 2 * tokens * width);
}
static_assert(wl::macs(wl::trace(wl::bert_base_uncased)) == encoder_macs(12, 512, 768, 3072) + 768 * 768 + 768 * 2);
static_assert(wl::macs(wl::trace(wl::bert_base_uncased, 128)) == encoder_macs(12, 128, 768, 3072) + 768 * 768 + 768 * 2);
static_assert(wl::macs(wl::trace(wl::vit_base_patch16_224)) == encoder_macs(12, 197, 768, 3072) + 196LL * 768 * 768 + 768 * 10);

// Llama 3.1: queries and output 4096 wide, keys and values 1024, three layers of the feed-forward block; the table of rotary angles.
static_assert(wl::macs(wl::trace(wl::llama_3_1_8b_published)) ==
              32 * 512LL * (2 * 4096LL * 4096 + 2 * 4096LL * 1024 + 3 * 4096LL * 14336 + 2 * 512LL * 4096) + 512 * 4096 * 2 + 64 * 512);

// One representative layer whatever the depth.
static_assert(wl::trace(wl::llama_2_7b).nodes.size() == wl::trace([] {
                                                            auto c = wl::llama_2_7b;
                                                            c.layers = 1;
                                                            return c;
                                                        }())
                                                            .nodes.size());

static_assert(wl::is_well_formed(wl::bert_base_uncased) && wl::is_well_formed(wl::vit_base_patch16_224));
static_assert(wl::is_well_formed(wl::llama_2_7b) && wl::is_well_formed(wl::llama_3_1_8b));
static_assert(!wl::is_well_formed(wl::bert_config{.width = 768, .heads = 10}));
static_assert(!wl::is_well_formed(wl::llama_config{.width = 96, .heads = 32, .key_value_heads = 32})); // heads of 3 channels cannot be rotated
