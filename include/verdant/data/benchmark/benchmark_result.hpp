#pragma once

#include <string>
#include <utility>
#include <vector>

namespace verdant::io {

/// What a model reached in one task on one data set, as LAION-AI/CLIP_benchmark records it.
struct benchmark_result {
    std::string dataset;    ///< such as wds/vtab/cifar10
    std::string model;      ///< its architecture
    std::string pretrained; ///< its weights
    std::string task;       ///< such as zeroshot_classification
    std::string language = "en";
    std::vector<std::pair<std::string, double>> metrics = {}; ///< by name; NaN where a metric has no meaning
    std::vector<std::string> class_names = {};                ///< empty for: not recorded
    std::vector<std::string> templates = {};                  ///< empty for: not recorded
    /// How else it was measured, by name: `split`, `text-layers`, ...; names with a dot (`linear_probe.seed`) are of a task alone and tell no models
    /// apart. Empty for: not recorded.
    std::vector<std::pair<std::string, std::string>> settings = {};

    /// The metric of that name, or null.
    [[nodiscard]] const double* metric(const std::string& name) const noexcept {
        for (const auto& m : metrics)
            if (m.first == name) return &m.second;
        return nullptr;
    }
};

} // namespace verdant::io
