#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// Which nodes of a graph are looked at, by their scores (AutoBuild: ge_utils/subgraph_extraction.py). Scores descend; equal ones keep the order of
/// nodes.
namespace verdant::graph {

/// All nodes, in the order of their numbers.
[[nodiscard]] inline std::vector<node> all_nodes(std::size_t count) {
    std::vector<node> nodes(count);
    for (std::size_t i = 0; i < count; ++i) nodes[i] = static_cast<node>(i);
    return nodes;
}

namespace detail {

inline void require_scores(std::span<const double> scores) {
    if (scores.empty()) throw input_error{"selection of nodes", "scores", "at least one", "none"};
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (!std::isfinite(scores[i])) throw input_error{"selection of nodes", "score " + std::to_string(i), "a finite number", std::to_string(scores[i])};
}

[[nodiscard]] inline std::vector<graph::node> nodes_from(std::span<const double> scores, double least) {
    auto nodes = graph::all_nodes(scores.size());
    std::erase_if(nodes, [&](graph::node n) { return scores[n] < least; });
    std::sort(nodes.begin(), nodes.end(), [&](graph::node a, graph::node b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
    return nodes;
}

} // namespace detail

/// The `count` nodes of the highest scores, or all where there are fewer.
/// @throws input_error where a score is not finite, there is none, or `count` is 0
[[nodiscard]] inline std::vector<node> best_nodes(std::span<const double> scores, std::size_t count) {
    verdant::graph::detail::require_scores(scores);
    if (count == 0) throw input_error{"selection of nodes", "count", "at least 1", "0"};
    auto nodes = verdant::graph::detail::nodes_from(scores, *std::min_element(scores.begin(), scores.end()));
    nodes.resize(std::min(count, nodes.size()));
    return nodes;
}

/// The nodes whose scores are at least the quantile of all scores, which is interpolated linearly as NumPy does.
/// @param share from 0, all, to 1, the highest
/// @throws input_error where a score is not finite, there is none, or the share is out of range
[[nodiscard]] inline std::vector<node> nodes_above_quantile(std::span<const double> scores, double share) {
    verdant::graph::detail::require_scores(scores);
    if (!(share >= 0 && share <= 1)) throw input_error{"selection of nodes", "share", "0 to 1", std::to_string(share)};
    std::vector<double> sorted(scores.begin(), scores.end());
    std::sort(sorted.begin(), sorted.end());
    const double at = share * static_cast<double>(sorted.size() - 1), low = std::floor(at), part = at - low;
    const double a = sorted[static_cast<std::size_t>(low)], b = sorted[std::min(static_cast<std::size_t>(low) + 1, sorted.size() - 1)];
    // From the nearer end, as numpy.lib.function_base._lerp does.
    return verdant::graph::detail::nodes_from(scores, part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part));
}

/// The nodes whose scores are at least the mean of all scores and `deviations` of their standard deviations (of the population) more.
/// @throws input_error where a score or `deviations` is not finite, or there is no score
[[nodiscard]] inline std::vector<node> nodes_above_mean(std::span<const double> scores, double deviations) {
    verdant::graph::detail::require_scores(scores);
    if (!std::isfinite(deviations)) throw input_error{"selection of nodes", "deviations", "a finite number", std::to_string(deviations)};
    double mean = 0, square = 0;
    for (const double s : scores) mean += s;
    mean /= static_cast<double>(scores.size());
    for (const double s : scores) square += (s - mean) * (s - mean);
    return verdant::graph::detail::nodes_from(scores, mean + deviations * std::sqrt(square / static_cast<double>(scores.size())));
}

} // namespace verdant::graph
