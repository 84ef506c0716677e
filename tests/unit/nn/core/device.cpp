#include <verdant/nn/core/autocast.hpp>
#include <verdant/nn/core/device.hpp>

#include "catch.hpp"

#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>

#include <string>

namespace nn = verdant::nn;

static_assert(nn::device_policy<nn::cpu> && nn::device_policy<nn::cuda<0>> && !nn::device_policy<int>);
static_assert(nn::precision_policy<nn::fp32> && nn::precision_policy<nn::pure_bf16> && nn::precision_policy<nn::amp> && !nn::precision_policy<int>);
static_assert(nn::pure_bf16::weights == at::kBFloat16 && nn::amp_bf16::weights == at::kFloat);

TEST_CASE("a card that is not there is refused by name", "[nn]") {
    CHECK(nn::cpu::device() == at::Device{at::kCPU});
    try {
        const auto device = nn::cuda<63>::device();
        CHECK(nn::cuda_devices() > 63);
        CHECK(device.index() == 63);
    } catch (const verdant::input_error& e) {
        CHECK(std::string{e.what()} ==
              "verdant: device: expected a graphics card cuda:63, found " + std::to_string(nn::cuda_devices()) + " that LibTorch can use");
    }
}

TEST_CASE("mixing changes the type of products while its scope lives, and nests", "[nn]") {
    const auto a = at::ones({4, 4});
    CHECK(at::mm(a, a).scalar_type() == at::kFloat);
    {
        const nn::amp_bf16::scope outer{nn::cpu::device()};
        CHECK(at::mm(a, a).scalar_type() == at::kBFloat16);
        { const nn::amp_bf16::scope inner{nn::cpu::device()}; }
        CHECK(at::mm(a, a).scalar_type() == at::kBFloat16);
    }
    CHECK(at::mm(a, a).scalar_type() == at::kFloat);
    CHECK_THROWS_AS(nn::amp::scope{nn::cpu::device()}, verdant::input_error);
    CHECK(at::mm(a, a).scalar_type() == at::kFloat);
}
