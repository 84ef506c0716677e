#pragma once

#include <cstdlib>
#include <dlfcn.h>
#include <mutex>
#include <string_view>
#include <unistd.h>

/// OpenBLAS, which multiplies LibTorch's matrices where there is no MKL: its own threads, and its kernels for this processor. Needs no LibTorch.
namespace verdant::nn {

namespace detail {

/// Functions of an OpenBLAS that this process has loaded; null where it has none.
struct openblas_functions {
    int (*threads)() = nullptr;
    void (*set_threads)(int) = nullptr;
    char* (*core)() = nullptr; ///< the processor that its kernels are for

    [[nodiscard]] static const openblas_functions& loaded() {
        static const openblas_functions found = [] {
            openblas_functions f{reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_num_threads")),
                                 reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads")),
                                 reinterpret_cast<char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename"))};
            return f.threads != nullptr && f.set_threads != nullptr ? f : openblas_functions{};
        }();
        return found;
    }
};

/// While objects of this type live, in whichever threads, OpenBLAS multiplies in the thread that asks for it: LibTorch does not know of its threads.
class blas_alone {
public:
    blas_alone() {
        const std::lock_guard hold{shared().mutex};
        if (shared().alive++ > 0 || openblas_functions::loaded().set_threads == nullptr) return;
        shared().before = openblas_functions::loaded().threads();
        if (shared().before != 1) openblas_functions::loaded().set_threads(1);
    }
    blas_alone(const blas_alone&) = delete;
    blas_alone& operator=(const blas_alone&) = delete;
    ~blas_alone() {
        const std::lock_guard hold{shared().mutex};
        if (--shared().alive == 0 && shared().before > 1) openblas_functions::loaded().set_threads(shared().before);
    }

private:
    struct state {
        std::mutex mutex;
        int alive = 0, before = 1;
    };
    [[nodiscard]] static state& shared() {
        static state s;
        return s;
    }
};

/// What a processor can do that OpenBLAS has kernels for.
struct vector_instructions {
    bool avx2_fma = false, avx512 = false; ///< with the parts that Skylake-X has

    [[nodiscard]] static vector_instructions of_processor() {
#if defined(__x86_64__)
        return {__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0,
                __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
                    __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512cd") != 0};
#else
        return {};
#endif
    }
};

/// The kernels that a processor could have in place of those that OpenBLAS takes where it does not know it; empty where it has fitting ones.
/// @param core the processor that OpenBLAS takes it for
[[nodiscard]] constexpr std::string_view better_kernels(std::string_view core, const vector_instructions& has) noexcept {
    for (const std::string_view old : {"Prescott", "Core2", "Katmai", "Northwood", "Banias", "Generic"})
        if (core == old) return has.avx512 ? "SkylakeX" : has.avx2_fma ? "Haswell" : "";
    return "";
}

} // namespace detail

/// The value of OPENBLAS_CORETYPE with which OpenBLAS would multiply several times as fast, since it does not know this processor and takes kernels
/// that run on any: OpenBLAS 0.3.21 on processors of 2023, for example. Empty where it knows it, where the variable is set, or where there is no
/// OpenBLAS.
[[nodiscard]] inline std::string_view better_openblas_kernels() {
    auto* const core = detail::openblas_functions::loaded().core;
    if (core == nullptr || std::getenv("OPENBLAS_CORETYPE") != nullptr) return "";
    return detail::better_kernels(core(), detail::vector_instructions::of_processor());
}

/// Starts this program again with OPENBLAS_CORETYPE set, if that makes OpenBLAS faster, since OpenBLAS reads it when it is loaded; otherwise, and
/// where that fails, does nothing. The first thing in `main`, before threads and files. @param argv of `main`
inline void restart_with_better_kernels(char** argv) {
    const auto better = better_openblas_kernels();
    if (better.empty() || setenv("OPENBLAS_CORETYPE", better.data(), 1) != 0) return; // literals end with a zero
    execv("/proc/self/exe", argv);
    unsetenv("OPENBLAS_CORETYPE");
}

} // namespace verdant::nn
