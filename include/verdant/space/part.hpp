#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/natural.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/structure.hpp>
#include <verdant/space/value_text.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Parts of spaces that are known when the program runs.
namespace verdant {

/// The combinations of some parameters that are left: for each combination one point, whose other parameters do not matter.
template <search_space S>
struct allowed_combinations {
    std::vector<std::uint32_t> parameters; ///< ascending
    std::vector<point<S>> combinations;    ///< in any order; repeats count once
};

template <search_space S>
class part_range;

/// A part of a space: the feasible points whose parameters, bundle by bundle, are in given combinations. Its points are points of the space.
/// Immutable and cheap to copy. Exact: since bundles do not depend on each other, what is drawn is uniform and the number of points is a product.
template <search_space S>
class space_part {
public:
    using space_type = S;

    /// The whole space.
    space_part() : space_part(std::vector<allowed_combinations<S>>{}) {}
    /// @param bundles of parameters, none of which is in two; all parameters that a constraint ties to one of a bundle are in it, too
    /// @throws input_error for other bundles, for one without combinations, with a combination that is not feasible, or with 2^32 possible
    /// combinations or more
    explicit space_part(std::span<const allowed_combinations<S>> bundles) : state_{std::make_shared<const state>(bundles)} {}

    /// What points are drawn from, walked over and varied in `within_part`.
    [[nodiscard]] const feasible_set& set() const noexcept { return state_->set; }

    /// Itself: what searches are bound to.
    [[nodiscard]] const space_part& part() const noexcept { return *this; }

    [[nodiscard]] bool contains(const point<S>& p) const {
        if (!p.feasible()) return false;
        const auto groups = set().groups();
        return std::all_of(groups.begin(), groups.end(), [&](const detail::feasible_group& g) { return g.contains(p); });
    }
    /// A point drawn uniformly.
    [[nodiscard]] point<S> sample(random_stream& random) const {
        point<S> p;
        set().sample(p, random);
        return p;
    }
    /// All points in lexicographic order, one at a time.
    [[nodiscard]] part_range<S> points() const { return part_range<S>{*this}; }
    /// The exact number of points. Throws search_error where a group of parameters outside of the bundles cannot be counted.
    [[nodiscard]] auto cardinality() const {
        natural<detail::cardinality_limbs<S>()> product{1};
        for (const auto p : set().free_parameters()) product *= static_cast<std::uint32_t>(view_of<S>.domain_size(p));
        for (const auto& group : set().groups()) {
            const auto count = group.exact_count();
            if (!count) throw search_error{"the combinations of " + set().member_names(group) + " cannot be counted"};
            product.multiply(*count);
        }
        return product;
    }

private:
    // So named, since compilers instantiate what is done with a type that does not depend on S in every program that includes this header.
    using ranks = deferred<std::vector<std::uint32_t>, S>;
    using rank_lists = deferred<std::vector<std::vector<std::uint32_t>>, S>;

    /// Groups of parameters as in the space, those of a bundle in one.
    struct structure {
        explicit structure(std::span<const allowed_combinations<S>> bundles) {
            constexpr auto n = static_cast<std::uint32_t>(parameter_count<S>);
            const auto& whole = structure_of<S>;
            ranks bundle(n, none);
            for (std::uint32_t b = 0; b < bundles.size(); ++b)
                for (const auto p : bundles[b].parameters) {
                    if (p >= n || bundle[p] != none)
                        refuse("parameters that are in one bundle only", p < n ? view_of<S>.name(p) : std::string_view{"no parameter"});
                    bundle[p] = b;
                }
            ranks number(whole.group_count() + bundles.size(), none);
            for (std::uint32_t p = 0; p < n; ++p) {
                const auto in_space = whole.group_of(p);
                for (const auto other : whole.members(in_space))
                    if (bundle[other] != bundle[p])
                        refuse(std::string{"a bundle with all that constraints tie to "} + std::string{view_of<S>.name(p)},
                               "none of " + std::string{view_of<S>.name(other)});
                auto& g = number[bundle[p] == none ? in_space : whole.group_count() + bundle[p]];
                if (g == none) {
                    g = static_cast<std::uint32_t>(groups.size());
                    groups.emplace_back();
                    bundle_of.push_back(bundle[p]);
                }
                groups[g].push_back(p);
                group_of.push_back(g);
            }
            begin.push_back(0);
            for (const auto& g : groups) {
                members.insert(members.end(), g.begin(), g.end());
                begin.push_back(static_cast<std::uint32_t>(members.size()));
            }
        }
        [[nodiscard]] structure_view view() const {
            return {group_of,
                    members,
                    begin,
                    {detail::structure<S>.due.data(), detail::table<S>.size.constraints},
                    {detail::structure<S>.due_begin.data(), parameter_count<S> + 1}};
        }
        static constexpr auto none = ~std::uint32_t{0};
        rank_lists groups;
        ranks bundle_of; ///< of each group
        ranks group_of, members, begin;
    };

    struct state {
        explicit state(std::span<const allowed_combinations<S>> bundles)
            : groups{bundles}, set{view_of<S>, groups.view(), rows(groups, bundles), &detail::make_group_counts<>} {}
        structure groups;
        feasible_set set;
    };

    [[noreturn]] static void refuse(const std::string& expected, std::string_view found) {
        throw input_error{"part of a space", "", expected, found};
    }

    /// The ranks of the combinations of each group.
    static rank_lists rows(const structure& groups, std::span<const allowed_combinations<S>> bundles) {
        rank_lists all(groups.groups.size());
        for (std::size_t g = 0; g < all.size(); ++g) {
            if (groups.bundle_of[g] == structure::none) continue;
            const auto& bundle = bundles[groups.bundle_of[g]];
            const auto name = std::string{view_of<S>.name(bundle.parameters.front())} + ", ...";
            if (bundle.combinations.empty()) refuse("combinations of " + name, "none");
            std::uint64_t possible = 1;
            for (const auto p : groups.groups[g]) {
                possible *= view_of<S>.domain_size(p);
                if (possible > std::numeric_limits<std::uint32_t>::max()) refuse("fewer than 2^32 possible combinations of " + name, "more");
            }
            for (auto p : bundle.combinations) {
                auto canonical = p;
                canonical.canonicalise();
                std::uint32_t rank = 0;
                for (const auto i : groups.groups[g]) {
                    if (p[i] >= view_of<S>.domain_size(i) || canonical[i] != p[i] || !holds(i, canonical))
                        refuse("feasible combinations of " + name, "one that is not, at " + std::string{view_of<S>.name(i)});
                    rank = rank * static_cast<std::uint32_t>(view_of<S>.domain_size(i)) + static_cast<std::uint32_t>(p[i]);
                }
                all[g].push_back(rank);
            }
            std::sort(all[g].begin(), all[g].end());
            all[g].erase(std::unique(all[g].begin(), all[g].end()), all[g].end());
        }
        return all;
    }
    [[nodiscard]] static bool holds(std::uint32_t p, const point<S>& at) {
        const auto due = structure_of<S>.due(p);
        return std::all_of(due.begin(), due.end(), [&](std::uint32_t c) { return view_of<S>.holds(c, at); });
    }

    std::shared_ptr<const state> state_;
};

/// A value of a parameter, both as text.
struct named_value {
    std::string_view name, value;
};

/// The points with one value each for some parameters that no constraint ties to others: `part_with<S>({{"image_size", "224"}})`.
/// @throws input_error for a name that is unknown, given twice or of a parameter that is tied to others, and for a value that it does not have
template <search_space S>
[[nodiscard]] space_part<S> part_with(std::initializer_list<named_value> values) {
    std::vector<allowed_combinations<S>> bundles;
    for (const auto& [name, value] : values) {
        const auto p = view_of<S>.find(name);
        if (p == parameter_count<S>) throw input_error{"part of a space", name, "a parameter of the space", "no such parameter"};
        const auto index = find_value(view_of<S>, p, value);
        if (index == view_of<S>.domain_size(p))
            throw input_error{"part of a space", name, "one of " + domain_text(view_of<S>, p), '\'' + std::string{value} + '\''};
        auto& b = bundles.emplace_back();
        b.parameters = {static_cast<std::uint32_t>(p)};
        b.combinations.emplace_back()[p] = static_cast<typename point<S>::index_type>(index);
    }
    return space_part<S>{bundles};
}

/// Binds this thread to a part of a space while it lives: `sample`, `feasible_points`, `repair`, mutations, crossovers and whatever is made of them,
/// optimizers among them, stay within. Nests; the part outlives it.
template <search_space S>
class within_part {
public:
    explicit within_part(const space_part<S>& part) : before_{std::exchange(detail::bound_part<S>, &part.set())} {}
    within_part(const within_part&) = delete;
    within_part& operator=(const within_part&) = delete;
    ~within_part() { detail::bound_part<S> = before_; }

private:
    const feasible_set* before_;
};

/// All points of a part in lexicographic order, as `feasible_range`.
template <search_space S>
class part_range {
public:
    explicit part_range(space_part<S> part) : part_{std::move(part)} {}
    /// The range outlives it.
    [[nodiscard]] typename feasible_range<S>::iterator begin() const {
        const within_part<S> bound{part_};
        return {};
    }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

private:
    space_part<S> part_;
};

} // namespace verdant
