#pragma once

#include <verdant/space/feasible_set.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <utility>

namespace verdant {

namespace detail {

/// Whether a group's part of a point is feasible.
template <class Indices>
[[nodiscard]] bool group_feasible(const feasible_set& set, const feasible_group& group, const Indices& indices) {
    for (const auto p : group.members())
        if (!feasible_group::decided(set.space(), set.structure(), p, indices)) return false;
    return true;
}

/// Moves a group's part of a point to a near feasible combination.
template <class Indices>
void repair_group(const feasible_set& set, const feasible_group& group, Indices& indices, random_stream& random) {
    using index = std::remove_cvref_t<decltype(indices[0])>;
    const auto members = group.members();
    if (group.enumerated()) {
        std::size_t best = 0;
        auto nearest = std::pair{std::numeric_limits<std::size_t>::max(), std::uint64_t{0}};
        for (std::size_t r = 0; r < group.count(); ++r) {
            auto distance = std::pair{std::size_t{0}, std::uint64_t{0}};
            const auto row = group.row(r);
            for (std::size_t m = 0; m < members.size(); ++m) {
                const auto now = static_cast<std::uint32_t>(indices[members[m]]);
                distance.first += row[m] != now;
                distance.second += row[m] > now ? row[m] - now : now - row[m];
            }
            if (distance < nearest) {
                nearest = distance;
                best = r;
            }
        }
        for (std::size_t m = 0; m < members.size(); ++m) indices[members[m]] = static_cast<index>(group.row(best)[m]);
    } else if (group.eliminated()) {
        // In order, each parameter takes the value nearest to its own that leaves the rest a way to follow.
        for (const auto p : members) {
            const auto size = static_cast<std::int64_t>(set.space().domain_size(p));
            const auto wanted = static_cast<std::int64_t>(indices[p]);
            for (std::int64_t step = 0; step < 2 * size + 1; ++step) {
                const auto v = wanted + (step % 2 == 0 ? step / 2 : -(step + 1) / 2);
                if (v < 0 || v >= size) continue;
                indices[p] = static_cast<index>(v);
                if (group.eliminated()->weight(set.space(), set.structure(), p, indices) > 0) break;
            }
        }
    } else {
        set.sample_group(group, indices, random);
    }
}

} // namespace detail

/// The point itself where it is feasible; else a near one: each independent group that breaks a constraint moves to the feasible combination
/// with the fewest changed parameters, then the smallest sum of index distances, then the first (groups up to 262144 combinations); in larger
/// groups, parameter by parameter to the nearest value that can still be completed, or, where constraints are too entangled, to a random one.
/// Throws infeasible_error where a group has no feasible combination.
template <search_space S>
[[nodiscard]] point<S> repair(point<S> p, random_stream& random) {
    const auto& set = feasible_set_of<S>();
    p.canonicalise();
    for (const auto& group : set.groups())
        if (!detail::group_feasible(set, group, p)) detail::repair_group(set, group, p, random);
    return p;
}

} // namespace verdant
