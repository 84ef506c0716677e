#pragma once

#include <verdant/carbon/design_carbon.hpp>
#include <verdant/carbon/detail/elementary.hpp>
#include <verdant/carbon/detail/floorplan.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/node_scaling.hpp>
#include <verdant/carbon/wafer.hpp>
#include <verdant/carbon/yield.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>

/// Chiplets in packages as ECO-CHIP has them: manufacture, design and use (commit fe998d9, src/CO2_func.py; Sudarshan et al., HPCA 2024).
namespace verdant::carbon::eco_chip {

/// Its tables by `scaled_nodes`, and at the end of some the 65 nm of passive silicon: tech_params/*.json.
struct tables {
    std::array<carbon::block_scaling, 3> blocks = block_scalings;                                  ///< in the order of `block`
    std::array<double, 6> grams_per_square_millimetre{26.13, 19.49, 16.84, 16.74, 14.138, 8};      ///< cpa_scaling
    std::array<double, 6> defects_per_square_centimetre{0.2, 0.11, 0.09, 0.08, 0.07, 0.05};        ///< defect_density
    std::array<double, 6> wiring_share{0.5090, 0.4887, 0.4916, 0.4855, 0.5675, 0.5675}; ///< beol_feol_scaling: of a process, metal layers alone
    std::array<double, 6> dynamic_share{0.164167, 0.258575, 0.353535, 0.507937, 0.651163, 0.8}; ///< dyn_pwr_scaling
    std::array<double, 5> transistors_per_square_millimetre{82.86e6, 38.72e6, 18.09e6, 8.45e6, 3.95e6};
    std::array<double, 5> gates_per_core_hour{3645.8333, 3645.833, 3645.833, 3645.833, 3645.833};
};
inline constexpr tables published_tables{};

/// Packages that it knows.
enum class package_kind : unsigned char { rdl, emib, passive, active, stacked };

/// A die by what it holds; its area is that at 7 nm, as in its architecture.json.
struct die {
    carbon::block kind = block::logic;
    si::area area_at_7nm{};
    hardware::node node = hardware::node::nm7;
};

/// packageC.json.
struct package_options {
    package_kind kind = package_kind::rdl;
    double rdl_layers = 6;
    double metal_layers = 8; ///< num_beol
    double bridge_pitch = 10; ///< emib_pitch: mm of edge that one bridge serves
    double via_pitch = 0.025; ///< tsv_pitch, mm
    double via_size = 0.005; ///< tsv_size, mm
};

/// designC.json, operationalC.json and, of the code, the activity [0.2, 0.667, 0.1].
struct use {
    si::power power{}; ///< of the whole chip, shared by area at 7 nm
    si::time lifetime = 17520.0 * hours{};
    si::carbon_intensity grid = 700.0 * grams_per_kilowatt_hour{};
    double active = 0.2, on = 0.667, average = 0.1;
};

/// Policy: what its figures contain, apparent defects included. The default, for parity with them.
struct published {
    static constexpr carbon::wafer wafer = carbon::wafer::mm450; ///< of dies, although no fab has such wafers
    static constexpr bool interposer_defects_of_logic = true; ///< interposers have the defects of logic, where bridges have a quarter of them
    static constexpr bool one_yield_for_equal_nodes = true; ///< routers and bridges of one process yield as a single piece of their summed area
    static constexpr bool stacked_area_scaled_twice = true; ///< dies of a stack are scaled to their process once more when vias are charged
    static constexpr double iterations(double) { return 90; } ///< of design: those that designC.json states are read and not used
};
/// Policy: the defects put right: 300 mm wafers, a quarter of the defects for passive silicon, a yield for each piece, areas scaled once, and the
/// iterations of design that are stated.
struct corrected {
    static constexpr carbon::wafer wafer = carbon::wafer::mm300;
    static constexpr bool interposer_defects_of_logic = false;
    static constexpr bool one_yield_for_equal_nodes = false;
    static constexpr bool stacked_area_scaled_twice = false;
    static constexpr double iterations(double stated) { return stated; }
};
/// Which of ECO-CHIP's defects an estimate contains; write your own to mix.
template <class P>
concept policy = requires {
    { P::wafer } -> std::convertible_to<carbon::wafer>;
    { P::interposer_defects_of_logic } -> std::convertible_to<bool>;
    { P::one_yield_for_equal_nodes } -> std::convertible_to<bool>;
    { P::stacked_area_scaled_twice } -> std::convertible_to<bool>;
    { P::iterations(90.0) } -> std::convertible_to<double>;
};

namespace detail {

inline constexpr std::size_t at_65nm = 5;
inline constexpr double bonding_yield = 0.99, router_at_14nm = 0.33, active_router = 4.47, bridge = 25; ///< areas in mm2

[[nodiscard]] constexpr double area_scale(const tables& t, const die& d) {
    return t.blocks[static_cast<std::size_t>(d.kind)].area[scaled_index(d.node)];
}
/// Area in its own process, mm2.
[[nodiscard]] constexpr double square_millimetres_of(const tables& t, const die& d) {
    return in<square_millimetres>(d.area_at_7nm) * area_scale(t, d);
}
[[nodiscard]] constexpr double yield_at(const tables& t, std::size_t process, double area, double share = 1) {
    return die_yield(area * square_millimetres{}, {t.defects_per_square_centimetre[process] * share, 10.0});
}
constexpr void require_dies(std::span<const die> dies) {
    if (dies.empty() || dies.size() > verdant::carbon::detail::most_blocks)
        throw input_error{"dies of a package", "", "1 to " + std::to_string(verdant::carbon::detail::most_blocks), std::to_string(dies.size())};
    for (const auto& d : dies)
        if (!(in<square_millimetres>(d.area_at_7nm) > 0.0 && in<square_millimetres>(d.area_at_7nm) <= 1e6))
            throw input_error{"area of a die in mm2", "", "a number above 0, at most 1e6", std::to_string(in<square_millimetres>(d.area_at_7nm))};
}
[[nodiscard]] constexpr bool one_node(std::span<const die> dies) {
    for (const auto& d : dies)
        if (d.node != dies[0].node) return false;
    return true;
}
/// A die's router in mm2 of its own process.
[[nodiscard]] constexpr double router_area(const tables& t, const die& d) {
    const auto& factors = t.blocks[static_cast<std::size_t>(d.kind)].area;
    return router_at_14nm / factors[2] * factors[scaled_index(d.node)];
}

} // namespace detail

/// Manufacture of one die, with its share of what the wafer loses at its edge.
/// @throws input_error for a process that the tables do not hold, an area that is not above 0 or that no wafer holds
template <policy Policy = published>
[[nodiscard]] constexpr si::mass manufacture(const die& d, const tables& t = published_tables) {
    detail::require_dies({&d, 1});
    const auto process = scaled_index(d.node);
    const double area = detail::square_millimetres_of(t, d);
    return silicon_carbon(area * square_millimetres{}, t.grams_per_square_millimetre[process] * 100.0 * grams_per_square_centimetre{},
                          detail::yield_at(t, process, area), wafer_share::unused_too, Policy::wafer);
}

/// Design of one die, shared by all chips. Of `e`, gates an hour come from the tables, and iterations from the policy. Throws input_error as
/// `design_carbon`.
template <policy Policy = published>
[[nodiscard]] constexpr si::mass design(const die& d, design_effort e = {}, const tables& t = published_tables) {
    const auto process = scaled_index(d.node);
    e.gates_per_core_hour = t.gates_per_core_hour[process];
    e.iterations = Policy::iterations(e.iterations);
    return design_carbon(detail::square_millimetres_of(t, d) * square_millimetres{}, t.transistors_per_square_millimetre[process], e);
}

/// Use of one of the dies: lifetime x intensity x its part of the power, scaled to its process, x on x average x (dynamic active + (1 - dynamic)).
/// @throws input_error if there is no such die, or power, lifetime, intensity or a share are negative or not finite
[[nodiscard]] constexpr si::mass operation(std::span<const die> dies, std::size_t which, const use& u, const tables& t = published_tables) {
    detail::require_dies(dies);
    if (which >= dies.size()) throw input_error{"die of a package", "", "one of " + std::to_string(dies.size()), std::to_string(which)};
    using verdant::carbon::detail::require_amount;
    require_amount("power in W", in<watts>(u.power));
    require_amount("lifetime in hours", in<hours>(u.lifetime));
    require_amount("carbon intensity of use in g CO2e/kWh", in<grams_per_kilowatt_hour>(u.grid));
    for (const double share : {u.active, u.on, u.average})
        if (!(share >= 0.0 && share <= 1.0)) throw input_error{"share of time or power", "", "0 to 1", std::to_string(share)};
    si::area all{};
    for (const auto& d : dies) all += d.area_at_7nm;
    const auto& d = dies[which];
    const auto process = scaled_index(d.node);
    const double dynamic = t.dynamic_share[process];
    const double factor = t.blocks[static_cast<std::size_t>(d.kind)].power[process] * u.on * u.average * (dynamic * u.active + (1.0 - dynamic));
    return u.lifetime * u.power * (to_si(d.area_at_7nm) / to_si(all)) * u.grid * factor;
}

/// What bringing dies together costs: package and routers together, and the design of the routers.
struct packaging {
    si::mass manufacture{};
    si::mass design{};
};

/// Carbon of a package; none for a single die.
/// @throws input_error if there are no dies or more than 64, an area is not above 0, a process is not in the tables, an option is not positive, or
/// vias are larger than their pitch
template <policy Policy = published>
[[nodiscard]] constexpr packaging package(std::span<const die> dies, const package_options& o = {}, const design_effort& e = {},
                                          const tables& t = published_tables) {
    detail::require_dies(dies);
    for (const double option : {o.rdl_layers, o.metal_layers, o.bridge_pitch, o.via_pitch, o.via_size})
        if (!(option >= 1e-6 && option <= 1e6))
            throw input_error{"option of a package", "", "layers, pitches and sizes from 1e-6 to 1e6", std::to_string(option)};
    if (o.kind == package_kind::stacked && o.via_size > o.via_pitch)
        throw input_error{"size of vias in mm", "", "at most their pitch, " + std::to_string(o.via_pitch), std::to_string(o.via_size)};
    if (dies.size() == 1) return {};
    std::array<double, verdant::carbon::detail::most_blocks> areas{};
    for (std::size_t i = 0; i < dies.size(); ++i) areas[i] = detail::square_millimetres_of(t, dies[i]);
    const auto plan = verdant::carbon::detail::floorplan({areas.data(), dies.size()}, o.bridge_pitch);
    const double area = plan.width * plan.height, passive = Policy::interposer_defects_of_logic ? 1.0 : 0.25;
    const double interposer = t.grams_per_square_millimetre[detail::at_65nm] * area / detail::yield_at(t, detail::at_65nm, area, passive);

    double grams = 0, routers = 0, bonding = detail::bonding_yield;
    si::mass router_design{};
    if (o.kind == package_kind::active) {
        // Routers lie in the interposer itself.
        routers = interposer * detail::active_router * static_cast<double>(dies.size()) / area;
        grams = (interposer - routers) * t.wiring_share[detail::at_65nm];
    } else {
        const bool one_piece = Policy::one_yield_for_equal_nodes && detail::one_node(dies);
        double summed = 0;
        for (const auto& d : dies) summed += detail::router_area(t, d);
        for (const auto& d : dies) {
            const auto process = scaled_index(d.node);
            const double router = detail::router_area(t, d);
            routers += router * t.grams_per_square_millimetre[process] / detail::yield_at(t, process, one_piece ? summed : router);
            auto effort = e;
            effort.gates_per_core_hour = t.gates_per_core_hour[process];
            effort.iterations = Policy::iterations(e.iterations);
            router_design += design_carbon(router * square_millimetres{}, t.transistors_per_square_millimetre[process], effort);
        }
    }
    switch (o.kind) {
    case package_kind::rdl: grams = interposer * t.wiring_share[detail::at_65nm] * o.rdl_layers / o.metal_layers; break;
    case package_kind::passive: grams = interposer * t.wiring_share[detail::at_65nm]; break;
    case package_kind::active: break;
    case package_kind::emib: {
        constexpr std::size_t at_22nm = 3;
        const double one = Policy::one_yield_for_equal_nodes ? detail::bridge * plan.bridges : detail::bridge;
        grams = plan.bridges * detail::bridge * t.grams_per_square_millimetre[at_22nm] / detail::yield_at(t, at_22nm, one, 0.25) *
                t.wiring_share[at_22nm];
        break;
    }
    case package_kind::stacked: {
        for (std::size_t i = 0; i < dies.size(); ++i) {
            const auto process = scaled_index(dies[i].node);
            const double pitches = verdant::carbon::detail::square_root(areas[i]) / o.via_pitch;
            const double vias = static_cast<double>(static_cast<long long>(pitches));
            const double again = Policy::stacked_area_scaled_twice ? detail::area_scale(t, dies[i]) : 1.0;
            const double flat = areas[i] * again, with_vias = (areas[i] + vias * vias * o.via_size * o.via_size) * again;
            grams += t.grams_per_square_millimetre[process] *
                     (with_vias / detail::yield_at(t, process, with_vias) - flat / detail::yield_at(t, process, flat));
        }
        bonding = verdant::carbon::detail::power_of(bonding, static_cast<double>(dies.size()));
        break;
    }
    }
    return {(grams + routers) / bonding * grams_co2e{}, router_design};
}

} // namespace verdant::carbon::eco_chip
