#pragma once

#include <verdant/error.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The importance of heads, feed-forward blocks and layers.
namespace verdant::supernet {

/// Blocks that the feed-forward part of every layer is divided into (CATransformers, eval/pruning.py).
inline constexpr int ffn_blocks = 8;

/// A head or a feed-forward block, and how good the model is without it.
struct scored_unit {
    int index = 0;
    double score = 0;

    friend constexpr bool operator==(const scored_unit&, const scored_unit&) = default;
};

/// The units of one layer, those that are missed least first: they are pruned first.
using layer_importance = std::vector<scored_unit>;

/// Of all layers of one tower.
struct tower_importance {
    std::vector<layer_importance> ffn, heads;

    friend bool operator==(const tower_importance&, const tower_importance&) = default;
};

/// Of a CLIP (CATransformers, eval/init_importance.py, after MoPE-CLIP). Layers are those of the unpruned model.
struct clip_importance {
    tower_importance text, vision;

    friend bool operator==(const clip_importance&, const clip_importance&) = default;
};

/// Brings the units of a layer into the order in which they are pruned: by falling score, equal scores in the order given.
inline void order_units(layer_importance& units) {
    // A handful of units: insertion is stable and quick.
    for (std::size_t i = 1; i < units.size(); ++i)
        for (std::size_t j = i; j > 0 && units[j].score > units[j - 1].score; --j) std::swap(units[j], units[j - 1]);
}

/// The units of a layer, those to keep longest first: the reverse of the pruning order.
/// @param count how many the layer has; its indices must be 0 to count - 1, each once
/// @throws input_error if they are not
[[nodiscard]] inline std::vector<std::int64_t> keeping_order(const layer_importance& units, std::int64_t count, std::string_view what) {
    std::vector<std::int64_t> order;
    for (auto unit = units.rbegin(); unit != units.rend(); ++unit) order.push_back(unit->index);
    auto sorted = order;
    std::sort(sorted.begin(), sorted.end());
    bool sound = std::cmp_equal(sorted.size(), count);
    for (std::size_t i = 0; sound && i < sorted.size(); ++i) sound = std::cmp_equal(sorted[i], i);
    if (!sound)
        throw input_error{"importance ranking", what, "each of 0 to " + std::to_string(count - 1) + " once",
                          std::to_string(units.size()) + " units that are not these"};
    return order;
}

/// The units to keep, in their original order, when only `kept` of `count` may stay.
[[nodiscard]] inline std::vector<std::int64_t> kept_units(const layer_importance& units, std::int64_t count, std::int64_t kept,
                                                          std::string_view what) {
    auto order = keeping_order(units, count, what);
    if (kept < 1 || kept > count) throw input_error{"pruning", what, "1 to " + std::to_string(count) + " kept", std::to_string(kept)};
    order.resize(static_cast<std::size_t>(kept));
    std::sort(order.begin(), order.end());
    return order;
}

/// A ranking by position, in which the last units go first; for models that have not been measured.
[[nodiscard]] inline clip_importance importance_by_position(const workload::clip_config& c) {
    const auto tower = [](const workload::tower& t) {
        const auto layers = [&t](int units) {
            layer_importance one;
            for (int i = units - 1; i >= 0; --i) one.push_back({i, 0});
            return std::vector<layer_importance>(static_cast<std::size_t>(t.layers), one);
        };
        return tower_importance{.ffn = layers(ffn_blocks), .heads = layers(t.heads)};
    };
    return {.text = tower(c.text), .vision = tower(c.vision)};
}

} // namespace verdant::supernet
