#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/gzip.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace verdant::io {

/// Parses an IDX array (LeCun, "The MNIST database", file formats): two zero bytes, a type, the number of axes, their lengths and the
/// elements, all big-endian. `source` names it in errors. Throws input_error.
template <class = instantiated_when_used>
[[nodiscard]] tensor_data parse_idx(std::span<const unsigned char> content, const std::string& source) {
    byte_cursor cursor{source, "", content};
    if (cursor.big<std::uint16_t>("magic number") != 0) cursor.fail("the two zero bytes of an IDX file", "others", 2);
    dtype type = dtype::u8;
    switch (const auto code = cursor.u8("element type")) {
    case 0x08: type = dtype::u8; break;
    case 0x09: type = dtype::i8; break;
    case 0x0b: type = dtype::i16; break;
    case 0x0c: type = dtype::i32; break;
    case 0x0d: type = dtype::f32; break;
    case 0x0e: type = dtype::f64; break;
    default: cursor.fail("element type 8, 9, 11, 12, 13 or 14", std::to_string(code), 1);
    }
    tensor_shape shape(cursor.u8("number of axes"));
    for (auto& length : shape) length = cursor.big<std::uint32_t>("axis length");
    const auto count = element_count(shape);
    if (!count || *count * size_of(type) != cursor.remaining())
        cursor.fail("the elements of shape " + shape_text(shape) + " of " + std::string{name_of(type)},
                    std::to_string(cursor.remaining()) + " bytes");
    const auto raw = cursor.take(cursor.remaining(), "elements");
    byte_vector data{raw.begin(), raw.end()};
    if constexpr (std::endian::native == std::endian::little) swap_byte_order(data, size_of(type));
    return {type, std::move(shape), std::move(data)};
}
VERDANT_DEFINED_ONCE(tensor_data parse_idx<>(std::span<const unsigned char>, const std::string&));

/// Reads an IDX file, plain or gzip, such as those of MNIST and Fashion-MNIST. Throws file_error or input_error.
[[nodiscard]] inline tensor_data read_idx(const std::string& path) { return parse_idx(read_maybe_gzip(byte_source::open(path)), path); }

} // namespace verdant::io
