#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// How gradient-boosted trees are fitted.
namespace verdant::surrogate {

/// How the best split of a node is found.
enum class split_search : unsigned char {
    histogram, ///< sums over at most `bins` ranges of each feature; exact as well where a feature has no more values than that
    exact,     ///< every pair of neighbouring values, by features sorted once: XGBoost's `exact`
};

/// Where boosting begins.
enum class boosting_start : unsigned char {
    mean,  ///< at the mean of the labels
    given, ///< at `base_score`
};

/// Which trees are kept where a validation set says which round was best.
enum class kept_rounds : unsigned char {
    best, ///< those up to the best round
    all,  ///< all that were grown, as XGBoost's predictions take them
};

/// Options of `fit_boosted_trees`: squared error, trees that grow level by level. Names in brackets are XGBoost's; the defaults are ours, for a few
/// thousand rows of choices and a validation set that ends the fit.
struct boosting_options {
    std::size_t rounds = 10'000;         ///< trees at most
    double rate = 0.1;                   ///< what a tree's leaves are multiplied by (eta)
    std::size_t depth = 3;               ///< of a tree at most (max_depth)
    double least_weight = 5;             ///< rows that each side of a split has at least (min_child_weight)
    double l2 = 1;                       ///< penalty of squared leaf values (lambda)
    double l1 = 0;                       ///< penalty of absolute leaf values (alpha)
    double least_gain = 0;               ///< splits that gain less are taken back once the tree is grown (gamma)
    double columns_of_tree = 1;          ///< share of the features that a tree may use (colsample_bytree)
    double columns_of_level = 0.7;       ///< share of these that a level may use (colsample_bylevel)
    double rows_of_tree = 1;             ///< chance of a row to be among those that a tree is grown from (subsample)
    split_search search = split_search::histogram;
    std::size_t bins = 256;              ///< ranges of a feature at most, in `histogram` (max_bin)
    std::size_t patience = 100;          ///< rounds without a lower error on the validation set after which it ends (early_stopping_rounds)
    kept_rounds keep = kept_rounds::best;
    boosting_start start = boosting_start::mean;
    double base_score = 0.5;             ///< with `boosting_start::given`
    std::uint64_t seed = 1;              ///< of what is sampled

    using described =
        members<member<"rounds", &boosting_options::rounds>, member<"rate", &boosting_options::rate>, member<"depth", &boosting_options::depth>,
                member<"least_weight", &boosting_options::least_weight>, member<"l2", &boosting_options::l2>, member<"l1", &boosting_options::l1>,
                member<"least_gain", &boosting_options::least_gain>, member<"columns_of_tree", &boosting_options::columns_of_tree>,
                member<"columns_of_level", &boosting_options::columns_of_level>, member<"rows_of_tree", &boosting_options::rows_of_tree>,
                member<"search", &boosting_options::search>, member<"bins", &boosting_options::bins>, member<"patience", &boosting_options::patience>,
                member<"keep", &boosting_options::keep>, member<"start", &boosting_options::start>,
                member<"base_score", &boosting_options::base_score>, member<"seed", &boosting_options::seed>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        require_count(source, "rounds", rounds, 1);
        require_positive(source, "rate", rate);
        require_count(source, "depth", depth, 1, 64);
        require_not_negative(source, "least_weight", least_weight);
        require_not_negative(source, "l2", l2);
        require_not_negative(source, "l1", l1);
        require_not_negative(source, "least_gain", least_gain);
        for (const auto& [name, share] : {part{"columns_of_tree", columns_of_tree}, part{"columns_of_level", columns_of_level}, part{"rows_of_tree", rows_of_tree}}) {
            require_share(source, name, share);
            require_positive(source, name, share);
        }
        require_count(source, "bins", bins, 2, 65535);
        require_count(source, "patience", patience, 1);
        if (!std::isfinite(base_score)) throw input_error{source, "base_score", "a finite number", exact_text(base_score)};
    }

private:
    struct part {
        std::string_view name;
        double share;
    };
};

/// How a prediction must not depend on a feature.
enum class monotone : signed char {
    falling = -1, ///< it never rises with the feature
    free = 0,     ///< as it may
    rising = 1,   ///< it never falls with the feature
};

} // namespace verdant::surrogate
