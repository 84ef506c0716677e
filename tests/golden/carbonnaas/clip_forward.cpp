#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/train/clip_loss.hpp>

#include "clip_tiny.hpp"

#include <string>

using namespace golden;

TEST_CASE("CLIP gives the original's activations, features, logits and loss", "[golden][nn]") {
    const auto model = tiny_clip();
    if (!model) return;
    for (const auto& f : find_all("carbonnaas/clip_tiny/forward*.npz")) {
        const auto arrays = io::read_npz(f.path.string());
        summary s{f.name, 1e-4};
        std::size_t seen = 0;
        const auto observe = [&](const std::string& part, const at::Tensor& x) {
            compare(s, part, array(arrays, "act:" + part), x);
            ++seen;
        };
        const auto image_raw = nn::encode_image(*model, array(arrays, "images"), observe);
        const auto text_raw = nn::encode_text(*model, array(arrays, "texts"), observe);
        std::size_t activations = 0;
        for (const auto& [name, value] : arrays) activations += name.starts_with("act:") ? 1 : 0;
        CHECK(seen == activations);
        compare(s, "image_features_raw", array(arrays, "image_features_raw"), image_raw);
        compare(s, "text_features_raw", array(arrays, "text_features_raw"), text_raw);
        const auto image = nn::normalised(image_raw), text = nn::normalised(text_raw);
        compare(s, "image_features", array(arrays, "image_features"), image);
        compare(s, "text_features", array(arrays, "text_features"), text);
        compare(s, "logit_scale_exp", array(arrays, "logit_scale_exp"), model->logit_scale.exp());
        const auto logits = nn::logits_per_image(*model, image, text);
        compare(s, "logits_per_image", array(arrays, "logits_per_image"), logits);
        s.next_row();
        s.compare("loss", 0, 10 * difference(array(arrays, "loss"), nn::clip_loss(logits))); // 1e-5
    }
}

TEST_CASE("the distillation loss is the original's", "[golden][nn]") {
    const auto model = tiny_clip();
    if (!model) return;
    for (const auto& f : find_all("carbonnaas/clip_tiny/distill_loss*.npz")) {
        const auto inputs = find_with("carbonnaas/clip_tiny/forward*.npz", f.star);
        if (!inputs) continue;
        const auto batch = io::read_npz(inputs->path.string()), arrays = io::read_npz(f.path.string());
        summary s{f.name, 1e-5};
        const auto [image, text] = nn::features(*model, array(batch, "images"), array(batch, "texts"));
        const auto student = nn::logits_per_image(*model, image, text);
        const auto scale = array(arrays, "teacher_scale").to(at::kFloat);
        const auto teacher = scale * array(arrays, "teacher_image").matmul(array(arrays, "teacher_text").t());
        compare(s, "contrastive", array(arrays, "contrastive"), nn::clip_loss(student));
        compare(s, "distill", array(arrays, "distill"), nn::distillation_loss(student, teacher));
    }
}

TEST_CASE("all forms of the checkpoint hold the same model", "[golden][nn]") {
    const auto model = tiny_clip();
    const auto config = find("carbonnaas/clip_tiny/config.json");
    if (!model || !config) return;
    const auto expected = read_json(*config);
    summary s{"carbonnaas/clip_tiny/config.json", 0};
    s.equal("parameters", expected.at("num_params").get<std::int64_t>(), verdant::workload::parameters(tiny_config(*config)));
    std::size_t count = 0;
    nn::for_each_parameter(*model, [&](const std::string& name, const at::Tensor& t) {
        s.next_row();
        ++count;
        s.equal(name, expected.at("tensors").at(name).get<std::vector<std::int64_t>>(), t.sizes().vec());
    });
    s.equal("number of tensors", expected.at("tensors").size(), count);
    const auto all = tiny_config(*config);
    for (const auto& file : find_all("carbonnaas/clip_tiny/*.pt")) {
        const auto state = io::read_torch(file.path.string());
        const auto other = nn::load_clip(state, {.text_head_width = all.text.head_width, .vision_head_width = all.vision.head_width});
        CHECK(nn::config_of(other) == all);
        // The same weights as safetensors lie beside it, or it is another form of clip.safetensors.
        const auto sibling = std::filesystem::path{file.path}.replace_extension(".safetensors");
        CHECK(nn::state_of(other) ==
              (std::filesystem::exists(sibling) ? nn::state_of(nn::load_clip(io::read_safetensors(sibling.string()), all)) : nn::state_of(*model)));
    }
}
