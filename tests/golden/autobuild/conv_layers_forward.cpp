#include "golden/golden.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/surrogate/graph/gat_conv.hpp>
#include <verdant/surrogate/graph/gatv2_conv.hpp>
#include <verdant/surrogate/graph/gcn_conv.hpp>
#include <verdant/surrogate/graph/graph_conv.hpp>
#include <verdant/surrogate/graph/sage_conv.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace verdant;
using namespace verdant::surrogate;
using golden::json;

namespace {

/// Numbers of nested lists, in their order, and the lengths of the lists.
void flatten(const json& from, io::tensor_shape& shape, std::vector<double>& values, std::size_t depth = 0) {
    if (!from.is_array()) return values.push_back(from.get<double>());
    if (shape.size() == depth) shape.push_back(from.size());
    for (const auto& one : from) flatten(one, shape, values, depth + 1);
}

std::vector<double> numbers(const json& from) {
    io::tensor_shape shape;
    std::vector<double> values;
    flatten(from, shape, values);
    return values;
}

std::vector<graph::edge> edges_of(const json& index) {
    std::vector<graph::edge> edges;
    for (std::size_t e = 0; e < index.at(0).size(); ++e) edges.push_back({index[0][e].get<graph::node>(), index[1][e].get<graph::node>()});
    return edges;
}

/// Fails a row whose file asks for what no layer here would do.
void check_arguments(const json& row, const std::set<std::string>& known) {
    for (const auto& [name, value] : row.at("kwargs").items())
        if (!known.contains(name)) throw std::runtime_error{"argument " + name + " of " + row.at("layer").get<std::string>()};
}

attention_options attention_from(const json& k) {
    attention_options o;
    o.heads = k.value("heads", o.heads);
    o.concat = k.value("concat", o.concat);
    o.negative_slope = k.value("negative_slope", o.negative_slope);
    o.add_self_loops = k.value("add_self_loops", o.add_self_loops);
    o.bias = k.value("bias", o.bias);
    o.share_weights = k.value("share_weights", o.share_weights);
    o.edge_columns = k.value("edge_dim", o.edge_columns);
    return o;
}

struct conv_case {
    const json& row;
    golden::summary& sum;
    io::named_tensors tensors;
    graph::csr_graph graph;
    std::vector<double> x, edge_numbers;

    conv_case(const json& from, golden::summary& to)
        : row{from}, sum{to}, tensors{from.at("layer").get<std::string>()},
          graph{from.at("n").get<std::size_t>(), edges_of(from.at("edge_index"))}, x{numbers(from.at("x"))} {
        for (const auto& [name, value] : row.at("params").items()) {
            io::tensor_shape shape;
            std::vector<double> values;
            flatten(value, shape, values);
            tensors.add(name, io::tensor_data::of(shape, values));
        }
        for (const char* name : {"edge_weight", "edge_attr"})
            if (row.contains(name)) edge_numbers = numbers(row.at(name));
    }

    [[nodiscard]] edge_values<double> edges() const {
        return {edge_numbers, edge_numbers.empty() || graph.edges() == 0 ? 0 : edge_numbers.size() / graph.edges()};
    }
    [[nodiscard]] std::size_t inputs() const { return row.at("in").get<std::size_t>(); }
    [[nodiscard]] std::size_t channels() const { return row.at("out").get<std::size_t>(); }

    template <class Layer>
    void check(const Layer& layer) const {
        const auto expected = numbers(row.at("y"));
        const auto found = apply_layer(layer, graph, x, edges());
        sum.equal("numbers of y", expected.size(), found.size());
        for (std::size_t i = 0; i < std::min(expected.size(), found.size()); ++i) sum.compare("y " + std::to_string(i), expected[i], found[i]);
    }
    template <class Layer>
    void check_attention(const Layer& layer) const {
        check(layer);
        const auto expected = numbers(row.at("att_alpha"));
        const auto found = attention_of(layer, graph, x, edges());
        sum.equal("edges of attention", true, edges_of(row.at("att_edge_index")) == found.edges);
        sum.equal("numbers of attention", expected.size(), found.shares.size());
        for (std::size_t i = 0; i < std::min(expected.size(), found.shares.size()); ++i) sum.compare("share " + std::to_string(i), expected[i], found.shares[i]);
    }
};

void check_row(const json& row, golden::summary& sum) {
    const conv_case c{row, sum};
    const auto layer = row.at("layer").get<std::string>();
    const auto& k = row.at("kwargs");
    const bool bias = k.value("bias", true);
    if (layer == "GATv2Conv") {
        check_arguments(row, {"heads", "concat", "negative_slope", "add_self_loops", "bias", "share_weights", "edge_dim"});
        c.check_attention(gatv2_conv<double>{c.inputs(), c.channels(), c.tensors, "", attention_from(k)});
    } else if (layer == "GATConv") {
        check_arguments(row, {"heads", "concat", "negative_slope", "add_self_loops", "bias"});
        c.check_attention(gat_conv<double>{c.inputs(), c.channels(), c.tensors, "", attention_from(k)});
    } else if (layer == "GraphConv") {
        check_arguments(row, {"aggr", "bias"});
        const auto aggr = k.value("aggr", "add");
        const auto how = aggr == "max" ? graph_aggregation::max : aggr == "mean" ? graph_aggregation::mean : graph_aggregation::add;
        c.check(graph_conv<double>{c.inputs(), c.channels(), c.tensors, "", {how, bias}});
    } else if (layer == "GCNConv") {
        check_arguments(row, {"bias"});
        c.check(gcn_conv<double>{c.inputs(), c.channels(), c.tensors, "", {bias}});
    } else if (layer == "SAGEConv") {
        check_arguments(row, {"normalize", "bias"});
        c.check(sage_conv<double>{c.inputs(), c.channels(), c.tensors, "", {k.value("normalize", false), bias}});
    } else throw std::runtime_error{"layer " + layer};
}

} // namespace

TEST_CASE("graph layers without LibTorch give the results and the attention of PyTorch-Geometric") {
    for (const auto& file : golden::find_all("autobuild/conv_layers*.json")) {
        golden::summary sum{file.name + " (forward)", 1e-9};
        for (const auto& row : golden::read_json(file.path)) {
            sum.next_row();
            check_row(row, sum);
        }
    }
}
