#pragma once

#include <verdant/space/point.hpp>
#include <verdant/space/structure.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

/// Units of spaces: the parts of a network that are chosen and exchanged as a whole, such as stages.
namespace verdant {

/// A unit by the prefix of its parameters' names: `stage0` has `stage0.depth`, `stage0.block0.kernel`, ... One that goes on under a second prefix has
/// both. In a space without dots in its names the prefix ends with an underscore: `block0_` has `block0_e`, `block0_k`, ...
struct space_unit {
    std::string_view prefix;
    std::string_view further{};

    [[nodiscard]] constexpr bool has(std::string_view parameter) const { return below(prefix, parameter) || below(further, parameter); }

private:
    [[nodiscard]] static constexpr bool below(std::string_view begin, std::string_view name) {
        return !begin.empty() && name.size() > begin.size() && (begin.back() == '_' || name[begin.size()] == '.') && name.starts_with(begin);
    }
};

namespace detail {

/// Where a space has none, so that only that is reported.
struct no_units {
    [[nodiscard]] static constexpr std::size_t size() { return 0; }
    constexpr space_unit operator[](std::size_t) const { return {}; }
};

inline constexpr std::array<std::string_view, 10> stage_names{"stage0", "stage1", "stage2", "stage3", "stage4",
                                                              "stage5", "stage6", "stage7", "stage8", "stage9"};

/// Of a Once-for-all space its stages; one that never has more than one block belongs to the stage before it, as AutoBuild has it.
template <class S>
[[nodiscard]] consteval auto stage_units() {
    constexpr bool joined = S::stages > 1 && S::family.stages[S::stages - 1].blocks == 1;
    std::array<space_unit, S::stages - (joined ? 1 : 0)> units{};
    for (std::size_t u = 0; u < units.size(); ++u) units[u].prefix = stage_names[u];
    if (joined) units[units.size() - 1].further = stage_names[S::stages - 1];
    return units;
}

} // namespace detail

/// The units of a space. Specialise it for a space of yours:
///
///     template <>
///     inline constexpr std::array verdant::units_of<towers>{verdant::space_unit{"vision"}, verdant::space_unit{"text"}};
template <search_space S>
inline constexpr auto units_of = detail::no_units{};
template <search_space S>
    requires spaces::elastic_space<S>
inline constexpr auto units_of<S> = detail::stage_units<S>();
/// Of MnasNet's space its seven blocks.
template <>
inline constexpr std::array units_of<spaces::mnasnet>{space_unit{"block0_"}, space_unit{"block1_"}, space_unit{"block2_"}, space_unit{"block3_"},
                                                      space_unit{"block4_"}, space_unit{"block5_"}, space_unit{"block6_"}};

namespace detail {

/// The unit of each parameter, or how many units there are.
template <class S>
[[nodiscard]] consteval auto find_units() {
    std::array<std::size_t, parameter_count<S>> unit{};
    for (std::size_t p = 0; p < unit.size(); ++p) {
        unit[p] = units_of<S>.size();
        for (std::size_t u = 0; u < units_of<S>.size(); ++u)
            if (units_of<S>[u].has(view_of<S>.name(p))) unit[p] = u;
    }
    return unit;
}

/// What is checked of the units of a space.
template <class S>
struct units_check {
    static constexpr bool declared = !std::is_same_v<std::remove_cvref_t<decltype(units_of<S>)>, no_units>;
    static_assert(declared, "verdant: this space has no units; write template <> inline constexpr std::array "
                            "verdant::units_of<my_space>{verdant::space_unit{\"prefix\"}, ...};");
    [[nodiscard]] static consteval bool all_have_parameters() {
        if constexpr (declared) {
            for (std::size_t u = 0; u < units_of<S>.size(); ++u) {
                bool some = false;
                for (const auto of : find_units<S>()) some = some || of == u;
                if (!some) return false;
            }
        }
        return true;
    }
    static_assert(all_have_parameters(), "verdant: a unit of this space has no parameter; give each space_unit the prefix of a nest<...> of its own");
    [[nodiscard]] static consteval bool independent() {
        if constexpr (declared) {
            constexpr auto unit = find_units<S>();
            for (std::size_t p = 0; p < unit.size(); ++p)
                for (const auto other : structure_of<S>.members(structure_of<S>.group_of(p)))
                    if (unit[other] != unit[p]) return false;
        }
        return true;
    }
    static_assert(independent(),
                  "verdant: a constraint ties a unit of this space to other parameters; make one space_unit of all that hangs together");
    static constexpr bool value = true;
};

} // namespace detail

/// A space whose units are known.
template <class S>
concept unit_space = search_space<S> && !std::is_same_v<std::remove_cvref_t<decltype(units_of<S>)>, detail::no_units>;

/// The unit of each parameter; the number of units where it is in none.
template <unit_space S>
inline constexpr auto unit_of_parameter = detail::find_units<S>();

/// The parameters of a unit, ascending.
template <unit_space S>
[[nodiscard]] std::vector<std::uint32_t> unit_parameters(std::size_t unit) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t p = 0; p < parameter_count<S>; ++p)
        if (unit_of_parameter<S>[p] == unit) found.push_back(p);
    return found;
}

} // namespace verdant
