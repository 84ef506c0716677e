#pragma once

#include <verdant/error.hpp>
#include <verdant/io/dtype.hpp>
#include <verdant/io/tensor_data.hpp>
#include <verdant/nn/prelude.hpp>

#include <ATen/ops/empty.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace verdant::detail {

[[nodiscard]] inline at::ScalarType scalar_type(io::dtype type) {
    switch (type) {
    case io::dtype::boolean: return at::kBool;
    case io::dtype::u8: return at::kByte;
    case io::dtype::i8: return at::kChar;
    case io::dtype::i16: return at::kShort;
    case io::dtype::u16:
    case io::dtype::i32: return at::kInt;
    case io::dtype::u32:
    case io::dtype::u64:
    case io::dtype::i64: return at::kLong;
    case io::dtype::f16: return at::kHalf;
    case io::dtype::bf16: return at::kBFloat16;
    case io::dtype::f32: return at::kFloat;
    case io::dtype::f64: return at::kDouble;
    }
    throw error{"a tensor in a file has an element type without a name"};
}

[[nodiscard]] inline io::dtype file_type(at::ScalarType type) {
    switch (type) {
    case at::kBool: return io::dtype::boolean;
    case at::kByte: return io::dtype::u8;
    case at::kChar: return io::dtype::i8;
    case at::kShort: return io::dtype::i16;
    case at::kInt: return io::dtype::i32;
    case at::kLong: return io::dtype::i64;
    case at::kHalf: return io::dtype::f16;
    case at::kBFloat16: return io::dtype::bf16;
    case at::kFloat: return io::dtype::f32;
    case at::kDouble: return io::dtype::f64;
    default: throw error{std::string{"files hold no tensors of the type "} + c10::toString(type)};
    }
}

template <class T>
void fill(at::Tensor& out, const io::tensor_data& from) {
    const auto values = from.to<T>();
    if (!values.empty()) std::memcpy(out.data_ptr(), values.data(), values.size() * sizeof(T));
}

} // namespace verdant::detail

namespace verdant::nn {

/// A tensor of a file as one of LibTorch, on the CPU, of the same type. LibTorch 1.13 has no unsigned integers wider than a byte: those
/// become the next wider signed type.
/// @throws error for a 64-bit unsigned value that does not fit
[[nodiscard]] inline at::Tensor to_tensor(const io::tensor_data& from) {
    const std::vector<std::int64_t> shape(from.shape().begin(), from.shape().end());
    const auto type = detail::scalar_type(from.type());
    auto out = at::empty(shape, at::TensorOptions{}.dtype(type));
    if (from.type() == io::dtype::u16) detail::fill<std::int32_t>(out, from);
    else if (from.type() == io::dtype::u32 || from.type() == io::dtype::u64) detail::fill<std::int64_t>(out, from);
    else if (!from.content().empty()) std::memcpy(out.data_ptr(), from.content().data(), from.content().size());
    return out;
}

/// A tensor as files hold it; from any device, strides resolved.
[[nodiscard]] inline io::tensor_data to_tensor_data(const at::Tensor& from) {
    const auto plain = from.detach().to(at::kCPU).contiguous();
    io::tensor_shape shape;
    for (const auto length : plain.sizes()) shape.push_back(static_cast<std::uint64_t>(length));
    const auto* const first = static_cast<const unsigned char*>(plain.data_ptr());
    io::byte_vector content(static_cast<std::size_t>(plain.nbytes()));
    if (!content.empty()) std::memcpy(content.data(), first, content.size());
    return {detail::file_type(plain.scalar_type()), std::move(shape), std::move(content)};
}

} // namespace verdant::nn
