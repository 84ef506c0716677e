#pragma once

// The small supernet of these goldens.

#include <verdant/io/tensor/npy.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/supernet/elastic_supernet.hpp>

#include "fill.hpp"

#include <optional>
#include <string>

namespace golden {

/// OFA-MobileNetV3 of a quarter of the width with ten classes.
struct tiny_space : spaces::once_for_all<spaces::mobilenet_v3_family(0.25, 10), spaces::published_images, spaces::published_kernels,
                                         verdant::choices<3, 4, 6>, spaces::published_depths> {};

using tiny_supernet = supernet::supernet<tiny_space>;

inline tiny_supernet tiny_net() {
    tiny_supernet net{0, 0};
    fill_by_name(net.weights(), "tiny/", {.convolution = 4, .linear = 4});
    return net;
}

/// The images that the outputs of the files in tiny/ belong to, or nothing where the goldens are absent.
inline std::optional<at::Tensor> tiny_input() {
    const auto files = find_all("moofa/tiny/input_*.npy");
    if (files.empty()) return std::nullopt;
    return nn::to_tensor(io::read_npy(files.front().path.string()));
}

/// The array of that name.
inline at::Tensor array(const io::named_tensors& arrays, const std::string& name) { return nn::to_tensor(arrays.at(name)); }

} // namespace golden
