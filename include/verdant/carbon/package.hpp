#pragma once

#include <verdant/carbon/act_tables.hpp>
#include <verdant/carbon/detail/elementary.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/carbon/layered_process.hpp>
#include <verdant/carbon/wafer.hpp>
#include <verdant/carbon/yield.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>

/// Embodied carbon of dies in a package, as 3D-Carbon has it (commit 14e1a7f, src/models/carbon_compute.py; Zhao et al., arXiv 2307.08060).
namespace verdant::carbon {

/// How dies come together.
enum class integration : unsigned char {
    organic,        ///< 2-D: one die, or several side by side on an organic substrate
    rdl_chip_first, ///< on redistribution layers that are built over the dies
    rdl_chip_last,  ///< dies bonded to redistribution layers that are there
    interposer,     ///< on a passive interposer of silicon
    emib,           ///< silicon bridges in the substrate
    micro_bumps,    ///< 3-D: stacked with micro-bumps
    hybrid_bonds,   ///< 3-D: stacked with hybrid bonds
    monolithic,     ///< 3-D: two tiers of devices on one piece of silicon
};

/// Whether dies are stacked one by one, each known to work, or as whole wafers, where a stack works if all its dies do.
enum class stacking : unsigned char { die_to_wafer, wafer_to_wafer };

/// Where dies lie in a stack: at the bottom, or on others.
enum class stack_place : unsigned char { lowest, higher };

/// Dies of one kind in a package. In a stack the first is the lowest.
struct packaged_die {
    si::area area{};
    layered_node node = layered_node::nm14;
    int metal_layers = 0; ///< 0: the usual ones of the process
    int count = 1;
    double defect_factor = 1.0; ///< density of defects against the usual one of the process, not negative
};

/// The defects of a die: those of its process times its factor.
[[nodiscard]] constexpr defects defects_of(const packaged_die& d) {
    auto found = defects_of(d.node);
    found.per_square_centimetre *= d.defect_factor;
    return found;
}

/// What dies do not say.
struct package_plan {
    integration how = integration::organic;
    si::carbon_intensity intensity = carbon::intensity(place::taiwan); ///< where dies, substrate and package are made
    si::area area{};                                                   ///< of the package; none: 1.2 times the dies', in a stack the lowest die's
    carbon::stacking stacking = stacking::die_to_wafer;
};

/// Embodied carbon by its parts.
struct package_carbon {
    si::mass dies{};
    si::mass bonding{};
    si::mass substrate{}; ///< redistribution layers, interposer or bridges
    si::mass package{};

    [[nodiscard]] constexpr si::mass total() const { return dies + bonding + substrate + package; }
};

/// Package policy: what 3D-Carbon's figures contain, apparent defects included. The default, for parity with them.
struct published_packages {
    static constexpr bool bonding_lacks_intensity = true;  ///< chip-last, interposer and EMIB: kWh of bonding are added as if they were grams
    static constexpr bool bonding_left_out = true;         ///< interposer and EMIB: bonding is computed and not added
    static constexpr bool bumps_never_fail = true;         ///< micro-bumps, die to wafer: the yield of bonding is raised to the power 0
    static constexpr bool one_hybrid_bond_fails = true;    ///< hybrid bonds, die to wafer: the yield is that of one bond, whatever their number
    static constexpr bool bonds_once_a_kind = true;        ///< stacks, die to wafer: a bond for each kind of die, the lowest among them
    static constexpr bool monolithic_first_tier = true;    ///< only the lower tier is charged
};
/// Package policy: the defects put right: bonding in grams and added, one bond fewer than dies (as many in 2.5-D), each of which may fail, both tiers
/// charged.
struct corrected_packages {
    static constexpr bool bonding_lacks_intensity = false;
    static constexpr bool bonding_left_out = false;
    static constexpr bool bumps_never_fail = false;
    static constexpr bool one_hybrid_bond_fails = false;
    static constexpr bool bonds_once_a_kind = false;
    static constexpr bool monolithic_first_tier = false;
};
/// Which of 3D-Carbon's defects carbon of packages contains; write your own to mix.
template <class P>
concept package_policy = requires {
    { P::bonding_lacks_intensity } -> std::convertible_to<bool>;
    { P::bonding_left_out } -> std::convertible_to<bool>;
    { P::bumps_never_fail } -> std::convertible_to<bool>;
    { P::one_hybrid_bond_fails } -> std::convertible_to<bool>;
    { P::bonds_once_a_kind } -> std::convertible_to<bool>;
    { P::monolithic_first_tier } -> std::convertible_to<bool>;
};

/// 3D-Carbon's constants of packages: parameters/packaging/*.json (kWh/mm2), configs/{bonding_yield,scaling_factors,die_yield}.json, and in the code
/// the bridges of EMIB (16 mm2 each, four a die).
namespace packaging {
inline constexpr double flip_chip = 0.00135; ///< FCBGA package, kWh/mm2
inline constexpr double wafer_level = 0.01111; ///< WLCSP package, kWh/mm2
inline constexpr double thin_outline = 0.0125; ///< TSSOP package, kWh/mm2
inline constexpr double hybrid_bond = 0.0028; ///< hybrid bonding, kWh/mm2
inline constexpr double thermocompression = 0.0009; ///< bonding by thermocompression, kWh/mm2
inline constexpr double through_silicon_via = 0.0025; ///< vias through silicon, kWh a mm2 of die
inline constexpr double redistribution = 0.011; ///< redistribution layers, kWh/mm2
inline constexpr double redistribution_area = 1.2; ///< area of redistribution layers against that of the dies
inline constexpr double interposer_area = 1.1; ///< area of an interposer against that of the dies
inline constexpr double package_area = 1.2; ///< area of a package against that of what it holds
inline constexpr double bump_wafer_yield = 0.98; ///< yield of a bond with micro-bumps, wafer to wafer
inline constexpr double bump_die_yield = 0.96; ///< yield of a bond with micro-bumps, die to wafer
inline constexpr double hybrid_wafer_yield = 0.97; ///< yield of a hybrid bond, wafer to wafer
inline constexpr double hybrid_die_yield = 0.95; ///< yield of a hybrid bond, die to wafer
inline constexpr defects redistribution_defects{0.05, 3.0}; ///< defects of redistribution layers
inline constexpr defects interposer_defects{0.06, 6.0}; ///< defects of passive silicon
inline constexpr double interposer_kilowatt_hours = 1.2; ///< electricity of passive silicon, kWh/cm2
inline constexpr double interposer_materials = 250; ///< materials of passive silicon, g/cm2
inline constexpr double bridge_square_millimetres = 16; ///< area of a bridge, in the code
inline constexpr int bridges_a_die = 4; ///< bridges, in the code
} // namespace packaging

namespace detail {

[[nodiscard]] constexpr bool stacked(integration how) {
    return how == integration::micro_bumps || how == integration::hybrid_bonds || how == integration::monolithic;
}
[[nodiscard]] constexpr int two_thirds(const packaged_die& d) {
    // A die with one layer keeps it: 0 would stand for the usual ones.
    return d.metal_layers == 1 ? 1 : (d.metal_layers == 0 ? process_of(d.node).usual_layers : d.metal_layers) * 2 / 3;
}
/// kWh a mm2 of something, as carbon.
[[nodiscard]] constexpr si::mass electricity(si::area area, double kilowatt_hours_per_square_millimetre, si::carbon_intensity intensity) {
    return in<square_millimetres>(area) * kilowatt_hours_per_square_millimetre * kilowatt_hours{} * intensity;
}
[[nodiscard]] constexpr si::mass passive_silicon(si::area area, si::carbon_intensity intensity) {
    const double grams = packaging::interposer_kilowatt_hours * in<grams_per_kilowatt_hour>(intensity) + packaging::interposer_materials;
    return silicon_carbon(area, grams * grams_per_square_centimetre{}, die_yield(area, packaging::interposer_defects));
}
constexpr void require_die(const packaged_die& d) {
    if (d.count < 1 || d.count > 1'000'000) throw input_error{"dies of one kind", "", "1 to 1000000", std::to_string(d.count)};
    if (!(d.defect_factor >= 0.0 && d.defect_factor <= 1e300))
        throw input_error{"factor of a die's defects", "", "a finite number, not negative", std::to_string(d.defect_factor)};
}

} // namespace detail

/// How likely it is that a die is not lost when it is bonded, for all dies of a package together; 1 where nothing is bonded to what is there.
/// @param dies how many there are in the package
/// @throws input_error if there are none, or so many that no package in 10^250 would work
template <package_policy Policy = published_packages>
[[nodiscard]] constexpr double bonding_yield(int dies, const package_plan& plan) {
    if (dies < 1) throw input_error{"dies of a package", "", "at least one", std::to_string(dies)};
    const auto of_bonds = [dies](double one, int bonds) {
        const double yield = detail::power_of(one, bonds);
        if (!(yield > 1e-250)) throw input_error{"bonding", "", "so few dies that a package in 10^250 works", std::to_string(dies)};
        return yield;
    };
    const bool wafers = plan.stacking == stacking::wafer_to_wafer;
    switch (plan.how) {
    case integration::rdl_chip_last:
    case integration::interposer:
    case integration::emib: return of_bonds(packaging::bump_die_yield, dies);
    case integration::micro_bumps:
        if (wafers) return of_bonds(packaging::bump_wafer_yield, Policy::bonds_once_a_kind ? dies : dies - 1);
        return Policy::bumps_never_fail ? 1.0 : of_bonds(packaging::bump_die_yield, dies - 1);
    case integration::hybrid_bonds:
        if (wafers) return of_bonds(packaging::hybrid_wafer_yield, Policy::bonds_once_a_kind ? dies : dies - 1);
        return Policy::one_hybrid_bond_fails ? packaging::hybrid_die_yield : of_bonds(packaging::hybrid_die_yield, dies - 1);
    case integration::organic:
    case integration::rdl_chip_first:
    case integration::monolithic: break;
    }
    return 1.0;
}

/// Carbon of all dies of one kind of a package, and of the vias through them, before what is lost in bonding; of a monolithic die that of one tier.
/// @param where they lie in a stack, at whose bottom the first of them needs no vias
/// @throws input_error if the area is not above 0, the count or the layers are not positive, or the intensity is negative or no number
[[nodiscard]] constexpr si::mass embodied(const packaged_die& d, const package_plan& plan, stack_place where = stack_place::lowest) {
    const bool lowest = where == stack_place::lowest;
    detail::require_die(d);
    const double count = d.count;
    const auto vias = [&] { return detail::electricity(d.area, packaging::through_silicon_via, plan.intensity) * (lowest ? count - 1.0 : count); };
    if (plan.how == integration::monolithic) {
        // Two tiers share the silicon: Y = 1/(1.25 (1 + A D/a)^(1.25 a)), and two thirds of the layers.
        const auto found = defects_of(d);
        const double one = 1.0 + in<square_centimetres>(d.area) * found.per_square_centimetre / found.clustering;
        const double yield = 1.0 / (1.25 * detail::power_of(one, 0.25 * found.clustering) * detail::power_of(one, found.clustering));
        return silicon_carbon(d.area, layered_carbon_per_area(d.node, detail::two_thirds(d), plan.intensity), yield);
    }
    const bool is_stack = detail::stacked(plan.how);
    if (is_stack && plan.stacking == stacking::wafer_to_wafer)
        return count *
                   silicon_carbon(d.area, layered_carbon_per_area(d.node, d.metal_layers, plan.intensity, layer_scaling::gases_and_materials), 1.0) +
               vias();
    const int layers = plan.how == integration::hybrid_bonds && !lowest ? detail::two_thirds(d) : d.metal_layers;
    const auto silicon = count * silicon_carbon(d.area, layered_carbon_per_area(d.node, layers, plan.intensity), die_yield(d.area, defects_of(d)));
    return is_stack ? silicon + vias() : silicon;
}

/// How likely a stack of whole wafers works: the product of its dies' yields; 1 for other packages. Throws input_error as `die_yield`.
[[nodiscard]] constexpr double stack_yield(std::span<const packaged_die> dies, const package_plan& plan) {
    double yield = 1.0;
    if (detail::stacked(plan.how) && plan.how != integration::monolithic && plan.stacking == stacking::wafer_to_wafer)
        for (const auto& d : dies) yield *= detail::power_of(die_yield(d.area, defects_of(d)), d.count);
    return yield;
}

namespace detail {

template <package_policy Policy>
[[nodiscard]] constexpr package_carbon embodied_whole(std::span<const packaged_die> dies, const package_plan& plan) {
    using namespace packaging;
    require_not_negative("carbon intensity of a fab in g CO2e/kWh", in<grams_per_kilowatt_hour>(plan.intensity));
    si::area side_by_side{}, largest{};
    int count = 0;
    for (const auto& d : dies) {
        require_die(d);
        if (d.area > largest) largest = d.area;
        side_by_side += static_cast<double>(d.count) * d.area;
        count += d.count;
        if (count > 1'000'000) throw input_error{"dies of a package", "", "1 to 1000000", std::to_string(count)};
    }
    if (count == 0) throw input_error{"dies of a package", "", "at least one", "none"};
    const bool is_stack = stacked(plan.how), wafers = plan.stacking == stacking::wafer_to_wafer;
    if (is_stack && count < 2) throw input_error{"dies of a stack", "", "at least two", std::to_string(count)};
    if (plan.how == integration::monolithic && count > 2) throw input_error{"tiers of a monolithic die", "", "two", std::to_string(count)};
    const auto footprint = !is_stack ? side_by_side : plan.how == integration::monolithic ? 1.2 * dies[0].area : dies[0].area;
    if (plan.area != si::area{} && !(plan.area >= (is_stack ? largest : side_by_side)))
        throw input_error{"area of a package in mm2", "",
                          "at least that of its dies, " + std::to_string(in<square_millimetres>(is_stack ? largest : side_by_side)),
                          std::to_string(in<square_millimetres>(plan.area))};

    package_carbon c;
    const double bonded = bonding_yield<Policy>(count, plan), working = stack_yield(dies, plan);
    // What is bonded in 2.5-D counts as if a kWh were a gram where the policy says so.
    const auto bonding_at = Policy::bonding_lacks_intensity ? 1.0 * grams_per_kilowatt_hour{} : plan.intensity;
    double lost_with = bonded * working; // what fails together with a die
    if (!(lost_with > 1e-250)) throw input_error{"stack of dies", "", "so few dies that a stack in 10^250 works", std::to_string(count)};
    switch (plan.how) {
    case integration::rdl_chip_first:
    case integration::rdl_chip_last: {
        const auto area = redistribution_area * side_by_side;
        const double yield = die_yield(area, redistribution_defects);
        if (plan.how == integration::rdl_chip_first) lost_with *= yield;
        else c.bonding = electricity(area, thermocompression, bonding_at) / bonded;
        c.substrate = electricity(area, redistribution, plan.intensity) / yield / bonded;
        break;
    }
    case integration::interposer: {
        const auto area = interposer_area * side_by_side;
        if (!Policy::bonding_left_out) c.bonding = electricity(area, thermocompression, bonding_at) / bonded;
        c.substrate = passive_silicon(area, plan.intensity);
        break;
    }
    case integration::emib: {
        const auto area = bridge_square_millimetres * square_millimetres{};
        if (!Policy::bonding_left_out) c.bonding = electricity(area, thermocompression, bonding_at) / bonded;
        c.substrate = static_cast<double>(bridges_a_die * count) * passive_silicon(area, plan.intensity);
        break;
    }
    case integration::micro_bumps:
    case integration::hybrid_bonds: {
        const bool hybrid = plan.how == integration::hybrid_bonds;
        const double each = hybrid ? hybrid_bond : thermocompression;
        if (wafers) {
            const double bonds = hybrid || !Policy::bonds_once_a_kind ? count - 1.0 : 1.0;
            c.bonding = bonds * electricity(footprint, each, plan.intensity) / bonded / working;
        } else {
            bool lowest = true;
            for (const auto& d : dies) {
                const double bonds = Policy::bonds_once_a_kind ? 1.0 : lowest ? d.count - 1.0 : static_cast<double>(d.count);
                c.bonding += bonds * electricity(d.area, each, plan.intensity) / bonded / die_yield(d.area, defects_of(d));
                lowest = false;
            }
        }
        break;
    }
    case integration::organic:
    case integration::monolithic: break;
    }
    const std::size_t kinds = plan.how == integration::monolithic && Policy::monolithic_first_tier ? 1 : dies.size();
    // Both tiers of a monolithic die may be of one kind.
    const bool tiers = plan.how == integration::monolithic && !Policy::monolithic_first_tier;
    for (std::size_t i = 0; i < kinds; ++i)
        c.dies += (tiers ? dies[i].count : 1.0) * embodied(dies[i], plan, i == 0 ? stack_place::lowest : stack_place::higher) / lost_with;
    const auto package = plan.area == si::area{} ? package_area * footprint : plan.area;
    c.package = electricity(package, plan.how == integration::micro_bumps ? wafer_level : flip_chip, plan.intensity);
    return c;
}

template <package_policy Policy>
[[nodiscard]] package_carbon embodied_at_run_time(std::span<const packaged_die> dies, const package_plan& plan) {
    return embodied_whole<Policy>(dies, plan);
}
VERDANT_DEFINED_ONCE(package_carbon embodied_at_run_time<published_packages>(std::span<const packaged_die>, const package_plan&));
VERDANT_DEFINED_ONCE(package_carbon embodied_at_run_time<corrected_packages>(std::span<const packaged_die>, const package_plan&));

} // namespace detail

/// Embodied carbon of a package with its dies.
/// @param dies by kind, those of a stack from the lowest
/// @throws input_error if there are none, a stack of one die or more than two monolithic tiers are asked for, the package is smaller than what it
/// holds, an area, count or number of layers is not positive, the intensity is negative or no number, or what is asked for cannot be made
template <package_policy Policy = published_packages>
[[nodiscard]] constexpr package_carbon embodied(std::span<const packaged_die> dies, const package_plan& plan) {
    if (std::is_constant_evaluated()) return detail::embodied_whole<Policy>(dies, plan);
    return detail::embodied_at_run_time<Policy>(dies, plan);
}

} // namespace verdant::carbon
