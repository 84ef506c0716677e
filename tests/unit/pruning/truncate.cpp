#include <verdant/nn/models/bert.hpp>
#include <verdant/nn/models/llama.hpp>
#include <verdant/nn/models/vit.hpp>
#include <verdant/pruning/truncate.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>

#include "catch.hpp"

#include <ATen/ops/ones.h>

#include <cstddef>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace supernet = verdant::supernet;
namespace vd = verdant;
namespace wl = verdant::workload;

namespace {

const wl::bert_config bert{.layers = 4, .width = 32, .ffn = 64, .heads = 4, .vocabulary = 20, .positions = 10, .classes = 3};
const wl::vit_config vit{.layers = 4, .width = 32, .ffn = 64, .heads = 4, .image = 8, .patch = 4, .classes = 3};
const wl::llama_config llama{.layers = 4, .width = 32, .ffn = 64, .heads = 4, .key_value_heads = 2, .vocabulary = 20, .positions = 10, .classes = 3};

struct models : vd::spaces::transformer<vd::spaces::transformer_bounds{
                                            .base_ffn = 64, .base_width = 32, .least_layers = 1, .most_layers = 4, .even_heads = true},
                                        vd::choices<2, 4>> {};

/// The name in the unpruned model of layer `i` of the pruned one, where layers 1 to `gone` went.
std::string source_name(std::string name, int gone) {
    for (const std::string before : {"encoder.layer.", "model.layers."})
        if (const auto at = name.find(before); at != std::string::npos) {
            const auto first = at + before.size(), last = name.find('.', first);
            const int layer = std::stoi(name.substr(first, last - first));
            name.replace(first, last - first, std::to_string(layer == 0 ? 0 : layer + gone));
        }
    return name;
}

/// Whether `small` is the leading part of `large` in every dimension, entry by entry.
bool leads(const vd::io::tensor_data& small, const vd::io::tensor_data& large) {
    if (small.shape().size() != large.shape().size()) return false;
    const auto few = small.to<float>(), many = large.to<float>();
    for (std::size_t i = 0; i < few.size(); ++i) {
        std::size_t rest = i, place = 0, stride = 1;
        for (std::size_t axis = small.shape().size(); axis-- > 0;) {
            place += rest % small.shape()[axis] * stride;
            rest /= small.shape()[axis];
            stride *= large.shape()[axis];
        }
        if (few[i] != many[place]) return false;
    }
    return true;
}

template <class Policy, class Model>
void check_rule(const typename Model::config_type& base, bool embeddings_kept) {
    const auto whole = nn::random_transformer<Model>(base, 1);
    const auto state = nn::state_of(whole);
    int points = 0;
    for (const auto& p : vd::feasible_points<models>()) {
        if (++points % 7 != 0) continue;
        const auto pruned = supernet::truncate<Policy>(whole, p, 5);
        REQUIRE(pruned.config == vd::spaces::transformer_of(p, base));
        const auto found = nn::state_of(pruned);
        REQUIRE(found.size() == nn::parameter_shapes<Model>(pruned.config).size());
        for (const auto& e : found) {
            INFO(e.name << " of " << vd::to_string(p));
            const auto& source = state.at(source_name(e.name, base.layers - pruned.config.layers));
            const bool embedding = e.name.find("embeddings") != std::string::npos;
            // norms start as ones and biases as zeros everywhere, so only the others can tell
            if (e.value.shape().size() > 1) REQUIRE(leads(e.value, source) == (!embedding || embeddings_kept));
            else REQUIRE(leads(e.value, source));
        }
    }
    REQUIRE(points > 100);
}

} // namespace

TEST_CASE("every tensor of a truncated model is the leading part of its own in the whole one, embeddings but for the corrected rule excepted",
          "[supernet]") {
    check_rule<supernet::faithful_truncation, nn::bert>(bert, false);
    check_rule<supernet::corrected_truncation, nn::bert>(bert, true);
    check_rule<supernet::faithful_truncation, nn::vit>(vit, false);
    check_rule<supernet::corrected_truncation, nn::vit>(vit, true);
    // Llama's are called embed_tokens
    check_rule<supernet::faithful_truncation, nn::llama>(llama, true);
}

TEST_CASE("the first layer stays, and the last", "[supernet]") {
    CHECK(supernet::first_and_last_layers(12, 12) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    CHECK(supernet::first_and_last_layers(12, 4) == std::vector<std::size_t>{0, 9, 10, 11});
    CHECK(supernet::first_and_last_layers(12, 1) == std::vector<std::size_t>{0});
    CHECK_THROWS_AS(supernet::first_and_last_layers(12, 0), vd::input_error);
    CHECK_THROWS_AS(supernet::first_and_last_layers(12, 13), vd::input_error);
}

TEST_CASE("a model that loses nothing computes what it did", "[supernet]") {
    const auto ids = at::ones({2, 6}, at::kLong);
    const auto whole = nn::random_transformer<nn::llama>(llama, 2);
    CHECK(nn::logits(supernet::truncate(whole, llama), ids).equal(nn::logits(whole, ids)));
    const auto text = nn::random_transformer<nn::bert>(bert, 2);
    CHECK(nn::logits(supernet::truncate<supernet::corrected_truncation>(text, bert), ids).equal(nn::logits(text, ids)));
    CHECK_FALSE(nn::logits(supernet::truncate(text, bert, 9), ids).equal(nn::logits(text, ids)));
    CHECK(nn::logits(supernet::truncate(text, bert, 9), ids).equal(nn::logits(supernet::truncate(text, bert, 9), ids)));
}

TEST_CASE("a truncated model is independent of its parent and runs", "[supernet]") {
    const auto ids = at::ones({2, 6}, at::kLong);
    auto whole = nn::random_transformer<nn::llama>(llama, 3);
    auto target = llama;
    target.layers = 2, target.width = 24, target.ffn = 40, target.heads = 2, target.key_value_heads = 1;
    const auto pruned = supernet::truncate(whole, target);
    const auto before = nn::logits(pruned, ids);
    for_each_parameter(whole, [](const std::string&, at::Tensor& t) { t.zero_(); });
    CHECK(nn::logits(pruned, ids).equal(before));
    CHECK(before.isfinite().all().item<bool>());
    CHECK(nn::parameter_count(pruned) == wl::parameters(target));
}

TEST_CASE("targets that are no part of the source are refused", "[supernet]") {
    const auto whole = nn::random_transformer<nn::bert>(bert, 4);
    auto wide = bert;
    wide.ffn = 65;
    CHECK_THROWS_WITH(supernet::truncate(whole, wide),
                      "verdant: truncation, tensor bert.encoder.layer.0.intermediate.dense.weight: expected at most [64, 32], found [65, 32]");
    auto deep = bert;
    deep.layers = 5;
    CHECK_THROWS_WITH(supernet::truncate(whole, deep), "verdant: truncation, layers: expected 1 to 4, found 5");
    auto uneven = bert;
    uneven.heads = 5;
    CHECK_THROWS_AS(supernet::truncate(whole, uneven), vd::input_error);
}
