// Predictors without LibTorch against the outputs and embeddings of the originals.

#include "golden/autobuild/configs.hpp"
#include "golden/autobuild/shaped_options.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/surrogate/graph/embedding_rows.hpp>
#include <verdant/surrogate/graph/graph_batch_norm.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace graph = verdant::graph;
namespace io = verdant::io;
namespace spaces = verdant::spaces;
using namespace verdant::surrogate;
using golden::json;

namespace autobuild_predictors {

constexpr double tolerance = 1e-5;

std::vector<vector_instructions> instructions_here() {
    std::vector<vector_instructions> out;
    for (const auto v : {vector_instructions::baseline, vector_instructions::avx2, vector_instructions::avx512})
        if (has_instructions(v)) out.push_back(v);
    return out;
}

/// The predictor of a name below `models/`, from both forms of its checkpoint, which must hold the same.
graph_predictor_weights weights_named(const std::string& name, golden::summary& sum) {
    const auto stem = (golden::folder() / "autobuild/models" / name).string();
    auto weights = read_graph_predictor(stem + ".safetensors");
    if (std::filesystem::exists(stem + ".pt")) {
        const auto torch = read_graph_predictor(stem + ".pt", io::read_tensors(stem + ".pt"));
        sum.equal("options of both checkpoints", true, torch.options == weights.options);
        sum.equal("tensors of both checkpoints", weights.tensors.size(), torch.tensors.size());
        for (const auto& [tensor, value] : weights.tensors) sum.equal("tensor " + tensor, true, torch.tensors.at(tensor) == value);
    }
    return weights;
}

/// The predictor below `models/` whose name is the beginning of a text, which may say more behind it, and an end; says so and is empty where there is
/// none.
std::string predictor_for(const std::string& file, const std::string& text, const std::string& end = {}) {
    std::vector<std::string> names;
    for (const auto& f : golden::find_all("autobuild/models/*.safetensors"))
        if (f.star.ends_with(end)) names.push_back(f.star.substr(0, f.star.size() - end.size()));
    const auto found = golden::longest_start(text, names);
    if (found.empty()) golden::skip(file, "no predictor " + text + end + " below models/");
    return found.empty() ? found : found + end;
}

/// Compares embeddings, whose single numbers may be next to nothing, relative to the largest of a row.
void compare_rows(golden::summary& sum, const std::string& what, const io::tensor_data& expected, const embedding_rows<float>& found) {
    REQUIRE(expected.size() == found.rows * found.columns);
    const auto values = expected.to<float>();
    for (std::size_t r = 0; r < found.rows; ++r) {
        double most = 1e-30;
        for (std::size_t c = 0; c < found.columns; ++c) most = std::max(most, std::abs(static_cast<double>(values[r * found.columns + c])));
        for (std::size_t c = 0; c < found.columns; ++c)
            sum.compare(what + " [" + std::to_string(r) + ", " + std::to_string(c) + "]", 1,
                        1 + (static_cast<double>(found[r][c]) - static_cast<double>(values[r * found.columns + c])) / most);
    }
}

void compare_norms(golden::summary& sum, const std::string& what, const json& expected, const std::vector<double>& found) {
    REQUIRE(expected.size() == found.size());
    for (std::size_t i = 0; i < found.size(); ++i) sum.compare(what + ' ' + std::to_string(i), expected[i].get<double>(), found[i]);
}

struct arch {
    json row;
    graph::featured_graph graph;
};

std::vector<arch> archs_of(const golden::file& file) {
    const auto family = golden::autobuild_family(file.star);
    std::vector<arch> out;
    for (auto& row : golden::read_json(file.path)) {
        auto g = spaces::custom_graph(family, golden::units_of(row.at("arch"), family), row.at("resolution").get<int>());
        out.push_back({std::move(row), std::move(g)});
    }
    return out;
}

graph::graph_batch batch_of(const std::vector<arch>& archs) {
    std::vector<graph::featured_graph> graphs;
    for (const auto& a : archs) graphs.push_back(a.graph);
    return graph::graph_batch{graphs};
}

/// The norms at one hop of the nodes of each graph, and of the graph.
struct hop_norms {
    std::vector<double> graphs, nodes;
};

} // namespace autobuild_predictors

using namespace autobuild_predictors;

TEST_CASE("readouts and batch normalisation", "[golden]") {
    for (const auto& file : golden::find_all("autobuild/pool_batchnorm*.json")) {
        golden::summary sum{file.name, 1e-10};
        for (const auto& row : golden::read_json(file.path)) {
            sum.next_row();
            const auto columns = row.at("x").at(0).size();
            std::vector<double> x;
            for (const auto& r : row.at("x"))
                for (const auto& v : r) x.push_back(v.get<double>());
            std::vector<std::uint32_t> first{0};
            for (std::size_t i = 0; i < row.at("batch").size(); ++i) {
                const auto g = row.at("batch").at(i).get<std::size_t>();
                while (first.size() <= g) first.push_back(static_cast<std::uint32_t>(i));
            }
            first.push_back(static_cast<std::uint32_t>(row.at("batch").size()));
            const auto compare = [&](const std::string& what, const json& expected, const std::vector<double>& found) {
                sum.equal("numbers of " + what, expected.size() * columns, found.size());
                for (std::size_t i = 0; i < found.size(); ++i)
                    sum.compare(what + ' ' + std::to_string(i), expected.at(i / columns).at(i % columns).get<double>(), found[i]);
            };
            compare("mean", row.at("mean"), read_out<double>(x, columns, first, graph_readout::mean));
            compare("add", row.at("add"), read_out<double>(x, columns, first, graph_readout::sum));
            compare("max", row.at("max"), read_out<double>(x, columns, first, graph_readout::max));
            const auto& bn = row.at("bn");
            graph_batch_norm<double> norm{bn.at("weight"), bn.at("bias"),    std::vector<double>(columns, 0), std::vector<double>(columns, 1),
                                          bn.at("eps"),    bn.at("momentum")};
            auto trained = x;
            norm.train(trained);
            compare("train_out", bn.at("train_out"), trained);
            for (std::size_t c = 0; c < columns; ++c) {
                sum.compare("running_mean_after", bn.at("running_mean_after").at(c).get<double>(), norm.running_mean[c]);
                sum.compare("running_var_after", bn.at("running_var_after").at(c).get<double>(), norm.running_var[c]);
            }
            norm.apply(x);
            compare("eval_out", bn.at("eval_out"), x);
        }
    }
}

TEST_CASE("the pretrained predictors predict what the originals do, with embeddings of every hop", "[golden]") {
    for (const auto& file : golden::find_all("autobuild/arch_*.json")) {
        if (file.star.starts_with("pred")) continue;
        const auto archs = archs_of(file);
        std::map<std::string, std::string> names; // of predictors, by their targets
        for (const auto& a : archs)
            if (a.row.contains("out"))
                for (const auto& [target, unused] : a.row.at("out").items()) names[target];
        for (auto& [target, name] : names) name = predictor_for(file.name, file.star, "_" + target);
        std::erase_if(names, [](const auto& n) { return n.second.empty(); });
        if (names.empty()) {
            golden::skip(file.name, "no predictions");
            continue;
        }
        const auto batch = batch_of(archs);
        std::map<std::string, graph_predictor_weights> weights;
        for (const auto instructions : instructions_here()) {
            golden::summary sum{file.name + " (" + std::string{name_of(instructions)} + ")", tolerance};
            for (const auto& [target, name] : names) {
                const auto found = weights.try_emplace(target);
                if (found.second) found.first->second = weights_named(name, sum);
                const graph_predictor predictor{found.first->second};
                graph_predictor::workspace w{instructions};
                std::vector<float> raw(batch.graphs());
                predictor.predict_hops(batch, raw, w);
                for (std::size_t i = 0; i < archs.size(); ++i) {
                    if (!archs[i].row.contains("out") || !archs[i].row.at("out").contains(target)) continue;
                    sum.next_row();
                    const auto& expected = archs[i].row.at("out").at(target);
                    const auto what = target + " of " + std::to_string(archs[i].row.at("id").get<int>());
                    sum.compare(what, expected.at("pred").get<double>(), predictor.denormalise(raw[i]));
                    const auto first = batch.first_nodes()[i], last = batch.first_nodes()[i + 1];
                    std::vector<double> graphs;
                    for (std::size_t hop = 0; hop <= predictor.encoder().layers(); ++hop) {
                        graphs.push_back(w.graphs(hop).norm(i));
                        if (!expected.contains("node_norm_l1")) continue;
                        std::vector<double> nodes;
                        for (auto n = first; n < last; ++n) nodes.push_back(w.nodes(hop).norm(n));
                        compare_norms(sum, what + ", nodes at hop " + std::to_string(hop), expected.at("node_norm_l1").at(hop), nodes);
                    }
                    compare_norms(sum, what + ", graph at hop", expected.at("graph_norm_l1"), graphs);
                }
            }
        }
    }
}

TEST_CASE("every embedding of every node and graph", "[golden]") {
    for (const auto& file : golden::find_all("autobuild/arch_*_embeddings.safetensors")) {
        const auto table = golden::find("autobuild/arch_" + file.star + ".json");
        if (!table) continue;
        golden::summary sum{file.name, tolerance};
        const auto tensors = io::read_safetensors(file.path.string());
        const auto archs = archs_of({"", *table, file.star});
        std::map<std::string, graph_predictor> predictors;
        std::set<std::string> absent;
        std::size_t without = 0;
        for (const auto& [name, value] : tensors) {
            sum.next_row();
            const auto dot = name.find('.'), second = name.find('.', dot + 1);
            const auto id = std::stoi(name.substr(0, dot));
            const auto target = name.substr(dot + 1, second - dot - 1), kind = name.substr(second + 1);
            if (absent.contains(target)) continue;
            if (!predictors.contains(target)) {
                const auto model = predictor_for(file.name, file.star, "_" + target);
                if (model.empty()) {
                    absent.insert(target);
                    continue;
                }
                predictors.emplace(target, graph_predictor{weights_named(model, sum)});
            }
            const auto& predictor = predictors.at(target);
            const auto at = std::find_if(archs.begin(), archs.end(), [&](const arch& a) { return a.row.at("id") == id; });
            if (at == archs.end()) {
                ++without;
                continue;
            }
            graph_predictor::workspace w;
            float out = 0;
            predictor.predict_hops(at->graph, {&out, 1}, w);
            const bool node = kind.starts_with("hop");
            REQUIRE((node || kind.starts_with("graph")));
            const auto hop = static_cast<std::size_t>(std::stoi(kind.substr(node ? 3 : 5)));
            compare_rows(sum, name, value, node ? w.nodes(hop) : w.graphs(hop));
        }
        if (without > 0 || !absent.empty())
            sum.leave_out(std::to_string(without) + " embeddings are of no sub-network of the table, and " + std::to_string(absent.size()) +
                          " targets have no predictor");
    }
}

TEST_CASE("predictors of the program of training predict what the original does", "[golden]") {
    for (const auto& file : golden::find_all("autobuild/arch_pred_*.json")) {
        const auto model = predictor_for(file.name, file.star);
        const std::string family = golden::autobuild_family(file.star) == spaces::mbconv_family::pn ? "pn" : "mbv3";
        const auto table = golden::find("autobuild/arch_" + family + ".json");
        if (model.empty() || !table) continue;
        golden::summary sum{file.name, tolerance};
        const auto weights = weights_named(model, sum);
        const auto archs = archs_of({"", *table, family});
        std::size_t without = 0;
        const auto batch = batch_of(archs);
        const graph_predictor predictor{weights};
        std::vector<float> raw(batch.graphs());
        for (const auto instructions : instructions_here()) {
            graph_predictor::workspace w{instructions};
            predictor.predict_hops(batch, raw, w);
            for (const auto& row : golden::read_json(file.path)) {
                sum.next_row();
                const auto at = std::find_if(archs.begin(), archs.end(), [&](const arch& a) { return a.row.at("id") == row.at("arch_id"); });
                if (at == archs.end()) {
                    ++without;
                    continue;
                }
                const auto i = static_cast<std::size_t>(at - archs.begin());
                const auto what = std::string{name_of(instructions)} + " of " + std::to_string(row.at("arch_id").get<int>());
                sum.compare(what, row.at("pred").get<double>(), predictor.denormalise(raw[i]));
                // In standard deviations of the target, where the original's single precision is itself up to 8e-6 away from double precision: to
                // 1e-4 of one.
                sum.compare(what + ", normalised", 1, 1 + (static_cast<double>(raw[i]) - row.at("pred_normalised").get<double>()) / 10);
                std::vector<double> norms;
                for (std::size_t hop = 0; hop <= predictor.encoder().layers(); ++hop) norms.push_back(w.graphs(hop).norm(i));
                compare_norms(sum, what + ", graph at hop", row.at("graph_norm_l1"), norms);
            }
        }
        if (without > 0) sum.leave_out(std::to_string(without) + " rows are of no sub-network of arch_" + family + ".json");
    }
}

TEST_CASE("a predictor over graphs of operators", "[golden]") {
    for (const auto& file : golden::find_all("autobuild/onnx_ir*.json")) {
        const auto whole = golden::read_json(file.path);
        if (!whole.contains("graphs")) continue; // options of a predictor, for instance
        const auto& rows = whole.at("graphs");
        const auto checkpoint = golden::find_with("autobuild/onnx_ir*_predictor.safetensors", file.star);
        if (!checkpoint) continue;
        golden::summary sum{file.name + " (predictor)", tolerance};
        const auto tensors = io::read_safetensors(checkpoint->path.string());
        const auto options = golden::shaped_options(tensors, onnx_ir_features());
        const graph_predictor predictor{graph_weights_of(options, tensors)};
        std::vector<graph::featured_graph> graphs;
        for (const auto& row : rows) {
            auto& g = graphs.emplace_back();
            g.edges = graph::csr_graph{row.at("x").size(), golden::edges_in(row.at("edge_index"))};
            g.columns = row.at("x").at(0).size();
            for (const auto& node : row.at("x"))
                for (const auto& v : node) g.features.push_back(v.get<float>());
        }
        const graph::graph_batch batch{graphs};
        for (const auto instructions : instructions_here()) {
            graph_predictor::workspace w{instructions};
            std::vector<float> raw(batch.graphs());
            predictor.predict_hops(batch, raw, w);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                sum.next_row();
                const auto what = std::string{name_of(instructions)} + ", graph " + std::to_string(i);
                sum.compare(what, rows[i].at("pred").get<double>(), predictor.denormalise(raw[i]));
                const auto first = batch.first_nodes()[i];
                for (std::size_t n = 0; n < graphs[i].nodes(); ++n)
                    for (std::size_t f = 0; f < options.embedded(); ++f)
                        sum.compare(what + ", hop 0 of node " + std::to_string(n), rows[i].at("hop0").at(n).at(f).get<double>(),
                                    static_cast<double>(w.nodes(0)[first + n][f]));
                for (std::size_t hop = 0; hop <= predictor.encoder().layers(); ++hop) {
                    std::vector<double> norms;
                    for (std::size_t n = 0; n < graphs[i].nodes(); ++n) norms.push_back(w.nodes(hop).norm(first + n));
                    compare_norms(sum, what + ", nodes at hop " + std::to_string(hop), rows[i].at("node_norm_l1").at(hop), norms);
                }
            }
        }
    }
}
