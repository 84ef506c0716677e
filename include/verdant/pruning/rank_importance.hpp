#pragma once

#include <verdant/error.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/pruning/clip_importance.hpp>
#include <verdant/pruning/importance_csv.hpp>
#include <verdant/pruning/trim.hpp>

#include <concepts>
#include <cstddef>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// Ranks the units of a CLIP from measurements.
namespace verdant::supernet {

namespace detail {

/// The measurements of one file, by layer and unit.
using measured_units = std::map<std::pair<int, int>, unit_quality>;

template <class Evaluate>
[[nodiscard]] std::vector<layer_importance> rank_part(const nn::clip_model& m, const importance_part& part, const std::string& folder,
                                                      Evaluate& evaluate) {
    measured_units known;
    const auto path = folder.empty() ? std::string{} : folder + "/" + part.file() + ".csv";
    if (!path.empty())
        for (const auto& row : read_measurements(path, part)) known.emplace(std::pair{row.layer, row.unit}, row.quality);
    std::vector<measurement_log> log;
    if (!path.empty()) log.emplace_back(path, part);

    nn::clip_model changed = m;
    auto& blocks = part.vision ? changed.vision.blocks : changed.text.blocks;
    std::vector<layer_importance> out(blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const nn::residual_block whole = blocks[i];
        const int units = part.heads ? static_cast<int>(whole.attn.heads) : ffn_blocks;
        for (int u = 0; u < units; ++u) {
            const std::pair key{static_cast<int>(i), u};
            auto found = known.find(key);
            if (found == known.end()) {
                if (part.heads) remove_head(blocks[i], u);
                else remove_ffn_block(blocks[i], u);
                found = known.emplace(key, evaluate(std::as_const(changed))).first;
                blocks[i] = whole;
                for (auto& file : log) file.add({key.first, key.second, found->second});
            }
            out[i].push_back({u, found->second.score()});
        }
        order_units(out[i]);
    }
    return out;
}

} // namespace detail

/// Ranks the heads and feed-forward blocks of every layer by how good the model is without each alone (CATransformers,
/// eval/init_importance.py): (mean of both retrievals among the first 1 + zero-shot accuracy) / 2, the best first. That takes one evaluation
/// for each unit, 432 for ViT-B/16.
/// @param evaluate called as `evaluate(model)` gives a unit_quality
/// @param folder where each measurement is appended to the original's CSV files as soon as it is known, and from which a run that was
///        stopped goes on; it belongs to this model and these data. Empty: nothing is written.
/// @throws error for layers with a single head, file_error, input_error for files of another format
template <std::invocable<const nn::clip_model&> Evaluate>
    requires std::convertible_to<std::invoke_result_t<Evaluate&, const nn::clip_model&>, unit_quality>
[[nodiscard]] clip_importance rank_importance(const nn::clip_model& m, Evaluate&& evaluate, const std::string& folder = {}) {
    clip_importance out;
    for (const auto& part : importance_parts) {
        auto& tower = part.vision ? out.vision : out.text;
        (part.heads ? tower.heads : tower.ffn) = verdant::supernet::detail::rank_part(m, part, folder, evaluate);
    }
    return out;
}

} // namespace verdant::supernet
