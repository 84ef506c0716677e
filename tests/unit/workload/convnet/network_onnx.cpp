// Networks as models of ONNX: the weights that they take and refuse. That they compute the same is tested where another run-time is there, in
// tests/runtimes/.

#include <verdant/error.hpp>
#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/mobile_net_onnx.hpp>
#include <verdant/workload/convnet/residual_net.hpp>
#include <verdant/workload/convnet/residual_net_onnx.hpp>

#include "catch.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace io = verdant::io;
namespace workload = verdant::workload;

namespace {

workload::mobile_net plain_net() {
    workload::mobile_net d;
    d.first_conv = {.in = 3, .out = 4, .kernel = 3, .stride = 2, .act = workload::nonlinearity::relu6};
    d.feature_mix = {.in = 4, .out = 6, .batch_norm = false};
    d.classes = 5;
    d.image_size = 8;
    return d;
}

io::named_tensors plain_weights(const std::string& left_out = {}) {
    io::named_tensors w{"net.safetensors"};
    const auto put = [&](const std::string& name, io::tensor_shape shape) {
        const auto count = *io::element_count(shape);
        if (name != left_out) w.add(name, io::tensor_data::of(std::move(shape), std::vector<float>(count, 0.5F)));
    };
    put("first_conv.conv.weight", {4, 3, 3, 3});
    for (const auto* part : {"weight", "bias", "running_mean", "running_var"}) put(std::string{"first_conv.bn."} + part, {4});
    w.add("first_conv.bn.num_batches_tracked", io::tensor_data::of({}, std::vector<std::int64_t>{7}));
    put("feature_mix_layer.conv.weight", {6, 4, 1, 1});
    put("classifier.linear.weight", {5, 6});
    put("classifier.linear.bias", {5});
    return w;
}

std::string refusal(const workload::mobile_net& net, const io::named_tensors& weights) {
    try {
        static_cast<void>(workload::to_onnx(net, weights));
    } catch (const verdant::input_error& wrong) { return wrong.what(); }
    return "nothing";
}

} // namespace

TEST_CASE("a mobile network's model gives logits, and names its layers as checkpoints do") {
    const auto model = workload::to_onnx(plain_net(), plain_weights());
    const auto read = io::parse_onnx(model.SerializeAsString(), "net");
    CHECK(read.graph().output(0).name() == "logits");
    CHECK(read.graph().output(0).type().tensor_type().shape().dim(1).dim_value() == 5);
    CHECK(read.graph().node(0).name() == "first_conv.conv");
    bool found = false;
    for (const auto& inferred : read.graph().value_info())
        if (inferred.name() == "first_conv.act") {
            found = true;
            CHECK(inferred.type().tensor_type().shape().dim(2).dim_value() == 4);
        }
    CHECK(found);
}

TEST_CASE("weights that are missing, superfluous or of another shape are named") {
    CHECK(
        refusal(plain_net(), plain_weights("first_conv.bn.running_var")).find("net.safetensors: expected a tensor named first_conv.bn.running_var") !=
        std::string::npos);
    auto more = plain_weights();
    more.add("blocks.0.conv.depth_conv.conv.weight", io::tensor_data::of({1}, std::vector{1.0F}));
    CHECK(refusal(plain_net(), more).find("tensor blocks.0.conv.depth_conv.conv.weight") != std::string::npos);
    auto wider = plain_net();
    wider.classes = 6;
    CHECK(refusal(wider, plain_weights()).find("[6, 6], found [5, 6]") != std::string::npos);
    auto heads = plain_net();
    heads.heads = 2;
    CHECK(refusal(heads, plain_weights()).find("heads") != std::string::npos);
    workload::residual_net residual;
    residual.heads = 3;
    CHECK_THROWS_AS(workload::to_onnx(residual, {}), verdant::input_error);
}
