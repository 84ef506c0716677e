#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/arrays.hpp>
#include <verdant/space/encoding.hpp>
#include <verdant/space/point.hpp>

#include <xtensor/xtensor.hpp>

#include <concepts>
#include <cstddef>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

/// Populations of points as one matrix of encodings, a row each, and back.
namespace verdant::arrays {

/// The encoding of a point by `encode_ordinal`: one number a parameter, evenly spaced from 0 to 1.
template <search_space S, std::floating_point T = double>
struct ordinal {
    static constexpr std::size_t width = ordinal_width<S>;
    static constexpr void encode(const point<S>& p, std::span<T> out) { encode_ordinal(p, out); }
    [[nodiscard]] static constexpr point<S> decode(std::span<const T> in) { return decode_ordinal<S>(in); }
};

/// The encoding of a point by `encode_one_hot`: one number a value of a parameter.
template <search_space S, std::floating_point T = double>
struct one_hot {
    static constexpr std::size_t width = one_hot_width<S>;
    static constexpr void encode(const point<S>& p, std::span<T> out) { encode_one_hot(p, out); }
    [[nodiscard]] static constexpr point<S> decode(std::span<const T> in) { return decode_one_hot<S>(in); }
};

namespace detail {

template <class E, class Item, class T>
concept encodes_to = requires(const Item& item, std::span<T> out, std::span<const T> in) {
    { E::width } -> std::convertible_to<std::size_t>;
    E::encode(item, out);
    E::decode(in);
};

/// What an encoding writes: float or double.
template <class E, class Item>
using encoded_value = std::conditional_t<encodes_to<E, Item, float>, float, double>;

} // namespace detail

/// How things of a type become rows of numbers and back: `width`, `encode(item, span)` and `decode(span)`, of float or of double. Models:
/// `ordinal<S>`, `one_hot<S>`, and the encodings of accuracy predictors (`spaces::moofa_encoding<S>` and its like).
template <class E, class Item>
concept encoding_of = detail::encodes_to<E, Item, float> || detail::encodes_to<E, Item, double>;

/// A population as one matrix, items x `Encoding::width`, row-major: what perceptrons, forests and Gaussian processes take.
/// @throws what the encoding throws
template <class Encoding, std::ranges::sized_range Items>
    requires encoding_of<Encoding, std::ranges::range_value_t<Items>>
[[nodiscard]] auto encoded(const Items& items) {
    using value = detail::encoded_value<Encoding, std::ranges::range_value_t<Items>>;
    constexpr std::size_t width = Encoding::width;
    auto matrix = xt::xtensor<value, 2>::from_shape({static_cast<std::size_t>(std::ranges::size(items)), width});
    value* row = matrix.data();
    for (const auto& item : items) {
        Encoding::encode(item, std::span<value>{row, width});
        row += width;
    }
    return matrix;
}

/// The items whose encodings the rows are, by `Encoding::decode`.
/// @throws input_error where the matrix has another number of columns
template <class Encoding, class T>
[[nodiscard]] auto decoded(const xt::xtensor<T, 2>& matrix) {
    constexpr std::size_t width = Encoding::width;
    if (matrix.shape(1) != width)
        throw input_error{"encoded matrix", "columns", std::to_string(width), std::to_string(matrix.shape(1))};
    std::vector<decltype(Encoding::decode(std::span<const T>{}))> items;
    items.reserve(matrix.shape(0));
    for (std::size_t i = 0; i < matrix.shape(0); ++i) items.push_back(Encoding::decode(std::span<const T>{matrix.data() + i * width, width}));
    return items;
}

} // namespace verdant::arrays
