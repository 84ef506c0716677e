#include <verdant/io/tensor/npz.hpp>
#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/nn/train/clip_loss.hpp>
#include <verdant/pruning/importance_json.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/pruning/shared_clip.hpp>
#include <verdant/pruning/trim.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include "clip_tiny.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace golden;
namespace supernet = verdant::supernet;
namespace workload = verdant::workload;

namespace {

/// Features, logits and loss of a batch against the arrays of that prefix.
void compare_outputs(summary& s, const io::named_tensors& arrays, const std::string& prefix, const nn::clip_model& m,
                     const io::named_tensors& batch) {
    const auto image = nn::encode_image(m, array(batch, "images")), text = nn::encode_text(m, array(batch, "texts"));
    compare(s, prefix + "image_features_raw", array(arrays, prefix + "image_features_raw"), image);
    compare(s, prefix + "text_features_raw", array(arrays, prefix + "text_features_raw"), text);
    compare(s, prefix + "image_features", array(arrays, prefix + "image_features"), nn::normalised(image));
    compare(s, prefix + "text_features", array(arrays, prefix + "text_features"), nn::normalised(text));
    const auto logits = nn::logits_per_image(m, nn::normalised(image), nn::normalised(text));
    compare(s, prefix + "logits_per_image", array(arrays, prefix + "logits_per_image"), logits);
    s.next_row();
    s.compare(prefix + "loss", 0, 10 * difference(array(arrays, prefix + "loss"), nn::clip_loss(logits)));
}

workload::clip_config target_of(const json& row, workload::clip_config c) {
    c.text = {row.at("text_layers"), row.at("text_embed_dim"), row.at("text_ffn_dim"), row.at("text_heads"), c.text.head_width};
    c.vision = {row.at("vision_layers"), row.at("vision_embed_dim"), row.at("vision_ffn_dim"), row.at("vision_heads"), c.vision.head_width};
    return c;
}

} // namespace

TEST_CASE("pruned models are the original's, copied and weight-shared", "[golden][supernet]") {
    const auto model = tiny_clip();
    const auto rows = find("carbonnaas/clip_tiny/pruned_configs.json"), outputs = find("carbonnaas/clip_tiny/pruned_outputs.npz"),
               inputs = find("carbonnaas/clip_tiny/forward.npz"), rankings = find("carbonnaas/clip_tiny/importance");
    if (!model || !rows || !outputs || !inputs || !rankings) return;
    const auto importance = supernet::read_importance(rankings->string());
    const auto arrays = io::read_npz(outputs->string()), batch = io::read_npz(inputs->string());
    const auto full = nn::config_of(*model);
    summary s{"carbonnaas/clip_tiny/pruned_configs.json", 1e-5}, o{"carbonnaas/clip_tiny/pruned_outputs.npz", 1e-4},
        shared_outputs{"carbonnaas/clip_tiny/pruned_outputs.npz (weight-shared)", 1e-4};
    double gap = 0;
    for (const auto& row : read_json(*rows)) {
        s.next_row();
        const auto prefix = std::to_string(row.at("id").get<int>()) + "/" + row.at("side").get<std::string>() + "/";
        const auto target = target_of(row, full);
        const supernet::layer_probe probe{.values = array(arrays, prefix + "layer_probe"),
                                          .layout =
                                              row.at("side") == "eval_seq_first" ? supernet::probe_layout::batch : supernet::probe_layout::sequence};
        const auto pruned = supernet::prune(*model, importance, target, probe);

        const auto all_layers = [&] {
            auto t = target;
            t.vision.layers = full.vision.layers;
            return supernet::prune(*model, importance, t, probe);
        }();
        const auto cosines = supernet::block_similarities(all_layers.vision.blocks, target.vision.width, model->nonlinearity, probe);
        for (std::size_t i = 0; i < cosines.size(); ++i) s.compare(prefix + "cosine", row.at("vision_layer_cosine")[i].get<double>(), cosines[i]);
        s.equal(prefix + "vision layers", row.at("kept_vision_layers").get<std::vector<std::size_t>>(),
                supernet::kept_layers(supernet::pruning_order(cosines), target.vision.layers));
        s.equal(prefix + "text layers", row.at("kept_text_layers").get<std::vector<std::size_t>>(),
                supernet::outer_layers(full.text.layers, target.text.layers));

        s.equal(prefix + "parameters", row.at("num_params").get<std::int64_t>(), nn::parameter_count(pruned));
        s.equal(prefix + "closed form", row.at("num_params").get<std::int64_t>(), workload::parameters(nn::config_of(pruned)));
        s.equal(prefix + "bytes", row.at("param_bytes").get<std::int64_t>() + row.at("buffer_bytes").get<std::int64_t>(), nn::byte_count(pruned));
        s.equal(prefix + "size", row.at("model_size").get<std::string>(), nn::size_text(pruned));
        std::size_t count = 0;
        nn::for_each_parameter(pruned, [&](const std::string& name, const at::Tensor& t) {
            ++count;
            const auto& expected = row.at("tensors").at(name);
            s.equal(prefix + name, expected.at("shape").get<std::vector<std::int64_t>>(), t.sizes().vec());
            const auto wide = t.to(at::kDouble);
            const double scale = std::max(1.0, expected.at("abs_sum").get<double>());
            s.compare(prefix + name + " sum", 0, (wide.sum().item<double>() - expected.at("sum").get<double>()) / scale);
            s.compare(prefix + name + " abs sum", 0, (wide.abs().sum().item<double>() - expected.at("abs_sum").get<double>()) / scale);
        });
        s.equal(prefix + "tensors", row.at("tensors").size(), count);

        compare_outputs(o, arrays, prefix, pruned, batch);
        const auto shared = supernet::shared_clip{*model, importance, probe}(target);
        compare_outputs(shared_outputs, arrays, prefix, shared, batch);
        CHECK(nn::config_of(shared) == nn::config_of(pruned));
        gap = std::max(gap, difference(nn::normalised(nn::encode_image(pruned, array(batch, "images"))),
                                       nn::normalised(nn::encode_image(shared, array(batch, "images")))));
        gap = std::max(gap, difference(nn::normalised(nn::encode_text(pruned, array(batch, "texts"))),
                                       nn::normalised(nn::encode_text(shared, array(batch, "texts")))));
    }
    CHECK(s.rows() > 0);
    CHECK(gap < 1e-5);
}

TEST_CASE("pruned weights are the original's bit for bit", "[golden][supernet]") {
    const auto model = tiny_clip();
    const auto rows = find("carbonnaas/clip_tiny/pruned_configs.json"), outputs = find("carbonnaas/clip_tiny/pruned_outputs.npz"),
               rankings = find("carbonnaas/clip_tiny/importance");
    if (!model || !rows || !outputs || !rankings) return;
    const auto importance = supernet::read_importance(rankings->string());
    const auto arrays = io::read_npz(outputs->string());
    for (const auto& file : find_all("carbonnaas/clip_tiny/pruned_*.safetensors")) {
        const int id = std::stoi(file.star);
        const auto expected = io::read_safetensors(file.path.string());
        // The file is that of one of the two sides, which differ in the layers they keep.
        std::size_t equal = 0, sides = 0;
        for (const auto& row : read_json(*rows)) {
            if (row.at("id") != id) continue;
            ++sides;
            const bool evaluation = row.at("side") == "eval_seq_first";
            const supernet::layer_probe probe{.values = array(arrays, std::to_string(id) + "/" + row.at("side").get<std::string>() + "/layer_probe"),
                                              .layout = evaluation ? supernet::probe_layout::batch : supernet::probe_layout::sequence};
            const auto state = nn::state_of(supernet::prune(*model, importance, target_of(row, nn::config_of(*model)), probe));
            equal += std::all_of(state.begin(), state.end(),
                                 [&](const auto& e) { return expected.find(e.name) != nullptr && *expected.find(e.name) == e.value; }) &&
                     state.size() == expected.size();
        }
        if (equal == 0 && sides < 2) {
            skip(file.name, "pruned_configs.json does not have both sides of it");
            continue;
        }
        summary s{file.name, 0};
        for (std::size_t i = 0; i < expected.size(); ++i) s.next_row();
        s.equal("sides with these weights", std::size_t{1}, equal);
    }
}

TEST_CASE("the other ways to prune are the original's", "[golden][supernet]") {
    const auto model = tiny_clip();
    const auto settings = find("carbonnaas/clip_tiny/alternative_pruning.json"), outputs = find("carbonnaas/clip_tiny/alternative_pruning.npz"),
               inputs = find("carbonnaas/clip_tiny/forward.npz");
    if (!model || !settings || !outputs || !inputs) return;
    const auto how = read_json(*settings);
    const auto arrays = io::read_npz(outputs->string()), batch = io::read_npz(inputs->string());
    summary s{"carbonnaas/clip_tiny/alternative_pruning.npz", 1e-4};
    auto ffn = *model, heads = *model, single = *model;
    supernet::keep_strongest_ffn(ffn.text.blocks, how.at("ffn_back").at("text_ffn_dim"));
    supernet::keep_strongest_ffn(ffn.vision.blocks, how.at("ffn_back").at("vision_ffn_dim"));
    compare_outputs(s, arrays, "ffn_back/", ffn, batch);
    supernet::keep_first_heads(heads.text.blocks, how.at("heads_back").at("text_heads"));
    supernet::keep_first_heads(heads.vision.blocks, how.at("heads_back").at("vision_heads"));
    compare_outputs(s, arrays, "heads_back/", heads, batch);
    const auto& one = how.at("single");
    supernet::remove_head(single.text.blocks.at(one.at("text_layer")), one.at("removed_head"));
    supernet::remove_ffn_block(single.vision.blocks.at(one.at("vision_layer")), one.at("removed_ffn_block"));
    compare_outputs(s, arrays, "single/", single, batch);
}

TEST_CASE("pruned ViT-B-16 has the original's shapes, counts and sizes", "[golden][supernet]") {
    const auto file = find("carbonnaas/architectures/vit_architectures.json"), rankings = find("carbonnaas/mope_vit_b16");
    if (!file || !rankings) return;
    auto full = workload::clip_named("ViT-B-16");
    full.nonlinearity = workload::activation::gelu;
    // Shapes and counts do not depend on the weights, and this memory is not needed.
    auto model = nn::empty_clip(full);
    nn::for_each_parameter(model, [](const std::string&, at::Tensor& t) { t.zero_(); });
    const auto importance = supernet::read_importance(rankings->string());
    const supernet::shared_clip shared{model, importance};
    summary s{"carbonnaas/architectures/vit_architectures.json (pruned)", 0};
    const auto all = read_json(*file);
    for (const auto& row : all.value("pruned_ViT-B-16", json::array())) {
        s.next_row();
        const auto& c = row.at("config");
        auto target = full;
        target.text = {c[0], c[1], c[2], c[3]};
        target.vision = {c[4], c[5], c[6], c[7]};
        const auto pruned = shared(target);
        CHECK(nn::config_of(pruned) == target);
        s.equal("parameters", row.at("num_params").get<std::int64_t>(), nn::parameter_count(pruned));
        s.equal("size", row.at("model_size").get<std::string>(), nn::size_text(pruned));
        s.equal("printed", row.at("num_param_printed").get<std::string>(), nn::parameter_text(pruned));
        if (row.at("tensors").is_null()) continue;
        std::size_t count = 0;
        for (const auto& [name, value] : nn::state_of(supernet::prune(model, importance, target))) {
            ++count;
            const auto shape = row.at("tensors").value(name, std::vector<std::uint64_t>{});
            s.equal(name, shape, value.shape());
        }
        s.equal("tensors", row.at("tensors").size(), count);
    }
}
