#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/devices/published_devices.hpp>
#include <verdant/hardware/devices/served.hpp>
#include <verdant/hardware/devices/serving.hpp>
#include <verdant/hardware/devices/serving_memory.hpp>
#include <verdant/workload/language/language_configs.hpp>

#include <cstdint>

namespace hw = verdant::hardware;
namespace vd = verdant;
namespace wl = verdant::workload;

constexpr auto llama = wl::decoder_of(wl::llama_3_1_8b_published);
constexpr hw::serving_plan one{1, hw::precision::bf16, hw::precision::bf16, hw::precision::bf16};

struct chat : hw::served<hw::h100_sxm, llama, one, hw::serving_load{64, 512, 400}> {};
static_assert(chat::memory().get<hw::weight_memory>() == 8030261248.0 * 2);
// 2 x 32 layers x 8 heads x 128 channels x 2 bytes a token
static_assert(chat::memory().get<hw::cache_memory>() == 64.0 * 712 * 131072);
static_assert(chat::step() > 4.0 * vd::milliseconds{} && chat::step() < 10.0 * vd::milliseconds{});
static_assert(chat::first_word() > 7.2 * vd::milliseconds{} &&
              chat::first_word() < 7.4 * vd::milliseconds{}); // 512 tokens x 14 GFLOP at 989 TFLOP/s, and the output

TEST_CASE("the bound of a decoding step grows with batch and context, falls with precision and devices", "[hardware]") {
    const auto step = [](double batch, double context, const hw::serving_plan& plan) {
        return hw::decode_time(llama, hw::h100_sxm, plan, batch, context, {}).total();
    };
    CHECK(step(1, 1000, one) < step(8, 1000, one));
    CHECK(step(8, 1000, one) < step(8, 2000, one));
    // weights read once: eight texts take hardly longer than one
    CHECK(vd::to_si(step(8, 1, one)) < 1.01 * vd::to_si(step(1, 1, one)));
    const hw::serving_plan eight_bit{1, hw::precision::bf16, hw::precision::fp8, hw::precision::bf16},
        small_cache{1, hw::precision::bf16, hw::precision::bf16, hw::precision::fp8};
    CHECK(vd::to_si(step(1, 1, eight_bit)) == Approx(vd::to_si(step(1, 1, one)) / 2).epsilon(0.001));
    CHECK(step(64, 4000, small_cache) < step(64, 4000, one));
    auto four = one;
    four.devices = 4;
    const auto shared = hw::decode_time(llama, hw::h100_sxm, four, 64, 1000, {}), alone = hw::decode_time(llama, hw::h100_sxm, one, 64, 1000, {});
    CHECK(vd::to_si(shared.matrices) == Approx(vd::to_si(alone.matrices) / 4));
    CHECK(vd::to_si(shared.attention) == Approx(vd::to_si(alone.attention) / 4));
    // 2 x 3/4 of 2 sums x 32 layers x 64 texts x 4096 channels x 2 bytes over 450 GB/s
    CHECK(vd::to_si(shared.links) == Approx(1.5 * 2 * 32 * 64 * 4096 * 2 / 450e9));
    CHECK(vd::to_si(alone.links) == 0);
    const auto launched = hw::decode_time(llama, hw::h100_sxm, one, 64, 1000, 2.0 * vd::microseconds{});
    CHECK(vd::to_si(launched.launches) == Approx((32 * 9 + 2) * 2e-6));
}

TEST_CASE("reading a prompt costs a pass of its tokens, with half of them attended to", "[hardware]") {
    const auto t = hw::prefill_time(llama, hw::h100_sxm, one, 1, 8192, {});
    const double layers = 2.0 * 8192 * static_cast<double>(llama.layers * llama.layer_matrices), output = 2.0 * 4096 * 128256;
    CHECK(vd::to_si(t.matrices) == Approx((layers + output) / 989.4e12));
    CHECK(vd::to_si(t.attention) == Approx(8192.0 * 8193 / 2 * 32 * 4 * 4096 / 989.4e12));
}

TEST_CASE("a step of continuous batching reads as many prompts as answers end", "[hardware]") {
    const hw::serving_load load{100, 300, 200};
    const auto step = hw::step_time(llama, hw::h100_sxm, one, load, {}).total();
    const auto decoding = hw::decode_time(llama, hw::h100_sxm, one, 100, 400, {}).total();
    CHECK(step > decoding);
    // half a prompt a step: no more than that apart
    CHECK(step < decoding + hw::prefill_time(llama, hw::h100_sxm, one, 0.5, 300, {}).total());
    CHECK(vd::in<vd::joules>(hw::energy_per_token(step, hw::h100_sxm, one, 100)) == Approx(700 * vd::to_si(step) / 100));
}

TEST_CASE("a state does not grow with the text", "[hardware]") {
    constexpr auto mamba = wl::decoder_of(wl::mamba_2_8b);
    const auto short_text = hw::decode_time(mamba, hw::a100_sxm_80gb, one, 16, 10, {}),
               long_text = hw::decode_time(mamba, hw::a100_sxm_80gb, one, 16, 1e5, {});
    CHECK(short_text.total() == long_text.total());
    CHECK(hw::serving_memory(mamba, one, {16, 1e5, 10}).get<hw::cache_memory>() ==
          hw::serving_memory(mamba, one, {16, 10, 10}).get<hw::cache_memory>());
}

TEST_CASE("what fits is known, and what is not known is refused", "[hardware]") {
    const auto most = hw::largest_batch(hw::h100_sxm, llama, one, 1000);
    CHECK(hw::fits(hw::h100_sxm, llama, one, {most * 0.999, 900, 200}));
    CHECK_FALSE(hw::fits(hw::h100_sxm, llama, one, {most * 1.001, 900, 200}));
    CHECK(hw::largest_batch(hw::h100_sxm, wl::decoder_of(wl::llama_3_1_405b), one, 1000) == 0);

    auto two = one;
    two.devices = 2;
    CHECK_THROWS_WITH(hw::decode_time(llama, hw::tpu_v4, two, 1, 1, {}), Catch::Contains("TPUv4") && Catch::Contains("links"));
    two.devices = 0;
    CHECK_THROWS_AS(hw::decode_time(llama, hw::h100_sxm, two, 1, 1, {}), vd::input_error);
    CHECK_THROWS_AS(hw::decode_time(llama, hw::h100_sxm, one, 0, 1, {}), vd::input_error);
    CHECK_THROWS_AS(hw::decode_time(llama, hw::h100_sxm, one, 1, -1, {}), vd::input_error);
    CHECK_THROWS_AS(hw::step_time(llama, hw::h100_sxm, one, {1, 1, 0}, {}), vd::input_error);
    CHECK_THROWS_WITH(hw::energy_per_token(1.0 * vd::seconds{}, hw::tpu_v5e, one, 1), Catch::Contains("TPUv5e") && Catch::Contains("power"));
    CHECK_THROWS_AS(hw::energy_per_token(1.0 * vd::seconds{}, hw::h100_sxm, one, 0), vd::input_error);
    CHECK_THROWS_AS(hw::decode_time(wl::decoder{}, hw::h100_sxm, one, 1, 1, {}), vd::input_error);
}

TEST_CASE("loads, launches and times that cannot be are refused", "[hardware]") {
    for (const hw::serving_load& load : {hw::serving_load{-5, 100, 100}, hw::serving_load{0, 100, 100}, hw::serving_load{5, -900, 100}}) {
        CHECK_THROWS_AS(hw::serving_memory(llama, one, load), vd::input_error);
        CHECK_THROWS_AS(hw::fits(hw::h100_sxm, llama, one, load), vd::input_error);
    }
    CHECK_THROWS_AS(hw::fits(hw::h100_sxm, wl::decoder{}, one, {1, 1, 1}), vd::input_error); // which is not a model, and so fits everything
    auto endless = llama;
    endless.layer_matrices = std::int64_t{1} << 60;
    CHECK_THROWS_AS(hw::decode_time(endless, hw::h100_sxm, one, 1, 1, {}), vd::input_error);
    CHECK_THROWS_WITH(hw::decode_time(llama, hw::h100_sxm, one, 1, 1, -1.0 * vd::microseconds{}), Catch::Contains("launch"));
    auto none = one;
    none.devices = 0;
    CHECK_THROWS_WITH(hw::energy_per_token(1.0 * vd::seconds{}, hw::h100_sxm, none, 1), Catch::Contains("at least one device"));
    CHECK_THROWS_AS(hw::energy_per_token(-1.0 * vd::seconds{}, hw::h100_sxm, one, 1), vd::input_error);
}
