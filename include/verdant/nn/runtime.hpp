#pragma once

#include <verdant/nn/prelude.hpp>

#include <ATen/Context.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <string>
#include <string_view>

namespace verdant::nn {

/// A stream of random tensors of its own: equal seeds give equal tensors, whatever else draws. Pass it to the functions that draw.
[[nodiscard]] inline at::Generator generator(std::uint64_t seed) { return at::detail::createCPUGenerator(seed); }

/// Seeds LibTorch's global generators, those of all devices. Nothing in this library draws from them.
inline void seed_globally(std::uint64_t seed) { at::manual_seed(seed); }

/// Threads of LibTorch's operators while the object lives; the number before is restored. Results of products may differ in the last bits
/// between numbers of threads.
class thread_scope {
public:
    explicit thread_scope(int threads) : before_{at::get_num_threads()} { at::set_num_threads(threads); }
    thread_scope(const thread_scope&) = delete;
    thread_scope& operator=(const thread_scope&) = delete;
    ~thread_scope() { at::set_num_threads(before_); }

private:
    int before_;
};

/// Who multiplies matrices under LibTorch.
enum class blas_kind { openblas, blis, mkl, atlas, reference, unknown };

} // namespace verdant::nn

namespace verdant::detail {

/// By the path of the shared object that a BLAS routine is in.
[[nodiscard]] inline nn::blas_kind blas_in(std::string_view path) {
    using enum nn::blas_kind;
    const auto names = [path](std::string_view part) { return path.find(part) != std::string_view::npos; };
    if (names("openblas")) return openblas;
    if (names("blis")) return blis;
    if (names("mkl")) return mkl;
    if (names("atlas")) return atlas;
    return names("libblas") ? reference : unknown;
}

} // namespace verdant::detail

namespace verdant::nn {

/// The BLAS that this process has loaded, found by where its single-precision product lives; `unknown` where it is not a shared object.
[[nodiscard]] inline blas_kind blas() {
    if (dlsym(RTLD_DEFAULT, "mkl_get_version") != nullptr) return blas_kind::mkl;
    void* const product = dlsym(RTLD_DEFAULT, "sgemm_");
    Dl_info place{};
    if (product == nullptr || dladdr(product, &place) == 0 || place.dli_fname == nullptr) return blas_kind::unknown;
    // The name is that of the generic library; the alternative that it links to tells more.
    char* const resolved = realpath(place.dli_fname, nullptr);
    const std::string path = resolved != nullptr ? resolved : place.dli_fname;
    std::free(resolved);
    return detail::blas_in(path);
}

/// Warns, once in a process, when matrices are multiplied by the reference BLAS, which is about 28 times slower than OpenBLAS (a product of
/// 1024 x 1024 matrices: 508 ms against 18 ms). The warning goes to LibTorch's warning handler, by default to standard error.
inline void warn_about_slow_blas() {
    static const bool slow = blas() == blas_kind::reference;
    if (slow) {
        TORCH_WARN_ONCE("verdant: LibTorch runs on the reference BLAS and is many times slower than it could be; "
                        "install OpenBLAS (Debian: libopenblas0-pthread)");
    }
}

} // namespace verdant::nn
