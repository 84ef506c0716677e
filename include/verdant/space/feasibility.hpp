#pragma once

#include <verdant/space/structure.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

/// Whether a space has feasible points, found out by the compiler.
namespace verdant {

/// What the compiler found out about a space.
enum class feasibility : std::uint8_t {
    feasible,   ///< a feasible point was found
    infeasible, ///< every combination of some group was tried, none is feasible
    undecided   ///< the search ended at its bound first
};

namespace detail {

/// What the search of one group may spend, in instructions evaluated: a bound that both compilers' default limits allow.
inline constexpr std::size_t feasibility_budget = 20'000;
/// What a step of the search itself counts for.
inline constexpr std::size_t feasibility_step = 10;
/// How much less is tried where floating-point values are computed.
inline constexpr std::size_t computed_share = 16;

/// Depth-first search over the members of a group, in order, deciding each constraint as soon as its last parameter has a value.
template <class Indices>
[[nodiscard]] constexpr feasibility search_group(const space_view& space, const structure_view& structure, std::size_t group, Indices& indices,
                                                 std::size_t budget) {
    const auto members = structure.members(group);
    std::size_t depth = 0;
    for (const auto p : members) indices[p] = 0;
    for (;;) {
        const auto p = members[depth];
        bool good = true;
        std::size_t cost = feasibility_step;
        if (indices[p] != 0 && space.conditional(p)) {
            cost += space.guard(p).size();
            good = space.active(p, indices);
        }
        for (const auto c : structure.due(p)) {
            if (!good) break;
            cost += space.constraint(c).size();
            good = space.holds(c, indices);
        }
        if (budget < cost) return feasibility::undecided;
        budget -= cost;
        if (good && depth + 1 == members.size()) return feasibility::feasible;
        if (good) {
            indices[members[++depth]] = 0;
            continue;
        }
        while (indices[members[depth]] + 1U == space.domain_size(members[depth])) {
            if (depth == 0) return feasibility::infeasible;
            --depth;
        }
        ++indices[members[depth]];
    }
}

template <class S, std::size_t Group>
[[nodiscard]] consteval feasibility group_feasibility() {
    if (!constrained(structure_of<S>, Group)) return feasibility::feasible;
    std::array<std::uint32_t, parameter_count<S>> indices{};
    bool computed = false;
    for (const auto p : structure_of<S>.members(Group)) computed = computed || view_of<S>.computed(p);
    return search_group(view_of<S>, structure_of<S>, Group, indices, computed ? feasibility_budget / computed_share : feasibility_budget);
}

template <class S, std::size_t... Group>
[[nodiscard]] consteval feasibility all_groups(std::index_sequence<Group...>) {
    auto worst = feasibility::feasible;
    // Each group is a constant evaluation of its own, and so has the compiler's whole limit for itself.
    for (const auto f : {std::integral_constant<feasibility, group_feasibility<S, Group>()>::value...}) {
        if (f == feasibility::infeasible) return f;
        if (f == feasibility::undecided) worst = f;
    }
    return worst;
}

template <class S>
[[nodiscard]] consteval feasibility decide() {
    if constexpr (!table<S>.found.sound()) return feasibility::undecided;
    else return all_groups<S>(std::make_index_sequence<structure<S>.groups>{});
}

} // namespace detail

/// What a bounded search at compile time found: each independent group of parameters is searched on its own.
template <search_space S>
inline constexpr feasibility feasibility_of = detail::decide<S>();

} // namespace verdant
