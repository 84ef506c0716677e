#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/residual_net.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

/// OFA-ResNet50D.
namespace verdant::spaces {

/// A sub-network of OFA-ResNet50D in the original's raw form.
struct resnet_arch {
    std::array<int, 5> d{}; ///< stem (its residual convolution is there where this is the largest depth), then blocks of each stage beyond the least
    std::array<double, 18> e{}; ///< ratio of inner to output channels, of every block of the deepest network
    std::array<int, 6> w{}; ///< indices into the width multipliers: inner and outer width of the stem, then each stage
    int image_size = 224;

    friend constexpr bool operator==(const resnet_arch&, const resnet_arch&) = default;
};

/// The facts of OFA-ResNet50D: ofa/classification/elastic_nn/networks/ofa_resnets.py.
struct resnet_family {
    static constexpr std::size_t stages = 4;

    int stem = 64; ///< output channels of the stem before the multiplier; half of it inside
    std::array<int, stages> widths{256, 512, 1024, 2048}; ///< output channels before the multiplier
    std::array<int, stages> least_blocks{2, 2, 4, 2};
    std::array<int, stages> strides{1, 2, 2, 2};
    std::array<double, 3> multipliers{0.65, 0.8, 1.0};
    int most_extra = 2; ///< blocks of a stage beyond the least
    int classes = 1000;
    int in_channels = 3;
    double bn_momentum = 0.1;
    double bn_eps = 1e-5;
    int gn_channels = 0; ///< channels of a group of group normalisation at most; 0: batch normalisation
    double ws_eps = 0; ///< epsilon of weight standardisation; 0: none
    int heads = 1; ///< of the classifier, each with all classes

    [[nodiscard]] constexpr int blocks(int stage) const { return least_blocks[static_cast<std::size_t>(stage)] + most_extra; }
    /// Position of a stage's first block in lists of all blocks.
    [[nodiscard]] constexpr int block_offset(int stage) const {
        int sum = 0;
        for (int s = 0; s < stage; ++s) sum += blocks(s);
        return sum;
    }

    friend constexpr bool operator==(const resnet_family&, const resnet_family&) = default;
};

/// The static network of a sub-network.
/// @throws input_error if a depth or an index of a width is out of range
[[nodiscard]] constexpr workload::residual_net net_of(const resnet_family& f, const resnet_arch& a) {
    for (std::size_t i = 0; i < a.w.size(); ++i)
        if (a.w[i] < 0 || static_cast<std::size_t>(a.w[i]) >= f.multipliers.size())
            throw input_error{"sub-network", "w[" + std::to_string(i) + "]", "an index of a width multiplier", std::to_string(a.w[i])};
    for (std::size_t i = 0; i < a.d.size(); ++i)
        if (a.d[i] < 0 || a.d[i] > f.most_extra)
            throw input_error{"sub-network", "d[" + std::to_string(i) + "]", "0 to " + std::to_string(f.most_extra), std::to_string(a.d[i])};
    const auto scaled = [&](int channels, int index) { return workload::make_divisible(channels * f.multipliers[static_cast<std::size_t>(index)]); };
    const int half = scaled(f.stem, a.w[0]) / 2, inner = workload::make_divisible(half), outer = scaled(f.stem, a.w[1]);
    using enum workload::nonlinearity;
    workload::residual_net net;
    net.first_conv = {.in = f.in_channels, .out = inner, .kernel = 3, .stride = 2, .act = relu};
    net.stem_residual = a.d[0] == f.most_extra;
    net.last_conv = {.in = inner, .out = outer, .kernel = 3, .act = relu};
    int in = outer;
    for (std::size_t s = 0; s < resnet_family::stages; ++s) {
        const int stage = static_cast<int>(s), out = scaled(f.widths[s], a.w[s + 2]);
        for (int j = 0; j < f.least_blocks[s] + a.d[s + 1]; ++j) {
            const double e = a.e[static_cast<std::size_t>(f.block_offset(stage) + j)];
            const int stride = j == 0 ? f.strides[s] : 1;
            net.blocks.push_back(
                {.in = in,
                 .mid = workload::mid_channels(out, e),
                 .out = out,
                 .stride = stride,
                 .expand = e,
                 .shortcut = stride == 1 && in == out && j != 0 ? workload::downsample::identity : workload::downsample::avgpool_conv,
                 .stage = stage});
            in = out;
        }
    }
    net.classes = f.classes;
    net.image_size = a.image_size;
    net.bn_momentum = f.bn_momentum;
    net.bn_eps = f.bn_eps;
    net.gn_channels = f.gn_channels;
    net.ws_eps = f.ws_eps;
    net.heads = f.heads;
    return net;
}

namespace detail {

template <std::size_t J, std::size_t Least, class Block>
using extra_block = std::conditional_t<(J < Least), verdant::detail::element_list<nest<numbered("block", J), Block>>,
                                       verdant::detail::element_list<when<(var<"depth"> > val<static_cast<int>(J - Least)>), nest<numbered("block", J), Block>>>>;

/// Whether the typed parameters fit the family: they are those of ResNet50D.
[[nodiscard]] constexpr bool same_structure(const spaces::resnet_family& f) {
    constexpr spaces::resnet_family published;
    return f.least_blocks == published.least_blocks && f.most_extra == published.most_extra && f.multipliers == published.multipliers;
}

/// A class of its own, so that a space that fails is still a space and only the failure is reported.
template <bool Same>
struct resnet_family_check {
    static_assert(Same, "verdant: the blocks or width multipliers of this family are not those of ResNet50D, whose parameters the space has; change "
                        "only widths, strides, classes, channels and norms");
    static constexpr bool value = true;
};

template <class Widths, class Depths, class Block, std::size_t Least, class Positions>
struct resnet_stage_elements;
template <class Widths, class Depths, class Block, std::size_t Least, std::size_t... J>
struct resnet_stage_elements<Widths, Depths, Block, Least, std::index_sequence<J...>>
    : joined_space<verdant::detail::element_list<param<"depth", Depths>, param<"width", Widths>>, extra_block<J, Least, Block>...> {};

} // namespace detail

/// Ratios of inner to output channels of a bottleneck.
using resnet_ratios = choices<0.2, 0.25, 0.35>;

/// One bottleneck's ratio of inner to output channels.
struct resnet_block : space<param<"expand", resnet_ratios>> {};

/// Width multipliers of OFA-ResNet50D.
using resnet_widths = choices<0.65, 0.8, 1.0>;

/// A stage: blocks beyond the least, multiplier of its width, and the ratios of the blocks that exist.
template <std::size_t Least>
struct resnet_stage
    : verdant::spaces::detail::resnet_stage_elements<resnet_widths, choices<0, 1, 2>, resnet_block, Least, std::make_index_sequence<Least + 2>>::type {};

/// The stem: whether its residual convolution is there (depth 2) or not (0), and the multipliers of its inner and outer width.
struct resnet_stem : space<param<"depth", choices<0, 2>>, param<"inner_width", resnet_widths>, param<"width", resnet_widths>> {};

/// The sides of images that the published predictor of OFA-ResNet50D knows.
using resnet_images = choices<128, 144, 160, 176, 192, 224, 240, 256>;

/// OFA-ResNet50D.
/// @tparam Images sides of the input; the published predictor's by default
/// @tparam Family widths, strides, classes and the like; numbers of blocks and width multipliers are those of ResNet50D
template <domain Images = resnet_images, resnet_family Family = resnet_family{}>
struct ofa_resnet : space<param<"image_size", Images>, nest<"stem", resnet_stem>, nest<"stage0", resnet_stage<2>>, nest<"stage1", resnet_stage<2>>,
                          nest<"stage2", resnet_stage<4>>, nest<"stage3", resnet_stage<2>>> {
    static_assert(verdant::spaces::detail::resnet_family_check<verdant::spaces::detail::same_structure(Family)>::value);

    static constexpr resnet_family resnet = Family;
    using images = Images;
    using arch_type = resnet_arch;
};

/// A space derived from `ofa_resnet`.
template <class S>
concept resnet_space = search_space<S> && requires {
    { S::resnet } -> std::convertible_to<resnet_family>;
    typename S::images;
};

/// Where the parameters of such a space stand.
struct resnet_layout {
    static constexpr std::size_t image_size = 0, stem_depth = 1, stem_inner_width = 2, stem_width = 3;
    [[nodiscard]] static constexpr std::size_t depth(std::size_t stage) {
        return 4 + 2 * stage + static_cast<std::size_t>(resnet_family{}.block_offset(static_cast<int>(stage)));
    }
    [[nodiscard]] static constexpr std::size_t width(std::size_t stage) { return depth(stage) + 1; }
    [[nodiscard]] static constexpr std::size_t expand(std::size_t stage, std::size_t block) { return depth(stage) + 2 + block; }
};

/// The sub-network of a point, in the raw form.
template <resnet_space S>
[[nodiscard]] constexpr resnet_arch arch_of(const point<S>& p) {
    using layout = resnet_layout;
    resnet_arch a;
    a.image_size = static_cast<int>(S::images::value(p[layout::image_size]));
    a.d[0] = p[layout::stem_depth] == 0 ? 0 : 2;
    a.w[0] = p[layout::stem_inner_width];
    a.w[1] = p[layout::stem_width];
    for (std::size_t s = 0; s < resnet_family::stages; ++s) {
        a.d[s + 1] = p[layout::depth(s)];
        a.w[s + 2] = p[layout::width(s)];
        for (std::size_t j = 0; j < static_cast<std::size_t>(S::resnet.blocks(static_cast<int>(s))); ++j)
            a.e[static_cast<std::size_t>(S::resnet.block_offset(static_cast<int>(s))) + j] = resnet_ratios::value(p[layout::expand(s, j)]);
    }
    return a;
}

/// The point of a sub-network; the ratios of blocks that do not exist are pinned to the first.
/// @throws input_error that names the entry, if a value is not in its domain
template <resnet_space S>
[[nodiscard]] constexpr point<S> point_of(const resnet_arch& a) {
    using layout = resnet_layout;
    using verdant::spaces::detail::index_in_domain;
    point<S> p;
    const auto set = [&p](std::size_t parameter, std::size_t index, std::size_t size, double found) {
        if (index >= size) throw input_error{"sub-network", view_of<S>.name(parameter), "a value of its domain", std::to_string(found)};
        p[parameter] = static_cast<typename point<S>::index_type>(index);
    };
    set(layout::image_size, index_in_domain<typename S::images>(a.image_size), S::images::size, a.image_size);
    set(layout::stem_depth, index_in_domain<choices<0, 2>>(a.d[0]), 2, a.d[0]);
    set(layout::stem_inner_width, static_cast<std::size_t>(a.w[0]), 3, a.w[0]);
    set(layout::stem_width, static_cast<std::size_t>(a.w[1]), 3, a.w[1]);
    for (std::size_t s = 0; s < resnet_family::stages; ++s) {
        set(layout::depth(s), static_cast<std::size_t>(a.d[s + 1]), 3, a.d[s + 1]);
        set(layout::width(s), static_cast<std::size_t>(a.w[s + 2]), 3, a.w[s + 2]);
        const int stage = static_cast<int>(s);
        for (int j = 0; j < S::resnet.least_blocks[s] + a.d[s + 1]; ++j) {
            const double e = a.e[static_cast<std::size_t>(S::resnet.block_offset(stage) + j)];
            set(layout::expand(s, static_cast<std::size_t>(j)), index_in_domain<resnet_ratios>(e), resnet_ratios::size, e);
        }
    }
    return p;
}

/// The static network of a point.
template <resnet_space S>
[[nodiscard]] constexpr workload::residual_net net_of(const point<S>& p) {
    return net_of(S::resnet, arch_of(p));
}

} // namespace verdant::spaces
