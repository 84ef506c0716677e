// Networks that LibTorch computes here, exported to ONNX and run by OpenCV: the logits are the same.

#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/models/residual_net.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/mobile_net_onnx.hpp>
#include <verdant/workload/convnet/residual_net.hpp>
#include <verdant/workload/convnet/residual_net_onnx.hpp>

#include "catch.hpp"

#include <ATen/ops/rand.h>
#include <opencv2/dnn.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <tuple>

namespace nn = verdant::nn;
namespace workload = verdant::workload;
using workload::nonlinearity;

namespace {

/// The largest difference of two runs, relative to the largest logit. Norms have statistics and scales that are not those of a new network.
template <class Net, class Description>
double difference(const Description& d, Net net, int batch) {
    nn::initialise(net, 3);
    for_each_tensor(net, [](const std::string& name, at::Tensor& t, bool) {
        if (t.is_floating_point() && name.find("bn.") != name.npos) t.add_(at::rand(t.sizes()));
    });
    const auto path = (std::filesystem::temp_directory_path() / "verdant_opencv.onnx").string();
    verdant::io::write_onnx(path, workload::to_onnx(d, nn::state_of(net), batch));
    auto other = cv::dnn::readNetFromONNX(path);
    std::filesystem::remove(path);
    const auto x = at::rand({1, 3, d.image_size, d.image_size});
    const int sizes[]{1, 3, d.image_size, d.image_size};
    other.setInput(cv::Mat(4, sizes, CV_32F, x.data_ptr()));
    const auto found = other.forward();
    const auto expected = nn::forward(net, x, nn::evaluating{});
    REQUIRE(static_cast<std::int64_t>(found.total()) == expected.numel());
    double worst = 0, largest = 0;
    for (int i = 0; i < d.classes; ++i) {
        const double e = expected.template data_ptr<float>()[i];
        worst = std::max(worst, std::abs(found.ptr<float>()[i] - e));
        largest = std::max(largest, std::abs(e));
    }
    REQUIRE(largest > 0);
    return worst / largest;
}

} // namespace

TEST_CASE("OpenCV computes exported mobile networks as LibTorch does") {
    const auto [group, standardise, final_expand] = GENERATE(std::tuple{0, 0.0, true}, std::tuple{0, 0.0, false}, std::tuple{4, 0.0, true},
                                                             std::tuple{0, 1e-5, false}, std::tuple{4, 1e-5, true});
    workload::mobile_net d;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = nonlinearity::h_swish};
    d.blocks.push_back({.in = 8, .mid = 8, .out = 8, .act = nonlinearity::relu6, .shortcut = true});
    d.blocks.push_back({.in = 8, .mid = 24, .out = 16, .kernel = 5, .stride = 2, .expand = 3, .act = nonlinearity::h_swish, .se = true});
    d.blocks.push_back({.in = 16, .mid = 48, .out = 16, .kernel = 7, .expand = 3, .act = nonlinearity::relu, .se = true, .shortcut = true});
    if (final_expand) d.final_expand = {.in = 16, .out = 32, .act = nonlinearity::h_swish};
    d.feature_mix = {.in = final_expand ? 32 : 16, .out = 40, .act = nonlinearity::h_swish, .batch_norm = !final_expand};
    d.classes = 5;
    d.image_size = 32;
    d.gn_channels = group;
    d.ws_eps = standardise;
    for (const int batch : {1, 0}) {
        CAPTURE(group, standardise, final_expand, batch);
        CHECK(difference(d, nn::empty_mobile_net(d), batch) < 5e-5);
    }
}

TEST_CASE("OpenCV computes exported residual networks as LibTorch does") {
    workload::residual_net d;
    d.stem_residual = GENERATE(true, false);
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = nonlinearity::relu};
    d.last_conv = {.in = 8, .out = 16, .kernel = 3, .act = nonlinearity::relu};
    d.blocks.push_back({.in = 16, .mid = 8, .out = 32, .shortcut = workload::downsample::conv});
    d.blocks.push_back({.in = 32, .mid = 8, .out = 32});
    d.blocks.push_back({.in = 32, .mid = 8, .out = 48, .stride = 2, .shortcut = workload::downsample::avgpool_conv});
    d.classes = 5;
    d.image_size = 36; // the map of 9 x 9 is not divisible by 2
    CHECK(difference(d, nn::empty_residual_net(d), 1) < 5e-5);
}
