#pragma once

// The small CLIP of the goldens, and comparisons of tensors.

#include <verdant/io/tensor/npz.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/workload/transformer/clip_json.hpp>
#include <verdant/workload/transformer/clip_parameters.hpp>

#include "golden/golden.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace golden {

namespace nn = verdant::nn;
namespace io = verdant::io;

inline verdant::workload::clip_config tiny_config(const std::filesystem::path& config) {
    return verdant::workload::clip_from_json(read_json(config).at("config"), config.string());
}

/// The model of clip_tiny/<weights>, or nothing where the goldens are absent.
inline std::optional<nn::clip_model> tiny_clip(const std::string& weights = "clip.safetensors") {
    const auto config = find("carbonnaas/clip_tiny/config.json"), file = find("carbonnaas/clip_tiny/" + weights);
    if (!config || !file) return std::nullopt;
    return nn::load_clip(io::read_safetensors(file->string()), tiny_config(*config));
}

/// The array of that name.
inline at::Tensor array(const io::named_tensors& arrays, const std::string& name) { return nn::to_tensor(arrays.at(name)); }

/// Largest difference of two tensors of one shape; infinite where shapes or kinds of numbers differ.
inline double difference(const at::Tensor& expected, const at::Tensor& found) {
    if (expected.sizes() != found.sizes()) return std::numeric_limits<double>::infinity();
    if (expected.numel() == 0) return 0;
    return (expected.to(at::kDouble) - found.detach().to(at::kDouble)).abs().max().item<double>();
}

/// One row: a tensor that must agree to the summary's tolerance, absolutely.
inline void compare(summary& s, const std::string& what, const at::Tensor& expected, const at::Tensor& found) {
    s.next_row();
    s.compare(what, 0, difference(expected, found));
}

} // namespace golden
