#include <verdant/io/torch_checkpoint.hpp>
#include <verdant/nn/clip_forward.hpp>
#include <verdant/nn/clip_loss.hpp>

#include "clip_tiny.hpp"

#include <string>

using namespace golden;

TEST_CASE("CLIP gives the original's activations, features, logits and loss", "[golden][nn]") {
    const auto model = tiny_clip();
    const auto file = find("carbonnaas/clip_tiny/forward.npz");
    if (!model || !file) return;
    const auto arrays = io::read_npz(file->string());
    summary s{"carbonnaas/clip_tiny/forward.npz", 1e-4};
    std::size_t seen = 0;
    const auto observe = [&](const std::string& part, const at::Tensor& x) {
        compare(s, part, array(arrays, "act:" + part), x);
        ++seen;
    };
    const auto image_raw = nn::encode_image(*model, array(arrays, "images"), observe);
    const auto text_raw = nn::encode_text(*model, array(arrays, "texts"), observe);
    CHECK(seen == 12);
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

TEST_CASE("the distillation loss is the original's", "[golden][nn]") {
    const auto model = tiny_clip();
    const auto inputs = find("carbonnaas/clip_tiny/forward.npz"), file = find("carbonnaas/clip_tiny/distill_loss.npz");
    if (!model || !file || !inputs) return;
    const auto batch = io::read_npz(inputs->string()), arrays = io::read_npz(file->string());
    summary s{"carbonnaas/clip_tiny/distill_loss.npz", 1e-5};
    const auto [image, text] = nn::features(*model, array(batch, "images"), array(batch, "texts"));
    const auto student = nn::logits_per_image(*model, image, text);
    const auto scale = array(arrays, "teacher_scale").to(at::kFloat);
    const auto teacher = scale * array(arrays, "teacher_image").matmul(array(arrays, "teacher_text").t());
    compare(s, "contrastive", array(arrays, "contrastive"), nn::clip_loss(student));
    compare(s, "distill", array(arrays, "distill"), nn::distillation_loss(student, teacher));
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
    for (const std::string name : {"clip.pt", "checkpoint_style.pt"}) {
        const auto file = find("carbonnaas/clip_tiny/" + name);
        if (!file) continue;
        const auto state = io::read_torch(file->string());
        const auto other = nn::load_clip(state, {.text_head_width = 8, .vision_head_width = 8});
        CHECK(nn::config_of(other) == tiny_config(*config));
        CHECK(nn::state_of(other) == nn::state_of(*model));
    }
}
