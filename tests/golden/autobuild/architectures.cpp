// Sub-networks as graphs, their costs, and the tables of them.

#include "golden/autobuild/configs.hpp"

#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace spaces = verdant::spaces;

TEST_CASE("features and edges of sub-networks", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/arch_*.json")) {
        if (f.star.starts_with("pred")) continue; // predictions alone
        const auto family = golden::autobuild_family(f.star);
        golden::summary rows{f.name, 0};
        for (const auto& row : golden::read_json(f.path)) {
            rows.next_row();
            const spaces::mbconv_config config{family, row.at("resolution"), golden::units_of(row.at("arch"), family)};
            rows.equal("text", true, spaces::config_from_text(spaces::units_text(config.units), family, config.resolution, f.name) == config);
            if (!row.contains("x")) continue;
            const auto graph = spaces::custom_graph(config);
            REQUIRE(graph.nodes() == row.at("x").size());
            for (std::size_t n = 0; n < graph.nodes(); ++n) {
                const auto found = graph.row(static_cast<verdant::graph::node>(n));
                rows.equal("features of node " + std::to_string(n), row.at("x").at(n).get<std::vector<float>>(), std::vector<float>(found.begin(), found.end()));
            }
            rows.equal("edges", true, edges_of(graph.edges) == golden::edges_in(row.at("edge_index")));
        }
    }
}

namespace autobuild_costs {

template <class Arch>
void compare(golden::summary& rows, const golden::json& row, const spaces::mbconv_config& config, const spaces::mobile_family& family) {
    const auto arch = spaces::arch_of<Arch>(config);
    for (std::size_t i = 0; i < arch.ks.size(); ++i) {
        rows.equal("ks[" + std::to_string(i) + "]", row.at("ks").at(i).get<int>(), arch.ks[i]);
        rows.equal("e[" + std::to_string(i) + "]", row.at("e").at(i).get<double>(), arch.e[i]);
    }
    rows.equal("length of ks", row.at("ks").size(), arch.ks.size());
    rows.equal("length of e", row.at("e").size(), arch.e.size());
    rows.equal("d", row.at("d").get<std::vector<int>>(), std::vector<int>(arch.d.begin(), arch.d.end()));
    rows.equal("back", true, spaces::config_of(arch) == config);
    const auto cost = spaces::cost_of(family, arch);
    rows.compare("macs", row.at("macs").get<double>(), static_cast<double>(cost.macs));
    rows.equal("params", row.at("params").get<std::int64_t>(), cost.parameters);
}

} // namespace autobuild_costs

TEST_CASE("multiply-accumulates, parameters and supernet arguments of sub-networks", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/macs_*.json")) {
        const auto family = golden::autobuild_family(f.star);
        golden::summary rows{f.name, 1e-6}; // the original's profiler sums multiply-accumulates in single precision
        for (const auto& row : golden::read_json(f.path)) {
            rows.next_row();
            const spaces::mbconv_config config{family, row.at("resolution"), golden::units_of(row.at("arch"), family)};
            if (family == spaces::mbconv_family::mbv3)
                autobuild_costs::compare<spaces::ofa_arch>(rows, row, config, spaces::mobilenet_v3_family(1.2));
            else
                autobuild_costs::compare<spaces::proxyless_arch>(rows, row, config, spaces::proxyless_family(1.3));
        }
    }
}

TEST_CASE("tables of sub-networks are read, and written as they were", "[golden]") {
    for (const std::string pattern : {"autobuild/mit_ofa*.csv", "autobuild/pseudo_*.csv"})
        for (const auto& f : golden::find_all(pattern)) {
            golden::summary rows{f.name, 0};
            const auto corpus = verdant::predictor::read_graph_corpus(f.path.string());
            const auto expected = golden::read_csv(f.path);
            REQUIRE(corpus.entries.size() == expected.size());
            for (std::size_t r = 0; r < expected.size(); ++r) {
                rows.next_row();
                const auto& entry = corpus.entries[r];
                rows.equal("arch", expected[r].at("arch"), spaces::units_text(entry.config.units));
                rows.equal("resolution", std::stoi(expected[r].at("resolution")), entry.config.resolution);
                for (std::size_t m = 0; m < corpus.metrics.size(); ++m)
                    rows.equal(corpus.metrics[m], std::stod(expected[r].at(corpus.metrics[m])), entry.values[m]);
                rows.equal("nodes", static_cast<std::size_t>(1 + std::count(expected[r].at("arch").begin(), expected[r].at("arch").end(), '-') +
                                                             std::count(expected[r].at("arch").begin(), expected[r].at("arch").end(), '|')),
                           spaces::custom_graph(entry.config).nodes());
            }
            const auto again = verdant::predictor::parse_graph_corpus(verdant::predictor::graph_corpus_text(corpus), f.name);
            rows.equal("written and read", true, again.entries.size() == corpus.entries.size() && again.entries.back().config == corpus.entries.back().config &&
                                                     again.entries.back().values == corpus.entries.back().values);
        }
}
