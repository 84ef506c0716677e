#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/space/repair.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

/// Crossover and mutation of points, which keep feasibility.
namespace verdant {

namespace detail {

/// What becomes of a group that variation has broken.
enum class broken_group : std::uint8_t { inherited, repaired };

/// Makes a child of feasible parents feasible: a group that breaks a constraint becomes what it is in `parent`, or is repaired. A group
/// that is counted by elimination is always repaired, since in such large groups nearly every change breaks something; one that can only be
/// tested is always inherited. Groups are independent, so one that fits is kept.
template <search_space S>
void settle_groups(const feasible_set& set, point<S>& child, const point<S>& parent, broken_group fate) {
    child.canonicalise();
    for (const auto& group : set.groups()) {
        if (group.contains(child)) continue;
        if (group.eliminated() || (group.enumerated() && fate == broken_group::repaired)) repair_group(set, group, child);
        else
            for (const auto p : group.members()) child[p] = parent[p];
    }
}

template <search_space S>
void swap_parameter(point<S>& a, point<S>& b, std::size_t p) {
    const auto kept = a[p];
    a[p] = b[p];
    b[p] = kept;
}

/// Another value of a parameter, uniformly among the others. @pre size > 1
[[nodiscard]] inline std::uint32_t other_value(std::uint32_t now, std::size_t size, random_stream& random) {
    const auto v = static_cast<std::uint32_t>(random.below(size - 1));
    return v < now ? v : v + 1;
}

/// Gives a feasible group another feasible combination: any other of an enumerated group; in a counted one, another possible value of one
/// parameter, and of later ones what that entails; in one that can only be tested, another value of one parameter.
/// @return false, and no change, where there is none
template <search_space S>
[[nodiscard]] bool change_group(const feasible_set& set, const feasible_group& group, point<S>& p, random_stream& random) {
    using index = typename point<S>::index_type;
    const auto members = group.members();
    if (group.enumerated()) {
        if (group.count() < 2) return false;
        const auto now = group.row_of(group.rank(p));
        const auto other = static_cast<std::size_t>(random.below(group.count() - 1));
        group.assign(other < now ? other : other + 1, p);
        return true;
    }
    const auto start = static_cast<std::size_t>(random.below(members.size()));
    for (std::size_t k = 0; k < members.size(); ++k) {
        const auto m = (start + k) % members.size();
        const auto now = p[members[m]];
        const auto size = set.space().domain_size(members[m]);
        const auto first = static_cast<std::size_t>(random.below(size));
        for (std::size_t v = 0; v < size; ++v) {
            p[members[m]] = static_cast<index>((first + v) % size);
            if (p[members[m]] == now || !(group.eliminated() ? group.possible(m, p) : group.contains(p))) continue;
            if (group.eliminated()) complete_group(group, p, m + 1);
            return true;
        }
        p[members[m]] = now;
    }
    return false;
}

/// A copy in which each parameter moves with probability `chance`; it may break constraints.
/// @param move gives the new index from the old one, the size of the domain (2 or more) and the stream
template <search_space S, class Move>
[[nodiscard]] point<S> moved(const point<S>& parent, random_stream& random, double chance, Move move) {
    using index = typename point<S>::index_type;
    auto child = parent;
    for (std::size_t p = 0; p < parent.size(); ++p) {
        const auto size = view_of<S>.domain_size(p);
        if (size < 2) continue;
        // A parameter that has just come into being has no value to inherit.
        if (view_of<S>.conditional(p) && !view_of<S>.active(p, parent)) {
            if (view_of<S>.active(p, child)) child[p] = static_cast<index>(random.below(size));
        } else if (random.chance(chance)) {
            child[p] = static_cast<index>(move(child[p], size, random));
        }
    }
    return child;
}

/// The child with all constraints kept: groups that it has broken are inherited.
template <search_space S>
[[nodiscard]] point<S> settled(point<S> child, const point<S>& parent) {
    if (child != parent) settle_groups(feasible_set_of<S>(), child, parent, broken_group::inherited);
    return child;
}

/// Changes one free parameter or one group, whichever comes first from a random place on and can be changed.
template <search_space S>
void change_something(const feasible_set& set, point<S>& p, random_stream& random) {
    const auto start = static_cast<std::size_t>(random.below(p.size()));
    for (std::size_t k = 0; k < p.size(); ++k) {
        const auto at = (start + k) % p.size();
        if (const auto* group = set.group_of(at)) {
            if (change_group(set, *group, p, random)) return;
        } else if (const auto size = view_of<S>.domain_size(at); size > 1) {
            p[at] = static_cast<typename point<S>::index_type>(other_value(p[at], size, random));
            return;
        }
    }
}

} // namespace detail

/// All feasible points that differ from this one in one parameter (and in what that switches on or off), without repeats, in order of
/// parameter and value.
/// @param reach how far an index may move; 0 for any other value
template <search_space S>
[[nodiscard]] std::vector<point<S>> neighbours(const point<S>& p, std::size_t reach = 0) {
    std::vector<point<S>> found;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (!view_of<S>.active(i, p)) continue;
        for (std::size_t v = 0; v < view_of<S>.domain_size(i); ++v) {
            const std::size_t distance = v > p[i] ? v - p[i] : p[i] - v;
            if (distance == 0 || (reach != 0 && distance > reach)) continue;
            auto q = p;
            q[i] = static_cast<typename point<S>::index_type>(v);
            q.canonicalise();
            if (q.feasible()) found.push_back(q);
        }
    }
    return found;
}

/// Each parameter takes, with probability `rate`, another value of its domain, uniformly. The result is feasible where the parent is, and
/// differs from it wherever some other feasible point exists (in groups of more than 262144 combinations that cannot be counted either:
/// wherever one exists that differs in one parameter).
struct reset_mutation {
    double rate = 0; ///< 0: one over the number of parameters
    using described = members<member<"rate", &reset_mutation::rate>>;

    template <search_space S>
    [[nodiscard]] point<S> operator()(const point<S>& parent, random_stream& random) const {
        return mutate(parent, random, rate, detail::other_value);
    }

    /// Shared by mutations that differ only in the value a chosen parameter moves to.
    /// @param move gives the new index from the old one, the size of the domain (2 or more) and the stream
    template <search_space S, class Move>
    [[nodiscard]] static point<S> mutate(const point<S>& parent, random_stream& random, double rate, Move move) {
        constexpr int attempts = 4;
        const auto chance = rate > 0 ? rate : 1.0 / static_cast<double>(parent.size());
        for (int attempt = 0; attempt < attempts; ++attempt) {
            const auto child = detail::settled(detail::moved(parent, random, chance, move), parent);
            if (child != parent) return child;
        }
        auto child = parent;
        detail::change_something(feasible_set_of<S>(), child, random);
        return child;
    }
};

/// Each parameter is drawn anew, with probability `rate`, uniformly from its whole domain, so that the child may equal its parent: behind a
/// crossover, what was recombined is then tried as it is. Feasible where the parent is.
struct plain_mutation {
    double rate = 0; ///< 0: one over the number of parameters
    using described = members<member<"rate", &plain_mutation::rate>>;

    template <search_space S>
    [[nodiscard]] point<S> operator()(const point<S>& parent, random_stream& random) const {
        const auto child = detail::moved(parent, random, rate > 0 ? rate : 1.0 / static_cast<double>(parent.size()),
                                         [](std::uint32_t, std::size_t size, random_stream& r) { return r.below(size); });
        return detail::settled(child, parent);
    }
};

/// As `reset_mutation`, but a chosen parameter moves by one to `reach` steps along its ordered domain, staying inside.
struct step_mutation {
    double rate = 0;
    std::size_t reach = 1;
    using described = members<member<"rate", &step_mutation::rate>, member<"reach", &step_mutation::reach>>;

    template <search_space S>
    [[nodiscard]] point<S> operator()(const point<S>& parent, random_stream& random) const {
        return reset_mutation::mutate(parent, random, rate, [this](std::uint32_t now, std::size_t size, random_stream& r) {
            const auto steps = reach > 0 ? reach : 1;
            const auto low = now > steps ? now - steps : 0;
            const auto high = steps < size - now ? now + steps : size - 1; // any reach, however far
            return static_cast<std::uint32_t>(low) +
                   detail::other_value(static_cast<std::uint32_t>(now - low), static_cast<std::size_t>(high - low + 1), r);
        });
    }
};

/// Each parameter is swapped between the parents with probability `swap` (Syswerda, ICGA 1989). A group of parameters that breaks a constraint
/// then is repaired as by `repair` (or, where it is too entangled for that, kept from the child's own parent), so children of feasible parents
/// are feasible.
struct uniform_crossover {
    double swap = 0.5;
    using described = members<member<"swap", &uniform_crossover::swap>>;

    template <search_space S>
    [[nodiscard]] std::pair<point<S>, point<S>> operator()(const point<S>& a, const point<S>& b, random_stream& random) const {
        auto children = std::pair{a, b};
        for (std::size_t p = 0; p < a.size(); ++p)
            if (random.chance(swap)) detail::swap_parameter(children.first, children.second, p);
        const auto& set = feasible_set_of<S>();
        detail::settle_groups(set, children.first, a, detail::broken_group::repaired);
        detail::settle_groups(set, children.second, b, detail::broken_group::repaired);
        return children;
    }
};

/// The parents swap one run of parameters, `Cuts` = 1: from a cut to the end, 2: between two cuts (Goldberg 1989). Broken groups as in
/// `uniform_crossover`.
template <int Cuts>
    requires(Cuts == 1 || Cuts == 2)
struct point_crossover {
    template <search_space S>
    [[nodiscard]] std::pair<point<S>, point<S>> operator()(const point<S>& a, const point<S>& b, random_stream& random) const {
        auto children = std::pair{a, b};
        auto begin = static_cast<std::size_t>(random.below(a.size()));
        auto end = Cuts == 1 ? a.size() : static_cast<std::size_t>(random.below(a.size())) + 1;
        if (begin >= end) std::swap(begin, end);
        for (std::size_t p = begin; p < end; ++p) detail::swap_parameter(children.first, children.second, p);
        const auto& set = feasible_set_of<S>();
        detail::settle_groups(set, children.first, a, detail::broken_group::repaired);
        detail::settle_groups(set, children.second, b, detail::broken_group::repaired);
        return children;
    }
};
using one_point_crossover = point_crossover<1>;
using two_point_crossover = point_crossover<2>;

} // namespace verdant
