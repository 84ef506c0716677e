#include <verdant/nn/core/openblas.hpp>
#include <verdant/nn/core/runtime.hpp>

#include "catch.hpp"

#include <string>

namespace nn = verdant::nn;

TEST_CASE("OpenBLAS's own threads rest while somebody multiplies alone", "[nn]") {
    const auto& blas = verdant::nn::detail::openblas_functions::loaded();
    if (blas.threads == nullptr) return; // another BLAS
    const int before = blas.threads();
    blas.set_threads(2);
    {
        const verdant::nn::detail::blas_alone outer;
        CHECK(blas.threads() == 1);
        { const verdant::nn::detail::blas_alone inner; }
        CHECK(blas.threads() == 1);
    }
    CHECK(blas.threads() == 2);
    {
        const nn::thread_scope one{1};
        CHECK(blas.threads() == 1);
    }
    CHECK(blas.threads() == 2);
    blas.set_threads(before);
}

TEST_CASE("kernels for processors of long ago are replaced by what the processor has", "[nn]") {
    using verdant::nn::detail::better_kernels;
    CHECK(better_kernels("Prescott", {.avx2_fma = true, .avx512 = true}) == "SkylakeX");
    CHECK(better_kernels("Prescott", {.avx2_fma = true, .avx512 = false}) == "Haswell");
    CHECK(better_kernels("Prescott", {}) == "");
    CHECK(better_kernels("Haswell", {.avx2_fma = true, .avx512 = true}) == "");
    CHECK(better_kernels("SkylakeX", {.avx2_fma = true, .avx512 = true}) == "");
    CHECK(better_kernels("Zen", {.avx2_fma = true, .avx512 = false}) == "");
}
