#pragma once

#include <verdant/space/space.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// Groups of parameters that constraints tie together.
namespace verdant {

/// How the parameters of a space hang together: parameters belong to one group where a constraint or a `when` names both. Groups are
/// independent of each other, so a point is feasible where each of its groups is.
class structure_view {
public:
    constexpr structure_view(std::span<const std::uint32_t> group_of, std::span<const std::uint32_t> members,
                             std::span<const std::uint32_t> group_begin, std::span<const std::uint32_t> due,
                             std::span<const std::uint32_t> due_begin)
        : group_of_{group_of}, members_{members}, group_begin_{group_begin}, due_{due}, due_begin_{due_begin} {}

    [[nodiscard]] constexpr std::size_t group_count() const noexcept { return group_begin_.size() - 1; }
    [[nodiscard]] constexpr std::size_t group_of(std::size_t parameter) const { return group_of_[parameter]; }
    /// Parameters of a group in ascending order.
    [[nodiscard]] constexpr std::span<const std::uint32_t> members(std::size_t group) const {
        return {members_.data() + group_begin_[group], group_begin_[group + 1] - group_begin_[group]};
    }
    /// Constraints whose last parameter is this one: they can be decided as soon as it has a value.
    [[nodiscard]] constexpr std::span<const std::uint32_t> due(std::size_t parameter) const {
        return {due_.data() + due_begin_[parameter], due_begin_[parameter + 1] - due_begin_[parameter]};
    }

private:
    std::span<const std::uint32_t> group_of_, members_, group_begin_, due_, due_begin_;
};

namespace detail {

template <std::size_t Parameters, std::size_t Constraints>
struct structure_table {
    std::array<std::uint32_t, Parameters + 1> group_of{}, members{}, group_begin{}, due_begin{};
    std::array<std::uint32_t, Constraints + 1> due{};
    std::size_t groups = 0;
};

[[nodiscard]] constexpr std::uint32_t root_of(std::span<std::uint32_t> parent, std::uint32_t p) {
    while (parent[p] != p) {
        parent[p] = parent[parent[p]];
        p = parent[p];
    }
    return p;
}

/// Joins all parameters that a program names; gives the last of them.
[[nodiscard]] constexpr std::uint32_t join(std::span<std::uint32_t> parent, std::span<const instruction> code, std::uint32_t with) {
    std::uint32_t last = with == unconditional ? 0 : with;
    for (const auto& step : code) {
        if (step.code != opcode::variable) continue;
        const auto p = static_cast<std::uint32_t>(step.operand);
        if (with == unconditional) with = p;
        const auto a = root_of(parent, with), b = root_of(parent, p);
        parent[a < b ? b : a] = a < b ? a : b;
        last = p > last ? p : last;
    }
    return last;
}

template <class S>
[[nodiscard]] consteval auto make_structure() {
    constexpr auto size = table<S>.size;
    constexpr auto n = size.parameters;
    const auto& space = view_of<S>;
    structure_table<n, size.constraints> t{};
    std::array<std::uint32_t, n + 1> parent{}, fill{};
    for (std::uint32_t p = 0; p < n; ++p) parent[p] = p;
    for (std::uint32_t p = 0; p < n; ++p)
        if (space.conditional(p)) static_cast<void>(join(parent, space.guard(p), p));

    std::array<std::uint32_t, size.constraints + 1> last{};
    for (std::size_t c = 0; c < size.constraints; ++c) {
        last[c] = join(parent, space.constraint(c), unconditional);
        ++t.due_begin[last[c] + 1];
    }
    for (std::size_t p = 0; p < n; ++p) t.due_begin[p + 1] += t.due_begin[p];
    fill = t.due_begin;
    for (std::uint32_t c = 0; c < size.constraints; ++c) t.due[fill[last[c]]++] = c;

    for (std::uint32_t p = 0; p < n; ++p) {
        const auto root = root_of(parent, p);
        t.group_of[p] = root == p ? static_cast<std::uint32_t>(t.groups++) : t.group_of[root];
        ++t.group_begin[t.group_of[p] + 1];
    }
    for (std::size_t g = 0; g < t.groups; ++g) t.group_begin[g + 1] += t.group_begin[g];
    fill = t.group_begin;
    for (std::uint32_t p = 0; p < n; ++p) t.members[fill[t.group_of[p]]++] = p;
    return t;
}

template <class S>
inline constexpr auto structure = make_structure<S>();

} // namespace detail

/// The groups of a space and the order in which its constraints can be decided.
template <search_space S>
inline constexpr structure_view structure_of{
    {detail::structure<S>.group_of.data(), parameter_count<S>},
    {detail::structure<S>.members.data(), parameter_count<S>},
    {detail::structure<S>.group_begin.data(), detail::structure<S>.groups + 1},
    {detail::structure<S>.due.data(), detail::table<S>.size.constraints},
    {detail::structure<S>.due_begin.data(), parameter_count<S> + 1}};

/// Whether a group can constrain anything: it holds several parameters, or a constraint on one.
[[nodiscard]] constexpr bool constrained(const structure_view& structure, std::size_t group) {
    const auto members = structure.members(group);
    return members.size() > 1 || !structure.due(members.front()).empty();
}

namespace detail {

/// Whether everything that is decided by the value of `p`, given the earlier parameters, holds.
template <class Indices>
[[nodiscard]] constexpr bool decided(const space_view& space, const structure_view& structure, std::size_t p, const Indices& indices) {
    if (indices[p] != 0 && !space.active(p, indices)) return false;
    for (const auto c : structure.due(p))
        if (!space.holds(c, indices)) return false;
    return true;
}

} // namespace detail
} // namespace verdant
