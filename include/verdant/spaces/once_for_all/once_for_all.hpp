#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/spaces/once_for_all/elastic_arch.hpp>
#include <verdant/spaces/once_for_all/mobile_family.hpp>
#include <verdant/workload/graph/bounded_list.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

/// The space of a Once-for-all family: kernel, expansion and depth of each stage.
namespace verdant::spaces {

/// Kernel and expansion of one block.
template <domain Kernels, domain Expands>
struct elastic_block : space<param<"kernel", Kernels>, param<"expand", Expands>> {};

namespace detail {

template <class Domain>
[[nodiscard]] consteval auto least_value() {
    auto least = Domain::value(0);
    for (std::size_t i = 1; i < Domain::size; ++i) least = std::min(least, Domain::value(i));
    return least;
}
template <class Domain>
[[nodiscard]] consteval auto greatest_value() {
    auto greatest = Domain::value(0);
    for (std::size_t i = 1; i < Domain::size; ++i) greatest = std::max(greatest, Domain::value(i));
    return greatest;
}

/// `block3`, `stage5`: numbers below ten.
template <std::size_t N>
[[nodiscard]] consteval fixed_string<N> numbered(const char (&text)[N], std::size_t number) {
    fixed_string<N> name;
    for (std::size_t i = 0; i + 1 < N; ++i) name.characters[i] = text[i];
    name.characters[N - 1] = static_cast<char>('0' + number);
    return name;
}

/// A block that every depth has is always there; a later one exists only in networks deep enough.
template <std::size_t J, class Depths, class... Elements>
using at_depth = std::conditional_t<(least_value<Depths>() > static_cast<int>(J)), verdant::detail::element_list<Elements...>,
                                    verdant::detail::element_list<when<(var<"depth"> > val<static_cast<int>(J)>), Elements...>>>;

template <class... Lists>
struct joined_space;
template <class... A>
struct joined_space<verdant::detail::element_list<A...>> {
    using type = space<A...>;
};
template <class... A, class... B, class... Rest>
struct joined_space<verdant::detail::element_list<A...>, verdant::detail::element_list<B...>, Rest...> : joined_space<verdant::detail::element_list<A..., B...>, Rest...> {};

/// No rule ties the expansions of a stage to its depth; for one, see `spaces::coupled_to_depth`.
struct uncoupled {
    template <std::size_t J>
    using constraints = verdant::detail::element_list<>;
    [[nodiscard]] static constexpr bool allows(int, double) { return true; }
};

template <std::size_t J, class Depths, class Block, class Constraints>
struct depth_block;
template <std::size_t J, class Depths, class Block, class... Constraints>
struct depth_block<J, Depths, Block, verdant::detail::element_list<Constraints...>> {
    using type = at_depth<J, Depths, nest<numbered("block", J), Block>, Constraints...>;
};

template <class Depths, class Block, class Coupling, class Positions>
struct stage_elements;
template <class Depths, class Block, class Coupling, std::size_t... J>
struct stage_elements<Depths, Block, Coupling, std::index_sequence<J...>>
    : joined_space<verdant::detail::element_list<param<"depth", Depths>>,
                   typename depth_block<J, Depths, Block, typename Coupling::template constraints<J>>::type...> {};

} // namespace detail

/// A stage: its `depth`, and `block0`, `block1`, ... with `kernel` and `expand`; blocks beyond the depth do not exist.
/// @tparam Coupling constraints between depth and blocks
template <domain Kernels, domain Expands, domain Depths, class Coupling = verdant::spaces::detail::uncoupled>
struct elastic_stage
    : verdant::spaces::detail::stage_elements<Depths, elastic_block<Kernels, Expands>, Coupling,
                                      std::make_index_sequence<static_cast<std::size_t>(verdant::spaces::detail::greatest_value<Depths>())>>::type {};

namespace detail {

template <class Images, class Kernels, class Expands, class Depths, class Coupling, spaces::mobile_family Family, class Stages>
struct once_for_all_space;
template <class Images, class Kernels, class Expands, class Depths, class Coupling, spaces::mobile_family Family, std::size_t... S>
struct once_for_all_space<Images, Kernels, Expands, Depths, Coupling, Family, std::index_sequence<S...>> {
    /// A stage that never has more than one block has no choice of its depth.
    template <std::size_t Stage>
    using depths = std::conditional_t<Family.stages[Stage].blocks == 1, choices<1>, Depths>;
    using type = space<param<"image_size", Images>, nest<numbered("stage", S), spaces::elastic_stage<Kernels, Expands, depths<S>, Coupling>>...>;
};

[[nodiscard]] constexpr bool widths_are_divisible(const spaces::mobile_family& f) {
    if (f.first_block % 8 != 0) return false;
    for (int s = 0; s < f.stage_count; ++s)
        if (f.stages[static_cast<std::size_t>(s)].width <= 0 || f.stages[static_cast<std::size_t>(s)].width % 8 != 0) return false;
    return f.stage_count > 0;
}

[[nodiscard]] constexpr bool depths_fit(const spaces::mobile_family& f, int least, int greatest) {
    for (int s = 0; s < f.stage_count; ++s)
        if (const int blocks = f.stages[static_cast<std::size_t>(s)].blocks; blocks != 1 && blocks != greatest) return false;
    return least >= 1 && greatest <= 9;
}

/// Whether every depth goes with some expansion.
template <class Depths, class Expands, class Coupling>
[[nodiscard]] consteval bool depths_are_coupled() {
    for (std::size_t d = 0; d < Depths::size; ++d) {
        bool some = false;
        for (std::size_t e = 0; e < Expands::size; ++e)
            some = some || Coupling::allows(static_cast<int>(Depths::value(d)), static_cast<double>(Expands::value(e)));
        if (!some) return false;
    }
    return true;
}

[[nodiscard]] consteval bool odd_kernels(auto kernel, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        if (kernel(i) < 1 || kernel(i) % 2 == 0) return false;
    return true;
}

/// What is checked of every such space. A class of its own, so that a space that fails is still a space and only the failure is reported.
template <bool Divisible, bool DepthsFit, bool Coupled, bool OddKernels>
struct once_for_all_check {
    static_assert(Divisible, "verdant: a width of this family is no multiple of 8; pass widths through workload::make_divisible");
    static_assert(DepthsFit,
                  "verdant: the depths do not fit the blocks of this family; let its stages have as many blocks as the largest depth, at most 9");
    static_assert(Coupled, "verdant: the coupling of this space leaves a depth without expansion; pair that depth with one of the expansions");
    static_assert(OddKernels, "verdant: a kernel of this space is even; choose odd sides");
    static constexpr bool value = true; // a false one would add a second error below the first
};

} // namespace detail

/// A space of sub-networks of a weight-sharing supernet (Once-for-All): `image_size`, and for every stage its `depth` and the `kernel` and `expand`
/// of its blocks: `stage0.depth`, `stage0.block0.kernel`, ..., `stage4.block3.expand`. Derive a struct of your own from it.
/// @tparam Family   widths, strides, activations
/// @tparam Images   sides of the input
/// @tparam Kernels  odd sides of the depthwise convolutions
/// @tparam Expands  expansion ratios
/// @tparam Depths   blocks of a stage; stages with one block in the family always have one
/// @tparam Coupling constraints between depth and blocks of a stage
template <mobile_family Family, domain Images, domain Kernels, domain Expands, domain Depths, class Coupling = verdant::spaces::detail::uncoupled>
struct once_for_all : verdant::spaces::detail::once_for_all_space<Images, Kernels, Expands, Depths, Coupling, Family,
                                                          std::make_index_sequence<static_cast<std::size_t>(Family.stage_count)>>::type {
    static_assert(
        verdant::spaces::detail::once_for_all_check<
            verdant::spaces::detail::widths_are_divisible(Family),
            verdant::spaces::detail::depths_fit(Family, verdant::spaces::detail::least_value<Depths>(), verdant::spaces::detail::greatest_value<Depths>()),
            verdant::spaces::detail::depths_are_coupled<Depths, Expands, Coupling>(), verdant::spaces::detail::odd_kernels(Kernels::value, Kernels::size)>::value);

    static constexpr mobile_family family = Family;
    static constexpr std::size_t blocks = static_cast<std::size_t>(Family.blocks()); ///< of the deepest network, without the fixed first one
    static constexpr std::size_t stages = static_cast<std::size_t>(Family.stage_count);

    using images = Images;
    using kernels = Kernels;
    using expands = Expands;
    using depths = Depths;
    using coupling = Coupling;
    using arch_type = elastic_arch<blocks, stages>;
};

/// A space derived from `once_for_all`.
template <class S>
concept elastic_space = search_space<S> && requires {
    { S::family } -> std::convertible_to<mobile_family>;
    typename S::arch_type;
    typename S::kernels;
    typename S::expands;
    typename S::depths;
    typename S::images;
    typename S::coupling;
};

/// Where the parameters of such a space stand: `image_size` is 0, then stage by stage depth, kernel and expansion of each block.
template <elastic_space S>
struct elastic_layout {
    static constexpr std::size_t image_size = 0;
    [[nodiscard]] static constexpr std::size_t depth(std::size_t stage) {
        return 1 + stage + 2 * static_cast<std::size_t>(S::family.block_offset(static_cast<int>(stage)));
    }
    [[nodiscard]] static constexpr std::size_t kernel(std::size_t stage, std::size_t block) { return depth(stage) + 1 + 2 * block; }
    [[nodiscard]] static constexpr std::size_t expand(std::size_t stage, std::size_t block) { return depth(stage) + 2 + 2 * block; }
    /// Depth of a stage at an index of its parameter.
    [[nodiscard]] static constexpr int depth_value(std::size_t stage, std::size_t index) {
        return S::family.stages[stage].blocks == 1 ? 1 : static_cast<int>(S::depths::value(index));
    }
};

/// The sub-network of a point, in the raw form; blocks that do not exist have the first kernel and expansion.
template <elastic_space S>
[[nodiscard]] constexpr typename S::arch_type arch_of(const point<S>& p) {
    using layout = elastic_layout<S>;
    typename S::arch_type a{};
    a.image_size = static_cast<int>(S::images::value(p[layout::image_size]));
    for (std::size_t s = 0; s < S::stages; ++s) {
        a.d[s] = layout::depth_value(s, p[layout::depth(s)]);
        const auto offset = static_cast<std::size_t>(S::family.block_offset(static_cast<int>(s)));
        for (std::size_t j = 0; j < static_cast<std::size_t>(S::family.stages[s].blocks); ++j) {
            a.ks[offset + j] = static_cast<int>(S::kernels::value(p[layout::kernel(s, j)]));
            a.e[offset + j] = static_cast<double>(S::expands::value(p[layout::expand(s, j)]));
        }
    }
    return a;
}

namespace detail {

template <class Domain, class T>
[[nodiscard]] constexpr std::size_t index_in_domain(const T& value) {
    for (std::size_t i = 0; i < Domain::size; ++i)
        if (static_cast<T>(Domain::value(i)) == value) return i;
    return Domain::size;
}

} // namespace detail

/// The point of a sub-network: what is inactive in it is pinned to the first value. The point need not fulfil a coupling.
/// @throws input_error that names the entry, if a value is not in its domain
template <elastic_space S>
[[nodiscard]] constexpr point<S> point_of(const typename S::arch_type& a) {
    using layout = elastic_layout<S>;
    using verdant::spaces::detail::index_in_domain;
    point<S> p;
    const auto set = [&p](std::size_t parameter, std::size_t index, std::size_t size, double found) {
        if (index == size) throw input_error{"sub-network", view_of<S>.name(parameter), "a value of its domain", std::to_string(found)};
        p[parameter] = static_cast<typename point<S>::index_type>(index);
    };
    set(layout::image_size, index_in_domain<typename S::images>(a.image_size), S::images::size, a.image_size);
    for (std::size_t s = 0; s < S::stages; ++s) {
        const int blocks = S::family.stages[s].blocks;
        if (blocks != 1) set(layout::depth(s), index_in_domain<typename S::depths>(a.d[s]), S::depths::size, a.d[s]);
        const auto offset = static_cast<std::size_t>(S::family.block_offset(static_cast<int>(s)));
        for (std::size_t j = 0; j < static_cast<std::size_t>(std::min(a.d[s], blocks)); ++j) {
            set(layout::kernel(s, j), index_in_domain<typename S::kernels>(a.ks[offset + j]), S::kernels::size, a.ks[offset + j]);
            set(layout::expand(s, j), index_in_domain<typename S::expands>(a.e[offset + j]), S::expands::size, a.e[offset + j]);
        }
    }
    return p;
}

/// The static network of a point.
template <elastic_space S>
[[nodiscard]] constexpr workload::mobile_net net_of(const point<S>& p) {
    return net_of(S::family, arch_of(p));
}

/// The sub-network with the largest value of everything.
template <elastic_space S>
[[nodiscard]] constexpr typename S::arch_type largest_arch() {
    typename S::arch_type a{};
    a.image_size = static_cast<int>(verdant::spaces::detail::greatest_value<typename S::images>());
    a.ks.fill(static_cast<int>(verdant::spaces::detail::greatest_value<typename S::kernels>()));
    a.e.fill(static_cast<double>(verdant::spaces::detail::greatest_value<typename S::expands>()));
    for (std::size_t s = 0; s < S::stages; ++s) a.d[s] = S::family.stages[s].blocks;
    return a;
}

/// The sub-network with the smallest value of everything.
template <elastic_space S>
[[nodiscard]] constexpr typename S::arch_type smallest_arch() {
    typename S::arch_type a{};
    a.image_size = static_cast<int>(verdant::spaces::detail::least_value<typename S::images>());
    a.ks.fill(static_cast<int>(verdant::spaces::detail::least_value<typename S::kernels>()));
    a.e.fill(static_cast<double>(verdant::spaces::detail::least_value<typename S::expands>()));
    for (std::size_t s = 0; s < S::stages; ++s)
        a.d[s] = S::family.stages[s].blocks == 1 ? 1 : static_cast<int>(verdant::spaces::detail::least_value<typename S::depths>());
    return a;
}

} // namespace verdant::spaces
