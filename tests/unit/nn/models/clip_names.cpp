// Checkpoints of CLIP under other names than OpenCLIP's plain ones.

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_names.hpp>
#include <verdant/nn/models/clip_state.hpp>

#include "catch.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nn = verdant::nn;
namespace io = verdant::io;
namespace workload = verdant::workload;

namespace {

const workload::clip_config small{.text = {2, 24, 96, 3, 8},
                                  .vision = {3, 32, 128, 4, 8},
                                  .patch = 4,
                                  .joint = 16,
                                  .image = 12,
                                  .context = 10,
                                  .vocabulary = 40,
                                  .nonlinearity = workload::activation::gelu};

std::string replaced(std::string text, const std::vector<std::pair<std::string, std::string>>& parts) {
    for (const auto& [from, to] : parts)
        if (const auto at = text.find(from); at != text.npos) text.replace(at, from.size(), to);
    return text;
}

/// The same weights as Hugging Face's CLIPModel saves them.
io::named_tensors hugging_face(const io::named_tensors& state) {
    io::named_tensors out{"model.safetensors"};
    for (const auto& [name, value] : state) {
        const auto t = nn::to_tensor(value);
        if (name == "text_projection") out.add("text_projection.weight", nn::to_tensor_data(t.t()));
        else if (name == "visual.proj") out.add("visual_projection.weight", nn::to_tensor_data(t.t()));
        else if (name == "logit_scale") out.add(name, value);
        else if (name.find("in_proj") != name.npos) {
            const auto stem = replaced(name, {{"visual.transformer.resblocks.", "vision_model.encoder.layers."},
                                              {"transformer.resblocks.", "text_model.encoder.layers."}});
            const auto at = stem.find("attn.in_proj_");
            const auto parts = t.chunk(3);
            for (std::size_t i = 0; i < 3; ++i)
                out.add(stem.substr(0, at) + "self_attn." + "qkv"[i] + "_proj." + stem.substr(at + 13), nn::to_tensor_data(parts[i]));
        } else {
            auto other = replaced(name, {{"visual.transformer.resblocks.", "vision_model.encoder.layers."},
                                         {"transformer.resblocks.", "text_model.encoder.layers."},
                                         {"attn.out_proj", "self_attn.out_proj"},
                                         {"ln_1", "layer_norm1"},
                                         {"ln_2", "layer_norm2"},
                                         {"mlp.c_fc", "mlp.fc1"},
                                         {"mlp.c_proj", "mlp.fc2"},
                                         {"visual.class_embedding", "vision_model.embeddings.class_embedding"},
                                         {"visual.conv1", "vision_model.embeddings.patch_embedding"},
                                         {"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
                                         {"visual.ln_pre", "vision_model.pre_layrnorm"},
                                         {"visual.ln_post", "vision_model.post_layernorm"},
                                         {"token_embedding", "text_model.embeddings.token_embedding"},
                                         {"ln_final", "text_model.final_layer_norm"}});
            if (other == "positional_embedding") other = "text_model.embeddings.position_embedding.weight";
            out.add(other, value);
        }
    }
    out.add("text_model.embeddings.position_ids", io::tensor_data::of<std::int64_t>({1, 10}, std::vector<std::int64_t>(10)));
    return out;
}

io::named_tensors without(const io::named_tensors& state, const std::string& part) {
    io::named_tensors out{"model.pt"};
    for (const auto& [name, value] : state)
        if (name.find(part) == name.npos) out.add(name, value);
    return out;
}

std::string refusal(const io::named_tensors& state) {
    try {
        (void)nn::load_clip(state, small);
    } catch (const verdant::error& e) { return e.what(); }
    return "accepted";
}

} // namespace

TEST_CASE("Hugging Face's weights are those of OpenCLIP", "[nn]") {
    const auto state = nn::state_of(nn::random_clip(small));
    const auto other = hugging_face(state);
    CHECK(other.size() == state.size() + 4 * 5 + 1); // three tensors for one, twice a block
    CHECK(nn::state_of(nn::load_clip(other, small)) == state);
    CHECK(nn::config_of(io::shapes_of(other), {.text_head_width = 8, .vision_head_width = 8}) == small);

    CHECK(refusal(without(other, "layers.1.self_attn.k_proj.bias")).ends_with("expected query, key and value beside each other, found not all three"));
    CHECK(refusal(without(other, "vision_model.encoder.layers.2")) ==
          "verdant: model.pt: expected a tensor named visual.transformer.resblocks.2.ln_1.weight and 11 more that are not there, found 62 tensors of other "
          "names, such as visual.transformer.resblocks.0.ln_1.weight, as OpenCLIP has them");
}

TEST_CASE("the shapes that other programs save are those of the model", "[nn]") {
    const auto state = nn::state_of(nn::random_clip(small));
    io::named_tensors odd{"odd.pt"};
    for (const auto& [name, value] : state) {
        const auto t = nn::to_tensor(value);
        if (name == "logit_scale") odd.add(name, nn::to_tensor_data(t.reshape({1})));
        else if (name == "text_projection") odd.add("text_projection.weight", nn::to_tensor_data(t.t()));
        else if (name == "visual.positional_embedding") odd.add(name, nn::to_tensor_data(t.unsqueeze(0)));
        else if (name == "visual.class_embedding") odd.add(name, nn::to_tensor_data(t.reshape({1, 1, -1})));
        else odd.add(name, value);
    }
    CHECK(nn::state_of(nn::load_clip(odd, small)) == state);
    CHECK(nn::config_of(odd, {.text_head_width = 8, .vision_head_width = 8}) == small);
    // A bias of the projection has no place.
    odd.add("text_projection.bias", io::tensor_data::of<float>({16}, std::vector<float>(16)));
    CHECK(refusal(odd).starts_with("verdant: odd.pt, tensor text_projection.bias: expected only the tensors of a CLIP with "));
}

TEST_CASE("wrapped CLIPs are unwrapped, and two of them need a choice", "[nn]") {
    const auto state = nn::state_of(nn::random_clip(small));
    const auto prefixed = [&state](const std::vector<std::string>& prefixes) {
        io::named_tensors out{"model.pt"};
        for (const auto& p : prefixes)
            for (const auto& [name, value] : state) out.add(p + name, value);
        return out;
    };
    for (const auto* prefix : {"module.", "_orig_mod.", "model.", "module._orig_mod.", "clip_model."}) {
        CAPTURE(prefix);
        CHECK(nn::state_of(nn::load_clip(prefixed({prefix}), small)) == state);
    }
    CHECK(refusal(prefixed({"model.", "ema."})).ends_with("found those of several, below ema and model"));
}

TEST_CASE("weights that are not those of a CLIP are told by their names", "[nn]") {
    io::named_tensors bert{"bert.pt"};
    bert.add("bert.encoder.layer.0.output.dense.bias", io::tensor_data::of<float>({1}, std::vector<float>{1}));
    CHECK_THROWS_WITH(nn::load_clip(bert),
                      "verdant: bert.pt: expected a tensor named transformer.resblocks.0.ln_1.weight, found 1 tensors of other names, such as "
                      "bert.encoder.layer.0.output.dense.bias, as Hugging Face's BERT has them");
    CHECK(refusal(io::named_tensors{"empty.pt"}).ends_with(" more that are not there, found no tensors"));
    const auto state = nn::state_of(nn::random_clip(small));
    CHECK_THROWS_WITH(nn::config_of(state, {.text_head_width = 7}), Catch::Contains("rows of heads of 7 channels, or another width of heads to be given"));
}
