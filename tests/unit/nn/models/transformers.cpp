#include <verdant/nn/models/bert.hpp>
#include <verdant/nn/models/llama.hpp>
#include <verdant/nn/models/vit.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

#include "naive_transformers.hpp"

#include "catch.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace io = verdant::io;
namespace wl = verdant::workload;

namespace {

const wl::bert_config small_bert{.layers = 3, .width = 24, .ffn = 40, .heads = 3, .vocabulary = 50, .positions = 12, .token_types = 2, .classes = 3};
const wl::vit_config small_vit{.layers = 2, .width = 20, .ffn = 36, .heads = 5, .image = 12, .patch = 4, .channels = 3, .classes = 4};
const wl::llama_config small_llama{
    .layers = 3, .width = 48, .ffn = 56, .heads = 6, .key_value_heads = 2, .vocabulary = 50, .positions = 64, .classes = 3};

/// Large weights in 64 bits, biases and norms included, so that nothing of a model goes unnoticed.
template <class Model>
Model lively(const typename Model::config_type& c, std::uint64_t seed) {
    auto m = nn::to(nn::random_transformer<Model>(c, seed), at::kCPU, at::kDouble);
    auto stream = nn::generator(seed + 100);
    for_each_parameter(m, [&stream](const std::string&, at::Tensor& t) { t += at::randn(t.sizes(), stream, at::kDouble) * 0.3; });
    return m;
}

at::Tensor some_ids(std::int64_t rows, std::int64_t tokens, std::uint64_t seed = 7) {
    auto stream = nn::generator(seed);
    return at::randint(1, 50, {rows, tokens}, stream, at::kLong);
}

std::vector<int> row_of(const at::Tensor& ids, std::int64_t row) {
    std::vector<int> out;
    for (std::int64_t i = 0; i < ids.size(1); ++i) out.push_back(static_cast<int>(ids[row][i].item<std::int64_t>()));
    return out;
}

double gap(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }
double gap(const at::Tensor& a, const naive::row& b) { return gap(a, at::tensor(b, at::kDouble)); }

std::string refusal(const io::named_tensors& state, const wl::bert_config& c) {
    try {
        (void)nn::load_transformer<nn::bert>(state, c);
    } catch (const verdant::error& e) { return e.what(); }
    return "accepted";
}

/// The state with one tensor renamed, or left out.
io::named_tensors with(const io::named_tensors& state, const std::string& name, const std::string& instead) {
    io::named_tensors out{"model.safetensors"};
    for (const auto& e : state)
        if (e.name != name) out.add(e.name, e.value);
        else if (!instead.empty()) out.add(instead, e.value);
    return out;
}

/// Compares the gradient of a loss in a few entries of every parameter with differences of the loss.
template <class Model, class Loss>
void check_gradients(Model m, const Loss& loss) {
    nn::require_grad(m);
    loss(m).backward();
    std::vector<std::pair<std::string, at::Tensor>> all;
    for_each_parameter(m, [&all](const std::string& name, at::Tensor& t) { all.emplace_back(name, t); });
    const c10::AutoGradMode off{false};
    for (auto& [name, t] : all) {
        REQUIRE(t.grad().defined());
        auto values = t.view({-1});
        const auto gradient = t.grad().reshape({-1});
        // the entry with the largest gradient, and one in the middle
        for (const std::int64_t i : {gradient.abs().argmax().template item<std::int64_t>(), values.numel() / 2}) {
            const double before = values[i].template item<double>(), step = 1e-5;
            values[i].fill_(before + step);
            const double above = loss(m).template item<double>();
            values[i].fill_(before - step);
            const double below = loss(m).template item<double>();
            values[i].fill_(before);
            INFO(name << ", entry " << i);
            CHECK(gradient[i].template item<double>() == Approx((above - below) / (2 * step)).epsilon(1e-5).margin(1e-8));
        }
    }
}

at::Tensor loss_of(const at::Tensor& logits) { return -at::log_softmax(logits, 1).select(1, 1).mean(); }

} // namespace

TEST_CASE("BERT computes what plain loops do, padding and segments included", "[nn]") {
    const auto m = lively<nn::bert>(small_bert, 1);
    const auto ids = some_ids(2, 9);
    auto mask = at::ones({2, 9}, at::kLong), types = at::zeros_like(ids);
    mask[1].slice(0, 6).zero_();
    types[0].slice(0, 4).fill_(1);
    const auto found = nn::logits(m, ids, mask, types);
    REQUIRE(found.sizes() == at::IntArrayRef({2, 3}));
    CHECK(gap(found[0], naive::logits(m, row_of(ids, 0), std::vector<bool>(9, true), {0, 0, 0, 0, 1, 1, 1, 1, 1})) < 1e-10);
    CHECK(gap(found[1], naive::logits(m, row_of(ids, 1), {true, true, true, true, true, true, false, false, false}, std::vector<int>(9))) < 1e-10);
    CHECK(gap(nn::logits(m, ids), nn::logits(m, ids, at::ones({2, 9}, at::kLong), at::zeros_like(ids))) < 1e-12);
}

TEST_CASE("ViT computes what plain loops do", "[nn]") {
    const auto m = lively<nn::vit>(small_vit, 2);
    auto stream = nn::generator(3);
    const auto images = at::randn({2, 3, 12, 12}, stream, at::kDouble);
    const auto found = nn::logits(m, images);
    REQUIRE(found.sizes() == at::IntArrayRef({2, 4}));
    for (std::int64_t i = 0; i < 2; ++i) CHECK(gap(found[i], naive::logits(m, images[i])) < 1e-10);
}

TEST_CASE("Llama computes what plain loops do, with shared keys and values, padding left or right", "[nn]") {
    const auto m = lively<nn::llama>(small_llama, 3);
    const auto ids = some_ids(3, 8);
    auto mask = at::ones({3, 8}, at::kLong);
    mask[1].slice(0, 5).zero_();
    mask[2].slice(0, 0, 2).zero_();
    const auto found = nn::logits(m, ids, mask);
    REQUIRE(found.sizes() == at::IntArrayRef({3, 3}));
    CHECK(gap(found[0], naive::logits(m, row_of(ids, 0), std::vector<bool>(8, true))) < 1e-10);
    CHECK(gap(found[1], naive::logits(m, row_of(ids, 1), {true, true, true, true, true, false, false, false})) < 1e-10);
    CHECK(gap(found[2], naive::logits(m, row_of(ids, 2), {false, false, true, true, true, true, true, true})) < 1e-10);
    CHECK(gap(nn::logits(m, ids)[0], found[0]) < 1e-12);
}

TEST_CASE("a token of a Llama does not depend on those after it", "[nn]") {
    const auto m = lively<nn::llama>(small_llama, 4);
    const auto a = some_ids(1, 10);
    auto b = a.clone();
    b[0][6].fill_((a[0][6].item<std::int64_t>() + 1) % 50);
    const auto before = nn::hidden_states(m, a), after = nn::hidden_states(m, b);
    CHECK(gap(before.slice(1, 0, 6), after.slice(1, 0, 6)) == 0);
    for (std::int64_t i = 6; i < 10; ++i) CHECK(gap(before.select(1, i), after.select(1, i)) > 1e-6);
}

TEST_CASE("padding is read by none", "[nn]") {
    const auto bert = lively<nn::bert>(small_bert, 5);
    const auto llama = lively<nn::llama>(small_llama, 5);
    const auto a = some_ids(1, 10);
    auto b = a.clone(), mask = at::ones({1, 10}, at::kLong);
    mask.slice(1, 7).zero_();
    b.slice(1, 7).fill_(3);
    CHECK(gap(nn::logits(bert, a, mask), nn::logits(bert, b, mask)) == 0);
    CHECK(gap(nn::logits(llama, a, mask), nn::logits(llama, b, mask)) == 0);
    // and a text with padding has the scores of the text without
    CHECK(gap(nn::logits(bert, a, mask), nn::logits(bert, a.slice(1, 0, 7))) < 1e-12);
    CHECK(gap(nn::logits(llama, a, mask), nn::logits(llama, a.slice(1, 0, 7))) < 1e-12);
}

TEST_CASE("rotation keeps lengths, and products depend on the distance of tokens alone", "[nn]") {
    const wl::llama_config c{.width = 64, .heads = 4, .key_value_heads = 4};
    const auto table = nn::rotary_table_of(c, 20, at::kDouble);
    auto stream = nn::generator(6);
    const auto q = at::randn({1, 1, 1, 16}, stream, at::kDouble).expand({1, 1, 20, 16}),
               k = at::randn({1, 1, 1, 16}, stream, at::kDouble).expand({1, 1, 20, 16});
    const auto turned_q = nn::rotate(table, q).squeeze(), turned_k = nn::rotate(table, k).squeeze();
    CHECK(gap(turned_q.norm(2, {-1}), q.squeeze().norm(2, {-1})) < 1e-12);
    CHECK(gap(turned_q[0], q.squeeze()[0]) == 0);
    const auto products = at::matmul(turned_q, turned_k.t());
    for (std::int64_t i = 0; i + 7 < 20; ++i) {
        CHECK(products[i + 7][i].item<double>() == Approx(products[7][0].item<double>()));
        CHECK(products[i][i + 7].item<double>() == Approx(products[0][7].item<double>()));
    }
    CHECK(std::abs(products[7][0].item<double>() - products[0][7].item<double>()) > 1e-3);
}

TEST_CASE("frequencies of Llama 3.1 are those of the published rule: the fast as they were, the slow an eighth", "[nn]") {
    const auto stretched = nn::rotary_frequencies(wl::llama_3_1_8b);
    auto plain_config = wl::llama_3_1_8b;
    plain_config.scaling.factor = 1;
    const auto plain = nn::rotary_frequencies(plain_config);
    REQUIRE(stretched.size() == 64);
    CHECK(plain[0] == 1);
    CHECK(plain[32] == Approx(1 / std::sqrt(500000.0)));
    int same = 0, eighth = 0, between = 0;
    for (std::size_t i = 0; i < 64; ++i) {
        const double length = 2 * std::numbers::pi / plain[i];
        if (length < 8192.0 / 4) {
            ++same;
            CHECK(stretched[i] == plain[i]);
        } else if (length > 8192.0) {
            ++eighth;
            CHECK(stretched[i] == Approx(plain[i] / 8));
        } else {
            ++between;
            CHECK((stretched[i] < plain[i] && stretched[i] > plain[i] / 8));
        }
        if (i > 0) CHECK(stretched[i] < stretched[i - 1]);
    }
    CHECK(same > 0);
    CHECK(eighth > 0);
    CHECK(between > 0);
    CHECK(nn::rotary_frequencies(wl::llama_2_7b)[1] == Approx(std::pow(10000.0, -2.0 / 128)));
}

TEST_CASE("queries in groups are heads with equal keys and values", "[nn]") {
    const auto shared = lively<nn::llama>(small_llama, 8);
    auto c = small_llama;
    c.key_value_heads = c.heads;
    auto separate = shared;
    separate.config = c;
    // six heads of 8 channels, each pair of key/value heads three times in a row
    for (auto& l : separate.layers)
        for (auto* t : {&l.k_proj, &l.v_proj}) *t = t->view({2, 1, 8, 48}).expand({2, 3, 8, 48}).reshape({48, 48});
    const auto ids = some_ids(2, 7);
    CHECK(gap(nn::logits(shared, ids), nn::logits(separate, ids)) < 1e-12);
}

TEST_CASE("gradients are those of the loss", "[nn]") {
    const auto ids = some_ids(2, 6);
    auto mask = at::ones({2, 6}, at::kLong);
    mask[1].slice(0, 4).zero_();
    auto bert = small_bert;
    bert.layers = 1;
    check_gradients(lively<nn::bert>(bert, 9), [&](const nn::bert& m) { return loss_of(nn::logits(m, ids, mask)); });
    auto llama = small_llama;
    llama.layers = 1;
    check_gradients(lively<nn::llama>(llama, 9), [&](const nn::llama& m) { return loss_of(nn::logits(m, ids, mask)); });
    auto stream = nn::generator(10);
    const auto images = at::randn({2, 3, 12, 12}, stream, at::kDouble);
    check_gradients(lively<nn::vit>(small_vit, 9), [&](const nn::vit& m) { return loss_of(nn::logits(m, images)); });
}

TEST_CASE("half numbers stay close to 32 bits, and no row of a mask is without a number", "[nn]") {
    const auto m = nn::random_transformer<nn::llama>(small_llama, 11);
    const auto ids = some_ids(2, 6);
    auto mask = at::ones({2, 6}, at::kLong);
    mask[1].slice(0, 0, 3).zero_(); // the first tokens of this text see nothing
    const auto exact = nn::logits(m, ids, mask), coarse = nn::logits(nn::to(m, at::kCPU, at::kBFloat16), ids, mask).to(at::kFloat);
    CHECK(gap(exact, coarse) < 0.05);
    CHECK(exact.isfinite().all().item<bool>());
    const auto bert = nn::random_transformer<nn::bert>(small_bert, 11);
    CHECK(gap(nn::logits(bert, ids, mask), nn::logits(nn::to(bert, at::kCPU, at::kBFloat16), ids, mask).to(at::kFloat)) < 0.05);
}

TEST_CASE("tables of parameters have the published names, shapes and counts", "[nn]") {
    const auto count = [](const auto& shapes) {
        std::int64_t sum = 0;
        for (const auto& p : shapes) {
            std::int64_t product = 1;
            for (const auto e : p.extents) product *= e;
            sum += product;
        }
        return sum;
    };
    const auto bert = nn::parameter_shapes<nn::bert>(wl::bert_base_uncased);
    const auto vit = nn::parameter_shapes<nn::vit>(wl::vit_base_patch16_224);
    const auto llama = nn::parameter_shapes<nn::llama>(wl::llama_3_1_8b_published);
    CHECK(bert.size() == 5 + 12 * 16 + 4);
    CHECK(vit.size() == 4 + 12 * 16 + 4);
    CHECK(llama.size() == 1 + 32 * 9 + 2);
    CHECK(count(bert) == wl::parameters(wl::bert_base_uncased));
    CHECK(count(vit) == wl::parameters(wl::vit_base_patch16_224));
    CHECK(count(llama) == wl::parameters(wl::llama_3_1_8b_published));
    CHECK(count(nn::parameter_shapes<nn::llama>(wl::llama_2_7b)) == wl::parameters(wl::llama_2_7b));
    const auto has = [](const auto& shapes, const nn::parameter_shape& p) { return std::find(shapes.begin(), shapes.end(), p) != shapes.end(); };
    CHECK(has(bert, {"bert.embeddings.token_type_embeddings.weight", {2, 768}}));
    CHECK(has(bert, {"bert.encoder.layer.11.intermediate.dense.weight", {3072, 768}}));
    CHECK(has(bert, {"bert.encoder.layer.0.attention.self.value.bias", {768}}));
    CHECK(has(vit, {"vit.embeddings.patch_embeddings.projection.weight", {768, 3, 16, 16}}));
    CHECK(has(vit, {"vit.embeddings.position_embeddings", {1, 197, 768}}));
    CHECK(has(vit, {"vit.encoder.layer.5.layernorm_before.weight", {768}}));
    CHECK(has(llama, {"model.layers.31.self_attn.k_proj.weight", {1024, 4096}}));
    CHECK(has(llama, {"model.layers.0.mlp.down_proj.weight", {4096, 14336}}));
}

TEST_CASE("random weights of a transformer depend on the seed alone and have the published deviation", "[nn]") {
    const wl::bert_config c{.layers = 1, .width = 256, .ffn = 512, .heads = 4, .vocabulary = 300, .positions = 128};
    const auto m = nn::random_transformer<nn::bert>(c, 5);
    CHECK(nn::state_of(m) == nn::state_of(nn::random_transformer<nn::bert>(c, 5)));
    CHECK_FALSE(nn::state_of(m) == nn::state_of(nn::random_transformer<nn::bert>(c, 6)));
    // 65,000 normal numbers and more: the estimate is within 2 % with overwhelming probability, and the seed is fixed
    CHECK(m.layers[0].query.weight.std().item<double>() == Approx(0.02).epsilon(0.02));
    CHECK(m.layers[0].output.weight.std().item<double>() == Approx(0.02).epsilon(0.02));
    CHECK(m.word_embeddings.slice(0, 1).std().item<double>() == Approx(0.02).epsilon(0.02));
    CHECK(m.word_embeddings[0].abs().max().item<double>() == 0);
    CHECK(m.layers[0].query.bias.abs().max().item<double>() == 0);
    CHECK((m.embedding_norm.weight - 1).abs().max().item<double>() == 0);
    CHECK_THROWS_AS(nn::random_transformer<nn::bert>({.width = 256, .heads = 3}), verdant::input_error);
}

TEST_CASE("checkpoints are read whole, wrapped, without classifier, without the trunk's prefix and with old names", "[nn]") {
    const auto m = nn::random_transformer<nn::bert>(small_bert, 12);
    const auto state = nn::state_of(m);
    CHECK(nn::state_of(nn::load_transformer<nn::bert>(state, small_bert)) == state);

    io::named_tensors pretrained, old;
    for (const auto& e : state) {
        auto name = e.name;
        if (const auto at = name.find("LayerNorm.weight"); at != std::string::npos) name.replace(at, 16, "LayerNorm.gamma");
        if (const auto at = name.find("LayerNorm.bias"); at != std::string::npos) name.replace(at, 14, "LayerNorm.beta");
        old.add("module." + name, e.value);
        if (e.name.starts_with("bert.")) pretrained.add(e.name.substr(5), e.value);
    }
    old.add("module.cls.predictions.bias", io::tensor_data::of<float>({1}, std::vector<float>{1}));
    old.add("module.bert.embeddings.position_ids", io::tensor_data::of<std::int64_t>({1}, std::vector<std::int64_t>{1}));
    CHECK(nn::state_of(nn::load_transformer<nn::bert>(old, small_bert)) == state);

    const auto tuned = nn::load_transformer<nn::bert>(pretrained, small_bert, 3), again = nn::load_transformer<nn::bert>(pretrained, small_bert, 3);
    CHECK(tuned.layers[2].output.weight.equal(m.layers[2].output.weight));
    CHECK_FALSE(tuned.classifier.weight.equal(m.classifier.weight));
    CHECK(tuned.classifier.weight.equal(again.classifier.weight));
    CHECK(tuned.classifier.bias.abs().max().item<double>() == 0);

    const auto llama = nn::random_transformer<nn::llama>(small_llama, 13);
    const auto whole = nn::state_of(llama);
    CHECK(nn::state_of(nn::load_transformer<nn::llama>(whole, small_llama)) == whole);
    const auto vit = nn::state_of(nn::random_transformer<nn::vit>(small_vit, 13));
    CHECK(nn::state_of(nn::load_transformer<nn::vit>(vit, small_vit)) == vit);
}

TEST_CASE("a checkpoint of another transformer is refused by tensor", "[nn]") {
    const auto state = nn::state_of(nn::random_transformer<nn::bert>(small_bert));
    CHECK(refusal(with(state, "bert.pooler.dense.weight", ""), small_bert) ==
          "verdant: model.safetensors: expected a tensor named bert.pooler.dense.weight, found 56 tensors of other names, such as bert.pooler.dense.bias, as Hugging Face's BERT has them");
    CHECK(refusal(with(state, "bert.pooler.dense.weight", "bert.pooler.dense.weights"), small_bert)
              .starts_with("verdant: model.safetensors, tensor bert.pooler.dense.weights: expected only the tensors of a classifier with 3 layers"));
    auto wide = small_bert;
    wide.ffn = 48;
    CHECK(refusal(with(state, "", ""), wide) ==
          "verdant: model.safetensors, tensor bert.encoder.layer.0.intermediate.dense.weight: expected the shape [48, 24], found [40, 24]");
    auto uneven = small_bert;
    uneven.heads = 5;
    CHECK(refusal(state, uneven).find("well formed") != std::string::npos);
}
