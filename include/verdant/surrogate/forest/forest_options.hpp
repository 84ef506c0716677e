#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

/// How forests are fitted.
namespace verdant::surrogate {

/// How far a single tree grows; the defaults are scikit-learn's, by which a tree tells all rows apart.
struct cart_options {
    std::size_t depth = std::numeric_limits<std::size_t>::max(); ///< decisions from the root to a leaf at most
    std::size_t least_split = 2;                                 ///< rows that a node needs to be split (min_samples_split)
    std::size_t least_leaf = 1;                                  ///< rows that each side of a split has at least (min_samples_leaf)
    double columns_of_split = 1;                                 ///< share of the features among which a split is searched (max_features)

    using described = members<member<"depth", &cart_options::depth>, member<"least_split", &cart_options::least_split>, member<"least_leaf", &cart_options::least_leaf>,
                              member<"columns_of_split", &cart_options::columns_of_split>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        require_count_or_all(source, "depth", depth, 1);
        require_count(source, "least_split", least_split, 2);
        require_count(source, "least_leaf", least_leaf, 1);
        require_share(source, "columns_of_split", columns_of_split);
        require_positive(source, "columns_of_split", columns_of_split);
    }
};

/// Options of `fit_random_forest` and `fit_extra_trees`; the defaults are scikit-learn's, but for `bootstrap` of extra trees, which it leaves out.
struct forest_options {
    std::size_t trees = 100;
    cart_options tree{};
    bool bootstrap = true; ///< whether a tree is grown from as many rows as there are, drawn with replacement, or from each row once
    std::uint64_t seed = 1;

    using described = members<member<"trees", &forest_options::trees>, member<"tree", &forest_options::tree, member_role::inlined>, member<"bootstrap", &forest_options::bootstrap>,
                              member<"seed", &forest_options::seed>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        require_count(source, "trees", trees, 1);
        tree.check(source);
    }
};

} // namespace verdant::surrogate
