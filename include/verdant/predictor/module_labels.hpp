#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/surrogate/graph/graph_encoder.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>
#include <verdant/surrogate/graph/prefix_tree.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Scores of all modules that the units of a network may have (AutoBuild: label_units.py).
namespace verdant::predictor {

/// The blocks of one unit. In ProxylessNAS the last block of a module of unit 5 is that of unit 6.
struct mbconv_module {
    std::uint8_t unit = 1; ///< from 1, as AutoBuild counts
    std::uint8_t size = 0; ///< blocks
    std::array<spaces::mbconv_block, 5> blocks{};

    [[nodiscard]] std::span<const spaces::mbconv_block> list() const noexcept { return std::span{blocks}.first(size); }
    /// The hop at which it is read: the one that sees all of it.
    [[nodiscard]] std::size_t hops() const noexcept { return size - std::size_t{1}; }

    friend bool operator==(const mbconv_module&, const mbconv_module&) = default;
};

/// A module as lists of blocks: one, or for unit 5 of ProxylessNAS all but the last and the last.
[[nodiscard]] inline spaces::mbconv_units units_of(const mbconv_module& m, spaces::mbconv_family f) {
    const auto all = m.list();
    const bool pair = f == spaces::mbconv_family::pn && m.unit == 5;
    spaces::mbconv_units out{{all.begin(), all.end() - (pair ? 1 : 0)}};
    if (pair) out.push_back({all.back()});
    return out;
}

/// A module, the norm of its last node at its hop, and its score: the norm moved to the scale of the targets of networks whose unit has as many
/// blocks, so that modules of different sizes can be compared.
struct labelled_module {
    std::uint32_t index = 0; ///< in the order of enumeration
    mbconv_module module;
    double norm = 0, score = 0;
};

/// All modules of a family: by unit, then by number of blocks, then by blocks, the last fastest: (3,3), (3,5), (3,7), (4,3), ..., as expansion and
/// kernel.
struct module_labels {
    spaces::mbconv_family family = spaces::mbconv_family::mbv3;
    std::vector<labelled_module> modules;
    /// How often a layer was evaluated for one node: the number of distinct pairs of a prefix of modules and a hop from 1 on.
    std::size_t layer_evaluations = 0;

    /// Those of a unit, from 1.
    [[nodiscard]] std::span<const labelled_module> of_unit(std::size_t unit) const noexcept {
        const auto first = std::find_if(modules.begin(), modules.end(), [&](const labelled_module& m) { return m.module.unit >= unit; });
        const auto last = std::find_if(first, modules.end(), [&](const labelled_module& m) { return m.module.unit > unit; });
        return {first, last};
    }
};

/// The best modules of a unit, the best first; of equal ones the first in the order of enumeration.
/// @param unit from 1
/// @throws input_error for a score that is not finite, as of a file: it has no place in an order
template <class = instantiated_when_used>
[[nodiscard]] std::vector<labelled_module> best_modules(const module_labels& labels, std::size_t unit, std::size_t count) {
    const auto all = labels.of_unit(unit);
    std::vector<labelled_module> out(all.begin(), all.end());
    for (const auto& m : out)
        if (!std::isfinite(m.score))
            throw input_error{"best modules", "unit " + std::to_string(unit), "finite scores",
                              exact_text(m.score) + " for module " + std::to_string(m.index)};
    const auto better = [](const labelled_module& a, const labelled_module& b) {
        return a.score > b.score || (a.score == b.score && a.index < b.index);
    };
    const auto kept = static_cast<std::ptrdiff_t>(std::min(count, out.size()));
    std::partial_sort(out.begin(), out.begin() + kept, out.end(), better);
    out.resize(static_cast<std::size_t>(kept));
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<labelled_module> best_modules<>(const module_labels&, std::size_t, std::size_t));

namespace detail {

/// Nodes of modules as trees of prefixes, and the numbers of the modules that end in them.
class module_trees {
public:
    module_trees(spaces::mbconv_family family, int resolution) : family_{family}, resolution_{static_cast<float>(resolution - 192) / 32} {}

    static constexpr std::size_t kinds = spaces::mbconv_expands.size() * spaces::mbconv_kernels.size();
    [[nodiscard]] static constexpr spaces::mbconv_block block(std::size_t kind) {
        return {spaces::mbconv_expands[kind / 3], spaces::mbconv_kernels[kind % 3]};
    }
    [[nodiscard]] static constexpr std::size_t power(std::size_t exponent) { return exponent == 0 ? 1 : kinds * power(exponent - 1); }

    /// The number of modules of a unit, from 0.
    [[nodiscard]] std::size_t modules(std::size_t unit) const {
        return joined(unit) ? power(3) + power(4) + power(5) : power(2) + power(3) + power(4);
    }
    [[nodiscard]] static constexpr std::size_t units() { return 5; }

    /// The tree of the modules of a unit that begin with a kind of block.
    /// @param ends for each node the module that ends there, counted within the unit, or none
    [[nodiscard]] surrogate::prefix_tree tree(std::size_t unit, std::size_t first_kind, std::vector<std::uint32_t>& ends,
                                              std::vector<mbconv_module>& modules) const {
        surrogate::prefix_tree out{6};
        ends.clear();
        modules.clear();
        const bool last_apart = joined(unit);
        std::size_t before = 0; // modules of fewer blocks
        graph::node begin = 0, end = 0; // prefixes that go on within the unit, on the level above
        for (std::size_t level = 0; level <= 4; ++level) {
            const auto here = static_cast<graph::node>(out.nodes());
            auto number = static_cast<std::uint32_t>(before + first_kind * power(level));
            const auto grow = [&](bool counted, bool of_next_unit) {
                for (auto parent = begin; parent < end; ++parent)
                    for (std::size_t kind = 0; kind < kinds; ++kind)
                        add(out, parent, unit, level, kind, ends, modules, counted ? number++ : none, of_next_unit);
            };
            if (level == 0) add(out, 0, unit, 0, first_kind, ends, modules, none, false);
            else if (level <= 3) grow(!last_apart, false);
            const auto within = static_cast<graph::node>(out.nodes());
            if (last_apart && level >= 2) grow(true, true);
            if (level >= (last_apart ? 2U : 1U)) before += power(level + 1);
            begin = here;
            end = within;
        }
        return out;
    }

    static constexpr std::uint32_t none = 0xffffffffU;

private:
    [[nodiscard]] bool joined(std::size_t unit) const { return family_ == spaces::mbconv_family::pn && unit == 4; }

    void add(surrogate::prefix_tree& out, graph::node parent, std::size_t unit, std::size_t level, std::size_t kind, std::vector<std::uint32_t>& ends,
             std::vector<mbconv_module>& modules, std::uint32_t number, bool of_next_unit) const {
        const std::array<float, 6> features{static_cast<float>(of_next_unit ? unit + 1 : unit),
                                            static_cast<float>(of_next_unit ? 0 : level),
                                            static_cast<float>(spaces::mbconv_digit(family_) - 2),
                                            static_cast<float>(kind / 3),
                                            static_cast<float>(kind % 3),
                                            resolution_};
        if (level == 0) static_cast<void>(out.add_root(features));
        else static_cast<void>(out.add(parent, features));
        ends.push_back(number);
        mbconv_module m;
        if (level > 0) m = modules[parent];
        m.unit = static_cast<std::uint8_t>(unit + 1);
        m.size = static_cast<std::uint8_t>(level + 1);
        m.blocks[level] = block(kind);
        modules.push_back(m);
    }

    spaces::mbconv_family family_;
    float resolution_;
};

/// Throws input_error, by the tensor, for a scale of scores without a deviation above 0, of those that modules of the family are read at.
/// @param layers of the predictor @param moment_hops columns of its table of units
inline void require_scales(std::size_t layers, std::size_t moment_hops, spaces::mbconv_family family, std::span<const double> hops,
                           std::span<const double> moments) {
    const auto require = [](const std::string& tensor, double deviation) {
        if (!(deviation > 0))
            throw input_error{"labels of modules", "tensor " + tensor, "a deviation above 0, as of targets and norms that differ",
                              exact_text(deviation)};
    };
    for (std::size_t unit = 0; unit < module_trees::units(); ++unit) {
        const bool joined = family == spaces::mbconv_family::pn && unit == 4;
        for (std::size_t hop = joined ? 2 : 1; hop <= (joined ? 4U : 3U) && hop <= layers; ++hop) {
            require("hop_moments, hop " + std::to_string(hop), hops[layers + 1 + hop]);
            const auto place = 2 * (unit * moment_hops + hop);
            require("embed_layer.moment_tsr, unit " + std::to_string(unit + 1) + ", hop " + std::to_string(hop), moments[place + 1]);
        }
    }
}

} // namespace detail

/// How modules are labelled.
struct label_options {
    int resolution = 224; ///< side of the pictures, pixels
    surrogate::vector_instructions instructions = surrogate::chosen_instructions();
};

/// Labels all modules of a family, 36 855 of OFA-MobileNetV3 and 95 823 of OFA-ProxylessNAS. Modules are read in trees of their prefixes, so that no
/// hop of a prefix that modules share is computed twice. The score of a module of unit u that is read at hop h is (norm - hop_moments[0, h]) /
/// hop_moments[1, h] * moment_tsr[u - 1, h, 1] + moment_tsr[u - 1, h, 0].
/// @tparam Scalar float, with vector instructions, or double
/// @throws input_error where the predictor is not one of format `custom` over directed graphs, sees fewer hops than the largest module has, has
/// moments of other units and hops, or a deviation that is not above 0 among those that are read
template <class Scalar = float>
[[nodiscard]] module_labels label_modules(const surrogate::graph_predictor_weights& w, spaces::mbconv_family family, const label_options& o = {}) {
    const auto& options = w.options;
    const std::size_t longest = family == spaces::mbconv_family::pn ? 5 : 4;
    if (options.features != surrogate::custom_features())
        throw input_error{"labels of modules", "predictor", "the features of format custom", "others"};
    if (options.undirected)
        throw input_error{"labels of modules", "predictor", "directed graphs, in which a block hears of those before it alone", "undirected ones"};
    if (options.moment_units < detail::module_trees::units() || options.moment_hops < longest)
        throw input_error{"labels of modules", "tensor embed_layer.moment_tsr",
                          "at least " + std::to_string(detail::module_trees::units()) + " units and " + std::to_string(longest) +
                              " hops for family " + std::string{spaces::name_of(family)},
                          std::to_string(options.moment_units) + " units and " + std::to_string(options.moment_hops) + " hops"};
    surrogate::check_weights(w);
    const surrogate::basic_graph_encoder<Scalar> encoder{w};
    const auto hops = w.tensors.at("hop_moments").template to<double>(), moments = w.tensors.at("embed_layer.moment_tsr").template to<double>();
    detail::require_scales(options.layers, options.moment_hops, family, hops, moments);
    const detail::module_trees trees{family, o.resolution};
    surrogate::basic_prefix_norms<Scalar> norms{o.instructions};
    module_labels out{family, {}, 0};
    std::size_t all = 0;
    for (std::size_t unit = 0; unit < trees.units(); ++unit) all += trees.modules(unit);
    out.modules.resize(all);
    std::vector<std::uint32_t> ends;
    std::vector<mbconv_module> modules;
    std::vector<double> found;
    std::size_t before = 0;
    for (std::size_t unit = 0; unit < trees.units(); before += trees.modules(unit++))
        for (std::size_t kind = 0; kind < trees.kinds; ++kind) {
            const auto tree = trees.tree(unit, kind, ends, modules);
            found.resize(tree.nodes());
            norms.compute(encoder, tree, options.norm, found);
            for (std::size_t n = 0; n < ends.size(); ++n) {
                if (ends[n] == trees.none) continue;
                const auto index = before + ends[n], hop = modules[n].hops(), place = 2 * (unit * options.moment_hops + hop);
                const double score = (found[n] - hops[hop]) / hops[options.layers + 1 + hop] * moments[place + 1] + moments[place];
                out.modules[index] = {static_cast<std::uint32_t>(index), modules[n], found[n], score};
            }
        }
    out.layer_evaluations = norms.layer_evaluations();
    return out;
}
VERDANT_DEFINED_ONCE(module_labels label_modules<>(const surrogate::graph_predictor_weights&, spaces::mbconv_family, const label_options&));

} // namespace verdant::predictor
