#include <verdant/published/transformer_nas.hpp>

#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/evaluators/transformer_models.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/published/published_table.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>

#include "catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace verdant;

namespace {

struct bert : spaces::transformer_codesign<spaces::bert_base> {};
struct llama : spaces::transformer_codesign<spaces::llama_2_7b> {};

/// Larger models are better; that is all these tests need.
struct sized {
    template <class Space>
    metrics<accuracy> operator()(const point<Space>& p) const {
        return {0.03 * p.template get<"model.layers">() + 5e-4 * p.template get<"model.width">()};
    }
};

} // namespace

TEST_CASE("Every mode of transformers runs with its published thresholds and limits", "[modes]") {
    const co_design_costs cost{workload::bert_base_uncased, published::transformer::life};
    const auto check = [&](auto study, std::vector<double> thresholds, std::size_t constraints) {
        const auto& limits = study.limits();
        REQUIRE(limits.threshold.size() == thresholds.size());
        for (std::size_t i = 0; i < thresholds.size(); ++i) CHECK(limits.threshold[i] == Approx(thresholds[i]));
        REQUIRE(limits.high.size() == constraints);
        CHECK(limits.high.front() == Approx(31'990'347e-12));
        CHECK(limits.high.back() == Approx(20.48));
        if (constraints == 3) CHECK(limits.high[1] == Approx(0.05));
        const auto result = study.run({.trials = 20, .seed = 1});
        REQUIRE(result.trials().size() == 20);
        for (const auto& t : result.trials()) CHECK(t.completed());
        const auto table = published::published_table(result.trials(), workload::bert_base_uncased);
        CHECK(table.columns == std::vector<std::string>{"Trial Number", "Accuracy", "Carbon", "Latency", "Parameters", "Area", "Energy", "TOPs"});
        CHECK(table.rows.size() == 20);
        for (const auto& row : table.rows) CHECK(row.size() == table.columns.size());
    };
    check(published::transformer::carbon<random_search, bert>{sized{}, cost}, {0.5, 0.6}, 3);
    check(published::transformer::latency<random_search, bert>{sized{}, cost}, {0.5, 0.1}, 2);
    check(published::transformer::energy<random_search, bert>{sized{}, cost}, {0.5, 1.5 * 3.6e6}, 3);
    check(published::transformer::all<random_search, bert>{sized{}, cost}, {0.5, 0.1, 0.6}, 2);
}

TEST_CASE("Transformers are used in California", "[modes]") {
    const point<bert> p;
    const auto there = co_design_costs{workload::bert_base_uncased, published::transformer::life}(p),
               default_grid = co_design_costs{workload::bert_base_uncased}(p);
    CHECK(to_si(there.get<operational_carbon>()) == Approx(to_si(default_grid.get<operational_carbon>()) * 224 / 68));
    CHECK(there.get<embodied_carbon>() == default_grid.get<embodied_carbon>());
    CHECK(to_si(there.get<operational_carbon>()) == Approx(to_si(there.get<lifetime_energy>()) / 3.6e6 * 0.224));
}

TEST_CASE("Result files of transformers count sixteenths of the base model", "[modes]") {
    CHECK(published::published_text(point<bert>{}, workload::bert_base_uncased) ==
          "{'num_hidden_layers': 6, 'intermediate_size': 8, 'hidden_size': 8, 'num_attn_heads': 4, 'cluster_num': 1, 'width': 32, 'depth': 2, "
          "'l2_sram_choices_KB': 64, 'l2_bw': 32, 'glb_buffer_MB': 2}");
    const auto whole = point<llama>{}.with<"model.ffn", 11008>().with<"model.width", 3840>().with<"model.layers", 32>().with<"hw.width", 256>();
    CHECK(published::published_text(whole, workload::llama_2_7b) ==
          "{'num_hidden_layers': 32, 'intermediate_size': 16, 'hidden_size': 15, 'num_attn_heads': 8, 'cluster_num': 1, 'width': 256, 'depth': 2, "
          "'l2_sram_choices_KB': 64, 'l2_bw': 32, 'glb_buffer_MB': 2}");
    // A model alone has none of the accelerator's parameters, though it has a width.
    CHECK(published::published_text(point<spaces::bert_base>{}, workload::bert_base_uncased) == "{}");
    CHECK(published::published_text(point<spaces::accelerator>{}, workload::bert_base_uncased).starts_with("{'cluster_num': 1, 'width': 32,"));
}

TEST_CASE("The published front of a mode of transformers is a subset of its clean one", "[modes]") {
    const co_design_costs cost{workload::bert_base_uncased, published::transformer::life};
    const auto found = published::transformer::all<random_search, bert>{sized{}, cost}.run({.trials = 60, .seed = 4});
    const auto published = published::published_front_of(found, "all"),
               clean = published::published_front_of(found, "all", pareto::equal_vectors::keep_first);
    REQUIRE_FALSE(clean.empty());
    CHECK(clean.size() == found.front().size());
    for (const auto& t : clean) CHECK(std::find(found.begin(), found.end(), t) != found.end());
    for (const auto& t : published) CHECK(std::find(clean.begin(), clean.end(), t) != clean.end());
}
