// autobuild plot
#pragma once

#include "data.hpp"
#include "quality.hpp"
#include "results.hpp"

#include <verdant/error.hpp>
#include <verdant/graph/dot.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/plot/colours.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/surrogate/graph/feature_importance.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace autobuild {

namespace detail {

/// Norms of the nodes of a network, hop by hop.
[[nodiscard]] inline std::vector<std::vector<double>> node_norms(const vd::surrogate::graph_predictor& p, const mbconv_config& c) {
    const auto graph = vd::spaces::custom_graph(c, {.undirected = p.options().undirected});
    vd::surrogate::graph_predictor::workspace w;
    std::vector<float> raw(p.outputs());
    p.predict_hops(graph, raw, w);
    std::vector<std::vector<double>> norms;
    for (std::size_t h = 0; h <= p.options().layers; ++h) {
        auto& of_hop = norms.emplace_back();
        for (std::size_t n = 0; n < graph.nodes(); ++n) of_hop.push_back(row_norm(w.nodes(h)[n], p.options().norm));
    }
    return norms;
}

/// Where a value stands between the least and the greatest; 0 where all are the same.
[[nodiscard]] inline double share_of(double value, const std::vector<double>& all) {
    const auto [low, high] = std::minmax_element(all.begin(), all.end());
    return *high > *low ? (value - *low) / (*high - *low) : 0;
}

/// A network, a row of boxes for each hop, coloured by the norms of the nodes.
[[nodiscard]] inline std::string network_svg(const mbconv_config& c, const std::vector<std::vector<double>>& norms, std::string_view title) {
    constexpr double box = 46, height = 40, gap = 4, between = 16, left = 76, top = 74;
    std::size_t nodes = 0;
    for (const auto& unit : c.units) nodes += unit.size();
    const double width = left + static_cast<double>(nodes) * (box + gap) + static_cast<double>(c.units.size() - 1) * between + 24;
    const double whole = top + static_cast<double>(norms.size()) * (height + 12) + 40;
    vd::plot::svg_writer svg{width, whole, 12};
    svg.background("white");
    svg.title(title);
    svg.text({left, 24}, vd::plot::fitted(title, width - left - 20, 15), {.colour = "black", .size = 15});
    for (std::size_t h = 0; h < norms.size(); ++h) {
        const double y = top + static_cast<double>(h) * (height + 12);
        svg.text({left - 12, y + height / 2 + 4}, h == 0 ? "blocks" : std::to_string(h) + (h == 1 ? " hop" : " hops"),
                 {.anchor = vd::plot::anchor::end, .colour = "black"});
        double x = left;
        std::size_t n = 0;
        for (std::size_t u = 0; u < c.units.size(); ++u, x += between) {
            if (h == 0) svg.text({x, top - 10}, "unit " + std::to_string(u + 1), {.colour = "#555"});
            for (std::size_t j = 0; j < c.units[u].size(); ++j, ++n, x += box + gap) {
                const auto& b = c.units[u][j];
                const double share = share_of(norms[h][n], norms[h]);
                const auto words = std::to_string(u + 1) + '-' + std::to_string(j + 1) + ", " + vd::spaces::block_text(c.family, b) + ": norm " +
                                   vd::rounded_text(norms[h][n], 4);
                svg.rectangle({x, y}, box, height, {.fill = vd::plot::scale_colour(share), .stroke = "#666"}, 4, words);
                const std::string ink = share > 0.55 ? "black" : "white"; // the scale goes from dark to light
                svg.text({x + box / 2, y + 17}, "e" + std::to_string(b.expand), {.anchor = vd::plot::anchor::middle, .colour = ink});
                svg.text({x + box / 2, y + 32}, "k" + std::to_string(b.kernel), {.anchor = vd::plot::anchor::middle, .colour = ink});
            }
        }
    }
    svg.text({left, whole - 14}, "colour: the norm of the embedding, from the least (dark) to the greatest (light) of the row", {.colour = "#555"});
    return std::move(svg).finished();
}

/// What the categories of a feature are called.
[[nodiscard]] inline std::string category_name(std::string_view feature, std::size_t k) {
    constexpr std::array expands{3, 4, 6}, kernels{3, 5, 7};
    if (feature == "stage") return "unit " + std::to_string(k + 1);
    if (feature == "layer") return "block " + std::to_string(k + 1);
    if (feature == "mbconv") return "mbconv" + std::to_string(k + 2);
    if (feature == "expand" && k < 3) return "expansion " + std::to_string(expands[k]);
    if (feature == "kernel" && k < 3) return "kernel " + std::to_string(kernels[k]);
    return std::string{feature} + ' ' + std::to_string(k);
}

struct importance {
    std::string feature;
    std::vector<std::pair<std::string, double>> categories; ///< the greatest score first
};

[[nodiscard]] inline std::vector<importance> importances_of(const vd::surrogate::graph_predictor& p) {
    std::vector<importance> out;
    const auto& embedding = p.encoder().features();
    for (std::size_t f = 0; f < embedding.features().size(); ++f) {
        const auto& feature = embedding.features()[f];
        if (feature.categories < 2 || feature.name == "mbconv") continue; // a family has one type of block
        auto& one = out.emplace_back(importance{feature.name, {}});
        const std::size_t used = feature.name == "stage" ? p.options().moment_hops == 5 ? 6U : 5U : feature.categories;
        for (const auto& [category, score] : vd::surrogate::rank_categories(embedding, f))
            if (category < used) one.categories.emplace_back(category_name(feature.name, category), static_cast<double>(score));
    }
    return out;
}

/// Bars of the scores of categories, feature by feature.
[[nodiscard]] inline std::string importance_svg(const std::vector<importance>& all, std::string_view title) {
    constexpr double bar = 18, gap = 5, left = 130, length = 420, top = 56;
    double rows = 0, greatest = 0;
    for (const auto& one : all) {
        rows += static_cast<double>(one.categories.size()) + 1;
        for (const auto& [name, score] : one.categories) greatest = std::max(greatest, score);
    }
    vd::plot::svg_writer svg{left + length + 90, top + rows * (bar + gap) + 20, 12};
    svg.background("white");
    svg.title(title);
    svg.text({20, 26}, vd::plot::fitted(title, left + length + 60, 15), {.colour = "black", .size = 15});
    double y = top;
    for (std::size_t f = 0; f < all.size(); ++f, y += bar + gap)
        for (const auto& [name, score] : all[f].categories) {
            const double w = greatest > 0 ? length * score / greatest : 0;
            svg.text({left - 8, y + bar - 5}, name, {.anchor = vd::plot::anchor::end, .colour = "black"});
            svg.rectangle({left, y}, std::max(w, 1.0), bar, {.fill = std::string{vd::plot::kind_colours[f % vd::plot::kind_colours.size()]}}, 2,
                          name + ": " + vd::rounded_text(score, 4));
            svg.text({left + w + 6, y + bar - 5}, vd::rounded_text(score, 3), {.colour = "#333"});
            y += bar + gap;
        }
    return std::move(svg).finished();
}

} // namespace detail

inline int plot(const plot_settings& s) {
    if (s.arch.empty() == s.data.empty())
        throw vd::input_error{"autobuild plot", "", "a network, by --arch or as the best of --data", s.arch.empty() ? "neither" : "both"};
    const plot_settings usual;
    if (s.arch.empty() && s.resolution != usual.resolution)
        throw vd::input_error{"--resolution", "", "--arch beside it, since networks of --data have their own", std::to_string(s.resolution)};
    if (s.data.empty() && s.networks.width != usual.networks.width)
        throw vd::input_error{"--width", "", "--data beside it, whose targets may need it", vd::exact_text(s.networks.width)};
    const auto predictor = read_predictor(s.predictor);
    const auto family = family_of(predictor, s.predictor);
    mbconv_config config;
    if (!s.arch.empty()) config = vd::spaces::config_from_text(s.arch, family, s.resolution, "--arch", "");
    else {
        auto networks = s.networks;
        networks.family = vd::spaces::name_of(family);
        const auto table = read_targets(s.data, predictor.options().targets, networks);
        config = table.corpus.entries[table.entries()[table.columns.front().best()]].config;
    }
    const auto norms = detail::node_norms(predictor, config);
    const auto plots = folder_in(s.out, "plots") + '/', name = stem_of(s.predictor);
    const auto graph = vd::spaces::custom_graph(config, {.undirected = predictor.options().undirected});
    const auto labels = vd::spaces::block_labels(config);
    for (std::size_t h = 0; h < norms.size(); ++h)
        vd::io::write_file(plots + name + "_layer_" + std::to_string(h) + ".dot",
                           vd::graph::dot_text(graph.edges, labels, vd::graph::norm_colours(norms[h])));
    const auto target = predictor.options().targets.front();
    vd::io::write_file(plots + name + "_network.svg",
                       detail::network_svg(config, norms, "What matters for " + target + " in " + vd::spaces::units_text(config.units)));
    const auto importances = detail::importances_of(predictor);
    vd::io::write_file(plots + name + "_importance.svg", detail::importance_svg(importances, "Scores of blocks by what they are, for " + target));
    for (const auto& one : importances) {
        std::printf("%s:", one.feature.c_str());
        for (const auto& [category, score] : one.categories) std::printf("  %s %s", category.c_str(), vd::rounded_text(score, 3).c_str());
        std::printf("\n");
    }
    std::printf("%s%s_network.svg\n%s%s_importance.svg\n", plots.c_str(), name.c_str(), plots.c_str(), name.c_str());
    return 0;
}

} // namespace autobuild
