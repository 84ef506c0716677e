#pragma once

#include <verdant/space/feasible_set.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

/// Which values a parameter may take after the earlier ones.
namespace verdant {

/// Marks the values of parameter `p` with which some feasible point goes on from the earlier parameters. Exact where its group of constraints is
/// enumerated or counted; where it is only testable, a value is marked where it breaks none of the constraints that it decides, so that there may be
/// dead ends, in which all values are marked.
/// @param set     of the space, or of the part that a search is bound to
/// @param indices of the earlier parameters; that of `p` is overwritten
/// @param allowed one for each value of `p`
inline void mark_possible_values(const feasible_set& set, std::size_t p, std::span<std::uint32_t> indices, std::span<unsigned char> allowed) {
    const auto* group = set.group_of(p);
    if (group == nullptr) {
        std::fill(allowed.begin(), allowed.end(), static_cast<unsigned char>(1));
        return;
    }
    const auto members = group->members();
    const auto m = static_cast<std::size_t>(std::lower_bound(members.begin(), members.end(), static_cast<std::uint32_t>(p)) - members.begin());
    if (group->enumerated()) {
        std::uint32_t before = 0;
        for (std::size_t k = 0; k < m; ++k) before += indices[members[k]] * group->stride(k);
        for (std::uint32_t v = 0; v < allowed.size(); ++v) {
            // By the last rank, since the one behind it may be 2^32.
            const auto first = before + v * group->stride(m), last = first + (group->stride(m) - 1);
            allowed[v] = group->row_of(last) + (group->allowed(last) ? 1 : 0) > group->row_of(first) ? 1 : 0;
        }
        return;
    }
    bool some = false;
    for (std::uint32_t v = 0; v < allowed.size(); ++v) {
        indices[p] = v;
        allowed[v] = group->possible(m, indices) ? 1 : 0;
        some = some || allowed[v] != 0;
    }
    if (!some) std::fill(allowed.begin(), allowed.end(), static_cast<unsigned char>(1));
}

/// Draws the groups anew that ran into a dead end, uniformly. Whether there were any.
inline bool repair_dead_ends(const feasible_set& set, std::span<std::uint32_t> indices, random_stream& random) {
    bool some = false;
    for (const auto& group : set.groups()) {
        if (group.enumerated() || group.eliminated() || group.contains(indices)) continue;
        set.sample_group(group, indices, random);
        some = true;
    }
    return some;
}

} // namespace verdant
