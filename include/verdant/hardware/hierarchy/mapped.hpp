#pragma once

#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/meta/fixed_string.hpp>

#include <array>
#include <concepts>

/// One nest with a fixed mapping on a hierarchy: all counts and costs are constants.
namespace verdant::hardware {

/// A type with a nest: `struct my_layer { static constexpr auto problem = convolution({...}); };`
template <class T>
concept nest_layer = requires {
    { T::problem } -> std::convertible_to<nest_problem>;
};

/// A nest with a fixed mapping.
/// @tparam Hierarchy of `hierarchy<...>`
/// @tparam Layer has the nest as its member `problem`
/// @tparam Text the mapping as `read_nest_mapping` reads it; the names of its levels are those of the hierarchy, or all others
/// @tparam Rules policies of its cycles
template <class Hierarchy = void, class Layer = void, fixed_string Text = "", cycle_rules Rules = cycle_rules{}>
struct mapped {
private:
    static constexpr bool has_hierarchy = memory_hierarchy<Hierarchy>, has_layer = nest_layer<Layer>, sound = has_hierarchy && has_layer;
    static constexpr nest_problem problem = [] {
        if constexpr (sound) return nest_problem{Layer::problem};
        else return nest_problem{};
    }();
    static constexpr auto levels = [] {
        if constexpr (sound) return Hierarchy::levels;
        else return std::array<memory_level, 1>{};
    }();
    static constexpr read_mapping read = sound ? read_nest_mapping(Text.view(), problem) : read_mapping{};
    static constexpr bool readable = read.fault == mapping_text_fault::none;
    static constexpr mapping_check check = sound && readable ? check_mapping(problem, levels, read.mapping) : mapping_check{};
    static constexpr bool suits = sound && readable && check.fault == mapping_fault::none;
    static constexpr bool named = !readable || check.fault == mapping_fault::level_count || misnamed_level(read, levels) == levels.size();

public:
    static constexpr nest_mapping mapping = read.mapping;
    /// Those of all weights, zero or not; `sparse_counts` leaves what is paid for.
    static constexpr nest_counts counts = suits ? analyse(problem, levels, mapping) : nest_counts{};
    /// Of what `sparse_counts` leaves.
    static constexpr nest_cost cost = [] {
        if constexpr (suits) return cost_of(problem, levels, Hierarchy::unit, counts, Rules);
        else return nest_cost{};
    }();

private:
    // Last, since clang forgets what follows a failed assertion.
    static_assert(has_hierarchy,
                  "verdant: the first argument of mapped is no memory hierarchy; write mapped<my_hierarchy, my_layer, \"DRAM[WIO] ...\">, where "
                  "my_hierarchy is a struct derived from hierarchy<level<...>..., multipliers<pJ>>");
    static_assert(!has_hierarchy || has_layer, "verdant: the second argument of mapped is no layer; write a struct with the nest as its member: "
                                               "static constexpr auto problem = convolution({...});");
    static_assert(readable, "verdant: this text is no mapping of the layer; write levels as `DRAM[WIO] P28 K8 - BUF[WI] C4 K16X`, with the letters "
                            "of its tensors and dimensions");
    static_assert(check.fault != mapping_fault::level_count,
                  "verdant: the mapping has another number of levels than the hierarchy; write one for each, outermost first");
    static_assert(check.fault != mapping_fault::density || problem.zeros_of_output(),
                  "verdant: the share of weights that are not zero is above 0 and at most 1; write the layer's weight_density so");
    static_assert(check.fault != mapping_fault::density || !problem.zeros_of_output(),
                  "verdant: the first tensor of the layer is its output, whose zeros are not known beforehand; write the weights first, or a "
                  "weight_density of 1");
    static_assert(
        named,
        "verdant: the mapping names another level than the hierarchy has at that place; write the names of all levels as the hierarchy has them, "
        "outermost first");
    static_assert(check.fault != mapping_fault::factors,
                  "verdant: the factors of a dimension do not multiply to its bound; write factors whose product over all levels is the bound");
    static_assert(check.fault != mapping_fault::bypass,
                  "verdant: the mapping keeps a tensor at a level that lets it pass; write the level without that letter");
    static_assert(check.fault != mapping_fault::homeless, "verdant: the outermost level of the mapping lacks a tensor; write all letters there");
    static_assert(check.fault != mapping_fault::fan_out,
                  "verdant: the spatial factors of a level exceed its fan-out; write smaller ones, or fans_out<columns, rows> of a larger array");
    static_assert(check.fault != mapping_fault::capacity,
                  "verdant: this hierarchy cannot hold a tile of the mapping; write smaller factors at that level and inwards, or a larger capacity");
};

} // namespace verdant::hardware
