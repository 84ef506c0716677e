#pragma once

#include <verdant/space/point.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <span>

/// Points as vectors of numbers, ordinal and one-hot, and back.
namespace verdant {

namespace detail {

template <class S>
[[nodiscard]] consteval auto one_hot_offsets() {
    std::array<std::size_t, parameter_count<S> + 1> begin{};
    for (std::size_t p = 0; p < parameter_count<S>; ++p) begin[p + 1] = begin[p] + view_of<S>.domain_size(p);
    return begin;
}

template <class S>
inline constexpr auto one_hot_begin = one_hot_offsets<S>();

} // namespace detail

/// Width of the ordinal encoding: one number a parameter.
template <search_space S>
inline constexpr std::size_t ordinal_width = parameter_count<S>;

/// Width of the one-hot encoding: one number a value of a parameter.
template <search_space S>
inline constexpr std::size_t one_hot_width = detail::one_hot_begin<S>[parameter_count<S>];

/// Writes index / (size - 1) of each parameter: evenly spaced in [0, 1], 0 for a domain of one value.
/// @param out `ordinal_width<S>` numbers
template <search_space S, std::floating_point T>
constexpr void encode_ordinal(const point<S>& p, std::span<T> out) {
    for (std::size_t i = 0; i < p.size(); ++i) {
        const auto n = view_of<S>.domain_size(i);
        out[i] = n > 1 ? static_cast<T>(p[i]) / static_cast<T>(n - 1) : T{0};
    }
}

/// The point whose ordinal encoding is nearest, coordinate by coordinate; beyond [0, 1] the end of the domain. Canonical, not necessarily feasible.
template <search_space S, std::floating_point T>
[[nodiscard]] constexpr point<S> decode_ordinal(std::span<const T> in) {
    point<S> p;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const auto last = static_cast<T>(view_of<S>.domain_size(i) - 1);
        auto x = in[i] * last + T(0.5);
        if (!(x > 0)) x = 0;
        if (x > last) x = last;
        p[i] = static_cast<typename point<S>::index_type>(x);
    }
    p.canonicalise();
    return p;
}

/// Writes a 1 at the value of each parameter and 0 elsewhere.
/// @param out `one_hot_width<S>` numbers, parameter after parameter
template <search_space S, std::floating_point T>
constexpr void encode_one_hot(const point<S>& p, std::span<T> out) {
    for (auto& x : out.first(one_hot_width<S>)) x = 0;
    for (std::size_t i = 0; i < p.size(); ++i) out[detail::one_hot_begin<S>[i] + p[i]] = 1;
}

/// The point of the largest entry of each parameter's block; the first of equals. Canonical, not necessarily feasible.
template <search_space S, std::floating_point T>
[[nodiscard]] constexpr point<S> decode_one_hot(std::span<const T> in) {
    point<S> p;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const auto begin = detail::one_hot_begin<S>[i];
        std::size_t best = 0;
        for (std::size_t k = 1; k < view_of<S>.domain_size(i); ++k)
            if (in[begin + k] > in[begin + best]) best = k;
        p[i] = static_cast<typename point<S>::index_type>(best);
    }
    p.canonicalise();
    return p;
}

/// Encodes many points as the rows of one row-major matrix, as a surrogate takes them.
/// @param out points.size() * ordinal_width<S> numbers
template <search_space S, std::floating_point T>
constexpr void encode_ordinal(std::span<const point<S>> points, std::span<T> out) {
    for (std::size_t r = 0; r < points.size(); ++r) encode_ordinal(points[r], out.subspan(r * ordinal_width<S>, ordinal_width<S>));
}

/// @param out points.size() * one_hot_width<S> numbers
template <search_space S, std::floating_point T>
constexpr void encode_one_hot(std::span<const point<S>> points, std::span<T> out) {
    for (std::size_t r = 0; r < points.size(); ++r) encode_one_hot(points[r], out.subspan(r * one_hot_width<S>, one_hot_width<S>));
}

} // namespace verdant
