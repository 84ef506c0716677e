#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/workload/transformer/clip_parameters.hpp>

#include "catch.hpp"

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>

#include <cmath>
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

at::Tensor some_texts() { return at::tensor({1, 5, 7, 39, 0, 0, 0, 0, 0, 0, 3, 3, 8, 9, 11, 39, 0, 0, 0, 0}, at::kLong).reshape({2, 10}); }

std::string refusal(const io::named_tensors& state, const workload::clip_config& c) {
    try {
        (void)nn::load_clip(state, c);
    } catch (const verdant::error& e) { return e.what(); }
    return "accepted";
}

/// The state with one tensor renamed, replaced (by another shape) or left out.
io::named_tensors with(const io::named_tensors& state, const std::string& name, const std::string& instead) {
    io::named_tensors out{"model.pt"};
    for (const auto& e : state)
        if (e.name != name) out.add(e.name, e.value);
        else if (!instead.empty()) out.add(instead, e.value);
    return out;
}

} // namespace

TEST_CASE("random weights depend on the seed alone and have the published deviations", "[nn]") {
    const auto a = nn::state_of(nn::random_clip(small, 3));
    (void)at::randn({5});
    CHECK(a == nn::state_of(nn::random_clip(small, 3)));
    CHECK_FALSE(a == nn::state_of(nn::random_clip(small, 4)));

    const workload::clip_config wide{
        .text = {1, 256, 1024, 4}, .vision = {1, 384, 1536, 6}, .patch = 16, .joint = 256, .image = 224, .context = 77, .vocabulary = 1000};
    const auto m = nn::random_clip(wide);
    const auto deviation = [](const at::Tensor& t) { return t.std().item<double>(); };
    // 20,000 and more normal numbers each: the estimate is within 3 % with overwhelming probability, and the seed is fixed.
    CHECK(deviation(m.text.token_embedding) == Approx(0.02).epsilon(0.03));
    CHECK(deviation(m.text.positional_embedding) == Approx(0.01).epsilon(0.03));
    CHECK(deviation(m.text.projection) == Approx(1.0 / 16).epsilon(0.03));
    CHECK(deviation(m.text.blocks[0].attn.in_proj_weight) == Approx(1.0 / 16).epsilon(0.03));
    CHECK(deviation(m.text.blocks[0].attn.out_proj.weight) == Approx(1 / std::sqrt(512.0)).epsilon(0.03));
    CHECK(deviation(m.text.blocks[0].c_fc.weight) == Approx(1 / std::sqrt(512.0)).epsilon(0.03));
    CHECK(deviation(m.text.blocks[0].c_proj.weight) == Approx(1 / std::sqrt(512.0)).epsilon(0.03));
    CHECK(deviation(m.vision.projection) == Approx(1 / std::sqrt(384.0)).epsilon(0.03));
    CHECK(m.vision.blocks[0].c_fc.weight.abs().max().item<double>() <= 1 / std::sqrt(384.0));
    CHECK(m.logit_scale.item<double>() == Approx(std::log(1 / 0.07)));
}

TEST_CASE("the dimensions of a model are those it was made with", "[nn]") {
    const auto m = nn::random_clip(small);
    CHECK(nn::config_of(m) == small);
    CHECK(nn::parameter_count(m) == workload::parameters(small));
    CHECK(nn::byte_count(m) == 4 * workload::parameters(small) + 400);
    CHECK(nn::size_text(m).ends_with("MB"));
    CHECK(nn::config_of(nn::state_of(m), {.text_head_width = 8, .vision_head_width = 8}) == small);
}

TEST_CASE("a text is read up to its end", "[nn]") {
    const auto m = nn::random_clip(small);
    const auto a = some_texts();
    auto b = a.clone();
    b[0][6].fill_(17);
    CHECK((nn::encode_text(m, a) - nn::encode_text(m, b)).abs().max().item<double>() == 0);
    b[0][1].fill_(17);
    CHECK((nn::encode_text(m, a)[0] - nn::encode_text(m, b)[0]).abs().max().item<double>() > 1e-4);
    CHECK((nn::encode_text(m, a)[1] - nn::encode_text(m, b)[1]).abs().max().item<double>() == 0);
}

TEST_CASE("one item's features do not depend on its batch", "[nn]") {
    const auto m = nn::random_clip(small);
    auto stream = nn::generator(5);
    const auto images = at::randn({6, 3, 12, 12}, stream);
    const auto all = nn::normalised(nn::encode_image(m, images));
    const auto one = nn::normalised(nn::encode_image(m, images.slice(0, 2, 3)));
    CHECK((all[2] - one[0]).abs().max().item<double>() < 1e-6);
    CHECK(std::abs(all.norm(2, {-1}).sum().item<double>() - 6) < 1e-5);
}

TEST_CASE("mixed and pure bfloat16 stay close to 32 bits", "[nn]") {
    const auto m = nn::random_clip(small);
    auto stream = nn::generator(6);
    const auto images = at::randn({2, 3, 12, 12}, stream);
    const auto exact = nn::normalised(nn::encode_image(m, images));
    const auto coarse = nn::normalised(nn::encode_image(nn::to(m, at::kCPU, at::kBFloat16), images).to(at::kFloat));
    CHECK((exact - coarse).abs().max().item<double>() < 0.05);
    CHECK((nn::normalised(nn::encode_text(m, some_texts())) -
           nn::normalised(nn::encode_text(nn::to(m, at::kCPU, at::kBFloat16), some_texts()).to(at::kFloat)))
              .abs()
              .max()
              .item<double>() < 0.05);
}

TEST_CASE("weights survive being saved, wrapped and renamed", "[nn]") {
    const auto m = nn::random_clip(small);
    const auto state = nn::state_of(m);
    CHECK(nn::state_of(nn::load_clip(state, small)) == state);
    io::named_tensors wrapped, split;
    for (const auto& e : state) {
        wrapped.add("module." + e.name, e.value);
        const bool text = e.name.starts_with("transformer") || e.name.starts_with("token") || e.name.starts_with("positional") ||
                          e.name.starts_with("ln_final") || e.name.starts_with("text_projection");
        split.add((text ? "text." : "") + e.name, e.value);
    }
    wrapped.add("module.input_resolution", io::tensor_data::of<std::int64_t>({}, std::vector<std::int64_t>{224}));
    CHECK(nn::state_of(nn::load_clip(wrapped, small)) == state);
    CHECK(nn::state_of(nn::load_clip(split, small)) == state);
}

TEST_CASE("a model takes over the weights of a state that is given up, and never writes to one that others share", "[nn]") {
    const auto kept = nn::state_of(nn::random_clip(small));
    const auto whole = nn::state_of(nn::random_clip(small)); // equal, in other memory
    auto from_kept = nn::load_clip(kept, small);
    nn::for_each_parameter(from_kept, [](const std::string&, at::Tensor& t) { t.fill_(7); });
    CHECK(kept == whole);

    auto given = kept;
    auto from_copy = nn::load_clip(std::move(given), small); // `kept` still has a share of each
    nn::for_each_parameter(from_copy, [](const std::string&, at::Tensor& t) { t.fill_(7); });
    CHECK(kept == whole);

    auto sole = nn::state_of(nn::random_clip(small));
    const auto* const projection = sole.at("visual.proj").content().data();
    const auto model = nn::load_clip(std::move(sole), small);
    CHECK(model.vision.projection.data_ptr() == projection);
    CHECK(nn::state_of(model) == whole);
}

TEST_CASE("the dimensions of a checkpoint are read without its weights", "[nn]") {
    const auto state = nn::state_of(nn::random_clip(small));
    const nn::checkpoint_facts facts{.text_head_width = 8, .vision_head_width = 8};
    CHECK(nn::config_of(io::shapes_of(state), facts) == small);
    CHECK(nn::config_of(io::parse_shapes({"a.pt", io::to_torch(state)}), facts) == small);
    CHECK(nn::config_of(io::parse_shapes({"a.safetensors", io::to_safetensors({state, {}})}), facts) == small);
    CHECK_THROWS_AS(nn::config_of(io::named_shapes{"empty.pt"}), verdant::input_error);
}

TEST_CASE("a checkpoint that does not fit is refused by tensor", "[nn]") {
    const auto state = nn::state_of(nn::random_clip(small));
    CHECK(refusal(with(state, "visual.proj", ""), small) ==
          "verdant: model.pt: expected a tensor named visual.proj, found 73 tensors of other names, such as positional_embedding, as OpenCLIP has them");
    CHECK(refusal(with(state, "visual.proj", "visual.project"), small) ==
          "verdant: model.pt: expected a tensor named visual.proj, found 74 tensors of other names, such as visual.project, as OpenCLIP has them");
    auto more = with(state, "", "");
    more.add("visual.extra", io::tensor_data::of<float>({1}, std::vector<float>{1}));
    CHECK(refusal(more, small)
              .starts_with("verdant: model.pt, tensor visual.extra: expected only the tensors of a CLIP with 3 vision and 2 text layers"));
    auto narrow = small;
    narrow.text.ffn = 48;
    CHECK(refusal(with(state, "", ""), narrow) ==
          "verdant: model.pt, tensor transformer.resblocks.0.mlp.c_fc.weight: expected the shape [48, 24], found [96, 24]");
    CHECK_THROWS_AS(nn::config_of(with(state, "", ""), {.text_head_width = 7}), verdant::input_error);
    CHECK_THROWS_AS(nn::config_of(io::named_tensors{"empty.pt"}), verdant::input_error);
}

TEST_CASE("positional tables of another length are interpolated", "[nn]") {
    const auto m = nn::random_clip(small);
    auto larger = small;
    larger.image = 24;
    larger.context = 20;
    const auto grown = nn::load_clip(nn::state_of(m), larger);
    CHECK(nn::config_of(grown) == larger);
    CHECK(grown.vision.positional_embedding[0].equal(m.vision.positional_embedding[0]));
    // A constant grid stays constant.
    const auto constant = nn::resized_vision_positions(at::full({10, 4}, 2.5), 26);
    CHECK((constant - 2.5).abs().max().item<double>() < 1e-5);
    // Doubling a linear ramp of n points, corners not aligned: values at (i + 0.5) / 2 - 0.5, clamped at the ends.
    const auto ramp = nn::resized_text_positions(at::tensor({0.0F, 1.0F, 2.0F}).reshape({3, 1}), 6).flatten();
    CHECK((ramp - at::tensor({0.0F, 0.25F, 0.75F, 1.25F, 1.75F, 2.0F})).abs().max().item<double>() < 1e-6);
    CHECK_THROWS_AS(nn::resized_vision_positions(at::full({10, 4}, 1.0), 12), verdant::input_error);
}
