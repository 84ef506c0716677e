// What carbon_clip prunes and judges with, whichever model it is.
#pragma once

#include "../terminal/paths.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "options.hpp"

#include <verdant/carbon/intensity.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/pruning/fine_tune.hpp>
#include <verdant/pruning/importance_json.hpp>
#include <verdant/pruning/rank_importance.hpp>
#include <verdant/report/report.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

namespace carbon_clip {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

/// The trained model and everything that pruned ones are made and judged with.
struct workbench {
    std::string name, measure;
    nn::clip_model model{};
    vd::supernet::clip_importance importance{};
    std::function<nn::clip_model(const nn::clip_model&)> fine_tune{};
    std::function<double(const nn::clip_model&)> accuracy{}; // that the search sees
    std::function<double(const nn::clip_model&)> test_accuracy{}; // on data that no choice was made by; may be empty

    [[nodiscard]] vd::workload::clip_config config() const { return nn::config_of(model); }
};

/// Makes the folder of results that of a run of these settings, on which all trials depend. @throws input_error where it belongs to another one
inline void claim(vd::result_folder& out, const settings& s, vd::run_facts facts) {
    const auto grams = [](const std::string& text) {
        return vd::rounded_text(vd::in<vd::grams_per_kilowatt_hour>(vd::carbon::parse_intensity(text)), 12) + " g CO2e/kWh";
    };
    facts.emplace_back("--use-intensity", grams(s.use_intensity));
    facts.emplace_back("--fab-intensity", grams(s.fab_intensity));
    facts.emplace_back("--inferences", vd::exact_text(s.inferences));
    out.claim("model.txt", facts);
}

inline vd::supernet::fine_tune_options fine_tuning(const settings& s, const std::string& architecture, const std::string& data) {
    vd::supernet::fine_tune_options o;
    o.length.epochs = s.epochs();
    o.nonfinite = s.nonfinite;
    o.cache = s.out + "/fine_tuned";
    o.architecture = architecture;
    o.pretrained = "seed" + std::to_string(s.seed);
    o.data = data + ", batches of " + std::to_string(s.pairs());
    return o;
}

/// The same for the order in which all models of the folder are pruned.
inline void claim(vd::result_folder& out, const vd::supernet::clip_importance& order) {
    vd::fnv1a hash;
    for (const auto* tower : {&order.text, &order.vision})
        for (const auto* units : {&tower->ffn, &tower->heads})
            for (const auto& layer : *units)
                for (const auto& unit : layer) hash.add(static_cast<std::uint64_t>(unit.index));
    out.claim("ranking.txt", {{"--importance", "the ranking " + std::to_string(hash.value())}});
}

/// Ranks heads and feed-forward blocks, or reads the ranking that is there.
inline vd::supernet::clip_importance importance_of(const settings& s, const nn::clip_model& m,
                                                   const std::function<double(const nn::clip_model&)>& accuracy) {
    if (!s.importance.empty()) return vd::supernet::read_importance(s.importance);
    const auto c = nn::config_of(m);
    const auto units = c.text.layers * (c.text.heads + vd::supernet::ffn_blocks) + c.vision.layers * (c.vision.heads + vd::supernet::ffn_blocks);
    const auto folder = s.out + "/importance";
    terminal::make_folder(folder);
    terminal::progress line{"importance", static_cast<double>(units), terminal::in_logs::tenths};
    auto ranking = vd::supernet::rank_importance(
        m,
        [&](const nn::clip_model& changed) {
            terminal::leave_if_asked("carbon_clip", "the same command goes on behind what was ranked");
            // One figure stands for retrieval and classification alike, so that it alone is the score.
            const auto a = accuracy(changed);
            line.advance(1);
            return vd::supernet::unit_quality{a, a, a};
        },
        folder);
    vd::supernet::write_importance(folder, ranking);
    return ranking;
}

} // namespace carbon_clip
