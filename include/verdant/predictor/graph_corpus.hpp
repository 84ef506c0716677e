#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Sub-networks with what was measured of them, which predictors are trained with.
namespace verdant::predictor {

/// A sub-network and its numbers.
struct corpus_entry {
    spaces::mbconv_config config;
    std::vector<double> values; ///< of each metric of the corpus; NaN where the file has none
};

/// The rows of a table whose columns are `resolution`, `arch`, and metrics such as `acc` and `latency_npu`.
struct graph_corpus {
    spaces::mbconv_family family = spaces::mbconv_family::mbv3;
    std::vector<std::string> metrics; ///< in the order of their columns
    std::vector<corpus_entry> entries;
    std::string source; ///< what errors call the file

    /// The place of a metric. Throws input_error that names those there are, and the nearest.
    [[nodiscard]] std::size_t metric(std::string_view name) const {
        const auto found = std::find(metrics.begin(), metrics.end(), name);
        if (found == metrics.end())
            throw input_error{source, "header", "one of the metrics " + io::name_list(metrics), '\'' + std::string{name} + '\'' + io::did_you_mean(name, metrics)};
        return static_cast<std::size_t>(found - metrics.begin());
    }
};

namespace detail {

/// The whole number in a field, within bounds.
[[nodiscard]] inline int resolution_in(const io::csv_table& table, std::size_t row, std::size_t column) {
    const double value = table.number(row, column);
    if (!(value >= 1 && value <= 8192) || value != std::floor(value))
        throw input_error{table.source, "line " + std::to_string(table.lines[row]) + ", column '" + table.columns[column] + '\'', "a whole number from 1 to 8192",
                          '\'' + table.rows[row][column] + '\''};
    return static_cast<int>(value);
}

} // namespace detail

/// Reads a corpus from text.
/// @param family of the sub-networks; by default that which has as many units as the first row
/// @throws input_error that names the source, line and column where something is not as it must be, also where there is no row
template <class = instantiated_when_used>
[[nodiscard]] graph_corpus parse_graph_corpus(std::string_view text, std::string_view source, std::optional<spaces::mbconv_family> family = {}) {
    const auto table = io::parse_csv(text, source);
    const auto resolution = table.column("resolution"), arch = table.column("arch");
    graph_corpus corpus;
    corpus.source = table.source;
    std::vector<std::size_t> columns;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        if (c != resolution && c != arch) {
            columns.push_back(c);
            corpus.metrics.push_back(table.columns[c]);
        }
    if (table.rows.empty()) throw input_error{source, "", "at least one sub-network below the header", "none"};
    const auto units = std::count(table.rows[0][arch].begin(), table.rows[0][arch].end(), '|') + 1;
    corpus.family = family.value_or(units == 6 ? spaces::mbconv_family::pn : spaces::mbconv_family::mbv3);
    corpus.entries.reserve(table.rows.size());
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const auto line = "line " + std::to_string(table.lines[r]);
        auto& entry = corpus.entries.emplace_back();
        entry.config = spaces::config_from_text(table.rows[r][arch], corpus.family, verdant::predictor::detail::resolution_in(table, r, resolution), source,
                                                line + ", column 'arch'");
        entry.values.reserve(columns.size());
        for (const auto c : columns) {
            const auto value = table.rows[r][c].empty() ? std::numeric_limits<double>::quiet_NaN() : table.number(r, c);
            if (!table.rows[r][c].empty() && !std::isfinite(value))
                throw input_error{source, line + ", column '" + table.columns[c] + '\'', "a finite number, or nothing", '\'' + table.rows[r][c] + '\''};
            entry.values.push_back(value);
        }
    }
    return corpus;
}
VERDANT_DEFINED_ONCE(graph_corpus parse_graph_corpus<>(std::string_view, std::string_view, std::optional<spaces::mbconv_family>));

/// Reads a corpus from a file such as `mit_ofa_dev.csv`. Throws file_error or input_error, which name the file.
[[nodiscard]] inline graph_corpus read_graph_corpus(const std::string& path, std::optional<spaces::mbconv_family> family = {}) {
    return parse_graph_corpus(io::read_file(path), path, family);
}

/// The text of a corpus, which `parse_graph_corpus` reads back.
template <class = instantiated_when_used>
[[nodiscard]] std::string graph_corpus_text(const graph_corpus& corpus) {
    io::csv_table table;
    table.columns = {"resolution", "arch"};
    table.columns.insert(table.columns.end(), corpus.metrics.begin(), corpus.metrics.end());
    for (const auto& entry : corpus.entries) {
        auto& row = table.rows.emplace_back();
        row = {std::to_string(entry.config.resolution), units_text(entry.config.units)};
        for (const double value : entry.values) row.push_back(std::isnan(value) ? std::string{} : exact_text(value));
    }
    return io::csv_text(table);
}
VERDANT_DEFINED_ONCE(std::string graph_corpus_text<>(const graph_corpus&));

/// The graphs of all entries, in their order.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<graph::featured_graph> graphs_of(const graph_corpus& corpus) {
    std::vector<graph::featured_graph> graphs;
    graphs.reserve(corpus.entries.size());
    for (const auto& entry : corpus.entries) graphs.push_back(spaces::custom_graph(entry.config));
    return graphs;
}
VERDANT_DEFINED_ONCE(std::vector<graph::featured_graph> graphs_of<>(const graph_corpus&));

} // namespace verdant::predictor
