#pragma once

#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

/// The compilers' vectors, by which kernels are written once for all instructions: `<immintrin.h>` costs as much to compile as all of them.
namespace verdant::surrogate::detail {

/// Rows of numbers are rounded up to so many, with zeros at their ends, so that kernels meet whole vectors only.
inline constexpr std::size_t row_block = 16;

[[nodiscard]] constexpr std::size_t padded_to(std::size_t n, std::size_t block) { return (n + block - 1) / block * block; }

/// A vector of numbers, aligned and at any address.
template <class Scalar, std::size_t Lanes>
struct lanes;

template <>
struct lanes<float, 4> {
    typedef float aligned __attribute__((vector_size(16)));
    typedef float anywhere __attribute__((vector_size(16), aligned(4), may_alias));
};
template <>
struct lanes<float, 8> {
    typedef float aligned __attribute__((vector_size(32)));
    typedef float anywhere __attribute__((vector_size(32), aligned(4), may_alias));
};
template <>
struct lanes<float, 16> {
    typedef float aligned __attribute__((vector_size(64)));
    typedef float anywhere __attribute__((vector_size(64), aligned(4), may_alias));
};
template <>
struct lanes<double, 2> {
    typedef double aligned __attribute__((vector_size(16)));
    typedef double anywhere __attribute__((vector_size(16), aligned(8), may_alias));
};

/// Calls `Kernel::template run<Scalar, Lanes>(arguments...)`, compiled for the instructions. Kernels and what they call are always inlined, so that
/// they are compiled for the function that they end up in; vectors are neither arguments nor results, since processors without the instructions pass
/// them otherwise.
template <class Kernel, class... A>
[[gnu::noinline]] void run_baseline(const A&... arguments) {
    Kernel::template run<float, 4>(arguments...);
}
#if defined(__x86_64__)
template <class Kernel, class... A>
[[gnu::noinline]] __attribute__((target("avx2,fma"))) void run_avx2(const A&... arguments) {
    Kernel::template run<float, 8>(arguments...);
}
template <class Kernel, class... A>
[[gnu::noinline]] __attribute__((target("avx512f,avx2,fma"))) void run_avx512(const A&... arguments) {
    Kernel::template run<float, 16>(arguments...);
}
#endif

/// Runs a kernel with the instructions that were chosen; double precision, which only references use, has one form.
template <class Kernel, class Scalar, class... A>
void run_with([[maybe_unused]] vector_instructions instructions, const A&... arguments) {
    if constexpr (sizeof(Scalar) == sizeof(double)) return Kernel::template run<double, 2>(arguments...);
    else {
#if defined(__x86_64__)
        if (instructions == vector_instructions::avx512) return run_avx512<Kernel>(arguments...);
        if (instructions == vector_instructions::avx2) return run_avx2<Kernel>(arguments...);
#endif
        run_baseline<Kernel>(arguments...);
    }
}

/// The sum of `row_block` partial sums, halves on halves, in an order that is the same for all instructions.
template <class Scalar, std::size_t Lanes>
[[gnu::always_inline]] inline Scalar sum_of_block(const typename lanes<Scalar, Lanes>::aligned* partial) {
    if constexpr (Lanes == 16) {
        const auto v = partial[0];
        const typename lanes<float, 8>::aligned eight =
            __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
        const typename lanes<float, 4>::aligned four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) + __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
        return (four[0] + four[2]) + (four[1] + four[3]);
    } else if constexpr (Lanes == 8) {
        const auto eight = partial[0] + partial[1];
        const typename lanes<float, 4>::aligned four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) + __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
        return (four[0] + four[2]) + (four[1] + four[3]);
    } else if constexpr (Lanes == 4) {
        const auto four = (partial[0] + partial[2]) + (partial[1] + partial[3]);
        return (four[0] + four[2]) + (four[1] + four[3]);
    } else {
        Scalar sum = 0;
        for (std::size_t v = 0; v < row_block / Lanes; ++v)
            for (std::size_t i = 0; i < Lanes; ++i) sum += partial[v][i];
        return sum;
    }
}

/// e^x for x up to 0. In single precision within two units of the last place (polynomial of Cephes' expf, with ln 2 in two parts), without a call,
/// and 0 where the result would be below the smallest normal number.
[[gnu::always_inline]] inline double exp_below_zero(double x) { return std::exp(x); }
[[gnu::always_inline]] inline float exp_below_zero(float x) {
    constexpr float least = -87.0F;
    const float bounded = x > least ? x : least;
    const float shifted = bounded * 1.44269504088896341F + 12582912.0F; // 1.5 * 2^23: rounds to the nearest whole number in the low bits
    const float n = shifted - 12582912.0F;
    const float r = (bounded - n * 0.693359375F) - n * -2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.0F;
    const auto scale = std::bit_cast<float>((static_cast<std::int32_t>(n) + 127) << 23);
    return x > least ? p * scale : 0.0F;
}

} // namespace verdant::surrogate::detail
