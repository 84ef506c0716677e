#pragma once

#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include <bit>
#include <cstddef>
#include <utility>

namespace verdant::io {

/// The tensor with the sign of every element turned, as PyTorch resolves a lazily negated tensor: the sign bit of floating-point numbers, also of
/// zeros and NaN; whole numbers modulo 2^width, so that the smallest stays what it is. @pre the elements are no booleans
[[nodiscard]] inline tensor_data negated(const tensor_data& tensor) {
    byte_vector turned{tensor.content().begin(), tensor.content().end()};
    const auto width = size_of(tensor.type());
    for (std::size_t first = 0; first < turned.size(); first += width) {
        if (is_floating(tensor.type())) {
            turned[std::endian::native == std::endian::little ? first + width - 1 : first] ^= 0x80;
            continue;
        }
        unsigned carry = 1; // -x = ~x + 1
        for (std::size_t i = 0; i < width; ++i) {
            auto& byte = turned[std::endian::native == std::endian::little ? first + i : first + width - 1 - i];
            carry += static_cast<unsigned char>(~byte);
            byte = static_cast<unsigned char>(carry);
            carry >>= 8;
        }
    }
    return {tensor.type(), tensor.shape(), std::move(turned)};
}

} // namespace verdant::io
