// The towers of a pruned CLIP as two files of ONNX, which other run-times compute; and a network of MnasNet's space as a third.

#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/models/mnasnet.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/pruning/trim.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/workload/convnet/mobile_net_onnx.hpp>
#include <verdant/workload/transformer/clip_onnx.hpp>

#include <cstdio>
#include <filesystem>
#include <string>

namespace vd = verdant;

// What a program sees that is given the file: tensors in and out, operators, weights.
void describe(const std::string& path) {
    const auto model = vd::io::read_onnx(path);
    const auto& graph = model.graph();
    const auto print = [](const onnx::ValueInfoProto& value) {
        std::printf("%s [", value.name().c_str());
        for (const auto& axis : value.type().tensor_type().shape().dim())
            std::printf(" %s", axis.has_dim_param() ? axis.dim_param().c_str() : std::to_string(axis.dim_value()).c_str());
        std::printf(" ]");
    };
    print(graph.input(0));
    std::printf(" -> ");
    print(graph.output(0));
    std::printf(", %d operators of set %d\n", graph.node_size(), static_cast<int>(model.opset_import(0).version()));
}

int main() {
    vd::workload::clip_config config{.text = {2, 32, 64, 4, 8}, .vision = {3, 48, 96, 6, 8}, .patch = 8, .joint = 32};
    config.image = 32;
    config.context = 16;
    config.vocabulary = 256;
    auto model = vd::nn::random_clip(config, 1);
    const auto folder = std::filesystem::temp_directory_path() / "verdant_clip_onnx";
    std::filesystem::create_directories(folder);
    // [towers]
    vd::supernet::remove_head(model.vision.blocks[2], 5); // layers may have other numbers of heads than the first
    const auto state = vd::nn::state_of(model);
    const int any = 0; // images or texts at once
    vd::io::write_onnx(folder / "clip_vision.onnx", vd::workload::vision_tower_to_onnx(vd::nn::config_of(model), state, any));
    vd::io::write_onnx(folder / "clip_text.onnx", vd::workload::text_tower_to_onnx(vd::nn::config_of(model), state, any));
    // [/towers]
    // [mnasnet]
    const auto described = vd::spaces::net_of(vd::spaces::mnasnet_named("zcu102-c"));
    auto net = vd::nn::empty_mnasnet(described);
    initialise(net, 1);
    vd::io::write_onnx(folder / "mnasnet.onnx", vd::workload::to_onnx(described, vd::nn::state_of(vd::nn::as_mobile_net(net))));
    // [/mnasnet]
    for (const auto* file : {"clip_vision.onnx", "clip_text.onnx", "mnasnet.onnx"}) describe(folder / file);
    std::filesystem::remove_all(folder);
}
