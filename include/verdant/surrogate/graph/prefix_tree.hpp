#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/embedding_rows.hpp>
#include <verdant/surrogate/graph/graph_encoder.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Many chains at once that begin alike, such as all modules of a unit of a network.
namespace verdant::surrogate {

/// Chains as a tree: each node is the last one of a chain, its path from the root the chain, and chains that begin alike share that beginning. In a
/// directed chain a node hears of those before it alone, and so it does here: its embedding at a hop is that of the chain's last node.
class prefix_tree {
public:
    /// @param columns features of a node
    explicit prefix_tree(std::size_t columns) : columns_{columns} {}

    /// A chain of one node. @pre there are no longer ones yet
    /// @throws input_error for another number of features
    /// @return the number of the new chain
    graph::node add_root(std::span<const float> features) { return add(0, 0, features); }
    /// A chain with one more node than another. Chains come in the order of their lengths. @return the number of the new chain
    /// @throws input_error where the parent is no chain, or one that is shorter than the longest but one
    graph::node add(graph::node parent, std::span<const float> features) {
        if (parent >= nodes()) throw input_error{"prefix tree", "parent", "a chain from 0 to " + std::to_string(nodes()) + ", exclusive", std::to_string(parent)};
        std::size_t level = level_starts_.size() - 1;
        while (level_starts_[level] > parent) --level;
        return add(parent, level + 1, features);
    }

    [[nodiscard]] std::size_t nodes() const noexcept { return features_.size() / (columns_ == 0 ? 1 : columns_); }
    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
    /// Length of the longest chain.
    [[nodiscard]] std::size_t levels() const noexcept { return level_starts_.size(); }
    /// Chains of `level + 1` nodes are numbered from here.
    [[nodiscard]] std::size_t first_of(std::size_t level) const noexcept { return level < levels() ? level_starts_[level] : nodes(); }
    /// [nodes, columns], row by row.
    [[nodiscard]] std::span<const float> features() const noexcept { return features_; }
    /// An edge to each node from the one before it.
    [[nodiscard]] graph::csr_graph edges() const { return graph::csr_graph{nodes(), edges_}; }

    /// Pairs of a chain and of a hop from 1 to the length of the chain less 1: what the embeddings of all chains' last nodes at the last of these
    /// hops are made of.
    [[nodiscard]] std::size_t pairs_of_hop_and_prefix() const noexcept {
        std::size_t pairs = 0;
        for (std::size_t level = 1; level < levels(); ++level) pairs += nodes() - first_of(level);
        return pairs;
    }

private:
    graph::node add(graph::node parent, std::size_t level, std::span<const float> features) {
        if (features.size() != columns_) throw input_error{"prefix tree", "features", std::to_string(columns_), std::to_string(features.size())};
        const auto node = static_cast<graph::node>(nodes());
        if (level + 1 < levels()) throw input_error{"prefix tree", "node " + std::to_string(node), "a chain no shorter than those before it", std::to_string(level + 1) + " nodes"};
        if (level == levels()) level_starts_.push_back(node);
        features_.insert(features_.end(), features.begin(), features.end());
        if (level > 0) edges_.push_back({parent, node});
        return node;
    }

    std::size_t columns_;
    std::vector<std::uint32_t> level_starts_;
    std::vector<float> features_;
    std::vector<graph::edge> edges_;
};

/// Norms of the last nodes of chains, each at the hop that sees the whole chain.
template <class Scalar = float>
class basic_prefix_norms {
public:
    explicit basic_prefix_norms(vector_instructions instructions = chosen_instructions()) { room_.instructions = instructions; }

    /// The p-norm of the last node of each chain at hop (nodes of the chain - 1), in the order of the chains. No hop of a chain is computed twice.
    /// @param out one number a chain
    /// @throws input_error where a chain is longer than the encoder sees, or columns do not fit
    void compute(const basic_graph_encoder<Scalar>& encoder, const prefix_tree& tree, double p, std::span<double> out) {
        const auto nodes = tree.nodes(), stride = encoder.stride();
        if (tree.columns() != encoder.features().columns() || out.size() != nodes)
            throw input_error{"prefix tree", "", std::to_string(encoder.features().columns()) + " columns and " + std::to_string(nodes) + " norms",
                              std::to_string(tree.columns()) + " columns and " + std::to_string(out.size()) + " norms"};
        if (tree.levels() > encoder.layers() + 1)
            throw input_error{"prefix tree", "chains", "at most " + std::to_string(encoder.layers() + 1) + " nodes, as many as a predictor of " + std::to_string(encoder.layers()) + " layers sees",
                              std::to_string(tree.levels())};
        const auto edges = tree.edges();
        detail::rows_of<Scalar> x{room_.grown(rows_[0], (nodes + detail::row_group) * stride), stride}, y{room_.grown(rows_[1], (nodes + detail::row_group) * stride), stride};
        encoder.embed(tree.features().data(), 0, nodes, x);
        for (std::size_t hop = 0; hop < tree.levels(); ++hop) {
            const auto first = tree.first_of(hop);
            if (hop > 0) {
                encoder.advance(hop - 1, {edges, tree.first_of(hop - 1), first, nodes, x.read_only(), y}, room_);
                evaluations_ += nodes - first;
                std::swap(x, y);
            }
            for (auto n = first; n < tree.first_of(hop + 1); ++n)
                out[n] = norm_of(std::span<const Scalar>{x.row(n - first), encoder.width(hop)}, p);
        }
    }

    /// How often a layer was evaluated for one node, in all calls so far: `pairs_of_hop_and_prefix` of all trees.
    [[nodiscard]] std::size_t layer_evaluations() const noexcept { return evaluations_; }

private:
    layer_room<Scalar> room_;
    std::array<std::vector<Scalar>, 2> rows_;
    std::size_t evaluations_ = 0;
};

/// In single precision, with vector instructions.
using prefix_norms = basic_prefix_norms<float>;

} // namespace verdant::surrogate
