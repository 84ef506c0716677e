#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/workload/language/decoder_pass.hpp>
#include <verdant/workload/language/language_configs.hpp>

#include <array>

namespace vd = verdant;
namespace wl = verdant::workload;

// counts of the released models
static_assert(wl::decoder_of(wl::gpt_2_small).parameters() == 124'439'808);
static_assert(wl::decoder_of(wl::gpt_2_xl).parameters() == 1'557'611'200);
static_assert(wl::decoder_of(wl::llama_2_7b).parameters() == 6'738'415'616);
static_assert(wl::decoder_of(wl::llama_3_1_8b_published).parameters() == 8'030'261'248);
static_assert(wl::decoder_of(wl::llama_3_1_70b).parameters() == 70'553'706'496);
static_assert(wl::decoder_of(wl::llama_3_1_405b).parameters() == 405'853'388'800);
static_assert(wl::decoder_of(wl::llama_3_2_1b, wl::output_embedding::tied).parameters() == 1'235'814'400);
static_assert(wl::decoder_of(wl::llama_3_2_3b, wl::output_embedding::tied).parameters() == 3'212'749'824);
static_assert(wl::decoder_of(wl::mamba_130m).parameters() == 129'135'360);
static_assert(wl::decoder_of(wl::mamba_2_8b).parameters() == 2'768'345'600);
static_assert(wl::decoder_of(wl::gpt_3_175b).parameters() > 174'500'000'000 && wl::decoder_of(wl::gpt_3_175b).parameters() < 175'500'000'000);

// grouped queries keep a quarter of the keys and values
static_assert(wl::decoder_of(wl::llama_3_1_8b_published).cache_per_token == 2 * 32 * 8 * 128);
static_assert(wl::decoder_of(wl::llama_2_7b).cache_per_token == 4 * wl::decoder_of(wl::llama_3_1_8b_published).cache_per_token);
static_assert(wl::decoder_of(wl::mamba_130m).cache_per_token == 0 && wl::decoder_of(wl::mamba_130m).state_per_sequence == 24 * 1536 * 19);

TEST_CASE("passes that go through a model together read its weights once", "[workload]") {
    constexpr auto gpt = wl::decoder_of(wl::gpt_2_small);
    const std::array one{wl::decode(4, 100)}, other{wl::prefill(0.5, 64)};
    const std::array both{one[0], other[0]};
    const auto a = wl::work_of(gpt, one), b = wl::work_of(gpt, other), c = wl::work_of(gpt, both);
    CHECK(c.weights_read == a.weights_read);
    CHECK(a.weights_read == b.weights_read);
    CHECK(c.matrix_operations == a.matrix_operations + b.matrix_operations);
    CHECK(c.attention_operations == a.attention_operations + b.attention_operations);
    CHECK(c.cache_read == a.cache_read + b.cache_read);
    CHECK(b.cache_read == 0);
    CHECK(c.cache_written == a.cache_written + b.cache_written);
    CHECK(c.summed == a.summed + b.summed);
    CHECK(c.launches == a.launches);
}

TEST_CASE("a prompt read at once is the same work as its tokens read one by one, but for the weights", "[workload]") {
    for (const auto& model : {wl::decoder_of(wl::gpt_2_small), wl::decoder_of(wl::mamba_130m), wl::decoder_of(wl::llama_3_2_1b)}) {
        const std::array whole{wl::decoder_pass{1, 10, 0, 10}};
        const auto at_once = wl::work_of(model, whole);
        double matrices = 0, attention = 0;
        for (int i = 0; i < 10; ++i) {
            const std::array single{wl::decode(1, i)};
            const auto w = wl::work_of(model, single);
            matrices += w.matrix_operations;
            attention += w.attention_operations;
        }
        CHECK(at_once.matrix_operations == Approx(matrices));
        CHECK(at_once.attention_operations == Approx(attention));
    }
}

TEST_CASE("what is no model or no pass is refused", "[workload]") {
    CHECK_THROWS_AS(wl::decoder_of(wl::gpt_config{.heads = 7}), vd::input_error);
    CHECK_THROWS_AS(wl::decoder_of(wl::mamba_config{.state = 0}), vd::input_error);
    CHECK_THROWS_AS(wl::decoder_of(wl::llama_config{.key_value_heads = 5}), vd::input_error);
    constexpr auto gpt = wl::decoder_of(wl::gpt_2_small);
    CHECK_THROWS_AS(wl::work_of(gpt, {}), vd::input_error);
    const std::array none{wl::decode(0, 1)}, negative{wl::decode(1, -1)}, empty{wl::prefill(1, 0)};
    CHECK_THROWS_AS(wl::work_of(gpt, none), vd::input_error);
    CHECK_THROWS_AS(wl::work_of(gpt, negative), vd::input_error);
    CHECK_THROWS_AS(wl::work_of(gpt, empty), vd::input_error);
    CHECK_THROWS_AS(wl::work_of(wl::decoder{}, none), vd::input_error);
}
