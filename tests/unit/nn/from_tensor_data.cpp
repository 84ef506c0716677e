#include <verdant/nn/from_tensor_data.hpp>

#include "catch.hpp"

#include <ATen/ops/arange.h>

#include <cstdint>
#include <vector>

namespace nn = verdant::nn;
namespace io = verdant::io;

TEST_CASE("tensors survive the way to a file's form and back", "[nn]") {
    for (const auto type : {at::kBool, at::kByte, at::kChar, at::kShort, at::kInt, at::kLong, at::kHalf, at::kBFloat16, at::kFloat, at::kDouble}) {
        const auto there = at::arange(12).reshape({3, 4}).to(type);
        const auto back = nn::to_tensor(nn::to_tensor_data(there));
        CHECK(back.scalar_type() == type);
        CHECK(back.equal(there));
    }
    const auto scalar = nn::to_tensor(nn::to_tensor_data(at::arange(12)[5]));
    CHECK(scalar.dim() == 0);
    CHECK(scalar.item<std::int64_t>() == 5);
    CHECK(nn::to_tensor(nn::to_tensor_data(at::arange(0).reshape({0, 3}))).sizes() == at::IntArrayRef{0, 3});
}

TEST_CASE("views and transposes are written in row-major order", "[nn]") {
    const auto view = at::arange(12).reshape({3, 4}).t().slice(0, 1, 3);
    CHECK(nn::to_tensor_data(view).to<std::int64_t>() == std::vector<std::int64_t>{1, 5, 9, 2, 6, 10});
}

TEST_CASE("unsigned integers that LibTorch lacks become wider signed ones", "[nn]") {
    const auto wide = nn::to_tensor(io::tensor_data::of<std::uint16_t>({2}, std::vector<std::uint16_t>{1, 65535}));
    CHECK(wide.scalar_type() == at::kInt);
    CHECK(wide[1].item<int>() == 65535);
    const auto most = nn::to_tensor(io::tensor_data::of<std::uint64_t>({1}, std::vector<std::uint64_t>{std::uint64_t{1} << 62}));
    CHECK(most[0].item<std::int64_t>() == std::int64_t{1} << 62);
    CHECK_THROWS_AS(nn::to_tensor(io::tensor_data::of<std::uint64_t>({1}, std::vector<std::uint64_t>{~std::uint64_t{0}})), verdant::error);
}
