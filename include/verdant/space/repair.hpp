#pragma once

#include <verdant/space/feasible_set.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

/// The nearest feasible point.
namespace verdant {

namespace detail {

/// How far a combination is from the one to repair: first by changed parameters, then by index distances, then by order.
struct repair_distance {
    std::size_t changed = std::numeric_limits<std::size_t>::max();
    std::uint64_t moved = 0;
    std::uint32_t rank = 0;
    friend constexpr auto operator<=>(const repair_distance&, const repair_distance&) = default;
};

/// The nearest feasible combination of an enumerated group.
template <class Indices>
class nearest_row {
public:
    nearest_row(const feasible_group& group, const Indices& indices) : group_{group}, indices_{indices}, rank_{group.rank(indices)} {}

    /// Tries one change, then two, which is nearly always enough; then goes through all feasible combinations.
    [[nodiscard]] std::size_t find(const space_view& space) {
        const auto members = group_.members();
        constexpr auto nothing = repair_distance{};
        for (std::size_t m = 0; m < members.size(); ++m) change(space, m, {0, 0, rank_});
        if (best_ == nothing)
            for (std::size_t m = 0; m < members.size(); ++m) change_two(space, m);
        if (best_ == nothing)
            for (std::size_t r = 0; r < group_.count(); ++r) try_row(r);
        return group_.row_of(best_.rank);
    }

private:
    [[nodiscard]] static std::uint64_t distance(std::uint32_t a, std::uint32_t b) noexcept { return a > b ? a - b : b - a; }

    /// Gives member `m` each other value on top of what is changed already.
    void change(const space_view& space, std::size_t m, const repair_distance& from) {
        const std::uint32_t now = indices_[group_.members()[m]];
        for (std::uint32_t v = 0; v < space.domain_size(group_.members()[m]); ++v) {
            const repair_distance d{from.changed + 1, from.moved + distance(v, now), from.rank + (v - now) * group_.stride(m)};
            if (v != now && d < best_ && group_.allowed(d.rank)) best_ = d;
        }
    }
    void change_two(const space_view& space, std::size_t first) {
        const std::uint32_t now = indices_[group_.members()[first]];
        for (std::uint32_t v = 0; v < space.domain_size(group_.members()[first]); ++v)
            for (auto m = first + 1; v != now && m < group_.members().size(); ++m)
                change(space, m, {1, distance(v, now), rank_ + (v - now) * group_.stride(first)});
    }
    void try_row(std::size_t r) {
        repair_distance d{0, 0, 0};
        for (std::size_t m = 0; m < group_.members().size(); ++m) {
            const auto v = group_.row(r, m);
            const std::uint32_t now = indices_[group_.members()[m]];
            d.changed += v != now;
            d.moved += distance(v, now);
            d.rank += v * group_.stride(m);
        }
        if (d < best_) best_ = d;
    }

    const feasible_group& group_;
    const Indices& indices_;
    std::uint32_t rank_;
    repair_distance best_{};
};

/// In order, from member `first` on, each parameter of a counted group takes the value nearest to its own that leaves the later ones a way to
/// follow; the lower of two. @pre the members before `first` can be completed
template <class Indices>
void complete_group(const feasible_group& group, Indices& indices, std::size_t first) {
    using index = std::remove_cvref_t<decltype(indices[0])>;
    for (auto m = first; m < group.members().size(); ++m) {
        const auto weight = group.eliminated()->weights(m, indices);
        auto& here = indices[group.members()[m]];
        const std::size_t wanted = here;
        auto nearest = std::numeric_limits<std::size_t>::max();
        for (std::size_t v = 0; v < weight.size(); ++v) {
            const auto d = v > wanted ? v - wanted : wanted - v;
            if (weight[v] > 0 && d < nearest) {
                nearest = d;
                here = static_cast<index>(v);
            }
        }
    }
}

/// Moves a group's part of a point to a near feasible combination. @pre the group is enumerated or counted
template <class Indices>
void repair_group(const feasible_set& set, const feasible_group& group, Indices& indices) {
    if (group.enumerated()) group.assign(nearest_row{group, indices}.find(set.space()), indices);
    else complete_group(group, indices, 0);
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
    for (const auto& group : set.groups()) {
        if (group.contains(p)) continue;
        if (group.enumerated() || group.eliminated()) detail::repair_group(set, group, p);
        else set.sample_group(group, p, random);
    }
    return p;
}

} // namespace verdant
