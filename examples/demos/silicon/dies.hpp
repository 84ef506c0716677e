// A chip as dies in a package, and whether it can be made.
#pragma once

#include "levels.hpp"

#include <verdant/carbon/chiplet.hpp>
#include <verdant/carbon/hierarchy_die.hpp>
#include <verdant/carbon/layered_process.hpp>
#include <verdant/carbon/package.hpp>
#include <verdant/hardware/hierarchy/array_fill.hpp>
#include <verdant/units.hpp>

namespace silicon {

namespace carbon = vd::carbon;

/// The part of a chiplet that talks to the others: 0.33 mm2 of logic at 14 nm (ECO-CHIP, which calls it a router).
inline constexpr double router_square_millimetres_at_14nm = 0.33;

[[nodiscard]] constexpr vd::si::area die_area(const vd::point<chip>& p, const levels& l) {
    const auto n = node_of(p.get<"node">());
    auto area = carbon::hierarchy_die_area(l.on_die(), n);
    if (p.get<"chiplets">() > 1)
        area += router_square_millimetres_at_14nm * carbon::scale(carbon::block::logic, hw::node::nm14, n).area * vd::square_millimetres{};
    return area;
}

/// What cannot be made, or not be kept busy.
[[nodiscard]] constexpr bool is_above_reticle(vd::si::area die) { return vd::in<vd::square_millimetres>(die) > carbon::reticle_square_millimetres; }
[[nodiscard]] constexpr bool holds_its_tile(const levels& l) { return hw::array_fill(l.all) <= 1; }

/// Its dies, all alike.
[[nodiscard]] constexpr carbon::packaged_die dies_of(const vd::point<chip>& p, vd::si::area die) {
    return {.area = die, .node = carbon::layered(node_of(p.get<"node">())), .count = static_cast<int>(p.get<"chiplets">())};
}

/// Its package, as large as 3D-Carbon takes those of its dies. One die is on a substrate.
[[nodiscard]] constexpr carbon::package_plan plan_of(const vd::point<chip>& p) {
    return {.how = p.get<"chiplets">() == 1 ? integration::organic : p.get<"package">()};
}

} // namespace silicon
