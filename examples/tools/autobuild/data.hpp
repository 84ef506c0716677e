// Networks and their metrics: those of a table, and those that this library computes of a network itself.
#pragma once

#include "options.hpp"

#include <verdant/error.hpp>
#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/predictor/target_equation.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace autobuild {

namespace vd = verdant;
using vd::spaces::mbconv_config;
using vd::spaces::mbconv_family;

[[nodiscard]] inline double width_of(const network_settings& s, mbconv_family f) {
    return s.width > 0 ? s.width : f == mbconv_family::mbv3 ? 1.2 : 1.3;
}

/// The metrics that are computed: multiply-accumulates and parameters, and bytes of the peak of activations of one image.
inline constexpr std::array<std::string_view, 3> computed_metrics{"macs", "n_params", "peak_memory"};

/// One of them. @pre it is one
[[nodiscard]] inline double computed_metric(std::string_view name, const mbconv_config& c, double width) {
    const auto of = [name](const vd::workload::mobile_net& n) {
        const auto cost = vd::workload::cost_of(n);
        return static_cast<double>(name == "macs" ? cost.macs : name == "n_params" ? cost.parameters : cost.peak);
    };
    namespace sp = vd::spaces;
    if (c.family == mbconv_family::mbv3) return of(sp::net_of(sp::mobilenet_v3_family(width), sp::arch_of<sp::ofa_arch>(c)));
    return of(sp::net_of(sp::proxyless_family(width), sp::arch_of<sp::proxyless_arch>(c)));
}

/// Networks, and the targets of those that have one.
struct target_table {
    vd::predictor::graph_corpus corpus;
    std::vector<vd::predictor::target_column> columns; ///< one for each equation; all of the same entries
    [[nodiscard]] const std::vector<std::size_t>& entries() const { return columns.front().entries; }
};

namespace detail {

[[nodiscard]] inline std::optional<double> metric_of(const vd::predictor::graph_corpus& corpus, std::size_t entry, std::string_view name,
                                                     double width) {
    for (std::size_t m = 0; m < corpus.metrics.size(); ++m)
        if (corpus.metrics[m] == name) {
            const double value = corpus.entries[entry].values[m];
            return std::isnan(value) ? std::nullopt : std::optional{value};
        }
    return computed_metric(name, corpus.entries[entry].config, width);
}

} // namespace detail

/// Reads a table and evaluates equations over it. Entries that lack a metric of any of them are left out of all.
/// @throws file_error, input_error
[[nodiscard]] inline target_table read_targets(const std::string& path, const std::vector<std::string>& equations, const network_settings& s) {
    std::optional<mbconv_family> family;
    if (s.family != "auto") family = s.family == "pn" ? mbconv_family::pn : mbconv_family::mbv3;
    target_table t{vd::predictor::read_graph_corpus(path, family), {}};
    const double width = width_of(s, t.corpus.family);
    std::vector<std::string_view> known{t.corpus.metrics.begin(), t.corpus.metrics.end()};
    for (const auto name : computed_metrics)
        if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
    std::vector<vd::predictor::target_equation> parsed;
    for (const auto& e : equations) try {
            parsed.push_back(vd::predictor::target_equation::parse(e, known));
        } catch (const vd::input_error& wrong) { // without its caret, since a program says what is wrong in one line
            throw vd::input_error{"--target '" + e + '\'', wrong.place(), wrong.expected(), wrong.found().substr(0, wrong.found().find('\n'))};
        }
    std::vector<bool> complete(t.corpus.entries.size(), true);
    for (const auto& e : parsed) {
        const auto column = vd::predictor::targets_of(e, complete.size(),
                                                      [&](std::size_t i, std::string_view m) { return detail::metric_of(t.corpus, i, m, width); });
        std::vector<bool> here(complete.size());
        for (const auto i : column.entries) here[i] = true;
        for (std::size_t i = 0; i < complete.size(); ++i) complete[i] = complete[i] && here[i];
        t.columns.push_back(column);
    }
    for (auto& column : t.columns) {
        std::vector<double> values;
        std::vector<std::size_t> entries;
        for (std::size_t i = 0; i < column.entries.size(); ++i)
            if (complete[column.entries[i]]) {
                values.push_back(column.values[i]);
                entries.push_back(column.entries[i]);
            }
        column.values = std::move(values);
        column.entries = std::move(entries);
        if (column.entries.empty()) throw vd::input_error{path, "", "networks with all targets", "none"};
    }
    return t;
}

/// Says how many networks were left out, and why.
[[nodiscard]] inline std::string left_out(const target_table& t) {
    const auto all = t.corpus.entries.size(), kept = t.entries().size();
    if (all == kept) return {};
    auto text = std::to_string(all - kept) + " of " + std::to_string(all) + " networks are left out";
    for (const auto& column : t.columns)
        for (const auto& [name, count] : column.missing) text += "; " + std::to_string(count) + " lack " + name;
    return text;
}

} // namespace autobuild
