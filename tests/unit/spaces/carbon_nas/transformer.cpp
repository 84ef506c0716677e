#include "catch.hpp"

#include <verdant/evaluators.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces.hpp>
#include <verdant/workload/graph/macs.hpp>
#include <verdant/workload/transformer/text_model.hpp>

namespace vd = verdant;
namespace hw = verdant::hardware;
namespace spaces = verdant::spaces;
namespace wl = verdant::workload;

namespace {

struct bert_codesign : spaces::transformer_codesign<spaces::bert_base> {};
struct vit_codesign : spaces::transformer_codesign<spaces::vit_base> {};
struct uneven : spaces::transformer<
                    spaces::transformer_bounds{
                        .base_ffn = 64, .base_width = 48, .least_layers = 2, .most_layers = 4, .least_ffn_blocks = 15, .least_width_blocks = 14},
                    vd::choices<2, 5, 6>> {};

const auto small =
    "model.layers=6 model.ffn=1536 model.width=384 model.heads=6 hw.clusters=2 hw.width=64 hw.depth=16 hw.l2_kib=256 hw.l2_bandwidth=64 hw.glb_mib=4";
const auto whole = "model.layers=12 model.ffn=3072 model.width=768 model.heads=12 hw.clusters=2 hw.width=64 hw.depth=16 hw.l2_kib=256 "
                   "hw.l2_bandwidth=64 hw.glb_mib=4";

} // namespace

TEST_CASE("the default spaces reach from half of the base to the whole, in sixteenths", "[spaces]") {
    STATIC_REQUIRE(vd::valid<spaces::bert_base>);
    STATIC_REQUIRE(vd::valid<spaces::vit_base>);
    STATIC_REQUIRE(vd::valid<spaces::llama_2_7b>);
    STATIC_REQUIRE(vd::valid<spaces::llama_3_1_8b>);
    STATIC_REQUIRE(vd::cardinality<spaces::bert_base> == 7 * 9 * 9 * 4);
    STATIC_REQUIRE(vd::cardinality<spaces::llama_2_7b> == 17 * 9 * 9 * 3);
    STATIC_REQUIRE(vd::cardinality<bert_codesign> == 7 * 9 * 9 * 4 * 3240);
    const auto names = vd::names<bert_codesign>();
    REQUIRE(std::vector<std::string_view>(names.begin(), names.begin() + 4) ==
            std::vector<std::string_view>{"model.layers", "model.ffn", "model.width", "model.heads"});
    int berts = 0, llamas = 0;
    for (const auto& p : vd::feasible_points<spaces::bert_base>()) {
        REQUIRE(wl::is_well_formed(spaces::transformer_of(p, wl::bert_base_uncased)));
        ++berts;
    }
    for (const auto& p : vd::feasible_points<spaces::llama_3_1_8b>()) {
        REQUIRE(wl::is_well_formed(spaces::transformer_of(p, wl::llama_3_1_8b)));
        ++llamas;
    }
    REQUIRE(berts == vd::cardinality<spaces::bert_base>);
    REQUIRE(llamas == vd::cardinality<spaces::llama_3_1_8b>);
}

TEST_CASE("heads that do not divide the width are infeasible", "[spaces]") {
    std::size_t feasible = 0;
    for (const auto& p : vd::feasible_points<uneven>()) {
        REQUIRE(p.get<"width">() % p.get<"heads">() == 0);
        ++feasible;
    }
    // widths 42, 45, 48: two divides two of them, five one, six two; times three depths and two feed-forward widths
    REQUIRE(feasible == 5 * 3 * 2);
}

TEST_CASE("the largest point is the base, and what the space does not vary comes from it", "[spaces]") {
    const auto p = vd::parse_point<spaces::llama_3_1_8b>("layers=32 ffn=11008 width=4096 heads=32");
    REQUIRE(spaces::transformer_of(p, wl::llama_3_1_8b) == wl::llama_3_1_8b);
    const auto half = spaces::transformer_of(vd::parse_point<spaces::llama_3_1_8b>("layers=16 ffn=5504 width=2048 heads=16"), wl::llama_3_1_8b);
    REQUIRE(half.key_value_heads == 4);
    REQUIRE(half.head_width() == 128);
    REQUIRE(half.rotary_base == 500000);
    struct three_heads : spaces::transformer<spaces::half_to_whole(wl::llama_3_1_8b), vd::choices<2, 4>> {};
    REQUIRE_THROWS_AS(spaces::transformer_of(vd::point<three_heads>{}, wl::llama_3_1_8b), vd::input_error);
}

TEST_CASE("an estimate of a point is that of its model on its accelerator", "[spaces]") {
    const vd::co_design_costs cost{wl::text_model{wl::bert_base_uncased, 128}};
    const auto a = hw::from_clusters(2, 64, 16, 256, 64, 4);
    const auto found = cost(vd::parse_point<bert_codesign>(small));
    const wl::bert_config model{.layers = 6, .width = 384, .ffn = 1536, .heads = 6};
    const auto inference = hw::estimator<>{}(hw::lower(wl::operators(model, 128)), a);
    REQUIRE(found.get<vd::latency>() == inference.latency);
    REQUIRE(found.get<vd::energy>() == inference.energy);
    REQUIRE(found.get<vd::area>() == hw::area(a));
    REQUIRE(found.get<vd::tops>() == hw::tops(a));
    REQUIRE(found.get<vd::total_carbon>() == vd::carbon::footprint_of(hw::area(a), inference.energy).total);
    // no faster than its multiply-accumulates in all PEs allow
    const double floor = static_cast<double>(wl::macs(wl::trace(model, 128))) / (2 * 64 * 16 * 625e6);
    REQUIRE(vd::to_si(found.get<vd::latency>()) > floor);

    const auto larger = cost(vd::parse_point<bert_codesign>(whole));
    REQUIRE(larger.get<vd::latency>() > 3.0 * found.get<vd::latency>());
    REQUIRE(larger.get<vd::energy>() > 3.0 * found.get<vd::energy>());
    REQUIRE(larger.get<vd::embodied_carbon>() == found.get<vd::embodied_carbon>());
}

TEST_CASE("longer texts cost more, and an image has its own number of tokens", "[spaces]") {
    const auto p = vd::parse_point<bert_codesign>(small);
    REQUIRE(vd::co_design_costs{wl::bert_base_uncased}(p).get<vd::latency>() >
            2.0 * vd::co_design_costs{wl::text_model{wl::bert_base_uncased, 128}}(p).get<vd::latency>());
    const auto image = vd::parse_point<vit_codesign>(small);
    const auto model = spaces::transformer_of(image.nested<"model">(), wl::vit_base_patch16_224);
    REQUIRE(vd::co_design_costs{wl::vit_base_patch16_224}(image).get<vd::latency>() ==
            hw::estimator<>{}(hw::lower(wl::operators(model)), hw::from_clusters(2, 64, 16, 256, 64, 4)).latency);
    STATIC_REQUIRE_FALSE(wl::text_config<wl::vit_config>);
}

TEST_CASE("Llamas of 32 layers are estimated by one of them", "[spaces]") {
    const auto a = hw::from_clusters(4, 256, 16, 1024, 128, 8);
    const vd::co_design_costs cost{wl::llama_3_1_8b};
    auto half = wl::llama_3_1_8b;
    half.layers = 16;
    const auto all = cost.estimate(wl::llama_3_1_8b, a).get<vd::latency>(), some = cost.estimate(half, a).get<vd::latency>();
    // 33 and 17 layers, as the representative is counted once more, and a head that costs next to nothing
    REQUIRE(vd::to_si(all) / vd::to_si(some) == Approx(33.0 / 17).epsilon(0.01));
}

TEST_CASE("the corrected estimate counts no layer twice", "[spaces]") {
    const auto p = vd::parse_point<bert_codesign>(small);
    const auto faithful = vd::co_design_costs{wl::text_model{wl::bert_base_uncased, 128}}(p).get<vd::latency>();
    const auto corrected = vd::co_design_costs{wl::text_model{wl::bert_base_uncased, 128}, hw::corrected{}}(p).get<vd::latency>();
    // six layers of seven, and a head that costs next to nothing
    REQUIRE(vd::to_si(corrected) / vd::to_si(faithful) == Approx(6.0 / 7).epsilon(0.01));
}

TEST_CASE("threads search models and accelerators and find the same", "[spaces]") {
    using study = vd::search<bert_codesign, vd::minimize<vd::latency>, vd::minimize<vd::total_carbon>,
                             vd::subject_to<vd::area, vd::at_most<31.990347>>, vd::random_search>;
    const auto alone = study{vd::co_design_costs{wl::bert_base_uncased}}.run({.trials = 20, .seed = 2});
    const auto together = study{vd::co_design_costs{wl::bert_base_uncased}}.run({.trials = 20, .seed = 2, .threads = 3});
    REQUIRE(alone.trials() == together.trials());
    STATIC_REQUIRE(vd::single_evaluator<vd::co_design_costs<wl::bert_config>, bert_codesign>);
    STATIC_REQUIRE_FALSE(vd::evaluator_for<vd::co_design_costs<wl::bert_config>, spaces::bert_base>);
    STATIC_REQUIRE_FALSE(vd::evaluator_for<vd::co_design_costs<wl::bert_config>, spaces::accelerator>);
}
