// Transformers and networks of signals as models of ONNX: what they compute, and the weights that they refuse. That other run-times compute the same
// is tested where they are there, in tests/runtimes/.

#include <verdant/error.hpp>
#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/models/llama.hpp>
#include <verdant/nn/models/mobile_net_1d.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/models/transformer_model.hpp>
#include <verdant/pruning/trim.hpp>
#include <verdant/spaces/mnasnet/mnasnet_1d.hpp>
#include <verdant/workload/convnet/mobile_net_1d_onnx.hpp>
#include <verdant/workload/transformer/bert_onnx.hpp>
#include <verdant/workload/transformer/clip_onnx.hpp>
#include <verdant/workload/transformer/llama_onnx.hpp>
#include <verdant/workload/transformer/vit_onnx.hpp>

#include "catch.hpp"
#include "runtimes/exported_networks.hpp"
#include "runtimes/onnx_evaluator.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace io = verdant::io;
namespace nn = verdant::nn;
namespace spaces = verdant::spaces;
namespace workload = verdant::workload;

namespace {

/// Whether a tensor has the shape that ONNX inferred; every axis but an open batch must be known.
bool is_inferred(const onnx::ValueInfoProto& value, const at::Tensor& found) {
    const auto& shape = value.type().tensor_type().shape();
    if (shape.dim_size() != found.dim()) return false;
    for (int i = 0; i < shape.dim_size(); ++i) {
        const bool open = shape.dim(i).dim_param() == "batch" && found.size(i) == 3;
        if (!open && shape.dim(i).dim_value() != found.size(i)) return false;
    }
    return true;
}

std::string refusal(const auto& write) {
    try {
        static_cast<void>(write());
    } catch (const verdant::input_error& wrong) { return wrong.what(); }
    return "nothing";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The state with the named tensor left out, or with another one in its place.
io::named_tensors changed(const io::named_tensors& state, const std::string& name, const io::tensor_data* other = nullptr) {
    io::named_tensors out{"clip.safetensors"};
    for (const auto& [known, value] : state) {
        if (known != name) out.add(known, value);
        else if (other != nullptr) out.add(known, *other);
    }
    return out;
}

/// The state with the named tensor there but not read.
io::named_tensors unread(const io::named_tensors& state, const std::string& name) {
    auto out = changed(state, name);
    out.add_unread(name, "elements of type F8_E4M3, which are not read");
    return out;
}

io::tensor_data numbers(io::tensor_shape shape) {
    const auto count = *io::element_count(shape);
    return io::tensor_data::of(std::move(shape), std::vector<float>(count, 0.5F));
}

} // namespace

TEST_CASE("the models of transformers compute what the networks do, in the shapes that ONNX infers", "[nn]") {
    const auto batch = GENERATE(exported::batch{.rows = 2, .written = 2}, exported::batch{.rows = 3, .written = 0});
    for (const auto& n : exported::transformers(batch)) {
        CAPTURE(n.name, batch.written);
        const auto read = io::parse_onnx(n.model.SerializeAsString(), n.name);
        exported::onnx_evaluator by_hand{read};
        for (const auto& [name, value] : n.inputs) by_hand.set(name, value);
        by_hand.run();
        REQUIRE(read.graph().output_size() == 1);
        const auto& found = by_hand[read.graph().output(0).name()];
        REQUIRE(found.sizes() == n.expected.sizes());
        CHECK(exported::difference(found, n.expected) < 1e-5);
        CHECK(is_inferred(read.graph().output(0), found));
        // Every operator's shape is known but for a batch of any length.
        CHECK(read.graph().value_info_size() == read.graph().node_size() - 1);
        for (const auto& value : read.graph().value_info()) {
            CAPTURE(value.name());
            CHECK(is_inferred(value, by_hand[value.name()]));
        }
    }
}

TEST_CASE("a tower of CLIP takes its own weights and names those that do not fit", "[nn]") {
    const auto c = exported::small_clip(workload::activation::gelu);
    const auto state = nn::state_of(nn::random_clip(c));
    const std::string queries = "visual.transformer.resblocks.1.attn.in_proj_weight";
    const auto vision = [&](const io::named_tensors& w) { return refusal([&] { return workload::vision_tower_to_onnx(c, w); }); };
    const auto text = [&](const io::named_tensors& w) { return refusal([&] { return workload::text_tower_to_onnx(c, w); }); };
    CHECK(vision(state) == "nothing");
    CHECK(text(state) == "nothing");

    // What is missing matters to its own tower alone.
    CHECK(holds(vision(changed(state, queries)), "clip.safetensors: expected a tensor named " + queries));
    CHECK(text(changed(state, queries)) == "nothing");
    CHECK(holds(text(changed(state, "ln_final.bias")), "expected a tensor named ln_final.bias"));
    CHECK(vision(changed(state, "ln_final.bias")) == "nothing");

    // Of a layer, heads must be whole, and the rest must follow them.
    const auto part = numbers({3 * 24, 40}), one_head = numbers({3 * 16, 40});
    CHECK(holds(vision(changed(state, queries, &part)), queries + ": expected rows of heads of 16 channels, found 72 rows"));
    CHECK(holds(vision(changed(state, queries, &one_head)), "attn.in_proj_bias: expected the shape [48], found [192]"));
    const std::string first = "visual.transformer.resblocks.0.attn.in_proj_weight", hidden = "visual.transformer.resblocks.0.mlp.c_fc.weight";
    CHECK(holds(vision(changed(state, first, &one_head)), first + ": expected 4 heads, as the first layer is described, found 48 rows"));
    const auto narrow = numbers({8, 40});
    CHECK(holds(vision(changed(state, hidden, &narrow)), hidden + ": expected 64 rows, as the first layer is described, found 8 rows"));

    // What no CLIP has, and a layer that is not described.
    auto more = changed(state, "");
    more.add("visual.head.weight", numbers({1}));
    CHECK(holds(vision(more), "tensor visual.head.weight: expected weights of this network"));
    auto other = changed(state, "");
    other.add("head.weight", numbers({1}));
    CHECK(holds(vision(other), "tensor head.weight"));
    CHECK(holds(text(other), "tensor head.weight"));
    auto fewer = c;
    fewer.text.layers = 2;
    CHECK(holds(refusal([&] { return workload::text_tower_to_onnx(fewer, state); }), "transformer.resblocks.2."));
    fewer.text.layers = 0;
    CHECK(holds(refusal([&] { return workload::text_tower_to_onnx(fewer, state); }), "CLIP configuration"));
    CHECK(holds(refusal([&] { return workload::vision_tower_to_onnx(fewer, state); }), "CLIP configuration"));
    CHECK(holds(refusal([&] { return workload::vision_tower_to_onnx(c, state, -1); }), "batch"));
}

TEST_CASE("of a tower whose layers are trimmed, what is missing is named, and not what is there", "[nn]") {
    auto m = nn::random_clip(exported::small_clip(workload::activation::gelu));
    verdant::supernet::remove_head(m.vision.blocks[1], 0);
    verdant::supernet::remove_ffn_block(m.vision.blocks[1], 0);
    const auto c = nn::config_of(m);
    const auto state = nn::state_of(m);
    const auto vision = [&](const io::named_tensors& w) { return refusal([&] { return workload::vision_tower_to_onnx(c, w); }); };
    CHECK(vision(state) == "nothing");
    const std::string in = "visual.transformer.resblocks.1.";
    for (const auto* name : {"attn.in_proj_weight", "attn.in_proj_bias", "mlp.c_fc.weight", "mlp.c_fc.bias"}) {
        CAPTURE(name);
        CHECK(holds(vision(changed(state, in + name)), "expected a tensor named " + in + name));
    }
    // A weight that is missing behind one that does not fit is still what is said.
    const auto part = numbers({3 * 24, 40});
    CHECK(holds(vision(changed(changed(state, in + "attn.in_proj_weight", &part), "visual.ln_post.bias")),
                "expected a tensor named visual.ln_post.bias"));
}

TEST_CASE("tensors of a checkpoint that are not read are no missing ones, and are not left out silently", "[nn]") {
    const auto c = exported::small_clip(workload::activation::gelu);
    const auto state = nn::state_of(nn::random_clip(c));
    const auto vision = [&](const io::named_tensors& w) { return refusal([&] { return workload::vision_tower_to_onnx(c, w); }); };
    CHECK(holds(vision(unread(state, "visual.proj")), "tensor visual.proj: expected elements that can be read, found elements of type F8_E4M3"));
    CHECK(holds(vision(unread(state, "visual.transformer.resblocks.1.mlp.c_fc.weight")),
                "resblocks.1.mlp.c_fc.weight: expected elements that can be read"));
    CHECK(holds(vision(unread(state, "visual.head.weight")),
                "tensor visual.head.weight: expected weights of this network, found elements of type F8_E4M3"));
    CHECK(vision(unread(state, "ln_final.bias")) == "nothing"); // of the other tower
}

TEST_CASE("a network that is too large for a file is refused by its size, and one without weights by their names, before numbers are made", "[nn]") {
    const workload::llama_config c{
        .layers = 20, .width = 2048, .ffn = 2048, .heads = 16, .key_value_heads = 16, .vocabulary = 16, .positions = 16, .classes = 2};
    const auto square = numbers({2048, 2048}), row = numbers({2048}); // which all layers share
    io::named_tensors state{"large.safetensors"};
    state.add("model.embed_tokens.weight", numbers({16, 2048}));
    for (int i = 0; i < c.layers; ++i) {
        const auto in = "model.layers." + std::to_string(i) + ".";
        for (const auto* name :
             {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"})
            state.add(in + name + ".weight", square);
        for (const auto* name : {"input_layernorm", "post_attention_layernorm"}) state.add(in + name + ".weight", row);
    }
    state.add("model.norm.weight", row);
    state.add("score.weight", numbers({2, 2048}));
    const auto said = refusal([&] { return workload::to_onnx(c, state, 4); });
    const std::string before = "large.safetensors: expected a model of less than 2 GiB with its weights in 32 bits, found ";
    REQUIRE(holds(said, before));
    const auto bytes = std::stoull(said.substr(said.find(before) + before.size())),
               weights = 4ULL * static_cast<std::uint64_t>(workload::parameters(c));
    CHECK(bytes > weights);
    CHECK(bytes < weights + (1U << 20U)); // operators and the angles of four tokens
    CHECK(holds(refusal([&] { return workload::to_onnx(workload::llama_config{}, {}, 4096); }),
                "a tensor named model.embed_tokens.weight and 290 more"));
}

TEST_CASE("the mask of a long text is computed and not stored", "[nn]") {
    const workload::llama_config c{
        .layers = 1, .width = 8, .ffn = 8, .heads = 2, .key_value_heads = 2, .vocabulary = 9, .positions = 2048, .classes = 2};
    const auto model = workload::to_onnx(c, nn::state_of(nn::random_transformer<nn::llama>(c)), 2048);
    CHECK(model.ByteSizeLong() < 1U << 20U); // the mask has 2^22 numbers
}

TEST_CASE("texts that a network does not take, and configurations that are none, are refused", "[nn]") {
    const workload::llama_config c{
        .layers = 1, .width = 8, .ffn = 8, .heads = 2, .key_value_heads = 2, .vocabulary = 9, .positions = 6, .classes = 2};
    const auto state = nn::state_of(nn::random_transformer<nn::llama>(c));
    CHECK(refusal([&] { return workload::to_onnx(c, state, 6); }) == "nothing");
    CHECK(holds(refusal([&] { return workload::to_onnx(c, state, 7); }), "tokens: expected 1 to 6, found 7"));
    CHECK(holds(refusal([&] { return workload::to_onnx(c, changed(state, "score.weight"), 6); }), "a tensor named score.weight"));
    auto odd = c;
    odd.heads = 8; // of one channel
    CHECK(holds(refusal([&] { return workload::to_onnx(odd, state, 6); }), "Llama configuration"));
    CHECK(holds(refusal([&] { return workload::to_onnx(workload::bert_config{.positions = 4}, {}, 5); }), "1 to 4"));
    CHECK(holds(refusal([&] { return workload::to_onnx(workload::bert_config{.heads = 5}, {}, 4); }), "BERT configuration"));
    CHECK(holds(refusal([&] { return workload::to_onnx(workload::vit_config{.patch = 15}, {}); }), "ViT configuration"));
    auto wide = exported::small_clip(workload::activation::gelu);
    wide.joint = 1 << 20;
    // What is wrong is among what is said, and is what graphs of operators say.
    for (const auto& said : {refusal([&] { return workload::to_onnx(workload::llama_config{.layers = 0}, {}, 4); }),
                             refusal([&] { return workload::to_onnx(workload::bert_config{.vocabulary = 1 << 25}, {}, 4); }),
                             refusal([&] { return workload::to_onnx(workload::vit_config{.classes = 0}, {}); }),
                             refusal([&] { return workload::vision_tower_to_onnx(wide, {}); })}) {
        CAPTURE(said);
        CHECK(holds(said, "configuration: expected positive dimensions that are no larger than counts allow"));
    }
    CHECK(refusal([&] { return workload::to_onnx(workload::llama_config{.layers = 0}, {}, 4); }) ==
          refusal([&] { return workload::trace(workload::llama_config{.layers = 0}, 4); }));
    CHECK(holds(refusal([&] { return workload::to_onnx(workload::bert_config{}, {}, 0); }), "texts of a model, tokens: expected 1 to 512, found 0"));
}

TEST_CASE("a network of signals takes the names of its checkpoints", "[nn]") {
    const auto d = spaces::net_of(verdant::point<spaces::mnasnet_1d>{}, spaces::signal_tasks[1]);
    const auto state = nn::state_of(nn::empty_mobile_net_1d(d));
    const auto model = workload::to_onnx(d, state);
    CHECK(model.graph().input(0).type().tensor_type().shape().dim(2).dim_value() == d.length);
    const std::string first = "features.1.0.block.0.0.weight";
    CHECK(holds(refusal([&] { return workload::to_onnx(d, changed(state, first)); }), "a tensor named " + first));
    auto more = changed(state, "");
    more.add("features.1.9.block.0.0.weight", numbers({1}));
    CHECK(holds(refusal([&] { return workload::to_onnx(d, more); }), "tensor features.1.9.block.0.0.weight"));
}
