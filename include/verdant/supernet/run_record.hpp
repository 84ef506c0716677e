#pragma once

#include <verdant/io/document/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace verdant::supernet {

/// What evaluation and search find out about one sub-network: the `info.json` of MOOFA's scripts (eval_and_search.py). What was not measured
/// is left out.
struct run_record {
    std::optional<double> accuracy; ///< of an evaluation: share of right answers
    std::optional<double> predicted_accuracy; ///< of a search
    std::optional<double> real_accuracy; ///< of a search with the weights of a supernet
    std::optional<double> constraint; ///< of a search: limit of the peak memory, elements; not in the original's files
    std::int64_t peak_memory = 0; ///< elements
    nlohmann::ordered_json config; ///< of an evaluation the whole configuration, of a search the sub-network
    std::vector<std::int64_t> memory_history; ///< elements, layer by layer
    double flops = 0; ///< multiply-accumulates, in millions
    std::optional<double> avg_forward_time; ///< seconds for a batch
};

/// A sub-network as the originals write one: `ks`, `e`, `d`, `image_size`.
template <class Arch>
[[nodiscard]] nlohmann::ordered_json arch_json(const Arch& a) {
    nlohmann::ordered_json e = nlohmann::ordered_json::array();
    for (const double ratio : a.e) // 3, not 3.0
        if (ratio == static_cast<double>(static_cast<int>(ratio))) e.push_back(static_cast<int>(ratio));
        else e.push_back(ratio);
    return {{"ks", a.ks}, {"e", std::move(e)}, {"d", a.d}, {"image_size", a.image_size}};
}

/// The record with the keys of `info.json`.
[[nodiscard]] inline nlohmann::ordered_json to_json(const run_record& r) {
    nlohmann::ordered_json out;
    const auto add = [&out](const char* key, const std::optional<double>& value) {
        if (value) out[key] = *value;
    };
    add("accuracy", r.accuracy);
    add("predicted_accuracy", r.predicted_accuracy);
    add("real_accuracy", r.real_accuracy);
    add("constraint", r.constraint);
    out["peak_memory"] = r.peak_memory;
    out["config"] = r.config;
    out["memory_history"] = r.memory_history;
    out["flops"] = r.flops;
    add("avg_forward_time", r.avg_forward_time);
    return out;
}

/// Writes `info.json` into a folder, which is made. @throws file_error
inline void write_record(const std::filesystem::path& folder, const run_record& r) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) throw file_error{folder.string(), "make the folder", failure.message()};
    io::write_json((folder / "info.json").string(), to_json(r), 4);
}

} // namespace verdant::supernet
