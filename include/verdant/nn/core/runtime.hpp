#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/openblas.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/Context.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <optional>
#include <sched.h>
#include <string>
#include <string_view>
#include <thread>

/// What LibTorch's runtime needs: random streams, numbers of threads, a fast BLAS.
namespace verdant::nn {

/// A stream of random tensors of its own: equal seeds give equal tensors, whatever else draws. Pass it to the functions that draw.
[[nodiscard]] inline at::Generator generator(std::uint64_t seed) { return at::detail::createCPUGenerator(seed); }

/// Seeds LibTorch's global generators, those of all devices. Nothing in this library draws from them.
inline void seed_globally(std::uint64_t seed) { at::manual_seed(seed); }

/// Threads of LibTorch's operators while the object lives; the number before is restored. With one thread OpenBLAS has no others either. Results of
/// products may differ in the last bits between numbers of threads.
class thread_scope {
public:
    explicit thread_scope(int threads) : before_{at::get_num_threads()} {
        at::set_num_threads(threads);
        if (threads == 1) alone_.emplace();
    }
    thread_scope(const thread_scope&) = delete;
    thread_scope& operator=(const thread_scope&) = delete;
    ~thread_scope() { at::set_num_threads(before_); }

private:
    int before_;
    std::optional<detail::blas_alone> alone_;
};

/// Who multiplies matrices under LibTorch.
enum class blas_kind { openblas, blis, mkl, atlas, reference, unknown };

namespace detail {

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

} // namespace detail

/// The BLAS that this process has loaded, found by where its single-precision product lives; `unknown` where it is not a shared object.
[[nodiscard]] inline blas_kind blas() {
    if (dlsym(RTLD_DEFAULT, "mkl_get_version") != nullptr) return blas_kind::mkl;
    void* const product = dlsym(RTLD_DEFAULT, "sgemm_");
    Dl_info place{};
    if (product == nullptr || dladdr(product, &place) == 0 || place.dli_fname == nullptr) return blas_kind::unknown;
    // The name is that of the generic library; the alternative that it links to tells more.
    char* const resolved = realpath(place.dli_fname, nullptr);
    const std::string path = resolved != nullptr ? resolved : place.dli_fname;
    std::free(resolved); // NOLINT(cppcoreguidelines-no-malloc): realpath allocates so
    return detail::blas_in(path);
}

/// Processors that this process may run on: those of the machine, or fewer where the system, or an MPI launcher, bound it to some.
[[nodiscard]] inline unsigned usable_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    const int found = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
    return found > 0 ? static_cast<unsigned>(found) : std::max(1U, std::thread::hardware_concurrency());
}

/// Sets how many threads trainings and evaluations of this library, and LibTorch's operators elsewhere, use from now on. OpenBLAS, which has a pool
/// of its own, multiplies in the thread that asks for it from now on: two pools on the same processors wait for each other. Call it before work
/// begins.
/// @param threads 0 for the number in OMP_NUM_THREADS, or without that variable one a usable processor, which is more than LibTorch takes on some
/// machines
inline void set_threads(unsigned threads = 0) {
    if (threads == 0 && std::getenv("OMP_NUM_THREADS") == nullptr) threads = usable_processors();
    if (threads > 0 && at::get_num_threads() != static_cast<int>(threads)) at::set_num_threads(static_cast<int>(threads));
    static const detail::blas_alone for_good;
}

/// Warns, once in a process, when matrices are multiplied by the reference BLAS, which is about 28 times slower than OpenBLAS (a product of
/// 1024 x 1024 matrices: 508 ms against 18 ms), or by an OpenBLAS that takes this processor for one of twenty years ago (see
/// `better_openblas_kernels`), which is three to four times slower. The warning goes to LibTorch's warning handler, by default to standard error.
template <class = instantiated_when_used>
void warn_about_slow_blas() {
    static const bool slow = blas() == blas_kind::reference;
    if (slow) {
        TORCH_WARN_ONCE("verdant: LibTorch runs on the reference BLAS and is many times slower than it could be; "
                        "install OpenBLAS (Debian: libopenblas0-pthread)");
    }
    static const std::string_view better = better_openblas_kernels();
    if (!better.empty()) {
        TORCH_WARN_ONCE("verdant: OpenBLAS does not know this processor and multiplies several times slower than it could; set OPENBLAS_CORETYPE=", better,
                        " before the program starts, or call verdant::nn::restart_with_better_kernels(argv) first in main");
    }
}
VERDANT_DEFINED_ONCE(void warn_about_slow_blas<>());

} // namespace verdant::nn
