#pragma once

#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <cstddef>
#include <utility>

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

/// Calls `Kernel::template run<Scalar, Lanes>(arguments...)`, compiled for the instructions. Kernels and what they call are always inlined, so that they are
/// compiled for the function that they end up in; vectors are neither arguments nor results, since processors without the instructions pass them otherwise.
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

/// The sum of `row_block` partial sums, in an order that is the same for all instructions.
template <class Scalar, std::size_t Lanes>
[[gnu::always_inline]] inline Scalar sum_of_block(const typename lanes<Scalar, Lanes>::aligned* partial) {
    Scalar folded[row_block];
    for (std::size_t v = 0; v < row_block / Lanes; ++v) *reinterpret_cast<typename lanes<Scalar, Lanes>::anywhere*>(folded + v * Lanes) = partial[v];
    for (std::size_t half = row_block / 2; half > 0; half /= 2)
        for (std::size_t i = 0; i < half; ++i) folded[i] += folded[i + half];
    return folded[0];
}

} // namespace verdant::surrogate::detail
