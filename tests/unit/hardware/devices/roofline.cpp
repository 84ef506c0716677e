#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/devices/fit_calibration.hpp>
#include <verdant/hardware/devices/kernel.hpp>
#include <verdant/hardware/devices/measured_device.hpp>
#include <verdant/hardware/devices/published_devices.hpp>
#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/hardware/devices/roofline.hpp>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace hw = verdant::hardware;
namespace vd = verdant;

// 312e12 / 2.039e12
static_assert(hw::ridge(hw::a100_sxm_80gb, hw::precision::fp16) > 153.0 && hw::ridge(hw::a100_sxm_80gb, hw::precision::fp16) < 153.1);
static_assert(hw::matrix_product(64, 12288, 12288, hw::precision::fp16).operations == 2.0 * 64 * 12288 * 12288);
static_assert(hw::matrix_product(2, 3, 4, hw::precision::fp16, 5) ==
              hw::kernel_work{.operations = 5 * 2 * 2 * 3 * 4, .bytes = 5 * (6 + 8 + 12) * 2, .launches = 1});
static_assert(hw::bound_by(hw::matrix_product(64, 12288, 12288, hw::precision::fp16), hw::a100_sxm_80gb, hw::precision::fp16) ==
              hw::bottleneck::memory);
static_assert(hw::bound_by(hw::matrix_product(4096, 4096, 4096, hw::precision::fp16), hw::a100_sxm_80gb, hw::precision::fp16) ==
              hw::bottleneck::arithmetic);
static_assert(hw::row_wise(8, 16, hw::precision::fp16) == hw::elementwise(128, hw::precision::fp16));

TEST_CASE("published devices have rooflines and names of their own", "[hardware]") {
    std::set<std::string> names;
    for (const auto& d : hw::published_devices) {
        CHECK(hw::has_roofline(d));
        CHECK(d.capacity > 0);
        CHECK(names.insert(std::string{d.name}).second);
        CHECK(&hw::published_device(d.name) == &d);
    }
    CHECK_THROWS_WITH(hw::published_device("A1000"), Catch::Contains("one of A100, ") && Catch::Contains("\"A1000\""));
}

TEST_CASE("halving the precision halves the bytes, and a device computes only what it has a peak for", "[hardware]") {
    const auto half = hw::matrix_product(128, 256, 512, hw::precision::fp16), whole = hw::matrix_product(128, 256, 512, hw::precision::fp32);
    CHECK(whole.bytes == 2 * half.bytes);
    CHECK(whole.operations == half.operations);
    CHECK_THROWS_WITH(hw::lower_bound(half, hw::tpu_v4, hw::precision::fp8), Catch::Contains("TPUv4") && Catch::Contains("found fp8"));
    CHECK_THROWS_AS(hw::matrix_product(0, 1, 1, hw::precision::fp16), vd::input_error);
    CHECK_THROWS_AS(hw::elementwise(-1, hw::precision::fp16), vd::input_error);
    CHECK_THROWS_AS(hw::row_wise(std::int64_t{1} << 41, 1, hw::precision::fp16), vd::input_error);
}

TEST_CASE("an estimate is the bound where the calibration is perfect, and never below it", "[hardware]") {
    const auto p = hw::precision::bf16;
    for (const std::int64_t n : {1, 64, 1000, 30000}) {
        const auto w = hw::matrix_product(n, 4096, 4096, p);
        CHECK(hw::estimated_time(w, hw::h100_sxm, p, {}) == hw::lower_bound(w, hw::h100_sxm, p));
        CHECK(hw::estimated_time(w, hw::h100_sxm, p, {.launch = 5.0 * vd::microseconds{}, .arithmetic = 0.8, .memory = 0.7}) >
              hw::lower_bound(w, hw::h100_sxm, p));
    }
    const auto w = hw::elementwise(1, p);
    CHECK_THROWS_AS(hw::estimated_time(w, hw::h100_sxm, p, {.launch = -1.0 * vd::microseconds{}}), vd::input_error);
    CHECK_THROWS_AS(hw::estimated_time(w, hw::h100_sxm, p, {.arithmetic = 1.1}), vd::input_error);
    CHECK_THROWS_AS(hw::estimated_time(w, hw::h100_sxm, p, {.memory = 0}), vd::input_error);
}

TEST_CASE("a calibration finds what made the measurements", "[hardware]") {
    const auto p = hw::precision::fp16;
    const hw::calibration truth{.launch = 12.0 * vd::microseconds{}, .arithmetic = 0.75, .memory = 0.6};
    std::vector<hw::timed_kernel> kernels;
    for (const std::int64_t n : {64, 256, 1024, 4096, 16384})
        for (const std::int64_t m : {1, 16, 256, 4096}) {
            const auto w = hw::matrix_product(m, n, n, p);
            kernels.push_back({w, hw::estimated_time(w, hw::a100_sxm_80gb, p, truth)});
        }
    const auto found = hw::fit_calibration(kernels, hw::a100_sxm_80gb, p);
    CHECK(vd::in<vd::microseconds>(found.launch) == Approx(12).epsilon(0.01));
    CHECK(found.arithmetic == Approx(0.75).epsilon(0.01));
    CHECK(found.memory == Approx(0.6).epsilon(0.01));

    std::vector<hw::timed_kernel> maps;
    for (const std::int64_t n : {1000, 1000000, 100000000}) {
        const auto w = hw::elementwise(n, p);
        maps.push_back({w, hw::estimated_time(w, hw::a100_sxm_80gb, p, truth)});
    }
    CHECK(hw::fit_calibration(maps, hw::a100_sxm_80gb, p).arithmetic == 1);

    maps.pop_back();
    CHECK_THROWS_WITH(hw::fit_calibration(maps, hw::a100_sxm_80gb, p), Catch::Contains("at least three kernels"));
    maps.push_back({hw::elementwise(1, p), 0.0 * vd::seconds{}});
    CHECK_THROWS_WITH(hw::fit_calibration(maps, hw::a100_sxm_80gb, p), Catch::Contains("kernel 2") && Catch::Contains("a positive finite time"));
}

TEST_CASE("a measured device touches its measurements from below", "[hardware]") {
    const auto p = hw::precision::fp32;
    const std::vector<hw::timed_kernel> kernels{{hw::matrix_product(512, 512, 512, p), 4.0 * vd::milliseconds{}},
                                                {hw::matrix_product(1, 1024, 1024, p), 0.5 * vd::milliseconds{}},
                                                {hw::elementwise(1000000, p), 1.0 * vd::milliseconds{}}};
    const auto d = hw::measured_device("this CPU", kernels, p, 16e9);
    CHECK(hw::has_roofline(d));
    CHECK_FALSE(hw::computes(d, hw::precision::fp16));
    CHECK(d.peaks.fp32 == Approx(2.0 * 512 * 512 * 512 / 4e-3));
    for (const auto& k : kernels) CHECK(vd::to_si(hw::lower_bound(k.work, d, p)) <= vd::to_si(k.time) * (1 + 1e-12));
    CHECK_THROWS_WITH(hw::measured_device("this CPU", kernels, p, -16e9), Catch::Contains("this CPU, capacity: expected bytes, 0 or more"));
    CHECK_THROWS_WITH(hw::measured_device("this CPU", kernels, p, std::numeric_limits<double>::quiet_NaN()), Catch::Contains("capacity"));
    CHECK_THROWS_WITH(hw::measured_device("this CPU", kernels, p, 16e9, -65.0 * vd::watts{}),
                      Catch::Contains("this CPU, power: expected watts, 0 or more"));
    CHECK_THROWS_WITH(hw::measured_device("this CPU", std::vector<hw::timed_kernel>{kernels[2]}, p, 16e9), Catch::Contains("one that computes"));
    CHECK_THROWS_AS(hw::measured_device("this CPU", std::vector<hw::timed_kernel>{{kernels[0].work, vd::si::time{}}}, p, 16e9), vd::input_error);
}

TEST_CASE("work and precisions that are none are refused", "[hardware]") {
    constexpr auto p = hw::precision::bf16, unknown = static_cast<hw::precision>(77);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const hw::kernel_work& w : {hw::kernel_work{1e12, nan, 1}, hw::kernel_work{-1, 1e6, 1}, hw::kernel_work{1e12, 1e6, nan}}) {
        CHECK_THROWS_WITH(hw::lower_bound(w, hw::h100_sxm, p), Catch::Contains("finite and not negative"));
        CHECK_THROWS_AS(hw::bound_by(w, hw::h100_sxm, p), vd::input_error);
        CHECK_THROWS_AS(hw::estimated_time(w, hw::h100_sxm, p, {}), vd::input_error);
        // A number of launches that is NaN gave a calibration of a second each.
        CHECK_THROWS_WITH(hw::fit_calibration(std::vector<hw::timed_kernel>(4, {w, 1.0 * vd::seconds{}}), hw::h100_sxm, p),
                          Catch::Contains("kernel 0"));
    }
    CHECK_THROWS_WITH(hw::lower_bound({1e12, 1e6, 1}, hw::h100_sxm, unknown), Catch::Contains("a precision without a name"));
    CHECK_THROWS_WITH(hw::bytes_of(unknown), Catch::Contains("one of fp32") && Catch::Contains("77"));
}
