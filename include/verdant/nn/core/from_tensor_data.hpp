#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Tensors of files to tensors of LibTorch, and back.
namespace verdant::nn {

namespace detail {

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

/// A new tensor with the elements as T, which is the C++ type of `type`.
template <class T>
[[nodiscard]] at::Tensor converted(const io::tensor_data& from, at::IntArrayRef shape, at::ScalarType type) {
    auto out = at::empty(shape, at::TensorOptions{}.dtype(type));
    const auto values = from.to<T>();
    if (!values.empty()) std::memcpy(out.data_ptr(), values.data(), values.size() * sizeof(T));
    return out;
}

/// Whether LibTorch lacks this element type and its values become those of a wider one.
[[nodiscard]] inline bool is_widened(io::dtype type) { return type == io::dtype::u16 || type == io::dtype::u32 || type == io::dtype::u64; }

[[nodiscard]] inline std::vector<std::int64_t> extents_of(const io::tensor_data& from) { return {from.shape().begin(), from.shape().end()}; }

/// A tensor over memory that `owner` keeps alive until the last tensor over it is gone.
[[nodiscard]] inline at::Tensor over_memory(void* first, std::shared_ptr<const void> owner, at::IntArrayRef shape, at::ScalarType type) {
    return at::from_blob(
        first, shape, [kept = std::move(owner)](void*) mutable { kept.reset(); }, at::TensorOptions{}.dtype(type));
}

} // namespace detail

/// A tensor of a file as one of LibTorch, on the CPU, of the same type, with memory of its own: it may be trained in place. LibTorch 1.13 has no
/// unsigned integers wider than a byte: those become the next wider signed type.
/// @throws error for a 64-bit unsigned value that does not fit
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor to_tensor(const io::tensor_data& from) {
    const auto shape = detail::extents_of(from);
    const auto type = detail::scalar_type(from.type());
    if (from.type() == io::dtype::u16) return detail::converted<std::int32_t>(from, shape, type);
    if (detail::is_widened(from.type())) return detail::converted<std::int64_t>(from, shape, type);
    auto out = at::empty(shape, at::TensorOptions{}.dtype(type));
    if (!from.content().empty()) std::memcpy(out.data_ptr(), from.content().data(), from.content().size());
    return out;
}
VERDANT_DEFINED_ONCE(at::Tensor to_tensor<>(const io::tensor_data&));

/// The same, of a tensor that the caller gives up: where nothing else shares its elements and they lie as LibTorch would lay them, the result takes
/// over their memory, else it is a copy as above. Either way nobody but the result sees what is written into it.
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor to_tensor(io::tensor_data&& from) {
    const auto shape = detail::extents_of(from);
    const auto type = from.type();
    if (detail::is_widened(type)) return to_tensor(std::as_const(from));
    auto bytes = std::move(from).bytes();
    if (auto taken = std::move(bytes).take_if_sole()) return detail::over_memory(taken.get(), taken, shape, detail::scalar_type(type));
    auto out = at::empty(shape, at::TensorOptions{}.dtype(detail::scalar_type(type)));
    // What could not be taken is still there.
    if (!bytes.empty()) std::memcpy(out.data_ptr(), bytes.data(), bytes.size()); // NOLINT(bugprone-use-after-move)
    return out;
}
VERDANT_DEFINED_ONCE(at::Tensor to_tensor<>(io::tensor_data&&));

/// A tensor over the very elements of one of a file, without a copy, which it keeps alive; of types that LibTorch lacks, a copy. It is for
/// reading: an operation in place would change what all others see that share the elements, or end the program where they are those of a mapped
/// file. Who wants to write clones first, or calls `to_tensor`.
[[nodiscard]] inline at::Tensor shared_tensor(const io::tensor_data& from) {
    if (detail::is_widened(from.type()) || from.content().empty()) return to_tensor(from);
    auto* const first = const_cast<unsigned char*>(from.content().data()); // LibTorch knows no tensors of const elements
    return detail::over_memory(first, std::make_shared<const io::shared_bytes>(from.bytes()), detail::extents_of(from),
                               detail::scalar_type(from.type()));
}

/// A tensor as files hold it; from any device, strides resolved.
template <class = instantiated_when_used>
[[nodiscard]] io::tensor_data to_tensor_data(const at::Tensor& from) {
    const auto plain = from.detach().to(at::kCPU).contiguous();
    io::tensor_shape shape;
    for (const auto length : plain.sizes()) shape.push_back(static_cast<std::uint64_t>(length));
    const std::span content{static_cast<const unsigned char*>(plain.data_ptr()), static_cast<std::size_t>(plain.nbytes())};
    return {detail::file_type(plain.scalar_type()), std::move(shape), io::shared_bytes::copy_of(content)};
}
VERDANT_DEFINED_ONCE(io::tensor_data to_tensor_data<>(const at::Tensor&));

} // namespace verdant::nn
