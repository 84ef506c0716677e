#pragma once

#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/pruning/clip_importance.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>
namespace vd = verdant;

inline const auto& whole_clip = vd::workload::clip_named("ViT-B-16");

// [ranking]
// Made up, for who has not measured one: what recall is without each head and each block, of which few matter much, most of them in the first and last layers.
inline vd::supernet::clip_importance made_up_ranking() {
    vd::random_stream random{7};
    auto ranking = vd::supernet::importance_by_position(whole_clip);
    for (auto* const of : {&ranking.text.ffn, &ranking.text.heads, &ranking.vision.ffn, &ranking.vision.heads})
        for (std::size_t layer = 0; layer < of->size(); ++layer) {
            for (auto& unit : (*of)[layer])
                unit.score = 0.6 + (0.002 + 0.0007 * std::abs(static_cast<double>(layer) - 5.5)) * std::log(1 - random.uniform());
            vd::supernet::order_units((*of)[layer]);
        }
    return ranking;
}
// [/ranking]

// [accuracy]
// Stands in for tuning and evaluating pruned models. As MoPE-CLIP ranks them, the units that are missed least are pruned first, and each is missed by what recall fell
// without it; layers are cut from the end, and widths are missed by their square.
inline double missed_of(const std::vector<vd::supernet::layer_importance>& ranking, int layers, double kept) {
    double missed = 0;
    for (std::size_t layer = 0; layer < ranking.size(); ++layer) {
        const auto units = static_cast<double>(ranking[layer].size());
        const auto pruned =
            layer < static_cast<std::size_t>(layers) ? static_cast<std::size_t>(std::lround(units * (1 - kept))) : ranking[layer].size();
        for (std::size_t i = 0; i < pruned; ++i) missed += std::max(0.0, ranking[0][0].score - ranking[layer][i].score);
    }
    return missed;
}
inline double missed_of(const vd::supernet::tower_importance& ranking, const vd::workload::tower& t, const vd::workload::tower& whole) {
    const auto share = [](int some, int all) { return static_cast<double>(some) / all; };
    return missed_of(ranking.heads, t.layers, share(t.heads, whole.heads)) + missed_of(ranking.ffn, t.layers, share(t.ffn, whole.ffn)) +
           std::pow(1 - share(t.width, whole.width), 2);
}
struct pruned_accuracy {
    vd::supernet::clip_importance ranking;

    vd::metrics<vd::accuracy> operator()(const vd::point<vd::spaces::clip>& p) const {
        const auto c = vd::spaces::clip_of(p, whole_clip);
        return 0.65 * std::exp(-0.4 * (missed_of(ranking.text, c.text, whole_clip.text) + missed_of(ranking.vision, c.vision, whole_clip.vision)));
    }
};
// [/accuracy]
