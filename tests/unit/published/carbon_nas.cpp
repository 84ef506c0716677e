#include <verdant/published.hpp>

#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/evaluators/clip_estimator.hpp>
#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/hardware/devices.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>

#include "catch.hpp"

#include <string>
#include <vector>

using namespace verdant;

namespace {

/// Larger models are better; that is all these tests need.
metrics<accuracy> size_of_model(const auto& p) {
    return {0.02 * (p.template get<"text.layers">() + p.template get<"vision.layers">()) + 1e-4 * p.template get<"vision.width">()};
}
struct sized {
    template <class Space>
    metrics<accuracy> operator()(const point<Space>& p) const {
        return size_of_model(p);
    }
};

} // namespace

TEST_CASE("The joint space has the published number of points, in the published order of parameters", "[modes]") {
    static_assert(valid<spaces::clip_co_design>);
    CHECK(cardinality<spaces::clip_co_design>.to_string() == "3472875000");
    point<spaces::clip_co_design> p;
    CHECK(published::published_text(p, workload::clip_named("ViT-B-16")) ==
          "{'num_hidden_layers': 6, 'intermediate_size': 4, 'hidden_size': 4, 'num_attn_heads': 4, 'vision_num_hidden_layers': 6, "
          "'vision_intermediate_size': 4, 'vision_hidden_size': 4, 'vision_num_attn_heads': 6, 'cluster_num': 1, 'width': 32, 'depth': 2, "
          "'l2_sram_choices_KB': 64, 'l2_bw': 32, 'glb_buffer_MB': 2}");
}

TEST_CASE("Every mode runs with its published thresholds and limits", "[modes]") {
    const auto check = [](auto study, std::vector<double> thresholds, std::size_t constraints, const std::vector<std::string>& columns) {
        const auto& limits = study.limits();
        REQUIRE(limits.threshold.size() == thresholds.size());
        for (std::size_t i = 0; i < thresholds.size(); ++i) CHECK(limits.threshold[i] == Approx(thresholds[i]));
        CHECK(limits.high.size() == constraints);
        const auto result = study.run({.trials = 30, .seed = 1});
        CHECK(result.trials().size() == 30);
        for (const auto& t : result.trials()) CHECK(t.completed());
        CHECK(published::published_table(result.trials()).columns == columns);
        CHECK(published::published_table(result.trials()).rows.size() == 30);
    };
    const clip_estimator joint;
    const std::vector<std::string> full{"Trial Number", "Accuracy", "Carbon", "Latency", "Parameters", "Model size", "Area", "Energy", "TOPs"};
    check(published::carbon<random_search>{sized{}, joint}, {0.15, 0.5}, 3, full);
    check(published::latency<random_search>{sized{}, joint}, {0.1, 0.02}, 2, full);
    check(published::energy<random_search>{sized{}, joint}, {0.1, 2.0 * 3.6e6}, 3, full);
    check(published::all<random_search>{sized{}, joint}, {0.02, 0.1, 0.4}, 2, full);
    check(published::all_hw<random_search>{accelerator_estimator{}}, {0.1, 1.0}, 2,
          {"Trial Number", "Carbon", "Latency", "Parameters", "Area", "Energy", "TOPs"});
    const co_design_costs device{workload::clip_named("ViT-B-16"), hardware::h100_like.value};
    check(published::energy_model<random_search>{sized{}, device}, {0.1, 3.0 * 3.6e6}, 1,
          {"Trial Number", "Accuracy", "Carbon", "Latency", "Parameters", "Model size", "Energy"});
}

TEST_CASE("The estimator of models and accelerators agrees with that of one model", "[modes]") {
    point<spaces::clip_co_design> p;
    // The last value of every model parameter: nothing is pruned.
    for (std::size_t i = 0; i < 8; ++i)
        p[i] = static_cast<point<spaces::clip_co_design>::index_type>(view_of<spaces::clip_co_design>.domain_size(i) - 1);
    p[9] = 2;
    p[10] = 3;
    const auto joint = clip_estimator{}(p), one = accelerator_estimator{}(p);
    CHECK(joint == one);
    // Both area policies; they differ for 256x32 cores only.
    p[9] = 3;
    p[10] = 4;
    p[11] = 4;
    CHECK(co_design_costs<workload::clip_config, hardware::live>{}(p).get<area>() != clip_estimator{}(p).get<area>());
    CHECK(co_design_costs<hardware::lowered_model, hardware::live>{}(p).get<area>() ==
          co_design_costs<workload::clip_config, hardware::live>{}(p).get<area>());
}

TEST_CASE("The published example of a pruned model is reproduced", "[modes]") {
    // The unmodified original (CATransformers, commit ad8c859) printed these figures.
    point<spaces::clip_co_design> p;
    const auto set = [&](std::string_view name, std::int64_t value) { REQUIRE(p.assign(view_of<spaces::clip_co_design>.find(name), value)); };
    set("text.layers", 6), set("text.ffn", 1536), set("text.width", 384), set("text.heads", 6);
    set("vision.layers", 6), set("vision.ffn", 1920), set("vision.width", 480), set("vision.heads", 8);
    set("hw.clusters", 2), set("hw.width", 64), set("hw.depth", 16), set("hw.l2_kib", 256), set("hw.l2_bandwidth", 64), set("hw.glb_mib", 4);
    const auto m = clip_estimator{}(p);
    CHECK(to_si(m.get<latency>()) == Approx(0.09061489760000002).epsilon(1e-12));
    CHECK(to_si(m.get<lifetime_energy>()) / 3.6e6 == Approx(0.4244996208452466).epsilon(1e-12));
    CHECK(to_si(m.get<total_carbon>()) == Approx(0.3783192274793586).epsilon(1e-12));
}

TEST_CASE("Points of shares cost what the same models cost, and are published alike", "[modes]") {
    point<spaces::clip_co_design> sizes;
    for (std::size_t i = 0; i < parameter_count<spaces::clip_co_design>; ++i)
        sizes[i] = static_cast<point<spaces::clip_co_design>::index_type>(i % 3);
    point<spaces::clip_shares_co_design> shares;
    for (std::size_t i = 0; i < parameter_count<spaces::clip_co_design>; ++i) shares[i] = sizes[i];
    CHECK(clip_estimator{}(shares).get<total_carbon>() == clip_estimator{}(sizes).get<total_carbon>());
    const auto& base = workload::clip_named("ViT-B-16");
    const auto text = published::published_text(shares, base);
    CHECK(text == published::published_text(sizes, base));
    CHECK(text.starts_with("{'num_hidden_layers': 6, 'intermediate_size': 5, 'hidden_size': 6, 'num_attn_heads': 4, 'vision_num_hidden_layers': 7, "
                           "'vision_intermediate_size': 6, 'vision_hidden_size': 4, 'vision_num_attn_heads': 7, 'cluster_num': 4"));
    // Of ViT-L/14: 24 layers in twelfths, 16 heads in twelfths.
    CHECK(published::published_text(shares, workload::clip_named("ViT-L-14")).find("'vision_num_hidden_layers': 14") != std::string::npos);
}

TEST_CASE("Published fronts filter by fewer limits and let equal trials eliminate each other", "[modes]") {
    using published::column;
    const auto row = [](double accuracy, double carbon, double latency, double area) {
        published::published_row r;
        r.fill(1);
        r[0] = accuracy;
        r[static_cast<std::size_t>(column::carbon)] = carbon;
        r[static_cast<std::size_t>(column::latency)] = latency;
        r[static_cast<std::size_t>(column::area)] = area;
        return r;
    };
    const std::vector<published::published_row> rows{row(.5, .3, .01, 1), row(.4, .2, .01, 1), row(.4, .2, .02, 1), row(.9, .1, .06, 1),
                                                     row(.9, .1, .01, 1e9)};
    using result = std::vector<std::size_t>;
    CHECK(published::published_front(rows, published::front_rule_of("carbon")) == result{0});
    CHECK(published::published_front(rows, published::front_rule_of("carbon"), published::published_limits(), pareto::equal_vectors::keep_first) ==
          result{0, 1});
    // Latency is not a filter of this mode: row 3 stays and is best.
    CHECK(published::published_front(rows, published::front_rule_of("latency")) == result{0, 3});
    CHECK(published::published_front({}, published::front_rule_of("all")).empty());
    CHECK_THROWS_AS(published::front_rule_of("speed"), input_error);

    using study = published::carbon<nsga2<>>;
    const auto found = study{sized{}, clip_estimator{}}.run({.trials = 60, .seed = 3});
    const auto published = published::published_front_of(found, "carbon"),
               clean = published::published_front_of(found, "carbon", pareto::equal_vectors::keep_first);
    CHECK(clean.size() == found.front().size());
    CHECK(published.size() <= clean.size());
}
