// Networks that LibTorch computes here, exported to ONNX and run by OpenCV: the logits are the same.

#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/nn/core/prelude.hpp>

#include "catch.hpp"
#include "runtimes/exported_networks.hpp"

#include <ATen/ops/from_blob.h>
#include <opencv2/dnn.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace {

/// The only output, from a file.
at::Tensor run(const exported::network& n) {
    const auto path = (std::filesystem::temp_directory_path() / "verdant_opencv.onnx").string();
    verdant::io::write_onnx(path, n.model);
    auto other = cv::dnn::readNetFromONNX(path);
    std::filesystem::remove(path);
    const auto& x = n.inputs.at(0).second;
    const std::vector<int> sizes(x.sizes().begin(), x.sizes().end());
    other.setInput(cv::Mat(sizes, CV_32F, x.data_ptr()));
    auto found = other.forward();
    REQUIRE(found.type() == CV_32F);
    const std::vector<std::int64_t> shape(found.size.p, found.size.p + found.dims);
    return at::from_blob(found.data, shape).clone();
}

void check(const std::vector<exported::network>& networks) {
    for (const auto& n : networks) {
        CAPTURE(n.name);
        const auto found = run(n);
        REQUIRE(found.sizes() == n.expected.sizes());
        CHECK(exported::difference(found, n.expected) < 5e-5);
    }
}

} // namespace

TEST_CASE("OpenCV computes exported mobile networks as LibTorch does") {
    const auto batch =
        GENERATE(exported::batch{.rows = 1, .written = 1}, exported::batch{.rows = 1, .written = 0}, exported::batch{.rows = 2, .written = 2});
    CAPTURE(batch.rows, batch.written);
    check(exported::mobile_networks(batch));
}

TEST_CASE("OpenCV computes exported residual networks as LibTorch does") { check(exported::residual_networks({})); }

TEST_CASE("OpenCV computes exported networks of MnasNet as LibTorch does") { check(exported::mnasnets({})); }

TEST_CASE("OpenCV computes exported networks of signals as LibTorch does") { check(exported::networks_of_signals({})); }
