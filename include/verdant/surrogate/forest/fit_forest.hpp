#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/parallel/executor.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/detail/binned_rows.hpp>
#include <verdant/surrogate/forest/detail/cart_grower.hpp>
#include <verdant/surrogate/forest/forest_options.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>
#include <verdant/surrogate/labelled_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

/// Fits random forests and extra trees.
namespace verdant::surrogate {

namespace detail {

/// Labels as trees are grown to: a tree weighs sums of them by their squares, so those of 1e154, or of 1e-154, would all be worth the same. The
/// splits do not depend on the scale.
class squarable_labels {
public:
    explicit squarable_labels(std::span<const double> y) : scale_{square_scale_of(y)}, scaled_{y} {
        if (scale_ == 1) return;
        own_.reserve(y.size());
        for (const auto v : y) own_.push_back(scale_ * v);
        scaled_ = own_;
    }
    squarable_labels(const squarable_labels&) = delete;
    squarable_labels& operator=(const squarable_labels&) = delete;
    [[nodiscard]] std::span<const double> scaled() const noexcept { return scaled_; }
    /// Makes a tree of the scaled labels one of the labels.
    [[nodiscard]] forest_tree back(forest_tree tree) const {
        if (scale_ != 1)
            for (auto& v : tree.value) v /= scale_;
        return tree;
    }

private:
    double scale_;
    std::vector<double> own_{};
    std::span<const double> scaled_;
};

template <class = instantiated_when_used>
[[nodiscard]] tree_forest fit_forest(const labelled_rows& training, const forest_options& options, cut_choice cut,
                                     const verdant::detail::executor_ref& run) {
    options.check("forest");
    check_labelled_rows(training, "forest");
    const binned_rows rows{training.x, 65535};
    const squarable_labels labels{training.y};
    std::vector<forest_tree> trees(options.trees);
    const auto task = [&](std::size_t t) {
        auto random = random_stream::derive(options.seed, t);
        std::vector<std::uint32_t> drawn(training.y.size(), options.bootstrap ? 0 : 1);
        if (options.bootstrap)
            for (std::size_t i = 0; i < drawn.size(); ++i) ++drawn[static_cast<std::size_t>(random.below(drawn.size()))];
        cart_grower grower{rows, options.tree, cut};
        trees[t] = labels.back(grower.grow(labels.scaled(), drawn, random));
    };
    run(options.trees, verdant::detail::task_ref{task});
    return tree_forest{training.x.columns, std::move(trees)};
}
VERDANT_DEFINED_ONCE(tree_forest fit_forest<>(const labelled_rows&, const forest_options&, cut_choice, const verdant::detail::executor_ref&));

} // namespace detail

/// A random forest (Breiman, Machine Learning 45, 2001) with scikit-learn's rules. Each tree has a stream of its own, so the forest is the same with
/// any number of threads.
/// @param run who grows the trees
/// @throws input_error for options or rows that do not fit
template <executor Executor = const serial_executor>
[[nodiscard]] tree_forest fit_random_forest(const labelled_rows& training, const forest_options& options = {}, Executor&& run = serial_executor{}) {
    return detail::fit_forest(training, options, detail::cut_choice::best, verdant::detail::executor_ref{run});
}

/// Extremely randomised trees (Geurts, Ernst and Wehenkel, Machine Learning 63, 2006) with scikit-learn's rules: one random threshold for each
/// candidate feature. Its default leaves the bootstrap out: give `.bootstrap = false`.
template <executor Executor = const serial_executor>
[[nodiscard]] tree_forest fit_extra_trees(const labelled_rows& training, const forest_options& options = {.bootstrap = false},
                                          Executor&& run = serial_executor{}) {
    return detail::fit_forest(training, options, detail::cut_choice::random, verdant::detail::executor_ref{run});
}

/// One tree of all rows and features, without chance but for ties of equal splits, of which the first feature's counts: scikit-learn's
/// DecisionTreeRegressor.
template <class = instantiated_when_used>
[[nodiscard]] forest_tree fit_regression_tree(const labelled_rows& training, const cart_options& options = {}, std::uint64_t seed = 1) {
    options.check("regression tree");
    check_labelled_rows(training, "regression tree");
    const detail::binned_rows rows{training.x, 65535};
    const std::vector<std::uint32_t> drawn(training.y.size(), 1);
    random_stream random{seed};
    const detail::squarable_labels labels{training.y};
    return labels.back(detail::cart_grower{rows, options, detail::cut_choice::best}.grow(labels.scaled(), drawn, random));
}
VERDANT_DEFINED_ONCE(forest_tree fit_regression_tree<>(const labelled_rows&, const cart_options&, std::uint64_t));

} // namespace verdant::surrogate
