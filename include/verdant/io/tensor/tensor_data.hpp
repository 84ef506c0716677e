#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/half.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// A tensor without LibTorch: element type, shape, shared bytes.
namespace verdant::io {

/// Lengths of the axes, outermost first; empty for a scalar.
using tensor_shape = std::vector<std::uint64_t>;

/// Product of the axes, or nothing if so many elements of any type have no size in bytes that fits in 63 bits.
[[nodiscard]] inline std::optional<std::uint64_t> element_count(std::span<const std::uint64_t> shape) noexcept {
    // An empty axis makes the product zero, but the others must make sense all the same.
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max() / 16;
    std::uint64_t count = 1;
    bool empty = false;
    for (const auto length : shape) {
        if (length == 0) empty = true;
        else if (count > most / length) return std::nullopt;
        else count *= length;
    }
    return empty ? 0 : count;
}

/// `[2, 3]`, for messages.
[[nodiscard]] inline std::string shape_text(std::span<const std::uint64_t> shape) {
    std::string text = "[";
    for (const auto length : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(length);
    return text + "]";
}

/// A tensor as files hold it: element type, shape, and its elements in row-major order, in the byte order of this machine, without gaps. The
/// elements never change and are shared by copies, which therefore take constant time and memory; they are gone with the last copy, or with the
/// last tensor that shares a buffer with them.
class tensor_data {
public:
    tensor_data() : type_{dtype::f32}, shape_{0} {}

    /// Shares `content`, except where its first byte is not aligned for the elements: those are copied. Throws verdant::error unless it holds
    /// exactly the elements of the shape.
    tensor_data(dtype type, tensor_shape shape, shared_bytes content) : type_{type}, shape_{std::move(shape)}, content_{std::move(content)} {
        const auto count = element_count(shape_);
        if (!count || *count * size_of(type) != content_.size())
            throw error{"a tensor of shape " + shape_text(shape_) + " of " + std::string{name_of(type)} + " cannot consist of " +
                        std::to_string(content_.size()) + " bytes"};
        if (!content_.is_aligned(size_of(type))) content_ = shared_bytes::copy_of(content_.view());
    }

    /// Copies values in row-major order; the dtype is that of T.
    template <class T>
    [[nodiscard]] static tensor_data of(tensor_shape shape, std::span<const T> values) {
        const std::span bytes{reinterpret_cast<const unsigned char*>(values.data()), values.size_bytes()};
        return {dtype_of<T>, std::move(shape), shared_bytes::copy_of(bytes)};
    }
    template <class T>
    [[nodiscard]] static tensor_data of(tensor_shape shape, const std::vector<T>& values) {
        return of(std::move(shape), std::span<const T>{values});
    }

    [[nodiscard]] dtype type() const noexcept { return type_; }
    [[nodiscard]] const tensor_shape& shape() const noexcept { return shape_; }
    [[nodiscard]] std::size_t size() const noexcept { return content_.size() / size_of(type_); }
    /// The bytes of all elements, aligned for them.
    [[nodiscard]] std::span<const unsigned char> content() const noexcept { return content_.view(); }
    /// The same bytes, to keep or to share.
    [[nodiscard]] const shared_bytes& bytes() const& noexcept { return content_; }
    [[nodiscard]] shared_bytes bytes() && noexcept { return std::move(content_); }

    /// All elements as T, row-major. Floating-point T takes every type; integral T takes integers and booleans that fit, and throws
    /// verdant::error for floating-point tensors and for values out of range. To float, wide values are rounded to nearest.
    template <class T>
    [[nodiscard]] std::vector<T> to() const {
        std::vector<T> out(size());
        if (type_ == dtype_of<T>) {
            if (!out.empty()) std::memcpy(out.data(), content_.data(), content_.size());
            return out;
        }
        switch (type_) {
        case dtype::boolean:
        case dtype::u8: convert<std::uint8_t>(out); break;
        case dtype::i8: convert<std::int8_t>(out); break;
        case dtype::u16: convert<std::uint16_t>(out); break;
        case dtype::i16: convert<std::int16_t>(out); break;
        case dtype::u32: convert<std::uint32_t>(out); break;
        case dtype::i32: convert<std::int32_t>(out); break;
        case dtype::u64: convert<std::uint64_t>(out); break;
        case dtype::i64: convert<std::int64_t>(out); break;
        case dtype::f32: convert<float>(out); break;
        case dtype::f64: convert<double>(out); break;
        case dtype::f16: widen(out, half_to_float); break;
        case dtype::bf16: widen(out, bfloat16_to_float); break;
        }
        return out;
    }

    /// Equal type, shape and bits.
    [[nodiscard]] friend bool operator==(const tensor_data&, const tensor_data&) = default;

private:
    template <class From, class T>
    void convert(std::vector<T>& out) const {
        if constexpr (std::is_floating_point_v<From> && std::is_integral_v<T>) refuse("integers");
        else
            for (std::size_t i = 0; i < out.size(); ++i) {
                From value;
                std::memcpy(&value, content_.data() + i * sizeof(From), sizeof(From));
                if constexpr (std::is_integral_v<From> && std::is_integral_v<T> && !std::is_same_v<T, bool>)
                    if (!std::in_range<T>(value)) refuse("integers of that width");
                out[i] = static_cast<T>(value);
            }
    }

    template <class T>
    void widen(std::vector<T>& out, float (*decode)(std::uint16_t)) const {
        if constexpr (std::is_integral_v<T>) refuse("integers");
        else
            for (std::size_t i = 0; i < out.size(); ++i) {
                std::uint16_t raw;
                std::memcpy(&raw, content_.data() + i * sizeof raw, sizeof raw);
                out[i] = static_cast<T>(decode(raw));
            }
    }

    [[noreturn]] void refuse(const char* wanted) const {
        throw error{"a tensor of " + std::string{name_of(type_)} + " cannot be converted to " + wanted};
    }

    dtype type_;
    tensor_shape shape_;
    shared_bytes content_;
};

/// Reverses the bytes of every element of `width` bytes in place.
inline void swap_byte_order(std::span<unsigned char> data, std::size_t width) noexcept {
    if (width < 2) return;
    for (std::size_t i = 0; i + width <= data.size(); i += width) std::reverse(data.data() + i, data.data() + i + width);
}

} // namespace verdant::io
