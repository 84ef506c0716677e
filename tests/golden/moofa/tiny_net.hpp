#pragma once

// The small supernet of these goldens.

#include <verdant/io/tensor/npy.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/supernet/elastic_supernet.hpp>

#include "fill.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

/// Whether a file is of a net of other sizes, which are part of the type of ours: such a one is left out by name.
/// @param classes that it has
/// @param channels of its first convolution, where it says them
inline bool other_net(const std::string& file, std::uint64_t classes, std::optional<std::uint64_t> channels = std::nullopt) {
    const auto refuse = [&](const char* what, std::uint64_t found, int known) {
        if (found == static_cast<std::uint64_t>(known)) return false;
        skip(file, std::to_string(found) + what + ", and the net of these tests has " + std::to_string(known));
        return true;
    };
    return refuse(" classes", classes, tiny_space::family.classes) ||
           (channels && refuse(" channels behind the first convolution", *channels, tiny_space::family.first_conv));
}

/// The same of a state of weights.
inline bool other_net(const std::string& file, const io::named_tensors& state) {
    const auto *first = state.find("first_conv.conv.weight"), *last = state.find("classifier.linear.weight");
    return first != nullptr && last != nullptr && other_net(file, last->shape().at(0), first->shape().at(0));
}

/// The images that outputs belong to, which do not say so: of the files of as many images, the one that gives them, or nothing where there is none.
/// @param logits of images
template <class Logits>
std::optional<at::Tensor> tiny_input(const std::string& file, const at::Tensor& wanted, Logits&& logits) {
    std::vector<at::Tensor> all;
    for (const auto& f : find_all("moofa/tiny/input_*.npy"))
        if (auto x = nn::to_tensor(io::read_npy(f.path.string())); x.dim() == 4 && x.size(0) == wanted.size(0)) all.push_back(std::move(x));
    if (all.empty()) {
        skip(file, "no input_*.npy has " + std::to_string(wanted.size(0)) + " images");
        return std::nullopt;
    }
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < all.size() && all.size() > 1; ++i)
        if (const double off = relative_difference(wanted, logits(all[i])); off < least) {
            least = off;
            best = i;
        }
    return all[best];
}

/// The array of that name.
inline at::Tensor array(const io::named_tensors& arrays, const std::string& name) { return nn::to_tensor(arrays.at(name)); }

} // namespace golden
