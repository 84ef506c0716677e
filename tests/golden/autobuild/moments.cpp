#include <verdant/predictor/corpus_split.hpp>
#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/predictor/target_equation.hpp>
#include <verdant/predictor/target_moments.hpp>

#include "golden/golden.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace verdant;

namespace {

/// The corpora of whose kind a predictor says in its name that it was trained with one.
std::string corpora_of(const std::string& model) {
    return model.find("_mit_") != std::string::npos  ? "autobuild/mit_ofa*.csv"
           : model.find("_pn_") != std::string::npos ? "autobuild/pseudo_pn*.csv"
                                                     : "autobuild/pseudo_mbv3*.csv";
}

/// A corpus, its targets, and which of them a training has.
struct learnt_corpus {
    predictor::graph_corpus corpus;
    std::vector<std::size_t> train;
    std::vector<double> targets; ///< of these rows
};

learnt_corpus learnt(const golden::file& csv, const predictor::target_equation& equation, std::uint64_t seed) {
    learnt_corpus out{predictor::read_graph_corpus(csv.path.string()), {}, {}};
    const auto column = predictor::targets_of(equation, out.corpus.entries.size(), [&](std::size_t i, std::string_view name) {
        return std::optional<double>{out.corpus.entries[i].values[out.corpus.metric(name)]};
    });
    REQUIRE(column.dropped() == 0);
    for (const auto i : predictor::split_corpus(column.values.size(), seed).train) {
        out.train.push_back(i);
        out.targets.push_back(column.values[i]);
    }
    return out;
}

} // namespace

TEST_CASE("The moments of targets are those that predictors were trained with", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/units_*.json")) {
        const auto file = golden::read_json(f.path);
        const auto model = file.at("model").get<std::string>();
        const auto trained = golden::find("autobuild/" + model + ".json");
        const auto corpora = golden::find_all(corpora_of(model));
        if (!trained || corpora.empty()) continue;
        const auto config = golden::read_json(*trained).at("train_config");
        golden::summary summary{f.name, 1e-5}; // of single precision: deviations of some hundredths
        const auto equation = predictor::target_equation::parse(config.at("target").get<std::string>());
        // Of several corpora, the one whose targets have the recorded mean.
        std::optional<learnt_corpus> one;
        double least = std::numeric_limits<double>::infinity();
        for (const auto& csv : corpora) {
            auto next = learnt(csv, equation, config.at("seed").get<std::uint64_t>());
            if (const double off = std::abs(predictor::target_scale::of(next.targets).mean - file.at("mlp_moments")[0].get<double>()); off < least) {
                least = off;
                one = std::move(next);
            }
        }
        REQUIRE(one.has_value());
        const auto& [corpus, train, targets] = *one;
        const auto moments = predictor::unit_moments_of(corpus, train, targets);
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
