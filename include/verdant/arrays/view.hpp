#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/component/arrays.hpp>

#include <xtensor/xadapt.hpp>
#include <xtensor/xexpression.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor_forward.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// Tensors of files, populations and results as arrays of xtensor.
namespace verdant::arrays {

namespace detail {

/// A type whose every pattern of bits is a value, so that bytes of a file may be read as it.
template <class T>
concept viewable = std::is_arithmetic_v<T> && !std::same_as<T, bool> && sizeof(T) <= 8;

[[nodiscard]] constexpr bool views_as(io::dtype stored, io::dtype wanted) {
    return stored == wanted || (stored == io::dtype::boolean && wanted == io::dtype::u8);
}

} // namespace detail

/// The elements of a tensor as a constant array of its shape, row-major, without a copy. It refers to the tensor, which must outlive it.
/// @tparam T the element type; booleans are viewed as std::uint8_t, since a file may hold other bytes than 0 and 1
/// @throws input_error naming both types where the tensor holds another, for example half-precision floats: convert those with `tensor_data::to`
template <detail::viewable T>
[[nodiscard]] auto view(const io::tensor_data& tensor) {
    constexpr auto wanted = io::dtype_of<T>;
    if (!detail::views_as(tensor.type(), wanted))
        throw input_error{"tensor", "element type", std::string{io::name_of(wanted)}, std::string{io::name_of(tensor.type())}};
    const auto* bytes = tensor.content().data();
    if (reinterpret_cast<std::uintptr_t>(bytes) % alignof(T) != 0)
        throw input_error{"tensor", "first byte", "an address that is a multiple of " + std::to_string(alignof(T)), "another"};
    const std::vector<std::size_t> shape(tensor.shape().begin(), tensor.shape().end());
    return xt::adapt<xt::layout_type::row_major>(reinterpret_cast<const T*>(bytes), tensor.size(), xt::no_ownership(), shape);
}

/// Refused: the view of a temporary tensor would refer to nothing.
template <detail::viewable T, class Tensor>
    requires(std::same_as<Tensor, io::tensor_data>)
void view(Tensor&&) {
    constexpr bool named = !std::same_as<Tensor, io::tensor_data>;
    static_assert(named, "verdant: a view of a temporary tensor would refer to nothing; give the tensor a name that outlives the view");
}

/// A tensor of its own that holds the values of any array or expression, evaluated once, row-major; its type is that of the elements.
template <class E>
[[nodiscard]] io::tensor_data tensor_data_of(const xt::xexpression<E>& expression) {
    using value = std::remove_cv_t<typename E::value_type>;
    constexpr bool storable = std::is_arithmetic_v<value> && sizeof(value) <= 8;
    static_assert(storable, "verdant: a tensor holds integers, booleans and floating-point numbers of at most 64 bits; convert with xt::cast<...>");
    const auto& from = expression.derived_cast();
    io::tensor_shape shape(from.dimension());
    std::vector<std::size_t> lengths(shape.size());
    std::size_t count = 1;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        lengths[axis] = static_cast<std::size_t>(from.shape()[axis]);
        shape[axis] = lengths[axis];
        count *= lengths[axis];
    }
    io::byte_vector content(count * sizeof(value));
    if (count > 0)
        xt::noalias(xt::adapt<xt::layout_type::row_major>(reinterpret_cast<value*>(content.data()), count, xt::no_ownership(), lengths)) = from;
    return {io::dtype_of<value>, std::move(shape), std::move(content)};
}

} // namespace verdant::arrays
