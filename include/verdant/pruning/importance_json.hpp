#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pruning/clip_importance.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Rankings by importance as the originals' JSON.
namespace verdant::supernet {

namespace detail {

template <class = instantiated_when_used>
[[nodiscard]] std::vector<layer_importance> read_ranking(const std::string& path) {
    const auto all = io::read_json(path);
    if (!all.is_array()) throw input_error{path, "", "a list of layers", all.type_name()};
    std::vector<layer_importance> out(all.size());
    std::vector<bool> seen(all.size());
    for (const auto& layer : all) {
        const auto place = "entry " + std::to_string(&layer - &all.front());
        if (!layer.is_array() || layer.size() != 2 || !layer[0].is_number_unsigned() || !layer[1].is_array())
            throw input_error{path, place, "[layer, [[index, score], ...]]", "something else"};
        const auto number = layer[0].get<std::uint64_t>();
        if (number >= all.size() || seen[number])
            throw input_error{path, place, "each layer below " + std::to_string(all.size()) + " once", std::to_string(number)};
        seen[number] = true;
        for (const auto& unit : layer[1]) {
            if (!unit.is_array() || unit.size() != 2 || !unit[0].is_number_unsigned() || unit[0] > 1'000'000 || !unit[1].is_number())
                throw input_error{path, place, "units as [index, score]", unit.dump()};
            out[number].push_back({unit[0].get<int>(), unit[1].get<double>()});
        }
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<layer_importance> read_ranking<>(const std::string&));

/// As Python's json.dump writes it.
[[nodiscard]] inline std::string ranking_text(const std::vector<layer_importance>& layers) {
    std::string text = "[";
    for (std::size_t i = 0; i < layers.size(); ++i) {
        text += (i == 0 ? "[" : ", [") + std::to_string(i) + ", [";
        for (std::size_t u = 0; u < layers[i].size(); ++u)
            text += (u == 0 ? "[" : ", [") + std::to_string(layers[i][u].index) + ", " + nlohmann::json(layers[i][u].score).dump() + "]";
        text += "]]";
    }
    return text + "]";
}

inline void write_ranking(const std::string& path, const std::vector<layer_importance>& layers) {
    for (std::size_t i = 0; i < layers.size(); ++i)
        for (const auto& unit : layers[i])
            if (!std::isfinite(unit.score))
                throw input_error{path, "layer " + std::to_string(i) + ", unit " + std::to_string(unit.index), "a finite score",
                                  std::to_string(unit.score)};
    io::write_file(path, ranking_text(layers));
}

} // namespace detail

/// The rankings of a folder in the original's format: ranking_ffn_text.json, ranking_head_text.json, ranking_head_vision.json and
/// ranking_ffn_vision.json, each a list over layers of [layer, [[index, score], ...]], what is pruned first at the front.
/// @throws file_error, input_error naming file and entry
[[nodiscard]] inline clip_importance read_importance(const std::string& folder) {
    const auto read = [&folder](const char* which) { return verdant::supernet::detail::read_ranking(folder + "/ranking_" + which + ".json"); };
    return {.text = {.ffn = read("ffn_text"), .heads = read("head_text")}, .vision = {.ffn = read("ffn_vision"), .heads = read("head_vision")}};
}

/// Writes the four files, each whole or not at all. @throws file_error; input_error for a score that is not finite, for which JSON has no word
template <class = instantiated_when_used>
void write_importance(const std::string& folder, const clip_importance& importance) {
    const auto write = [&folder](const char* which, const std::vector<layer_importance>& layers) {
        verdant::supernet::detail::write_ranking(folder + "/ranking_" + which + ".json", layers);
    };
    write("ffn_text", importance.text.ffn);
    write("head_text", importance.text.heads);
    write("head_vision", importance.vision.heads);
    write("ffn_vision", importance.vision.ffn);
}
VERDANT_DEFINED_ONCE(void write_importance<>(const std::string&, const clip_importance&));

} // namespace verdant::supernet
