#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/space.hpp>
#include <verdant/space/value_text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// The space of Accel-NASBench: MnasNet's seven blocks of inverted bottlenecks.
namespace verdant::spaces {

/// Channels of the expansion over those of the input, sides of the depthwise convolution, layers of a block, and whether there is
/// squeeze-and-excitation. The order of the values is that of Accel-NASBench (configurationspaces/effnet_configspace.json), so that the indices of a
/// point are the features that its surrogates take.
using mnasnet_expansions = choices<1, 4, 6>;
using mnasnet_kernels = choices<3, 5>;
using mnasnet_layers = choices<1, 2, 3>;
using mnasnet_deep_layers = choices<1, 2, 3, 4>; ///< of block 5
using mnasnet_excitation = choices<true, false>;

/// Accel-NASBench's space (DAC 2024, doi 10.1145/3649329.3657391; searchspaces.py): expansion `e`, kernel `k`, layers `l` and squeeze-and-excitation
/// `se` of seven blocks, 104 485 552 128 networks.
struct mnasnet
    : space<param<"block0_e", mnasnet_expansions>, param<"block0_k", mnasnet_kernels>, param<"block0_l", mnasnet_layers>, param<"block0_se", mnasnet_excitation>,
            param<"block1_e", mnasnet_expansions>, param<"block1_k", mnasnet_kernels>, param<"block1_l", mnasnet_layers>, param<"block1_se", mnasnet_excitation>,
            param<"block2_e", mnasnet_expansions>, param<"block2_k", mnasnet_kernels>, param<"block2_l", mnasnet_layers>, param<"block2_se", mnasnet_excitation>,
            param<"block3_e", mnasnet_expansions>, param<"block3_k", mnasnet_kernels>, param<"block3_l", mnasnet_layers>, param<"block3_se", mnasnet_excitation>,
            param<"block4_e", mnasnet_expansions>, param<"block4_k", mnasnet_kernels>, param<"block4_l", mnasnet_layers>, param<"block4_se", mnasnet_excitation>,
            param<"block5_e", mnasnet_expansions>, param<"block5_k", mnasnet_kernels>, param<"block5_l", mnasnet_deep_layers>, param<"block5_se", mnasnet_excitation>,
            param<"block6_e", mnasnet_expansions>, param<"block6_k", mnasnet_kernels>, param<"block6_l", mnasnet_layers>, param<"block6_se", mnasnet_excitation>> {};

/// What a block does to the map, whatever is chosen for it: the stride of its first layer, and channels.
struct mnasnet_block {
    int stride = 1;
    int in = 0;
    int out = 0;

    friend constexpr bool operator==(const mnasnet_block&, const mnasnet_block&) = default;
};

/// Blocks, and choices of each.
inline constexpr std::size_t mnasnet_block_count = 7;
inline constexpr std::size_t mnasnet_choice_count = 4;

/// The seven blocks (ANB-DatasetCollection, searchables/searchables.py).
inline constexpr std::array<mnasnet_block, mnasnet_block_count> mnasnet_blocks{
    {{1, 32, 16}, {2, 16, 24}, {2, 24, 40}, {2, 40, 80}, {1, 80, 112}, {2, 112, 192}, {1, 192, 320}}};

/// Where the parameters of a block stand in points.
struct mnasnet_layout {
    [[nodiscard]] static constexpr std::size_t expansion(std::size_t block) { return mnasnet_choice_count * block; }
    [[nodiscard]] static constexpr std::size_t kernel(std::size_t block) { return expansion(block) + 1; }
    [[nodiscard]] static constexpr std::size_t layers(std::size_t block) { return expansion(block) + 2; }
    [[nodiscard]] static constexpr std::size_t excitation(std::size_t block) { return expansion(block) + 3; }
};

/// A network as lists of choices, one entry a block: `[e[7], k[7], l[7], se[7]]`, Accel-NASBench's form of samples that are written by hand.
struct mnasnet_design {
    std::array<int, mnasnet_block_count> e{}, k{}, l{};
    std::array<bool, mnasnet_block_count> se{};

    friend constexpr bool operator==(const mnasnet_design&, const mnasnet_design&) = default;
};

/// The choices of a point.
[[nodiscard]] constexpr mnasnet_design design_of(const point<mnasnet>& p) {
    const auto value = [&p](std::size_t parameter) { return static_cast<int>(view_of<mnasnet>.code_of(parameter, p[parameter])); };
    mnasnet_design d;
    for (std::size_t b = 0; b < mnasnet_block_count; ++b) {
        d.e[b] = value(mnasnet_layout::expansion(b));
        d.k[b] = value(mnasnet_layout::kernel(b));
        d.l[b] = value(mnasnet_layout::layers(b));
        d.se[b] = value(mnasnet_layout::excitation(b)) != 0;
    }
    return d;
}

namespace detail {

/// Sets a parameter to a value. @throws input_error that names the parameter and its values
template <class S>
constexpr void set_choice(point<S>& p, std::size_t parameter, std::int64_t value, std::string_view source) {
    if (!p.assign(parameter, value))
        throw input_error{source, view_of<S>.name(parameter), "one of " + domain_text(view_of<S>, parameter), std::to_string(value)};
}

} // namespace detail

/// The point of such lists.
/// @throws input_error that names the parameter and its values, for a value that it has not
[[nodiscard]] constexpr point<mnasnet> point_of(const mnasnet_design& d, std::string_view source = "network") {
    point<mnasnet> p;
    for (std::size_t b = 0; b < mnasnet_block_count; ++b) {
        verdant::spaces::detail::set_choice(p, mnasnet_layout::expansion(b), d.e[b], source);
        verdant::spaces::detail::set_choice(p, mnasnet_layout::kernel(b), d.k[b], source);
        verdant::spaces::detail::set_choice(p, mnasnet_layout::layers(b), d.l[b], source);
        verdant::spaces::detail::set_choice(p, mnasnet_layout::excitation(b), d.se[b] ? 1 : 0, source);
    }
    return p;
}

} // namespace verdant::spaces
