#include <verdant/nn/core/runtime.hpp>

#include "catch.hpp"

#include <ATen/ops/empty.h>

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

namespace nn = verdant::nn;

TEST_CASE("equal seeds give equal tensors whatever the global generators do", "[nn]") {
    const auto draw = [](std::uint64_t seed) {
        auto stream = nn::generator(seed);
        return at::empty({64}).normal_(0, 1, stream);
    };
    nn::seed_globally(1);
    const auto a = draw(7);
    nn::seed_globally(2);
    (void)at::empty({3}).normal_();
    CHECK(a.equal(draw(7)));
    CHECK_FALSE(a.equal(draw(8)));
    nn::seed_globally(5);
    const auto b = at::empty({8}).normal_();
    nn::seed_globally(5);
    CHECK(b.equal(at::empty({8}).normal_()));
}

TEST_CASE("the number of threads is restored", "[nn]") {
    const int before = at::get_num_threads();
    {
        const nn::thread_scope three{3};
        CHECK(at::get_num_threads() == 3);
        {
            const nn::thread_scope one{1};
            CHECK(at::get_num_threads() == 1);
        }
        CHECK(at::get_num_threads() == 3);
    }
    CHECK(at::get_num_threads() == before);
}

TEST_CASE("the BLAS is known by the place of its product", "[nn]") {
    using enum nn::blas_kind;
    CHECK(verdant::nn::detail::blas_in("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3") == openblas);
    CHECK(verdant::nn::detail::blas_in("/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so") == openblas);
    CHECK(verdant::nn::detail::blas_in("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0") == reference);
    CHECK(verdant::nn::detail::blas_in("/usr/lib/x86_64-linux-gnu/blis-pthread/libblas.so.3") == blis);
    CHECK(verdant::nn::detail::blas_in("/usr/lib/x86_64-linux-gnu/atlas/libblas.so.3") == atlas);
    CHECK(verdant::nn::detail::blas_in("/opt/intel/mkl/lib/libmkl_rt.so") == mkl);
    CHECK(verdant::nn::detail::blas_in("/home/me/program") == unknown);
}

TEST_CASE("a BLAS that is fast or unknown is not warned about", "[nn]") {
    std::ostringstream caught;
    auto* const before = std::cerr.rdbuf(caught.rdbuf());
    nn::warn_about_slow_blas();
    nn::warn_about_slow_blas();
    std::cerr.rdbuf(before);
    const auto text = caught.str();
    const auto times = [&text](const std::string& part) {
        int n = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
        return n;
    };
    // Once, unless the test before has heard it.
    CHECK(times("reference BLAS") <= (nn::blas() == nn::blas_kind::reference ? 1 : 0));
    CHECK(times("OPENBLAS_CORETYPE") <= (nn::better_openblas_kernels().empty() ? 0 : 1));
    if (nn::blas() != nn::blas_kind::reference && nn::better_openblas_kernels().empty()) CHECK(text.empty());
}

TEST_CASE("the process has processors, and their number, that of the environment or one given become that of the threads", "[nn]") {
    CHECK(nn::usable_processors() >= 1);
    const nn::thread_scope kept{at::get_num_threads()};
    nn::set_threads(3);
    CHECK(at::get_num_threads() == 3);
    const char* const told = std::getenv("OMP_NUM_THREADS");
    nn::set_threads();
    CHECK(at::get_num_threads() == (told != nullptr ? 3 : static_cast<int>(nn::usable_processors())));
}
