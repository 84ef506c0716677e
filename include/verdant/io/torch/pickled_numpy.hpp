#pragma once

#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/torch/pickle_object.hpp>

#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

// What NumPy writes into pickles (numpy/core/src/multiarray: `arraydescr_reduce`, `array_reduce`, `gentype_reduce`), as plain data.

namespace verdant::io::detail {

/// The element type of a NumPy array or scalar.
struct numpy_type {
    std::optional<dtype> type; ///< none: texts, objects, records, complex numbers, dates
    bool swapped = false;      ///< the bytes are not in the order of this machine
};

/// A `numpy.dtype` stands in the tree as a name: its text is the code, such as `f8`, its label says what it is and the order of its bytes.
inline constexpr std::string_view numpy_dtype_label = "numpy.dtype";

[[nodiscard]] inline bool is_numpy_dtype(const pickle_object& value) {
    return value.kind() == pickle_kind::name && value.node()->label.starts_with(numpy_dtype_label);
}

[[nodiscard]] inline numpy_type numpy_type_of(const pickle_object& value) {
    std::string_view code = value.text();
    char order = value.node()->label.back();
    if (!code.empty() && (code[0] == '<' || code[0] == '>' || code[0] == '|' || code[0] == '=')) {
        order = code[0];
        code.remove_prefix(1);
    }
    numpy_type out{dtype_where(&dtype_facts::numpy, code)};
    out.swapped = out.type && size_of(*out.type) > 1 && order == (std::endian::native == std::endian::little ? '>' : '<');
    return out;
}

/// The bytes that a text or bytes of a pickle hold, shared with it.
[[nodiscard]] inline shared_bytes bytes_of(const pickle_object& value) {
    const auto& text = value.text();
    return {std::shared_ptr<const void>{value.node()}, std::span{reinterpret_cast<const unsigned char*>(text.data()), text.size()}};
}

/// One element as an integer, a number or a boolean; unsigned integers beyond 63 bits as nine bytes, as pickles hold them. @pre it is all of `raw`
[[nodiscard]] inline pickle_handle numpy_scalar(dtype type, bool swapped, std::span<const unsigned char> raw) {
    byte_vector native{raw.begin(), raw.end()};
    if (swapped) swap_byte_order(native, native.size());
    auto node = std::make_shared<pickle_node>();
    const tensor_data element{type, {}, shared_bytes{native}};
    if (type == dtype::boolean) {
        node->kind = pickle_kind::boolean;
        node->value = native[0] != 0;
    } else if (is_floating(type)) {
        node->kind = pickle_kind::real;
        node->value = element.to<double>()[0];
    } else if (type == dtype::u64 && element.to<std::uint64_t>()[0] >> 63 != 0) {
        if constexpr (std::endian::native == std::endian::big) swap_byte_order(native, native.size());
        node->kind = pickle_kind::octets;
        node->value = std::string{native.begin(), native.end()} + '\0';
    } else {
        node->kind = pickle_kind::integer;
        node->value = element.to<std::int64_t>()[0];
    }
    return node;
}

} // namespace verdant::io::detail
