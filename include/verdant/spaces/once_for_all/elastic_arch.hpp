#pragma once

#include <verdant/error.hpp>
#include <verdant/spaces/once_for_all/mobile_family.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <array>
#include <cstddef>
#include <string>

namespace verdant::spaces {

/// A sub-network in the originals' raw form: kernel and expansion of every block of the deepest network, inactive ones included, depth of every
/// stage, side of the image. Block `j` of stage `s` is entry `family.block_offset(s) + j`; it is active where `j < d[s]`.
/// The names are those of the originals' files.
/// @tparam Blocks, Stages of the family: 20 and 5 for MobileNetV3-type spaces, 21 and 6 for ProxylessNAS
template <std::size_t Blocks, std::size_t Stages>
struct elastic_arch {
    std::array<int, Blocks> ks{};   ///< kernels of blocks
    std::array<double, Blocks> e{}; ///< ratios of expansion of blocks
    std::array<int, Stages> d{};    ///< depths of stages
    int image_size = 0;

    friend constexpr bool operator==(const elastic_arch&, const elastic_arch&) = default;
};

/// Sub-networks of OFA-MobileNetV3, CompOFA and MOOFA.
using ofa_arch = elastic_arch<20, 5>;
/// Sub-networks of OFA-ProxylessNAS.
using proxyless_arch = elastic_arch<21, 6>;

/// The static network of a sub-network.
/// @throws input_error if a depth is below 1 or above the blocks of its stage
template <std::size_t Blocks, std::size_t Stages>
[[nodiscard]] constexpr workload::mobile_net net_of(const mobile_family& f, const elastic_arch<Blocks, Stages>& a) {
    auto net = frame_of(f, a.image_size);
    for (std::size_t s = 0; s < Stages; ++s) {
        const int stage = static_cast<int>(s);
        if (a.d[s] < 1 || a.d[s] > f.stages[s].blocks)
            throw input_error{"sub-network", "d[" + std::to_string(s) + "]", "a depth from 1 to " + std::to_string(f.stages[s].blocks),
                              std::to_string(a.d[s])};
        for (int j = 0; j < a.d[s]; ++j) {
            const auto i = static_cast<std::size_t>(f.block_offset(stage) + j);
            net.blocks.push_back(block_of(f, stage, j, a.ks[i], a.e[i]));
        }
    }
    return net;
}

} // namespace verdant::spaces
