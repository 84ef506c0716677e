#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/sram.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/units.hpp>

#include <concepts>

/// The silicon area of an accelerator, by the published rule or the live one.
namespace verdant::hardware {

/// Area policy: how the published list of 3240 areas sizes the L2 of a tensor core. It forgets the configured L2 of 256x32 cores,
/// and differs from `live` for 81 points of the search space (docs/estimator.md 2.3).
struct published {
    [[nodiscard]] static constexpr long long tensor_l2(const accelerator& a) {
        if (a.width == 256 && a.depth == 32) return 256 * 1024LL;
        const long long least = a.width * 16LL * a.depth;
        return a.l2_bytes > least ? a.l2_bytes : least;
    }
};

/// Area policy: the L2 that latency and energy are computed with, which is what the original's present code would give.
struct live {
    [[nodiscard]] static constexpr long long tensor_l2(const accelerator& a) { return effective_l2(a.l2_bytes, a.width, a.depth); }
};

/// A rule for the L2 capacity, in bytes, that the area of a tensor core counts.
template <class P>
concept area_policy = requires(const accelerator& a) {
    { P::tensor_l2(a) } -> std::same_as<long long>;
};

namespace detail {

template <hardware::area_policy Policy>
[[nodiscard]] constexpr double area_square_micrometres(const hardware::accelerator& a) {
    using namespace hardware;
    if (!has_legal_geometry(a)) throw input_error{"accelerator", "", legal_geometry_text, "one that is not so"};
    constexpr double tensor_pe = int8_22nm::tensor_element.mac_square_micrometres + int8_22nm::tensor_element.register_square_micrometres;
    constexpr double vector_pe = int8_22nm::vector_element.mac_square_micrometres + int8_22nm::vector_element.register_square_micrometres;
    const double tensor_l2 = sram(Policy::tensor_l2(a)).area_square_micrometres;
    const double vector_l2 = sram(effective_l2(a.l2_bytes, a.vector_width, 1)).area_square_micrometres;
    const double pes = static_cast<double>(a.width) * a.depth;
    return a.tensor_cores * (pes * tensor_pe + tensor_l2) + a.vector_cores * (a.vector_width * vector_pe + vector_l2) +
           sram(a.glb_bytes).area_square_micrometres;
}

} // namespace detail

/// Silicon area of a chip: PEs, the L2 of every core, the global buffer; no wiring, no input/output (docs/estimator.md 2.3).
/// @tparam Policy `published` (the areas that the published search used) or `live`
/// @throws input_error if `a` has no legal geometry
template <area_policy Policy = published>
[[nodiscard]] constexpr si::area area(const accelerator& a) {
    return detail::area_square_micrometres<Policy>(a) * square_micrometres{};
}

/// The area limit of the published search: that of 4 cores of 256x16 with 8 MiB and 1 MiB, rounded (CATransformers, configurations.py).
inline constexpr si::area published_area_limit = 31990347.0 * square_micrometres{};

} // namespace verdant::hardware
