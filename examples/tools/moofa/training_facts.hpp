// What `moofa train` writes about itself before its first step: `run.config`, `net.config` and `net_info.txt`, as the original does.
#pragma once

#include "../terminal/paths.hpp"
#include "data.hpp"
#include "job.hpp"
#include "measure.hpp"
#include "models.hpp"

#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/report/report.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/layer_text.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/mobile_net_json.hpp>

#include <string>

namespace moofa {

template <class Space>
nlohmann::ordered_json run_config(const job& j, const image_sets& images, int process_count) {
    const auto& a = j.c.args;
    return {{"model", a.model},
            {"dataset", a.dataset},
            {"n_classes", images.classes},
            {"train_images", images.train.size()},
            {"valid_images", images.validation.size()},
            {"train_batch_size", a.batch},
            {"test_batch_size", a.test_batch},
            {"n_workers", process_count},
            {"opt_type", "sgd"},
            {"opt_param", {{"momentum", a.momentum}, {"nesterov", a.nesterov}}},
            {"weight_decay", a.weight_decay},
            {"label_smoothing", a.smoothing},
            {"no_decay_keys", "bn#bias"},
            {"lr_schedule_type", "cosine"},
            {"model_init", a.initial},
            {"manual_seed", j.seed()},
            {"distort_color", a.colours},
            {"resize_scale", a.smallest_crop},
            {"image_size", values<typename Space::images, int>()},
            {"kd_ratio", a.distillation_ratio},
            {"kd_type", a.distillation_loss}};
}

inline std::string net_info(const vd::workload::mobile_net& largest) {
    const auto cost = vd::workload::cost_of(largest);
    std::string text = "largest network at " + std::to_string(largest.image_size) + " pixels: " + std::to_string(cost.parameters) + " parameters, " +
                       vd::rounded_text(static_cast<double>(cost.macs) / 1e6, 6) + " M multiply-accumulates, peak memory " +
                       std::to_string(cost.peak) + " elements\n";
    for (const auto& line : vd::workload::layer_texts(largest)) text += line + '\n';
    return text;
}

/// @param process_count of those that train together
template <class Space>
void write_facts(const fs::path& folder, const job& j, const image_sets& images, int process_count) {
    const auto largest = described<Space>(spaces::largest_arch<Space>(), j, images.classes);
    terminal::make_folder(folder / "logs");
    vd::io::write_json((folder / "run.config").string(), run_config<Space>(j, images, process_count), 4);
    vd::io::write_json((folder / "net.config").string(), vd::workload::to_json(largest, j.c.args.dropout), 4);
    vd::io::write_file((folder / "net_info.txt").string(), net_info(largest));
}

} // namespace moofa
