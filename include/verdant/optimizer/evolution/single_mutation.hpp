#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/variation.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

/// The mutation of regularized evolution.
namespace verdant {

/// One parameter takes another value: the parameter is drawn uniformly among those that exist at the point and have a choice, the value uniformly
/// among the others of its domain (Real, Aggarwal, Huang, Le, "Regularized evolution for image classifier architecture search", AAAI 2019, algorithm
/// 1). Parameters that come into being with it are drawn uniformly, too. Where constraints forbid the child, both are drawn anew; after `attempts` of
/// that, as where a sum of parameters is fixed, a whole group of parameters that constraints tie together changes, so that the child is feasible and
/// differs from its parent wherever some other point exists.
struct single_mutation {
    std::size_t attempts = 100; ///< draws of a parameter and its value
    using described = members<member<"attempts", &single_mutation::attempts>>;

    template <search_space S>
    [[nodiscard]] point<S> operator()(const point<S>& parent, random_stream& random) const {
        using index = typename point<S>::index_type;
        std::array<std::uint32_t, parameter_count<S>> movable; // NOLINT(cppcoreguidelines-pro-type-member-init): filled below as far as it is read
        std::size_t count = 0;
        for (std::uint32_t p = 0; p < parameter_count<S>; ++p)
            if (view_of<S>.domain_size(p) > 1 && view_of<S>.active(p, parent)) movable[count++] = p;
        if (count == 0) return parent;
        for (std::size_t attempt = 0; attempt < attempts; ++attempt) {
            const auto at = movable[static_cast<std::size_t>(random.below(count))];
            auto child = parent;
            child[at] = static_cast<index>(detail::other_value(parent[at], view_of<S>.domain_size(at), random));
            settle_conditions(child, parent, at, random);
            if (may_be_proposed(child)) return child;
        }
        auto child = parent;
        detail::change_something(feasible_set_of<S>(), child, random);
        return child;
    }

private:
    /// Draws what has come into being with parameter `changed`, and pins what is gone; conditions name earlier parameters only.
    template <search_space S>
    static void settle_conditions(point<S>& child, const point<S>& parent, std::size_t changed, random_stream& random) {
        using index = typename point<S>::index_type;
        for (auto p = changed + 1; p < parameter_count<S>; ++p) {
            if (!view_of<S>.conditional(p)) continue;
            if (!view_of<S>.active(p, child)) child[p] = 0;
            else if (!view_of<S>.active(p, parent)) child[p] = static_cast<index>(random.below(view_of<S>.domain_size(p)));
        }
    }
};

} // namespace verdant
