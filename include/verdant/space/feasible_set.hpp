#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/natural.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/cardinality.hpp>
#include <verdant/space/feasible_group.hpp>
#include <verdant/space/point.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// The feasible points of a space: counted, and drawn uniformly.
namespace verdant {

class feasible_set;

namespace detail {

/// A group that is neither enumerated nor counted by elimination is drawn by rejection, for at most so many draws.
inline constexpr std::size_t rejection_limit = 20'000'000;

/// Whether anything ties parameters of a space together.
template <search_space S>
[[nodiscard]] consteval bool constrained_space() {
    if (view_of<S>.constraint_count() > 0) return true;
    for (std::size_t p = 0; p < view_of<S>.size(); ++p)
        if (view_of<S>.conditional(p)) return true;
    return false;
}

template <class = instantiated_when_used>
[[noreturn]] void refuse_rejection(const feasible_set& set, const feasible_group& group);

} // namespace detail

/// What is known at run time of the feasible points of a space: the enumerated groups, built once a space and shared by sampling,
/// enumeration, repair and variation. Immutable, so any number of threads may use it.
class feasible_set {
public:
    /// Throws infeasible_error where an enumerated group has no feasible combination.
    /// @param counts how groups are counted that are too large to enumerate; not called where the space has no constraint and no condition
    feasible_set(const space_view& space, const structure_view& structure, detail::count_maker counts = &detail::make_group_counts<>)
        : space_{space}, structure_{structure} {
        groups_.reserve(structure.group_count());
        for (std::size_t g = 0; g < structure.group_count(); ++g) {
            if (!constrained(structure, g)) {
                free_.push_back(structure.members(g).front());
                place_.push_back(none);
                continue;
            }
            place_.push_back(static_cast<std::uint32_t>(groups_.size()));
            groups_.emplace_back(space, structure, g, counts);
            if (groups_.back().known_empty())
                throw infeasible_error{"no combination of " + member_names(groups_.back()) + " satisfies the constraints"};
        }
    }

    /// A part of the feasible points: some groups have only the combinations that are given.
    /// @param rows of each group of the structure: ranks of the combinations that are left, as `feasible_group` takes them, or none, which leaves the
    /// group as it is
    feasible_set(const space_view& space, const structure_view& structure, std::vector<std::vector<std::uint32_t>> rows, detail::count_maker counts)
        : space_{space}, structure_{structure} {
        for (std::size_t g = 0; g < structure.group_count(); ++g) {
            if (rows[g].empty() && !constrained(structure, g)) {
                free_.push_back(structure.members(g).front());
                place_.push_back(none);
                continue;
            }
            place_.push_back(static_cast<std::uint32_t>(groups_.size()));
            if (rows[g].empty()) groups_.emplace_back(space, structure, g, counts);
            else groups_.emplace_back(space, structure, g, std::move(rows[g]));
        }
    }

    [[nodiscard]] const space_view& space() const noexcept { return space_; }
    [[nodiscard]] const structure_view& structure() const noexcept { return structure_; }
    [[nodiscard]] std::span<const detail::feasible_group> groups() const noexcept { return {groups_.data(), groups_.size()}; }
    /// Parameters that no constraint touches.
    [[nodiscard]] std::span<const std::uint32_t> free_parameters() const noexcept { return free_; }
    /// The group of constrained parameters that holds this one, or null where it is free.
    [[nodiscard]] const detail::feasible_group* group_of(std::size_t parameter) const {
        const auto at = place_[structure_.group_of(parameter)];
        return at == none ? nullptr : &groups_[at];
    }

    /// Fills one index a parameter, uniformly over the feasible points: each independent group on its own, from its enumerated
    /// combinations, by exact counting (`eliminated_group`) or, where both are too large, by rejection.
    /// Throws infeasible_error where rejection finds nothing in 20 million draws.
    template <class Indices>
    void sample(Indices& indices, random_stream& random) const {
        using index = std::remove_cvref_t<decltype(indices[0])>;
        for (const auto p : free_) indices[p] = static_cast<index>(random.below(space_.domain_size(p)));
        for (const auto& group : groups_) sample_group(group, indices, random);
    }

    /// The same for one group.
    template <class Indices>
    void sample_group(const detail::feasible_group& group, Indices& indices, random_stream& random) const {
        using index = std::remove_cvref_t<decltype(indices[0])>;
        if (group.enumerated()) return group.assign(static_cast<std::size_t>(random.below(group.count())), indices);
        if (group.eliminated()) return group.eliminated()->sample(group.members(), indices, random);
        for (std::size_t draws = 0; draws < detail::rejection_limit;) {
            bool good = true;
            for (std::size_t m = 0; m < group.members().size() && good; ++m, ++draws) {
                const auto p = group.members()[m];
                indices[p] = static_cast<index>(random.below(space_.domain_size(p)));
                good = group.possible(m, indices);
            }
            if (good) return;
        }
        detail::refuse_rejection(*this, group);
    }

    /// Share of unconstrained draws of a group that are feasible: exact where they are counted, else measured over `draws` draws.
    [[nodiscard]] double acceptance_rate(const detail::feasible_group& group, std::size_t draws, random_stream random) const {
        double combinations = 1;
        for (const auto p : group.members()) combinations *= static_cast<double>(space_.domain_size(p));
        if (const auto count = group.exact_count()) return static_cast<double>(*count) / combinations;
        std::vector<std::uint32_t> indices(space_.size(), 0);
        std::size_t accepted = 0;
        for (std::size_t d = 0; d < draws; ++d) {
            for (const auto p : group.members()) indices[p] = static_cast<std::uint32_t>(random.below(space_.domain_size(p)));
            accepted += group.contains(indices) ? 1 : 0;
        }
        return static_cast<double>(accepted) / static_cast<double>(draws);
    }

    [[nodiscard]] std::string member_names(const detail::feasible_group& group) const {
        std::string text;
        for (std::size_t m = 0; m < group.members().size() && m < 8; ++m) text += (m == 0 ? "" : ", ") + std::string{space_.name(group.members()[m])};
        return group.members().size() > 8 ? text + ", ..." : text;
    }

private:
    static constexpr auto none = ~std::uint32_t{0};

    space_view space_;
    structure_view structure_;
    std::vector<detail::feasible_group> groups_;
    std::vector<std::uint32_t> free_;
    std::vector<std::uint32_t> place_; ///< of each group of the structure: where it is among `groups_`, or `none`
};

namespace detail {

template <class = instantiated_when_used>
[[nodiscard]] feasible_set made_feasible_set(const space_view& space, const structure_view& structure, count_maker counts) {
    return {space, structure, counts};
}
VERDANT_DEFINED_ONCE(feasible_set made_feasible_set<>(const space_view&, const structure_view&, count_maker));

template <class>
[[noreturn]] void refuse_rejection(const feasible_set& set, const feasible_group& group) {
    throw infeasible_error{"found no combination of " + set.member_names(group) +
                           " that satisfies the constraints in 20 million draws; relax a constraint or narrow a domain"};
}
VERDANT_DEFINED_ONCE(void refuse_rejection<>(const feasible_set&, const feasible_group&));

/// The part of a space that the functions which draw, walk, vary and repair are bound to in this thread, or null; see `within_part`.
template <search_space S>
inline thread_local constinit const feasible_set* bound_part = nullptr;

} // namespace detail

/// The feasible set of a whole space, made at the first call.
template <search_space S>
[[nodiscard]] const feasible_set& whole_feasible_set() {
    static_assert(detail::sound<S>::value && detail::possible<S>::value);
    if constexpr (detail::constrained_space<S>()) {
        static const feasible_set set = detail::made_feasible_set(view_of<S>, structure_of<S>, &detail::make_group_counts<>);
        return set;
    } else {
        static const feasible_set set = detail::made_feasible_set(view_of<S>, structure_of<S>, nullptr);
        return set;
    }
}

/// The feasible set that points are drawn from, walked over, varied and repaired in: that of the whole space but for within a `within_part`.
template <search_space S>
[[nodiscard]] const feasible_set& feasible_set_of() {
    const auto* part = detail::bound_part<S>;
    return part != nullptr ? *part : whole_feasible_set<S>();
}

/// Whether searches of this thread may propose a point: it is feasible, and in the part that a `within_part` binds them to.
template <search_space S>
[[nodiscard]] bool may_be_proposed(const point<S>& p) {
    if (!p.feasible()) return false;
    if (detail::bound_part<S> == nullptr) return true;
    for (const auto& group : detail::bound_part<S>->groups())
        if (!group.contains(p)) return false;
    return true;
}

/// A point drawn uniformly from the feasible points. Throws infeasible_error where none is found.
template <search_space S>
[[nodiscard]] point<S> sample(random_stream& random) {
    static_assert(detail::sound<S>::value && detail::possible<S>::value);
    point<S> p;
    feasible_set_of<S>().sample(p, random);
    return p;
}
/// Refused, with a sentence that says what to write.
template <class S>
    requires(!search_space<S>)
[[nodiscard]] auto sample(random_stream&) {
    static_assert(detail::space_argument<S>::value);
    return point<typename detail::space_meant<S>::type>{};
}
/// The same. What is given is deduced, so that `sample<S>` alone names one function.
template <class S, class Given, class... More>
    requires(sizeof...(More) > 0 || !std::convertible_to<Given, random_stream&>)
[[nodiscard]] auto sample(Given&&, More&&...) {
    constexpr bool takes_a_stream = std::is_void_v<S>;
    static_assert(takes_a_stream,
                  "verdant: sample draws from a stream of random numbers; write sample<my_space>(random), where random is declared before: "
                  "random_stream random{7};");
    return point<typename detail::space_meant<S>::type>{};
}

/// The exact number of feasible points, where every group of constrained parameters is small enough to enumerate (262144 combinations) or can be
/// counted by elimination without passing 2^53; else nothing.
template <search_space S>
[[nodiscard]] std::optional<natural<detail::cardinality_limbs<S>()>> count_feasible() {
    natural<detail::cardinality_limbs<S>()> product{1};
    const auto& set = feasible_set_of<S>();
    for (const auto p : set.free_parameters()) product *= static_cast<std::uint32_t>(view_of<S>.domain_size(p));
    for (const auto& group : set.groups()) {
        const auto count = group.exact_count();
        if (!count) return std::nullopt;
        product.multiply(*count);
    }
    return product;
}

} // namespace verdant
