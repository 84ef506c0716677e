// What --device names.

#include <verdant/error.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/parallel/launcher.hpp>

#include "catch.hpp"
#include "terminal/device.hpp"

#include <string>

using Catch::Contains;

TEST_CASE("a device is the processor or a graphics card that is there", "[terminal]") {
    CHECK(terminal::device_of("cpu") == at::Device{at::kCPU});
    const int there = verdant::nn::cuda_devices();
    const auto none_left = "expected a graphics card cuda:" + std::to_string(there) + ", found " + std::to_string(there) + " that LibTorch can use";
    CHECK_THROWS_WITH(terminal::device_of("cuda:" + std::to_string(there)), Contains("--device") && Contains(none_left));
    if (there == 0) {
        CHECK_THROWS_WITH(terminal::device_of("cuda"), Contains("expected a graphics card cuda, found 0 that LibTorch can use"));
    } else {
        CHECK(terminal::device_of("cuda:0") == at::Device{at::kCUDA, 0});
        CHECK(terminal::device_of("cuda") == at::Device{at::kCUDA, static_cast<at::DeviceIndex>(verdant::parallel::local_rank() % there)});
    }
    for (const std::string wrong : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:01", "cuda:+1", "cuda:1 ", "CPU"})
        CHECK_THROWS_WITH(terminal::device_of(wrong), Contains("expected cpu, cuda or cuda:<number>, found '" + wrong + "'"));
}
