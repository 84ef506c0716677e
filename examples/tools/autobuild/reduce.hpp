// autobuild label-units and reduce
#pragma once

#include "data.hpp"
#include "results.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/plot/colours.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/predictor/module_labels.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/autobuild/module_point.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/spaces/reduced/reduced_space_json.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace autobuild {

using mbv3_space = vd::spaces::ofa_mobilenet_v3<1.2>;
using pn_space = vd::spaces::ofa_proxyless<>;

/// Calls `work` with the type of the space of a family.
template <class Work>
auto with_space(mbconv_family f, const Work& work) {
    return f == mbconv_family::mbv3 ? work(std::type_identity<mbv3_space>{}) : work(std::type_identity<pn_space>{});
}

/// All labelled modules by unit.
template <class S>
[[nodiscard]] typename vd::reduced_space<S>::modules_type modules_of(const vd::predictor::module_labels& labels) {
    typename vd::reduced_space<S>::modules_type all;
    for (const auto& m : labels.modules)
        all[m.module.unit - 1U].push_back(
            {vd::spaces::module_point<S>(m.module.unit - 1U, vd::predictor::units_of(m.module, labels.family)), m.score});
    return all;
}

struct labelling {
    vd::predictor::module_labels labels;
    std::string target;
};

/// Says which modules have scores without a scale, since no networks of different targets that the predictor was trained with have as many blocks in that unit: its table of
/// moments has mean 0 and deviation 1 there.
inline void warn_of_unseen(const vd::predictor::module_labels& labels, const vd::surrogate::graph_predictor_weights& w,
                           const std::string& predictor) {
    const auto moments = w.tensors.at("embed_layer.moment_tsr").to<double>();
    std::set<std::pair<int, std::size_t>> unseen; // unit and hop
    for (const auto& m : labels.modules) {
        const auto place = 2 * ((m.module.unit - 1U) * w.options.moment_hops + m.module.hops());
        if (moments[place] == 0 && moments[place + 1] == 1) unseen.emplace(m.module.unit, m.module.hops());
    }
    std::string which;
    for (const auto& [unit, hop] : unseen)
        which += (which.empty() ? "" : ", ") + std::string{"unit "} + std::to_string(unit) + " with " + std::to_string(hop + 1) + " blocks";
    if (!which.empty())
        std::fprintf(
            stderr,
            "autobuild: %s was trained with no networks of different targets that have %s; scores of these modules do not compare with the others\n",
            predictor.c_str(), which.c_str());
}

/// Labels all modules, and says how long that took.
inline labelling label(const label_settings& s) {
    const auto& predictor = s.predictor;
    const auto weights = vd::surrogate::read_graph_predictor(predictor, vd::io::read_tensors(predictor));
    const auto family = family_of(vd::surrogate::graph_predictor{weights}, predictor);
    const auto begun = std::chrono::steady_clock::now();
    labelling out{vd::predictor::label_modules(weights, family, {.resolution = s.resolution}), weights.options.targets.front()};
    const auto took = std::chrono::duration<double, std::milli>{std::chrono::steady_clock::now() - begun}.count();
    warn_of_unseen(out.labels, weights, predictor);
    std::printf("%zu modules of %s labelled in %.0f ms, by %zu evaluations of a layer\n", out.labels.modules.size(),
                std::string{vd::spaces::name_of(family)}.c_str(), took, out.labels.layer_evaluations);
    return out;
}

[[nodiscard]] inline std::string module_text(const vd::predictor::mbconv_module& m, mbconv_family f) {
    return vd::spaces::units_text(vd::predictor::units_of(m, f));
}

inline int label_units(const label_settings& s) {
    const auto found = label(s);
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const auto& m : found.labels.modules)
        all.push_back(
            {{"config", module_text(m.module, found.labels.family)}, {"unit", m.module.unit}, {"hops", m.module.hops()}, {"score", m.score}});
    const auto file = folder_in(s.out, "units") + '/' + stem_of(s.predictor) + "_labeled_sgs.json";
    vd::io::write_json(
        file, nlohmann::ordered_json{{"target", found.target}, {"families", vd::spaces::name_of(found.labels.family)}, {"modules", std::move(all)}});
    std::printf("%s\n", file.c_str());
    return 0;
}

namespace detail {

/// The best modules of each unit, a row of boxes each, coloured by their scores.
[[nodiscard]] inline std::string modules_svg(const std::vector<std::vector<vd::predictor::labelled_module>>& best, std::string_view title) {
    constexpr double box = 34, height = 30, gap = 3, left = 20, top = 70, unit_gap = 26;
    std::size_t rows = 0;
    double low = best.front().front().score, high = low, width = left;
    for (const auto& unit : best) {
        rows = std::max(rows, unit.size());
        std::size_t longest = 0;
        for (const auto& m : unit) {
            low = std::min(low, m.score), high = std::max(high, m.score);
            longest = std::max<std::size_t>(longest, m.module.size);
        }
        width += static_cast<double>(longest) * (box + gap) + 52 + unit_gap;
    }
    const double whole = top + static_cast<double>(rows) * (height + 8) + 40;
    vd::plot::svg_writer svg{width, whole, 12};
    svg.background("white");
    svg.title(title);
    svg.text({left, 26}, vd::plot::fitted(title, width - 2 * left, 15), {.colour = "black", .size = 15});
    double x = left;
    for (std::size_t u = 0; u < best.size(); ++u) {
        std::size_t longest = 0;
        for (const auto& m : best[u]) longest = std::max<std::size_t>(longest, m.module.size);
        svg.text({x, top - 12}, "unit " + std::to_string(u + 1), {.colour = "#555"});
        for (std::size_t i = 0; i < best[u].size(); ++i) {
            const auto& m = best[u][i];
            const double y = top + static_cast<double>(i) * (height + 8), share = high > low ? (m.score - low) / (high - low) : 1;
            for (std::size_t j = 0; j < m.module.size; ++j) {
                const double at = x + static_cast<double>(j) * (box + gap);
                const std::string ink = share > 0.55 ? "black" : "white"; // the scale goes from dark to light
                svg.rectangle({at, y}, box, height, {.fill = vd::plot::scale_colour(share), .stroke = "#666"}, 3);
                svg.text({at + box / 2, y + 13}, "e" + std::to_string(m.module.blocks[j].expand),
                         {.anchor = vd::plot::anchor::middle, .colour = ink, .size = 11});
                svg.text({at + box / 2, y + 25}, "k" + std::to_string(m.module.blocks[j].kernel),
                         {.anchor = vd::plot::anchor::middle, .colour = ink, .size = 11});
            }
            svg.text({x + static_cast<double>(m.module.size) * (box + gap) + 4, y + 20}, vd::rounded_text(m.score, 4), {.colour = "#333"});
        }
        x += static_cast<double>(longest) * (box + gap) + 52 + unit_gap;
    }
    svg.text({left, whole - 14}, "colour: the score, from the least (dark) to the greatest (light) that is shown", {.colour = "#555"});
    return std::move(svg).finished();
}

} // namespace detail

/// @return the file of the reduced space
inline std::string reduce(const reduce_settings& s) {
    const auto found = label(s.labels);
    const auto family = found.labels.family;
    std::string sizes;
    for (const auto k : s.keep) sizes += (sizes.empty() ? "" : "-") + std::to_string(k);
    if (s.keep.size() == 1) {
        const auto k = sizes;
        for (int i = 1; i < 5; ++i) sizes += '-' + k;
    }
    const auto stem = stem_of(s.labels.predictor) + '_' + sizes;
    std::string file;
    const auto size = with_space(family, [&]<class S>(std::type_identity<S>) {
        const auto reduced = vd::reduced_to_best<S>(modules_of<S>(found.labels), s.keep);
        file = folder_in(s.labels.out, "evals") + '/' + stem + "_search_space.json";
        vd::write_reduced_space(reduced, file);
        return reduced.at("image_size", "224").cardinality().to_string();
    });
    std::vector<std::vector<vd::predictor::labelled_module>> best;
    for (std::size_t u = 1; u <= 5; ++u)
        best.push_back(vd::predictor::best_modules(found.labels, u, std::min<std::size_t>(s.keep.size() == 1 ? s.keep[0] : s.keep[u - 1], 12)));
    const auto picture = folder_in(s.labels.out, "plots") + '/' + stem + "_modules.svg";
    vd::io::write_file(picture, detail::modules_svg(best, "The best modules of each unit, for " + found.target));
    for (std::size_t u = 0; u < best.size(); ++u)
        for (std::size_t i = 0; i < std::min(s.shown, best[u].size()); ++i)
            std::printf("unit %zu  %2zu.  %-10s  %s\n", u + 1, i + 1, vd::rounded_text(best[u][i].score, 5).c_str(),
                        module_text(best[u][i].module, family).c_str());
    std::printf("%s networks of one resolution are left\n%s\n%s\n", size.c_str(), file.c_str(), picture.c_str());
    return file;
}

} // namespace autobuild
