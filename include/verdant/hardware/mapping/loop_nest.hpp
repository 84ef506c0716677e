#pragma once

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// An operator of the tensor cores as a nest of seven loops.
namespace verdant::hardware {

/// The seven loops of a convolution, in the order in which bounds and mappings list them (docs/estimator.md 3.4, 4.1):
/// batch or rows n, input channels c, output channels k, kernel r x s, output p x q.
struct loop_dim {
    enum index : std::size_t { n, c, k, r, s, p, q };
    static constexpr std::size_t count = 7;
};

/// One factor for each loop, in the order of `loop_dim`.
using loop_factors = std::array<int, loop_dim::count>;

/// How often each of the seven loops runs. A matrix product of (rows x inner) with (inner x columns) is `{{rows, inner, columns}}`.
struct loop_bounds {
    loop_factors extent{1, 1, 1, 1, 1, 1, 1};

    friend constexpr bool operator==(const loop_bounds&, const loop_bounds&) = default;
    friend constexpr auto operator<=>(const loop_bounds&, const loop_bounds&) = default;
};

/// The bounds of a matrix product, `rows x inner` times `inner x columns`.
[[nodiscard]] constexpr loop_bounds gemm(int rows, int inner, int columns) noexcept { return {{rows, inner, columns, 1, 1, 1, 1}}; }

/// Words of the input tile that the given factors touch. The stride is ignored: the window has p+r-1 rows, as in the original
/// (docs/estimator.md 3.4, 4.1).
[[nodiscard]] constexpr long long input_words(const loop_factors& f) noexcept {
    return 1LL * f[loop_dim::n] * f[loop_dim::c] * (1LL * f[loop_dim::p] + f[loop_dim::r] - 1) * (1LL * f[loop_dim::q] + f[loop_dim::s] - 1);
}

/// Words of the weight tile.
[[nodiscard]] constexpr long long weight_words(const loop_factors& f) noexcept {
    return 1LL * f[loop_dim::r] * f[loop_dim::s] * f[loop_dim::c] * f[loop_dim::k];
}

/// Words of the output tile.
[[nodiscard]] constexpr long long output_words(const loop_factors& f) noexcept {
    return 1LL * f[loop_dim::p] * f[loop_dim::q] * f[loop_dim::k] * f[loop_dim::n];
}

[[nodiscard]] constexpr long long input_words(const loop_bounds& b) noexcept { return input_words(b.extent); }
[[nodiscard]] constexpr long long weight_words(const loop_bounds& b) noexcept { return weight_words(b.extent); }
[[nodiscard]] constexpr long long output_words(const loop_bounds& b) noexcept { return output_words(b.extent); }

/// Multiply-accumulates of the whole nest. @pre the product fits in 63 bits
[[nodiscard]] constexpr long long macs(const loop_bounds& b) noexcept {
    long long product = 1;
    for (const int extent : b.extent) product *= extent;
    return product;
}

/// Whether the mapping model computes with exact numbers: every extent is positive and there are at most 2^52 multiply-accumulates.
[[nodiscard]] constexpr bool is_exact(const loop_bounds& b) noexcept {
    double product = 1;
    for (const int extent : b.extent) {
        if (extent < 1) return false;
        product *= extent;
    }
    return product <= 0x1.0p52;
}

/// Does nothing where `is_exact` holds.
/// @throws input_error naming the loop whose extent is not positive, or else the limit of multiply-accumulates
constexpr void require_valid(const loop_bounds& b) {
    constexpr std::array<std::string_view, loop_dim::count> names{"n", "c", "k", "r", "s", "p", "q"};
    for (std::size_t d = 0; d < loop_dim::count; ++d)
        if (b.extent[d] < 1) throw input_error{"loop bounds", names[d], "a positive extent", std::to_string(b.extent[d])};
    if (!is_exact(b)) throw input_error{"loop bounds", "", "at most 2^52 multiply-accumulates", "more"};
}

} // namespace verdant::hardware

template <>
struct std::hash<verdant::hardware::loop_bounds> {
    [[nodiscard]] constexpr std::size_t operator()(const verdant::hardware::loop_bounds& b) const noexcept {
        std::uint64_t h = 0;
        for (const int extent : b.extent) h = (h ^ static_cast<std::uint32_t>(extent)) * 0x9e3779b97f4a7c15ULL + (h >> 29);
        return static_cast<std::size_t>(verdant::splitmix64(h));
    }
};
