#include "golden/golden.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/predictor/graph/conv_layers.hpp>
#include <verdant/predictor/graph/edge_rows.hpp>

#include <ATen/ops/from_blob.h>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

// Graph convolutions of LibTorch: results, shares of attention, and gradients of sum(r * y) with respect to features and parameters.

namespace {

using golden::json;
namespace p = verdant::predictor;

void flatten(const json& value, std::vector<double>& numbers) {
    if (value.is_array())
        for (const auto& part : value) flatten(part, numbers);
    else numbers.push_back(value.get<double>());
}

at::Tensor tensor_of(const json& value) {
    std::vector<double> numbers;
    flatten(value, numbers);
    std::vector<std::int64_t> shape;
    for (const json* at = &value; at->is_array(); at = &at->front()) {
        shape.push_back(static_cast<std::int64_t>(at->size()));
        if (at->empty()) break;
    }
    return at::from_blob(numbers.data(), shape, at::kDouble).clone();
}

struct parameters {
    std::map<std::string, at::Tensor> of;

    explicit parameters(const json& from) {
        for (const auto& [name, value] : from.items()) of[name] = tensor_of(value).set_requires_grad(true);
    }
    [[nodiscard]] at::Tensor operator[](const std::string& name) const {
        const auto found = of.find(name);
        return found == of.end() ? at::Tensor{} : found->second;
    }
    [[nodiscard]] p::linear_layer linear(const std::string& stem) const { return {(*this)[stem + ".weight"], (*this)[stem + ".bias"]}; }
};

void compare(golden::summary& file, const std::string& what, const json& expected, const at::Tensor& found) {
    std::vector<double> numbers;
    flatten(expected, numbers);
    const auto plain = found.detach().contiguous().view({-1});
    file.equal(what + ", numbers", static_cast<std::int64_t>(numbers.size()), plain.size(0));
    double largest = 0;
    for (const double x : numbers) largest = std::max(largest, std::abs(x));
    // Entries that are zero but for rounding are compared on the scale of the whole.
    for (std::size_t i = 0; i < numbers.size(); ++i)
        file.compare(what, 1 + largest, 1 + largest + (plain[static_cast<std::int64_t>(i)].item<double>() - numbers[i]));
}

void check_row(const json& row, golden::summary& file) {
    file.next_row();
    const auto& options = row.at("kwargs");
    const auto layer = row.at("layer").get<std::string>();
    const parameters params{row.at("params")};
    std::vector<verdant::graph::edge> edges;
    for (std::size_t i = 0; i < row.at("edge_index")[0].size(); ++i)
        edges.push_back({row["edge_index"][0][i].get<std::uint32_t>(), row["edge_index"][1][i].get<std::uint32_t>()});
    const verdant::graph::csr_graph g{row.at("n").get<std::size_t>(), edges};
    const auto x = tensor_of(row.at("x")).set_requires_grad(true);
    std::vector<double> weights;
    if (row.contains("edge_weight")) flatten(row["edge_weight"], weights);

    auto rows = p::rows_of(g);
    if (options.value("add_self_loops", true) && row.contains("att_alpha")) rows = p::looped_rows_of(g);
    at::Tensor y, shares;
    if (layer == "GATv2Conv") {
        const p::gatv2_conv conv{.att = params["att"],
                                 .bias = params["bias"],
                                 .lin_l = params.linear("lin_l"),
                                 .lin_r = options.value("share_weights", false) ? p::linear_layer{} : params.linear("lin_r"),
                                 .edge_weight = params["lin_edge.weight"],
                                 .slope = options.value("negative_slope", 0.2),
                                 .concat = options.value("concat", true)};
        const auto features = row.contains("edge_attr") ? tensor_of(row["edge_attr"]) : at::Tensor{};
        y = conv(rows, x, features);
        shares = conv.attention(rows, x, features).shares;
    } else if (layer == "GATConv") {
        const p::gat_conv conv{.att_src = params["att_src"],
                               .att_dst = params["att_dst"],
                               .bias = params["bias"],
                               .lin = params.linear("lin_src"),
                               .slope = options.value("negative_slope", 0.2),
                               .concat = options.value("concat", true)};
        y = conv(rows, x);
        shares = conv.attention(rows, x).shares;
    } else if (layer == "GraphConv" || layer == "SAGEConv") {
        if (!weights.empty()) rows.weights = at::from_blob(weights.data(), {static_cast<std::int64_t>(weights.size())}, at::kDouble).clone();
        using verdant::surrogate::graph_readout;
        const std::map<std::string, graph_readout> kinds{{"add", graph_readout::sum}, {"mean", graph_readout::mean}, {"max", graph_readout::max}};
        if (layer == "GraphConv")
            y = p::graph_conv{params.linear("lin_rel"), params.linear("lin_root"), kinds.at(options.value("aggr", "add"))}(rows, x);
        else y = p::sage_conv{params.linear("lin_l"), params.linear("lin_r"), options.value("normalize", false)}(rows, x);
    } else if (layer == "GCNConv") {
        y = p::gcn_conv{params.linear("lin"), params["bias"]}(p::normalised_rows_of(g, at::kDouble, weights), x);
    } else FAIL("no layer " << layer);

    compare(file, layer + " y", row.at("y"), y);
    (y * tensor_of(row.at("r"))).sum().backward();
    compare(file, layer + " grad_x", row.at("grad_x"), x.grad());
    for (const auto& [name, expected] : row.at("grad_params").items()) {
        // A second name of the same tensor.
        const auto own = layer == "GATConv" && name == "lin_dst.weight"                        ? "lin_src.weight"
                         : options.value("share_weights", false) && name.starts_with("lin_r.") ? "lin_l." + name.substr(6)
                                                                                               : name;
        if (!expected.is_null()) compare(file, layer + " gradient of " + name, expected, params[own].grad());
    }
    if (!shares.defined()) return;
    // Edges there: those given without self loops, in order, and the loops of all nodes.
    std::vector<std::int64_t> number_of(static_cast<std::size_t>(rows.edges()));
    const auto& ends = row.at("att_edge_index");
    file.equal("edges with attention", ends[0].size(), static_cast<std::size_t>(rows.edges()));
    std::multimap<std::pair<int, int>, std::int64_t> places;
    const auto* const starts = rows.starts.data_ptr<std::int32_t>();
    const auto* const sources = rows.sources.data_ptr<std::int32_t>();
    for (int i = 0; i < static_cast<int>(rows.nodes()); ++i)
        for (auto e = starts[i]; e < starts[i + 1]; ++e) places.emplace(std::pair{sources[e], i}, e);
    for (std::size_t e = 0; e < ends[0].size(); ++e) {
        const auto place = places.find({ends[0][e].get<int>(), ends[1][e].get<int>()});
        REQUIRE(place != places.end());
        compare(file, layer + " attention", row.at("att_alpha")[e], shares[place->second]);
        places.erase(place);
    }
}

TEST_CASE("graph convolutions have the results and gradients of PyTorch-Geometric") {
    for (const auto& f : golden::find_all("autobuild/conv_layers*.json")) {
        golden::summary file{f.name + " (gradients)", 1e-9};
        for (const auto& row : golden::read_json(f.path)) check_row(row, file);
    }
}

} // namespace
