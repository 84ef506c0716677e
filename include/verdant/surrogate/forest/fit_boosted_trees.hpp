#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/parallel/executor.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/detail/exact_grower.hpp>
#include <verdant/surrogate/forest/detail/growing_tree.hpp>
#include <verdant/surrogate/forest/detail/histogram_grower.hpp>
#include <verdant/surrogate/forest/detail/round_observer.hpp>
#include <verdant/surrogate/forest/detail/split_gain.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Fits gradient-boosted trees.
namespace verdant::surrogate {

/// Errors after a round; NaN where there is no validation set.
struct boosting_round {
    std::size_t round = 0; ///< from 1: how many trees there are
    double training_rmse = 0, validation_rmse = std::numeric_limits<double>::quiet_NaN();
};

/// Fitted trees and how they came about.
struct boosted_fit {
    boosted_trees model;
    std::vector<boosting_round> rounds; ///< all that were run, also those whose trees are not kept
    std::size_t best_round = 0;         ///< trees of the least validation error; all without a validation set
    bool stopped_early = false;         ///< whether `patience` ran out
};

/// Who is told each round: returns nothing, or whether to go on.
template <class F>
concept boosting_observer = std::invocable<F&, const boosting_round&> && (std::is_void_v<std::invoke_result_t<F&, const boosting_round&>> ||
                                                                          std::convertible_to<std::invoke_result_t<F&, const boosting_round&>, bool>);

/// Tells nobody.
struct no_boosting_observer {
    void operator()(const boosting_round&) const noexcept {}
};

namespace detail {

/// The tree that has grown, without what was taken back; nodes in the order of levels.
[[nodiscard]] inline regression_tree finished_tree(const std::vector<growing_node>& nodes, float rate) {
    regression_tree t;
    std::vector<std::size_t> from{0};
    t.add_leaf(0);
    for (std::size_t n = 0; n < from.size(); ++n) {
        const auto& node = nodes[from[n]];
        t.cover.push_back(static_cast<float>(node.sum.h));
        t.weight.push_back(node.weight);
        t.gain.push_back(node.leaf() ? 0 : node.split.gain);
        if (node.leaf()) {
            t.value[n] = node.weight * rate;
            continue;
        }
        t.split(static_cast<std::int32_t>(n), node.split.feature, node.split.threshold,
                node.split.default_left ? missing_side::left : missing_side::right);
        from.push_back(static_cast<std::size_t>(node.left));
        from.push_back(static_cast<std::size_t>(node.right));
    }
    return t;
}

/// The leaf's value for a row.
[[nodiscard]] inline float value_in(const regression_tree& t, const float* row) {
    std::size_t n = 0;
    while (!t.leaf(n)) {
        const auto x = row[t.feature[n]];
        n = static_cast<std::size_t>((std::isnan(x) ? t.default_left[n] != 0 : x < t.threshold[n]) ? t.left[n] : t.right[n]);
    }
    return t.value[n];
}

/// Rows whose predictions follow the trees, in single precision as XGBoost adds them up.
class boosted_rows {
public:
    boosted_rows(const labelled_rows& rows, float base) : x_{rows.x}, y_(rows.y.begin(), rows.y.end()), prediction_(rows.y.size(), base) {}

    [[nodiscard]] std::size_t size() const noexcept { return y_.size(); }
    [[nodiscard]] std::span<float> predictions() noexcept { return prediction_; }
    /// The slope of half the squared error by the prediction.
    void gradients(std::span<float> out) const {
        for (std::size_t r = 0; r < y_.size(); ++r) out[r] = prediction_[r] - y_[r];
    }
    void add(const regression_tree& t) {
        for (std::size_t r = 0; r < y_.size(); ++r) prediction_[r] += value_in(t, x_.values.data() + r * x_.columns);
    }
    [[nodiscard]] double rmse() const {
        double squares = 0;
        for (std::size_t r = 0; r < y_.size(); ++r) {
            const auto d = y_[r] - prediction_[r];
            squares += static_cast<double>(d * d);
        }
        return std::sqrt(squares / static_cast<double>(y_.size()));
    }

private:
    feature_rows x_;
    std::vector<float> y_, prediction_;
};

/// Throws input_error for labels so far from the base score that gains of splits, which are squares in single precision, would be infinite.
inline void require_finite_gains(std::span<const double> labels, float base, std::string_view source) {
    double squares = 0;
    for (const auto y : labels) squares += (y - static_cast<double>(base)) * (y - static_cast<double>(base));
    if (!(squares <= static_cast<double>(std::numeric_limits<float>::max())))
        throw input_error{source, "labels",
                          "numbers whose squared distances from the base score add up to less than 3.4e38; give them in a larger unit",
                          exact_text(squares)};
}

/// Throws input_error for labels that differ, but so little that no split gains more than `least_split_gain`, which is a number of its own (kRtEps of
/// XGBoost) and not a share: the trees would say the same of all rows.
inline void require_gains(std::span<const double> labels, std::string_view source) {
    const auto [least, greatest] = std::minmax_element(labels.begin(), labels.end());
    double mean = 0, squares = 0;
    for (const auto y : labels) mean += y / static_cast<double>(labels.size());
    for (const auto y : labels) squares += (y - mean) * (y - mean);
    constexpr double noise = 1e-6; // equal ones but for rounding may well be told by one number
    if (*greatest - *least > noise * std::max(std::abs(*least), std::abs(*greatest)) && squares <= static_cast<double>(least_split_gain))
        throw input_error{
            source, "labels",
            "numbers whose squared deviations add up to more than 1e-6, the least gain of a split; give them in a smaller unit, or as logarithms",
            exact_text(squares)};
}

/// The state of one fit.
class boosting {
public:
    boosting(const labelled_rows& training, const boosting_options& options, const labelled_rows& validation, std::span<const monotone> constraints)
        : options_{options}, rows_{training, base_of(training, options)}, columns_{training.x.columns, options}, random_{options.seed},
          gradient_(training.y.size()) {
        const split_gain gains{options_, constraints};
        if (options.search == split_search::exact) exact_.emplace(training.x, options_, gains);
        else histogram_.emplace(training.x, options_, gains);
        if (!validation.y.empty()) validation_.emplace(validation, base_of(training, options));
        if (options.rows_of_tree < 1) sampled_.resize(training.y.size());
    }

    /// Adds a tree and tells the errors with it.
    [[nodiscard]] boosting_round next(const verdant::detail::executor_ref& run) {
        rows_.gradients(gradient_);
        for (auto& s : sampled_) s = random_.chance(options_.rows_of_tree) ? 1 : 0;
        const auto& nodes =
            exact_ ? exact_->grow(gradient_, sampled_, columns_, random_) : histogram_->grow(gradient_, sampled_, columns_, random_, run);
        trees_.push_back(finished_tree(nodes, static_cast<float>(options_.rate)));
        if (exact_ || !sampled_.empty()) rows_.add(trees_.back());
        else
            for (const auto& n : nodes) // every row is in one leaf; what was taken back is no leaf's child
                if (n.leaf()) add_leaf(n);
        if (validation_) validation_->add(trees_.back());
        return {trees_.size(), rows_.rmse(), validation_ ? validation_->rmse() : std::numeric_limits<double>::quiet_NaN()};
    }
    [[nodiscard]] std::vector<regression_tree> take_trees() { return std::move(trees_); }

    /// @param training not empty
    [[nodiscard]] static float base_of(const labelled_rows& training, const boosting_options& options) {
        if (options.start == boosting_start::given) return static_cast<float>(options.base_score);
        double sum = 0;
        for (const auto y : training.y) sum += y;
        return static_cast<float>(sum / static_cast<double>(training.y.size()));
    }

private:
    void add_leaf(const growing_node& n) {
        const auto value = n.weight * static_cast<float>(options_.rate);
        for (const auto r : histogram_->rows_of(n)) rows_.predictions()[r] += value;
    }

    boosting_options options_;
    boosted_rows rows_;
    std::optional<boosted_rows> validation_;
    column_sampler columns_;
    random_stream random_;
    std::vector<float> gradient_;
    std::vector<std::uint8_t> sampled_;
    std::optional<exact_grower> exact_;
    std::optional<histogram_grower> histogram_;
    std::vector<regression_tree> trees_;
};

/// What `fit_boosted_trees` does.
template <class = instantiated_when_used>
[[nodiscard]] boosted_fit boosted(const labelled_rows& training, const boosting_options& options, const labelled_rows& validation,
                                  round_observer<boosting_round> observe, const verdant::detail::executor_ref& run,
                                  std::span<const monotone> constraints) {
    constexpr auto source = "boosted trees";
    options.check(source);
    check_labelled_rows(training, source, 1, feature_gaps::allowed);
    require_gains(training.y, source);
    require_finite_gains(training.y, boosting::base_of(training, options), source);
    if (!validation.y.empty()) {
        check_labelled_rows(validation, "boosted trees, validation", 1, feature_gaps::allowed);
        require_finite_gains(validation.y, boosting::base_of(training, options), "boosted trees, validation");
        check_validation_labels(validation.y, training.y, "boosted trees, validation");
        require_features("boosted trees, validation", training.x.columns, validation.x.columns);
    }
    if (!constraints.empty() && constraints.size() != training.x.columns)
        throw input_error{source, "constraints", std::to_string(training.x.columns) + ", one a feature, or none", std::to_string(constraints.size())};
    boosting state{training, options, validation, constraints};
    std::vector<boosting_round> rounds;
    std::size_t best = 0;
    bool stopped = false;
    for (std::size_t r = 0; r < options.rounds && !stopped; ++r) {
        rounds.push_back(state.next(run));
        const auto& now = rounds.back();
        if (validation.y.empty() || r == 0 || now.validation_rmse < rounds[best - 1].validation_rmse) best = now.round;
        stopped = now.round - best >= options.patience;
        if (!observe(now)) break;
    }
    auto trees = state.take_trees();
    if (options.keep == kept_rounds::best) trees.resize(best);
    return {boosted_trees{training.x.columns, boosting::base_of(training, options), std::move(trees)}, std::move(rounds), best, stopped};
}
VERDANT_DEFINED_ONCE(boosted_fit boosted<>(const labelled_rows&, const boosting_options&, const labelled_rows&, round_observer<boosting_round>,
                                           const verdant::detail::executor_ref&, std::span<const monotone>));

} // namespace detail

/// Fits gradient-boosted trees to rows: squared error, trees that grow level by level (Chen and Guestrin, KDD 2016). Missing features are NaN. The
/// same rows, options and seed give the same trees with any number of threads.
/// @param validation  says by its error which round is best, and ends the fit where `patience` rounds brought nothing; empty: all rounds are run and
/// kept
/// @param observe     is told each round; returns nothing, or whether to go on
/// @param run         shares the work of large nodes among threads
/// @param constraints how predictions must not depend on each feature; empty: as they may
/// @throws input_error for options, rows or constraints that do not fit, and for labels that are so large or differ so little that single precision
/// cannot weigh splits,
///         and for a validation label that lies a million standard deviations off
template <boosting_observer Observer = no_boosting_observer, executor Executor = const serial_executor>
[[nodiscard]] boosted_fit fit_boosted_trees(const labelled_rows& training, const boosting_options& options = {}, const labelled_rows& validation = {},
                                            Observer&& observe = {}, Executor&& run = serial_executor{}, std::span<const monotone> constraints = {}) {
    return detail::boosted(training, options, validation, detail::round_observer<boosting_round>{observe}, verdant::detail::executor_ref{run},
                           constraints);
}

} // namespace verdant::surrogate
