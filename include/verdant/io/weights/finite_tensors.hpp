#pragma once

#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>

namespace verdant::io {

namespace detail {

/// Whether the exponents of all floating-point numbers leave them finite. @tparam Bits of one number @param exponent all bits of the exponent
template <class Bits>
[[nodiscard]] bool exponents_are_finite(std::span<const unsigned char> numbers, Bits exponent) {
    bool finite = true;
    for (std::size_t at = 0; at + sizeof(Bits) <= numbers.size(); at += sizeof(Bits)) {
        Bits bits;
        std::memcpy(&bits, numbers.data() + at, sizeof bits);
        finite &= (bits & exponent) != exponent; // without a branch, so that compilers take many at a time
    }
    return finite;
}

} // namespace detail

/// Whether no element is an infinity or not a number; tensors of whole numbers have none.
[[nodiscard]] inline bool is_finite(const tensor_data& t) {
    switch (t.type()) {
    case dtype::f16: return detail::exponents_are_finite<std::uint16_t>(t.content(), 0x7c00);
    case dtype::bf16: return detail::exponents_are_finite<std::uint16_t>(t.content(), 0x7f80);
    case dtype::f32: return detail::exponents_are_finite<std::uint32_t>(t.content(), 0x7f800000);
    case dtype::f64: return detail::exponents_are_finite<std::uint64_t>(t.content(), 0x7ff0000000000000);
    default: return true;
    }
}

/// The name of the first tensor that holds an infinity or what is not a number, or nothing.
template <class = instantiated_when_used>
[[nodiscard]] std::optional<std::string> first_not_finite(const named_tensors& tensors) {
    for (const auto& [name, value] : tensors)
        if (!is_finite(value)) return name;
    return std::nullopt;
}
VERDANT_DEFINED_ONCE(std::optional<std::string> first_not_finite<>(const named_tensors&));

} // namespace verdant::io
