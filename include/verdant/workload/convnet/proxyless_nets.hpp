#pragma once

#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <array>
#include <cstddef>

/// The four published networks of ProxylessNAS (Cai, Zhu, Han, ICLR 2019; mit-han-lab/proxylessnas, proxyless_{cpu,gpu,mobile,mobile_14}.config).
namespace verdant::workload {

/// A stage of such a network: the first block has the stride and changes the width.
struct proxyless_stage {
    int width = 0;
    int stride = 1;
    std::array<int, 4> kernels{}; ///< 0: a block that the search has left out
    std::array<int, 4> ratios{};
    int blocks = 4;
};

/// What tells the networks apart. The fixed first block has kernel 3 and no expansion.
struct proxyless_plan {
    int first_conv = 0, first_block = 0;
    std::array<proxyless_stage, 6> stages{};
    int feature_mix = 0;
};

namespace traits {
/// ProxylessNAS for a CPU (Cai et al., ICLR 2019).
inline constexpr proxyless_plan proxyless_cpu{40,
                                              24,
                                              {{{32, 2, {3, 3, 3, 3}, {6, 3, 3, 3}},
                                                {48, 2, {3, 3, 3, 5}, {6, 3, 3, 3}},
                                                {88, 2, {3, 0, 0, 3}, {6, 3, 3, 3}},
                                                {104, 1, {5, 3, 3, 3}, {6, 3, 3, 3}},
                                                {216, 2, {5, 5, 5, 3}, {6, 3, 3, 3}},
                                                {360, 1, {5}, {6}, 1}}},
                                              1432};
/// ProxylessNAS for a GPU.
inline constexpr proxyless_plan proxyless_gpu{40,
                                              24,
                                              {{{32, 2, {5, 0, 0, 0}, {3, 3, 3, 3}},
                                                {56, 2, {7, 0, 0, 3}, {3, 3, 3, 3}},
                                                {112, 2, {7, 0, 0, 5}, {6, 3, 3, 3}},
                                                {128, 1, {5, 0, 3, 5}, {6, 3, 3, 3}},
                                                {256, 2, {7, 7, 7, 5}, {6, 6, 6, 6}},
                                                {432, 1, {7}, {6}, 1}}},
                                              1728};
/// ProxylessNAS for a mobile phone.
inline constexpr proxyless_plan proxyless_mobile{32,
                                                 16,
                                                 {{{32, 2, {5, 3, 0, 0}, {3, 3, 3, 3}},
                                                   {40, 2, {7, 3, 5, 5}, {3, 3, 3, 3}},
                                                   {80, 2, {7, 5, 5, 5}, {6, 3, 3, 3}},
                                                   {96, 1, {5, 5, 5, 5}, {6, 3, 3, 3}},
                                                   {192, 2, {7, 7, 7, 7}, {6, 6, 3, 3}},
                                                   {320, 1, {7}, {6}, 1}}},
                                                 1280};
/// The same for a mobile phone, 1.4 times as wide.
inline constexpr proxyless_plan proxyless_mobile_14{48,
                                                    24,
                                                    {{{40, 2, {5, 3, 0, 0}, {3, 3, 3, 3}},
                                                      {56, 2, {7, 3, 5, 5}, {3, 3, 3, 3}},
                                                      {112, 2, {7, 5, 5, 5}, {6, 3, 3, 3}},
                                                      {136, 1, {5, 5, 5, 5}, {6, 3, 3, 3}},
                                                      {256, 2, {7, 7, 7, 7}, {6, 6, 3, 3}},
                                                      {448, 1, {7}, {6}, 1}}},
                                                    1792};
} // namespace traits

/// The network of a plan.
[[nodiscard]] constexpr mobile_net net_of(const proxyless_plan& plan, int image_size = 224, int classes = 1000) {
    constexpr auto act = nonlinearity::relu6;
    mobile_net net;
    net.first_conv = {.in = 3, .out = plan.first_conv, .kernel = 3, .stride = 2, .act = act};
    net.blocks.push_back({.in = plan.first_conv, .mid = plan.first_conv, .out = plan.first_block, .act = act});
    int in = plan.first_block, stage = 0;
    for (const auto& s : plan.stages) {
        for (int j = 0; j < s.blocks; ++j) {
            const auto at = static_cast<std::size_t>(j);
            if (s.kernels[at] == 0) continue;
            net.blocks.push_back({.in = in,
                                  .mid = in * s.ratios[at],
                                  .out = s.width,
                                  .kernel = s.kernels[at],
                                  .stride = j == 0 ? s.stride : 1,
                                  .expand = static_cast<double>(s.ratios[at]),
                                  .act = act,
                                  .shortcut = j != 0,
                                  .stage = stage});
            in = s.width;
        }
        ++stage;
    }
    net.feature_mix = {.in = in, .out = plan.feature_mix, .act = act};
    net.classes = classes;
    net.image_size = image_size;
    net.bn_eps = 1e-3;
    return net;
}

/// Searched for processors, graphics cards and phones; the last one is 1.4 times as wide.
[[nodiscard]] constexpr mobile_net proxyless_cpu(int image_size = 224) { return net_of(traits::proxyless_cpu, image_size); }
[[nodiscard]] constexpr mobile_net proxyless_gpu(int image_size = 224) { return net_of(traits::proxyless_gpu, image_size); }
[[nodiscard]] constexpr mobile_net proxyless_mobile(int image_size = 224) { return net_of(traits::proxyless_mobile, image_size); }
[[nodiscard]] constexpr mobile_net proxyless_mobile_14(int image_size = 224) { return net_of(traits::proxyless_mobile_14, image_size); }

} // namespace verdant::workload
