#pragma once

#include <verdant/space/restrict.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <array>
#include <cstddef>

/// CompOFA: Once-for-all with depth and expansion coupled.
namespace verdant::spaces {

/// Depth and expansion of a pair that go together.
struct depth_expand {
    int depth = 0;
    int expand = 0;
};

namespace detail {

/// Holds where depth and the expansion of a block are one of the pairs.
template <fixed_string Expand, spaces::depth_expand... Pairs>
inline constexpr auto paired = ((var<"depth"> == val<Pairs.depth> && var<Expand> == val<Pairs.expand>) || ...);

template <std::size_t J>
[[nodiscard]] consteval auto expand_name() {
    fixed_string<13> name{"block0.expand"};
    name.characters[5] = static_cast<char>('0' + J);
    return name;
}

} // namespace detail

/// A coupling for `once_for_all`: all blocks of a stage have the expansion that belongs to its depth.
template <depth_expand... Pairs>
struct coupled_to_depth {
    template <std::size_t J>
    using constraints = verdant::detail::element_list<where<verdant::spaces::detail::paired<verdant::spaces::detail::expand_name<J>(), Pairs...>>>;
    [[nodiscard]] static constexpr bool allows(int depth, double expand) { return ((depth == Pairs.depth && expand == Pairs.expand) || ...); }
};

/// CompOFA with elastic kernels (Sahni et al., ICLR 2021): the networks of OFA-MobileNetV3 whose stages have expansion 3 at depth 2, 4 at 3, 6 at 4.
struct comp_ofa : once_for_all<mobilenet_v3_family(), published_images, published_kernels, choices<3, 4, 6>, published_depths,
                               coupled_to_depth<depth_expand{2, 3}, depth_expand{3, 4}, depth_expand{4, 6}>> {};

namespace detail {

template <std::size_t Stage, std::size_t J>
[[nodiscard]] consteval auto kernel_name() {
    fixed_string<20> name{"stage0.block0.kernel"};
    name.characters[5] = static_cast<char>('0' + Stage);
    name.characters[12] = static_cast<char>('0' + J);
    return name;
}

/// A space of 5 stages of 4 blocks with the kernels of stages `At / 4`, ... fixed.
template <class S, std::size_t At, int... Kernels>
struct kernels_fixed {
    using type = S;
};
template <class S, std::size_t At, int... Kernels>
    requires(At < 4 * sizeof...(Kernels))
struct kernels_fixed<S, At, Kernels...> : kernels_fixed<fix<S, kernel_name<At / 4, At % 4>(), std::array{Kernels...}[At / 4]>, At + 1, Kernels...> {};

} // namespace detail

/// CompOFA with fixed kernels: 3, 5, 3, 3, 5 in the elastic stages, so that only depths and the image size are left to choose.
struct comp_ofa_fixed_kernels : verdant::spaces::detail::kernels_fixed<comp_ofa, 0, 3, 5, 3, 3, 5>::type {};

} // namespace verdant::spaces
