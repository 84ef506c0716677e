#include <verdant/nn/core/from_tensor_data.hpp>

#include "catch.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/zeros.h>

#include <cstdint>
#include <utility>
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

TEST_CASE("a tensor has memory of its own, unless it takes over what nobody else shares", "[nn]") {
    auto file = nn::to_tensor_data(at::arange(32).to(at::kFloat));
    const auto* const elements = file.content().data();
    auto copy = nn::to_tensor(file);
    CHECK(copy.data_ptr() != elements);
    copy.fill_(-1);
    CHECK(file.to<float>()[5] == 5);
    const auto shared = file; // another copy: what is given up has to be copied as well
    auto from_shared = nn::to_tensor(std::move(file));
    CHECK(from_shared.data_ptr() != elements);
    from_shared.fill_(-1);
    CHECK(shared.to<float>()[5] == 5);
}

TEST_CASE("memory that was taken over lives as long as the tensors over it", "[nn]") {
    auto file = nn::to_tensor_data(at::arange(32).to(at::kFloat));
    const auto* const elements = file.content().data();
    at::Tensor view;
    {
        auto taken = nn::to_tensor(std::move(file));
        CHECK(taken.data_ptr() == elements);
        taken.mul_(2);
        view = taken.slice(0, 30, 32);
    }
    CHECK(view.equal(at::arange(30, 32).to(at::kFloat) * 2));
    // Bytes from a vector are not aligned as LibTorch's are, so that they are copied.
    io::byte_vector vector(12);
    CHECK(nn::to_tensor(io::tensor_data{io::dtype::f32, {3}, std::move(vector)}).equal(at::zeros({3})));
}

TEST_CASE("a tensor over shared elements is no copy, and cloning it unshares", "[nn]") {
    at::Tensor over;
    {
        const auto file = nn::to_tensor_data(at::arange(12).reshape({3, 4}).to(at::kHalf));
        over = nn::shared_tensor(file);
        CHECK(over.data_ptr() == file.content().data());
        CHECK(over.scalar_type() == at::kHalf);
        over.clone().fill_(0);
        over.to(at::kFloat).fill_(0);
        CHECK(file.to<float>()[5] == 5);
    }
    CHECK(over.to(at::kLong).equal(at::arange(12).reshape({3, 4}))); // the elements live as long as the tensor
    const auto wide = io::tensor_data::of<std::uint16_t>({1}, std::vector<std::uint16_t>{65535});
    CHECK(nn::shared_tensor(wide).item<int>() == 65535);
    CHECK(nn::shared_tensor({io::dtype::f32, {0, 3}, {}}).sizes() == at::IntArrayRef{0, 3});
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
