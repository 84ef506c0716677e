#pragma once

#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/meta/fixed_string.hpp>

#include <concepts>
#include <span>

/// One nest with a fixed mapping on a hierarchy: all counts and costs are constants.
namespace verdant::hardware {

/// A type with a nest: `struct my_layer { static constexpr auto problem = convolution({...}); };`
template <class T>
concept nest_layer = requires {
    { T::problem } -> std::convertible_to<nest_problem>;
};

/// @tparam Hierarchy of `hierarchy<...>`
/// @tparam Layer has the nest as its member `problem`
/// @tparam Text the mapping as `read_nest_mapping` reads it
/// @tparam Rules policies of its cycles
template <memory_hierarchy Hierarchy, nest_layer Layer, fixed_string Text, cycle_rules Rules = cycle_rules{}>
struct mapped {
private:
    static constexpr read_mapping read = read_nest_mapping(Text.view(), Layer::problem);
    static constexpr bool readable = read.fault == mapping_text_fault::none;
    static constexpr mapping_check check = readable ? check_mapping(Layer::problem, Hierarchy::levels, read.mapping) : mapping_check{};

    static_assert(readable, "verdant: this text is no mapping of the layer; write levels as `DRAM[WIO] P28 K8 - BUF[WI] C4 K16X`, with the letters "
                            "of its tensors and dimensions");
    static_assert(check.fault != mapping_fault::level_count,
                  "verdant: the mapping has another number of levels than the hierarchy; write one for each, outermost first");
    static_assert(check.fault != mapping_fault::density,
                  "verdant: the share of weights that are not zero is above 0 and at most 1; write the layer's weight_density so");
    static_assert(check.fault != mapping_fault::factors,
                  "verdant: the factors of a dimension do not multiply to its bound; write factors whose product over all levels is the bound");
    static_assert(check.fault != mapping_fault::bypass,
                  "verdant: the mapping keeps a tensor at a level that lets it pass; write the level without that letter");
    static_assert(check.fault != mapping_fault::homeless, "verdant: the outermost level of the mapping lacks a tensor; write all letters there");
    static_assert(check.fault != mapping_fault::fan_out,
                  "verdant: the spatial factors of a level exceed its fan-out; write smaller ones, or fans_out<columns, rows> of a larger array");
    static_assert(check.fault != mapping_fault::capacity,
                  "verdant: this hierarchy cannot hold a tile of the mapping; write smaller factors at that level and inwards, or a larger capacity");

public:
    static constexpr nest_mapping mapping = read.mapping;
    static constexpr nest_counts counts =
        readable && check.fault == mapping_fault::none ? analyse(Layer::problem, Hierarchy::levels, mapping) : nest_counts{};
    static constexpr nest_cost cost = cost_of(Layer::problem, Hierarchy::levels, Hierarchy::unit, counts, Rules);
};

} // namespace verdant::hardware
