#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Copies tensors of any strides to row-major order.
namespace verdant::io {

/// A rectangular selection of a linear storage: element (i, j, ...) is storage element offset + i strides[0] + j strides[1] + ...
struct strided_layout {
    dtype type = dtype::f32;
    tensor_shape shape;
    tensor_shape strides; ///< in elements, one for each axis; may be 0 (a broadcast axis)
    std::uint64_t offset = 0; ///< in elements
};

/// Number of storage elements that a layout needs (index of its last element plus one; 0 if it has none), or nothing where that number or
/// the number of its elements is beyond any memory, or strides and axes differ in number.
[[nodiscard]] inline std::optional<std::uint64_t> storage_extent(const strided_layout& layout) noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max() / 16;
    if (layout.strides.size() != layout.shape.size() || layout.offset >= most) return std::nullopt;
    const auto count = element_count(layout.shape);
    if (!count) return std::nullopt;
    if (*count == 0) return 0;
    std::uint64_t last = layout.offset;
    for (std::size_t axis = 0; axis < layout.shape.size(); ++axis) {
        const auto steps = layout.shape[axis] - 1;
        if (steps != 0 && layout.strides[axis] > (most - 1 - last) / steps) return std::nullopt;
        last += steps * layout.strides[axis];
    }
    return last + 1;
}

/// Copies the selection into row-major order. @pre storage_extent(layout) elements are in `storage`; the result has to fit into memory,
/// which the caller bounds (broadcast axes can make a small storage large).
[[nodiscard]] inline tensor_data strided_copy(const strided_layout& layout, std::span<const unsigned char> storage) {
    const std::size_t width = size_of(layout.type);
    const auto extent = storage_extent(layout);
    if (!extent || *extent > storage.size() / width)
        throw error{"a strided tensor of shape " + shape_text(layout.shape) + " does not fit into a storage of " + std::to_string(storage.size()) +
                    " bytes"};
    const auto count = static_cast<std::size_t>(*element_count(layout.shape));
    byte_vector out(count * width);
    if (count == 0) return {layout.type, layout.shape, std::move(out)};

    // The innermost axes that lie without gaps are copied as one run.
    std::size_t axis = layout.shape.size();
    std::uint64_t run = 1;
    while (axis > 0 && (layout.shape[axis - 1] == 1 || layout.strides[axis - 1] == run)) run *= layout.shape[--axis];
    const std::size_t run_bytes = static_cast<std::size_t>(run) * width;
    std::vector<std::uint64_t> index(axis, 0);
    std::uint64_t from = layout.offset;
    for (std::size_t done = 0; done < out.size(); done += run_bytes) {
        std::memcpy(out.data() + done, storage.data() + from * width, run_bytes);
        for (std::size_t a = axis; a-- > 0;) {
            from += layout.strides[a];
            if (++index[a] < layout.shape[a]) break;
            from -= layout.strides[a] * layout.shape[a];
            index[a] = 0;
        }
    }
    return {layout.type, layout.shape, std::move(out)};
}

/// Strides of a row-major tensor, in elements.
[[nodiscard]] inline tensor_shape row_major_strides(std::span<const std::uint64_t> shape) {
    tensor_shape strides(shape.size(), 1);
    for (std::size_t axis = shape.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * (shape[axis] == 0 ? 1 : shape[axis]);
    return strides;
}

/// Strides of a column-major tensor, in elements: the first axis runs fastest, as in NumPy's Fortran order.
[[nodiscard]] inline tensor_shape column_major_strides(std::span<const std::uint64_t> shape) {
    tensor_shape strides(shape.size(), 1);
    for (std::size_t axis = 1; axis < shape.size(); ++axis) strides[axis] = strides[axis - 1] * (shape[axis - 1] == 0 ? 1 : shape[axis - 1]);
    return strides;
}

/// Whether the elements lie one after the other in row-major order, without gaps.
[[nodiscard]] inline bool is_row_major(const strided_layout& layout) {
    const auto dense = row_major_strides(layout.shape);
    for (std::size_t axis = 0; axis < dense.size(); ++axis)
        if (layout.shape[axis] > 1 && layout.strides[axis] != dense[axis]) return false;
    return true;
}

/// The selection as a tensor that shares the storage where its elements lie in it in row-major order without gaps, and is a
/// `strided_copy` otherwise. @pre as of strided_copy
[[nodiscard]] inline tensor_data strided_tensor(const strided_layout& layout, const shared_bytes& storage) {
    const std::size_t width = size_of(layout.type);
    const auto extent = storage_extent(layout);
    if (!extent || *extent == 0 || *extent > storage.size() / width || !is_row_major(layout)) return strided_copy(layout, storage.view());
    const auto first = static_cast<std::size_t>(layout.offset) * width;
    return {layout.type, layout.shape, storage.slice(first, static_cast<std::size_t>(*extent) * width - first)};
}

} // namespace verdant::io
