#include <verdant/predictor/corpus_split.hpp>
#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/predictor/target_equation.hpp>
#include <verdant/predictor/target_moments.hpp>

#include "golden/golden.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace verdant;

namespace {

/// The corpus that a predictor of the README was trained with.
std::string corpus_of(const std::string& model) {
    return model.find("_mit_") != std::string::npos  ? "autobuild/mit_ofa_dev.csv"
           : model.find("_pn_") != std::string::npos ? "autobuild/pseudo_pn_3000.csv"
                                                     : "autobuild/pseudo_mbv3_3000.csv";
}

} // namespace

TEST_CASE("The moments of targets are those that predictors were trained with", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/units_*.json")) {
        const auto file = golden::read_json(f.path);
        const auto model = file.at("model").get<std::string>();
        const auto trained = golden::find("autobuild/" + model + ".json"), csv = golden::find(corpus_of(model));
        if (!trained || !csv) continue;
        const auto config = golden::read_json(*trained).at("train_config");
        golden::summary summary{f.name, 1e-5}; // of single precision: deviations of some hundredths
        const auto corpus = predictor::read_graph_corpus(csv->string());
        const auto equation = predictor::target_equation::parse(config.at("target").get<std::string>());
        const auto column = predictor::targets_of(equation, corpus.entries.size(), [&](std::size_t i, std::string_view name) {
            return std::optional<double>{corpus.entries[i].values[corpus.metric(name)]};
        });
        REQUIRE(column.dropped() == 0);
        const auto split = predictor::split_corpus(column.values.size(), config.at("seed").get<std::uint64_t>());
        std::vector<double> targets;
        for (const auto i : split.train) targets.push_back(column.values[i]);
        const auto moments = predictor::unit_moments_of(corpus, split.train, targets);
        const auto& expected = file.at("moment_tsr");
        summary.equal("units", expected.size(), moments.units());
        for (std::size_t u = 0; u < expected.size(); ++u) {
            summary.next_row();
            summary.equal("hops", expected[u].size(), moments.hops());
            for (std::size_t h = 0; h < expected[u].size(); ++h) {
                summary.compare("mean", expected[u][h][0].get<double>(), moments.at(u, h).mean);
                summary.compare("deviation", expected[u][h][1].get<double>(), moments.at(u, h).deviation);
            }
        }
        const auto scale = predictor::target_scale::of(targets);
        summary.compare("mlp_moments", file.at("mlp_moments")[0].get<double>(), scale.mean);
        summary.compare("mlp_moments", file.at("mlp_moments")[1].get<double>(), scale.deviation);
    }
}
