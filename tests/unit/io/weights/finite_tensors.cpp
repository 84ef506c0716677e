#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/finite_tensors.hpp>

#include "catch.hpp"

#include <cstdint>
#include <limits>
#include <vector>

namespace io = verdant::io;

TEST_CASE("infinities and what is no number are found in tensors of every type", "[io]") {
    constexpr double infinite = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();
    const auto doubles = [](std::vector<double> v) { return io::tensor_data::of<double>({v.size()}, v); };
    const auto floats = [](std::vector<float> v) { return io::tensor_data::of<float>({v.size()}, v); };
    const auto halves = [](io::dtype type, std::vector<std::uint16_t> v) {
        return io::tensor_data{type, {v.size()}, io::tensor_data::of<std::uint16_t>({v.size()}, v).bytes()};
    };
    CHECK(io::is_finite(doubles({1, -2, 0, std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min()})));
    CHECK_FALSE(io::is_finite(doubles({1, -infinite})));
    CHECK_FALSE(io::is_finite(doubles({none, 1})));
    CHECK(io::is_finite(floats({1, std::numeric_limits<float>::lowest()})));
    CHECK_FALSE(io::is_finite(floats({1, 2, static_cast<float>(none)})));
    CHECK_FALSE(io::is_finite(floats({static_cast<float>(infinite)})));
    CHECK(io::is_finite(halves(io::dtype::f16, {0x3c00, 0x7bff, 0xfbff})));
    CHECK_FALSE(io::is_finite(halves(io::dtype::f16, {0x3c00, 0xfc00})));
    CHECK_FALSE(io::is_finite(halves(io::dtype::f16, {0x7e00})));
    CHECK(io::is_finite(halves(io::dtype::bf16, {0x3f80, 0x7f7f})));
    CHECK_FALSE(io::is_finite(halves(io::dtype::bf16, {0x7fc0})));
    CHECK(io::is_finite(io::tensor_data::of<std::int64_t>({1}, std::vector<std::int64_t>{-1})));
    CHECK(io::is_finite(io::tensor_data{}));

    io::named_tensors all;
    all.add("a", floats({1}));
    CHECK_FALSE(io::first_not_finite(all));
    all.add("b", floats({static_cast<float>(infinite)}));
    all.add("c", floats({static_cast<float>(infinite)}));
    CHECK(io::first_not_finite(all) == "b");
}
