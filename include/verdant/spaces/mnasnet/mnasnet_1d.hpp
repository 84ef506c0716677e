#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/space.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/workload/convnet/mobile_net_1d.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Accel-NASBench's networks for signals: the first five blocks, convolutions over one axis, no stride but the first convolution's, no
/// squeeze-and-excitation (ANB-DatasetCollection: {ecg,satellite,deepsea}-code, searchables/searchables.py, models/accelbenchnet_1d*.py).
namespace verdant::spaces {

/// Expansion, kernel and layers of five blocks: 1 889 568 networks.
struct mnasnet_1d : space<param<"block0_e", mnasnet_expansions>, param<"block0_k", mnasnet_kernels>, param<"block0_l", mnasnet_layers>,
                          param<"block1_e", mnasnet_expansions>, param<"block1_k", mnasnet_kernels>, param<"block1_l", mnasnet_layers>,
                          param<"block2_e", mnasnet_expansions>, param<"block2_k", mnasnet_kernels>, param<"block2_l", mnasnet_layers>,
                          param<"block3_e", mnasnet_expansions>, param<"block3_k", mnasnet_kernels>, param<"block3_l", mnasnet_layers>,
                          param<"block4_e", mnasnet_expansions>, param<"block4_k", mnasnet_kernels>, param<"block4_l", mnasnet_layers>> {};

/// Blocks of such a network.
inline constexpr std::size_t mnasnet_1d_block_count = 5;

/// What a task asks of the networks.
struct signal_task {
    std::string_view name;
    int channels = 1;
    int length = 1; ///< samples of a signal
    int stem_stride = 1;
    int classes = 2;
    bool multi_label = false; ///< each class is there or not, whatever the others

    friend constexpr bool operator==(const signal_task&, const signal_task&) = default;
};

/// Rhythms of the heart (PhysioNet 2017), crops by satellite, features of DNA (DeepSEA).
inline constexpr std::array<signal_task, 3> signal_tasks{
    {{"ecg", 1, 1000, 2, 4, false}, {"satellite", 1, 46, 1, 24, false}, {"deepsea", 4, 1000, 1, 36, true}}};

/// The task of that name.
/// @throws input_error with all names if there is none
[[nodiscard]] constexpr const signal_task& signal_task_named(std::string_view name) {
    std::array<std::string_view, signal_tasks.size()> names{};
    for (std::size_t i = 0; i < signal_tasks.size(); ++i) {
        if (signal_tasks[i].name == name) return signal_tasks[i];
        names[i] = signal_tasks[i].name;
    }
    throw input_error{"task", "", "one of " + io::name_list(names), "'" + std::string{name} + "'" + io::did_you_mean(name, names)};
}

/// A network for signals as lists of choices, one entry a block.
struct mnasnet_1d_design {
    std::array<int, mnasnet_1d_block_count> e{}, k{}, l{};

    friend constexpr bool operator==(const mnasnet_1d_design&, const mnasnet_1d_design&) = default;
};

/// The choices of a point.
[[nodiscard]] constexpr mnasnet_1d_design design_of(const point<mnasnet_1d>& p) {
    const auto value = [&p](std::size_t parameter) { return static_cast<int>(view_of<mnasnet_1d>.code_of(parameter, p[parameter])); };
    mnasnet_1d_design d;
    for (std::size_t b = 0; b < mnasnet_1d_block_count; ++b) {
        d.e[b] = value(3 * b);
        d.k[b] = value(3 * b + 1);
        d.l[b] = value(3 * b + 2);
    }
    return d;
}

/// The point of such lists.
/// @throws input_error that names the parameter and its values, for a value that it has not
[[nodiscard]] constexpr point<mnasnet_1d> point_of(const mnasnet_1d_design& d, std::string_view source = "network") {
    point<mnasnet_1d> p;
    for (std::size_t b = 0; b < mnasnet_1d_block_count; ++b) {
        const std::array<int, 3> values{d.e[b], d.k[b], d.l[b]};
        for (std::size_t i = 0; i < values.size(); ++i)
            verdant::spaces::detail::set_choice(p, 3 * b + i, values[i], source);
    }
    return p;
}

/// The network of a point for a task. Its last convolution keeps the channels.
[[nodiscard]] constexpr workload::mobile_net_1d net_of(const point<mnasnet_1d>& p, const signal_task& task,
                                                       workload::nonlinearity act = workload::nonlinearity::relu) {
    const auto d = design_of(p);
    constexpr int last = mnasnet_blocks[mnasnet_1d_block_count - 1].out;
    workload::mobile_net_1d net;
    net.first_conv = {.in = task.channels, .out = mnasnet_stem, .kernel = 3, .stride = task.stem_stride, .act = act, .batch_norm = false};
    for (std::size_t b = 0; b < mnasnet_1d_block_count; ++b)
        for (int j = 0; j < d.l[b]; ++j) {
            auto layer = mnasnet_layer(b, j, d.e[b], d.k[b], channel_weights::none, act);
            layer.stride = 1;
            layer.shortcut = layer.in == layer.out;
            net.blocks.push_back(layer);
        }
    net.last_conv = {.in = last, .out = last, .act = act, .batch_norm = false};
    net.classes = task.classes;
    net.length = task.length;
    return net;
}

} // namespace verdant::spaces
