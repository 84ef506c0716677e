#pragma once

// Tensors of every kind, small enough to be damaged byte by byte.

#include <verdant/io/tensor/named_tensors.hpp>

#include <cstddef>
#include <string>
#include <vector>

inline verdant::io::named_tensors sample_tensors(bool with_unsigned = true, bool with_bfloat16 = true) {
    using namespace verdant::io;
    named_tensors out{"sample"};
    out.add("visual.conv1.weight", tensor_data::of<float>({2, 3, 2, 2}, std::vector<float>(24, 0.25F)));
    out.add("logit_scale", tensor_data::of<double>({}, std::vector<double>{2.6592}));
    out.add("steps", tensor_data::of<std::int64_t>({3}, std::vector<std::int64_t>{-1, 0, std::int64_t{1} << 60}));
    out.add("small", tensor_data::of<std::int8_t>({2, 1}, std::vector<std::int8_t>{-128, 127}));
    out.add("pixels", tensor_data::of<std::uint8_t>({4}, std::vector<std::uint8_t>{0, 1, 254, 255}));
    out.add("mask", tensor_data{dtype::boolean, {2}, {0, 1}});
    out.add("half", tensor_data{dtype::f16, {1, 2}, {0x00, 0x3c, 0xff, 0x7b}});
    out.add("empty", tensor_data::of<float>({0, 7}, std::vector<float>{}));
    if (with_unsigned) out.add("count", tensor_data::of<std::uint32_t>({1}, std::vector<std::uint32_t>{0xffffffffu}));
    if (with_bfloat16) out.add("brain \"\\\n\xc3\xa9", tensor_data{dtype::bf16, {2}, {0x80, 0x3f, 0x00, 0xc0}});
    return out;
}
