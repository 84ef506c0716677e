#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/fidelity.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/workload/graph/macs.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace hw = verdant::hardware;
namespace wl = verdant::workload;
using wl::op_kind;

namespace {

std::vector<wl::operation> in_section(const wl::model& m, std::string_view section) {
    std::vector<wl::operation> out;
    for (const auto& o : m.operations)
        if (m.sections[static_cast<std::size_t>(o.section)].name == section) out.push_back(o);
    return out;
}

std::vector<op_kind> kinds(const std::vector<wl::operation>& operations) {
    std::vector<op_kind> out;
    for (const auto& o : operations) out.push_back(o.kind);
    return out;
}

std::vector<op_kind> members(const std::vector<wl::operation>& operations, std::string_view name) {
    for (const auto& o : operations)
        if (o.name == name) return {o.members.begin(), o.members.end()};
    return {op_kind::source};
}

/// Multiply-accumulates of the loop nests that the estimator maps.
template <class Fidelity>
double estimated_macs(const wl::model& m) {
    const auto lowered = hw::lower<Fidelity>(m);
    double sum = 0;
    for (const auto& op : lowered.ops)
        if (op.core() == wl::core_kind::tensor) sum += op.times * static_cast<double>(hw::macs(lowered.tensor_tasks[op.task]));
    return sum;
}

} // namespace

TEST_CASE("the estimator maps exactly the multiply-accumulates of a graph where it corrects the original", "[workload]") {
    for (const int tokens : {1, 77, 512}) {
        CHECK(estimated_macs<hw::corrected>(wl::operators(wl::bert_base_uncased, tokens)) ==
              static_cast<double>(wl::macs(wl::trace(wl::bert_base_uncased, tokens))));
        CHECK(estimated_macs<hw::corrected>(wl::operators(wl::llama_2_7b, tokens)) ==
              static_cast<double>(wl::macs(wl::trace(wl::llama_2_7b, tokens))));
        CHECK(estimated_macs<hw::corrected>(wl::operators(wl::llama_3_1_8b, tokens)) ==
              static_cast<double>(wl::macs(wl::trace(wl::llama_3_1_8b, tokens))));
    }
    CHECK(estimated_macs<hw::corrected>(wl::operators(wl::vit_base_patch16_224)) ==
          static_cast<double>(wl::macs(wl::trace(wl::vit_base_patch16_224))));
}

TEST_CASE("as the original it takes one layer more and nothing else", "[workload]") {
    auto more = wl::bert_base_uncased;
    ++more.layers;
    CHECK(estimated_macs<hw::faithful>(wl::operators(wl::bert_base_uncased)) == static_cast<double>(wl::macs(wl::trace(more))));
    auto deeper = wl::llama_3_1_8b;
    ++deeper.layers;
    CHECK(estimated_macs<hw::faithful>(wl::operators(wl::llama_3_1_8b)) == static_cast<double>(wl::macs(wl::trace(deeper))));
}

TEST_CASE("a layer of BERT has its norms after the sums, and dropouts in the linear layers", "[workload]") {
    using enum op_kind;
    const auto m = wl::operators(wl::bert_base_uncased);
    const auto layer = in_section(m, "layer");
    CHECK(kinds(layer) == std::vector{linear, linear, linear, matmul, softmax, dropout, matmul, linear, linear, linear, add, layer_norm});
    CHECK(members(layer, "attention_scores") == std::vector{div, add});
    // the input of the layer comes from another section, so the first sum has one visible operand and is fused with its norm; the second has two
    CHECK(members(layer, "out_proj") == std::vector{dropout, add, layer_norm});
    CHECK(members(layer, "fc1") == std::vector{relu});
    CHECK(members(layer, "fc2") == std::vector{dropout});
    CHECK(kinds(in_section(m, "embedding")) == std::vector{sub, add, add, layer_norm, dropout});
    CHECK(members(in_section(m, "head"), "pooler") == std::vector{tanh, dropout});
    CHECK(m.sections[2].layers == 12);
}

TEST_CASE("a layer of ViT has its norms before the blocks", "[workload]") {
    using enum op_kind;
    const auto m = wl::operators(wl::vit_base_patch16_224);
    CHECK(kinds(in_section(m, "layer")) ==
          std::vector{layer_norm, linear, linear, linear, matmul, softmax, dropout, matmul, linear, layer_norm, linear, linear, add});
    CHECK(members(in_section(m, "layer"), "attention_scores") == std::vector{div});
    CHECK(kinds(in_section(m, "embedding")) == std::vector{convolution, add});
    CHECK(kinds(in_section(m, "head")) == std::vector{layer_norm, linear});
}

TEST_CASE("a layer of Llama rotates queries and keys, gates its feed-forward block, and has two root mean square norms", "[workload]") {
    using enum op_kind;
    const auto m = wl::operators(wl::llama_3_1_8b);
    const auto layer = in_section(m, "layer");
    const auto count = [&](op_kind kind) { return std::count_if(layer.begin(), layer.end(), [kind](const auto& o) { return o.kind == kind; }); };
    CHECK(count(linear) == 7);
    CHECK(count(matmul) == 2);
    CHECK(count(softmax) == 1);
    CHECK(count(pow) == 2);
    CHECK(count(neg) == 2);
    CHECK(count(layer_norm) == 0);
    // the first norm scales what comes from another section, so that its product has one visible operand and is fused, too
    CHECK(members(layer, "rms_square") == std::vector{mean, add, sqrt, mul});
    CHECK(members({std::find_if(layer.rbegin(), layer.rend(), [](const auto& o) { return o.name == "rms_square"; }).base() - 1, layer.end()},
                  "rms_square") == std::vector{mean, add, sqrt});
    CHECK(members(layer, "gate_proj") == std::vector{silu});
    CHECK(members(layer, "attention_scores") == std::vector{div, add});
    const auto extents = [&](std::string_view name) {
        return std::find_if(layer.begin(), layer.end(), [name](const auto& o) { return o.name == name; })->output;
    };
    CHECK(extents("k_proj") == wl::shape{1, 512, 1024});
    CHECK(extents("q_proj") == wl::shape{1, 512, 4096});
    CHECK(extents("up_proj") == wl::shape{1, 512, 11008});
    CHECK(kinds(in_section(m, "embedding")).size() == 10);
}

TEST_CASE("configurations and lengths that are not possible are refused", "[workload]") {
    CHECK_THROWS_AS(wl::trace(wl::bert_base_uncased, 513), verdant::input_error);
    CHECK_THROWS_AS(wl::trace(wl::bert_base_uncased, 0), verdant::input_error);
    CHECK_THROWS_AS(wl::trace(wl::llama_2_7b, 4097), verdant::input_error);
    CHECK_THROWS_AS(wl::trace(wl::bert_config{.heads = 7}), verdant::input_error);
    CHECK_THROWS_AS(wl::trace(wl::vit_config{.patch = 15}), verdant::input_error);
    CHECK_THROWS_AS(wl::trace(wl::llama_config{.key_value_heads = 5}), verdant::input_error);
}
