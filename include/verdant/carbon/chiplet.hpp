#pragma once

#include <verdant/carbon/layered_process.hpp>
#include <verdant/carbon/package.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/units.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>

/// Dies and packages as types: what cannot be made does not compile.
namespace verdant::carbon {

/// The largest area that a lithography scanner exposes at once: 26 mm x 33 mm.
inline constexpr double reticle_square_millimetres = 26.0 * 33.0;

namespace detail {

inline constexpr int most_dies = 1'000'000; ///< of a package, as `embodied` has it
struct chiplet_tag {};
struct package_tag {};

template <double SquareMillimetres, int MetalLayers>
struct chiplet_check {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool positive = SquareMillimetres > 0.0;
    static constexpr double area =
        positive && SquareMillimetres <= reticle_square_millimetres ? SquareMillimetres : 1.0; // what follows from a mistake is not reported, too
    static_assert(positive, "verdant: a die has an area above 0 mm2; write it as chiplet<74.0, layered_node::nm7>");
    static_assert(SquareMillimetres <= reticle_square_millimetres || !positive,
                  "verdant: this die is larger than the reticle, 26 mm x 33 mm = 858 mm2; split it into several chiplets of a package");
    static_assert(MetalLayers >= 0 && MetalLayers <= 100, "verdant: a die has 1 to 100 metal layers; write 0 for the usual ones of its process");
};

/// Stands for the process of a die that was given none.
struct no_process {};
template <class Process>
struct process_check {
    static constexpr bool value = true;
    static constexpr bool is_process = std::is_convertible_v<Process, layered_node>;
    static_assert(is_process, "verdant: the second argument of chiplet is no process; write chiplet<78.0, layered_node::nm7>");
};
template <class Process>
consteval layered_node process_of(Process given) {
    if constexpr (std::is_convertible_v<Process, layered_node>) return given;
    else return layered_node{};
}

template <int Count, class Die>
struct copies_check {
    static constexpr bool value = true;
    static_assert(__is_base_of(chiplet_tag, Die),
                  "verdant: what is copied is no die; write copies<4, my_die> with a struct derived from chiplet<...>");
    static_assert(Count >= 1, "verdant: a package holds at least one of each of its dies; write copies<4, my_die>, or leave the die out");
    static constexpr bool countable() {
        if constexpr (__is_base_of(chiplet_tag, Die)) return 1LL * Count * Die::value.count <= most_dies;
        else return true;
    }
    static_assert(countable(), "verdant: a package holds at most 1000000 dies; write fewer copies");
};

template <class Die>
consteval packaged_die copies_of(int count) {
    if constexpr (__is_base_of(chiplet_tag, Die)) {
        const long long all = 1LL * count * Die::value.count;
        return {Die::value.area, Die::value.node, Die::value.metal_layers, all <= most_dies ? static_cast<int>(all) : most_dies};
    } else return {};
}

} // namespace detail

/// A die as a type. Derive a struct of your own: `struct compute : chiplet<78.0, layered_node::nm7, 13> {};`
/// @tparam SquareMillimetres its area, at most that of a reticle
/// @tparam Node              its process
/// @tparam MetalLayers       0: the usual ones of the process
template <double SquareMillimetres, auto Node = detail::no_process{}, int MetalLayers = 0>
struct chiplet : detail::chiplet_tag {
    static_assert(detail::chiplet_check<SquareMillimetres, MetalLayers>::value);
    static_assert(detail::process_check<decltype(Node)>::value);
    static constexpr packaged_die value{detail::chiplet_check<SquareMillimetres, MetalLayers>::area * square_millimetres{}, detail::process_of(Node),
                                        MetalLayers, 1};
};

/// Several equal dies: `copies<8, compute>`.
template <int Count, class Die>
struct copies : detail::chiplet_tag {
    static_assert(detail::copies_check<Count, Die>::value);
    static constexpr packaged_die value = detail::copies_of<Die>(Count);
};

/// A type made from `chiplet<...>` or `copies<...>`.
template <class D>
concept chiplet_like = std::derived_from<D, detail::chiplet_tag>;

namespace detail {

template <integration How, class... Dies>
struct package_check {
    static constexpr bool value = true;
    static constexpr bool dies_only = (true && ... && __is_base_of(chiplet_tag, Dies)); // the concept would be explained at length
    static_assert(
        dies_only,
        "verdant: what a package holds is no die; write chiplets or copies of them, as package<integration::interposer, compute, copies<4, memory>>");
    static constexpr bool some = sizeof...(Dies) > 0;
    static_assert(some, "verdant: this package holds no die; write at least one, as package<integration::organic, my_die>");
    static constexpr long long count() {
        if constexpr (dies_only) return (0LL + ... + Dies::value.count);
        else return 2;
    }
    static_assert(!some || !stacked(How) || count() >= 2,
                  "verdant: a stack holds at least two dies; write more of them, or integration::organic for one");
    static_assert(How != integration::monolithic || count() <= 2,
                  "verdant: a monolithic 3-D die has two tiers; stack more by integration::hybrid_bonds");
};

} // namespace detail

/// A package as a type: `struct epyc : package<integration::organic, copies<8, compute>, io> {};`
/// @tparam How  the dies come together
/// @tparam Dies `chiplet<...>`, `copies<...>` or structs derived from them, those of a stack from the lowest
template <integration How, class... Dies>
struct package : detail::package_tag {
    static_assert(detail::package_check<How, Dies...>::value);
    static constexpr integration how = How;
    static constexpr std::array<packaged_die, sizeof...(Dies)> dies{Dies::value...};
};

/// A type made from `package<...>`.
template <class P>
concept package_like = std::derived_from<P, detail::package_tag>;

/// What a typed package does not say: where it is made, how large it is, how dies are stacked.
struct package_making {
    si::carbon_intensity intensity = carbon::intensity(place::taiwan);
    si::area area{}; ///< none: 1.2 times what it holds
    carbon::stacking stacking = stacking::die_to_wafer;
};

/// Embodied carbon of a typed package: `embodied<epyc>({.area = 4410.0 * square_millimetres{}}).total()`, a constant where its arguments are.
/// @throws input_error as `embodied` of dies and a plan
template <package_like P, package_policy Policy = published_packages>
[[nodiscard]] constexpr package_carbon embodied(const package_making& making = {}) {
    return embodied<Policy>(std::span<const packaged_die>{P::dies}, package_plan{P::how, making.intensity, making.area, making.stacking});
}

/// Refused, with a sentence that says what to write.
template <class P>
    requires(!package_like<P> && !package_policy<P>)
[[nodiscard]] constexpr package_carbon embodied(const package_making& = {}) {
    static_assert(verdant::detail::fits<P>,
                  "verdant: what stands in embodied<...> is no package; write embodied<my_package>(), where struct my_package : "
                  "package<integration::organic, my_die> {};");
    return {};
}

/// Area of all dies of a typed package.
template <package_like P>
[[nodiscard]] constexpr si::area silicon_area() {
    si::area sum{};
    for (const auto& d : P::dies) sum += static_cast<double>(d.count) * d.area;
    return sum;
}

} // namespace verdant::carbon
