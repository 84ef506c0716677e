#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/detail/binned_rows.hpp>
#include <verdant/surrogate/forest/detail/cart_grower.hpp>
#include <verdant/surrogate/forest/detail/round_observer.hpp>
#include <verdant/surrogate/forest/distributional_trees.hpp>
#include <verdant/surrogate/forest/forest_options.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Fits distributions by natural gradient boosting.
namespace verdant::surrogate {

/// Options of `fit_distributional_trees`; the defaults are the settings of Accel-NASBench for NGBoost.
struct distributional_options {
    std::size_t rounds = 505; ///< pairs of trees at most
    double rate = 0.0813;     ///< what a step is multiplied by
    cart_options tree{.depth = 6, .least_split = 20, .least_leaf = 15, .columns_of_split = 0.792};
    double rows_of_tree = 0.508; ///< share of the rows, drawn without replacement, that a pair is fitted to
    std::size_t patience = 100;  ///< rounds without a better likelihood of the validation set after which it ends
    kept_rounds keep = kept_rounds::best;
    std::uint64_t seed = 1;

    using described = members<member<"rounds", &distributional_options::rounds>, member<"rate", &distributional_options::rate>,
                              member<"tree", &distributional_options::tree, member_role::inlined>,
                              member<"rows_of_tree", &distributional_options::rows_of_tree>, member<"patience", &distributional_options::patience>,
                              member<"keep", &distributional_options::keep>, member<"seed", &distributional_options::seed>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        require_count(source, "rounds", rounds, 1);
        require_positive(source, "rate", rate);
        tree.check(source);
        require_share(source, "rows_of_tree", rows_of_tree);
        require_positive(source, "rows_of_tree", rows_of_tree);
        require_count(source, "patience", patience, 1);
    }
};

/// The mean negative log-likelihood of labels after a round, in the unit of the labels; NaN where there is no validation set.
struct distributional_round {
    std::size_t round = 0; ///< from 1
    double training_loss = 0, validation_loss = std::numeric_limits<double>::quiet_NaN();
};

/// Fitted distributions and how they came about.
struct distributional_fit {
    distributional_trees model;
    std::vector<distributional_round> rounds; ///< all that were run, also those whose trees are not kept
    std::size_t best_round = 0;               ///< pairs of trees of the least validation loss; all without a validation set
};

/// Tells nobody.
struct no_distributional_observer {
    void operator()(const distributional_round&) const noexcept {}
};

namespace detail {

/// Rows whose distributions follow the trees, in standard units.
struct distributed_rows {
    feature_rows x;
    std::vector<double> y, mean, log_std;

    /// @param by what labels are multiplied with, before the centre is subtracted
    distributed_rows(const labelled_rows& rows, double by, double centre, double scale)
        : x{rows.x}, y(rows.y.begin(), rows.y.end()), mean(y.size(), 0), log_std(y.size(), 0) {
        for (auto& v : y) v = (by * v - centre) / scale;
    }
    /// -log of the normal density.
    [[nodiscard]] static double loss(double y, double mean, double log_std) {
        const auto z = (y - mean) * std::exp(-log_std);
        return log_std + 0.5 * std::log(2 * std::numbers::pi) + 0.5 * z * z;
    }
    [[nodiscard]] double loss() const {
        double sum = 0;
        for (std::size_t r = 0; r < y.size(); ++r) sum += loss(y[r], mean[r], log_std[r]);
        return sum / static_cast<double>(y.size());
    }
};

[[nodiscard]] inline double value_in(const forest_tree& t, const float* row) {
    std::size_t n = 0;
    while (!t.leaf(n)) n = static_cast<std::size_t>(static_cast<double>(row[t.feature[n]]) <= t.threshold[n] ? t.left[n] : t.right[n]);
    return t.value[n];
}

/// The state of one fit: labels in standard units, since the step's search takes their scale for 1.
class natural_boosting {
public:
    natural_boosting(const labelled_rows& training, const distributional_options& options, const labelled_rows& validation)
        : options_{options}, by_{square_scale_of(training.y)}, centre_{mean_of(training.y, by_)}, scale_{std_of(training.y, by_, centre_)},
          rows_{training, by_, centre_, scale_}, validation_{validation, by_, centre_, scale_}, binned_{training.x, 65535},
          grower_{binned_, options_.tree, cut_choice::best}, random_{options.seed}, drawn_(training.y.size(), 1), order_(training.y.size()) {
        std::iota(order_.begin(), order_.end(), std::uint32_t{0});
        for (auto& g : slopes_) g.resize(training.y.size());
        for (auto& s : steps_) s.resize(training.y.size());
    }

    [[nodiscard]] distributional_round next() {
        draw_rows();
        // Fisher's information of a normal distribution is diag(1 / variance, 2), by which the slopes of the loss are divided.
        for (std::size_t r = 0; r < rows_.y.size(); ++r) {
            const auto z = (rows_.y[r] - rows_.mean[r]) * std::exp(-rows_.log_std[r]);
            slopes_[0][r] = rows_.mean[r] - rows_.y[r];
            slopes_[1][r] = (1 - z * z) / 2;
        }
        std::array<forest_tree, 2> pair;
        for (std::size_t k = 0; k < 2; ++k) {
            pair[k] = grower_.grow(slopes_[k], drawn_, random_);
            for (std::size_t r = 0; r < rows_.y.size(); ++r) steps_[k][r] = value_in(pair[k], rows_.x[r].data());
        }
        const auto by = options_.rate * length();
        for (std::size_t r = 0; r < rows_.y.size(); ++r) {
            rows_.mean[r] -= by * steps_[0][r];
            rows_.log_std[r] -= by * steps_[1][r];
        }
        for (std::size_t r = 0; r < validation_.y.size(); ++r) {
            validation_.mean[r] -= by * value_in(pair[0], validation_.x[r].data());
            validation_.log_std[r] -= by * value_in(pair[1], validation_.x[r].data());
        }
        for (auto& v : pair[0].value) v *= -by * scale_ / by_;
        for (auto& v : pair[1].value) v *= -by;
        mean_.push_back(std::move(pair[0]));
        log_std_.push_back(std::move(pair[1]));
        distributional_round now{mean_.size(), rows_.loss() + log_scale()};
        if (!validation_.y.empty()) now.validation_loss = validation_.loss() + log_scale();
        return now;
    }
    /// @param count how many pairs of trees are kept
    [[nodiscard]] distributional_trees finish(std::size_t count) {
        mean_.resize(count);
        log_std_.resize(count);
        return {rows_.x.columns, {centre_ / by_, std::move(mean_)}, {log_scale(), std::move(log_std_)}};
    }

private:
    /// Of the standard deviation of the labels, which may be beyond the doubles where its logarithm is not.
    [[nodiscard]] double log_scale() const { return std::log(scale_) - std::log(by_); }
    [[nodiscard]] static double mean_of(std::span<const double> y, double by) {
        double sum = 0;
        for (const auto v : y) sum += by * v;
        return sum / static_cast<double>(y.size());
    }
    /// Of labels, and 1 where all are equal, whatever their mean is rounded to.
    [[nodiscard]] static double std_of(std::span<const double> y, double by, double mean) {
        if (std::adjacent_find(y.begin(), y.end(), [](double a, double b) { return a != b; }) == y.end()) return 1;
        double squares = 0;
        for (const auto v : y) squares += (by * v - mean) * (by * v - mean);
        return squares > 0 ? std::sqrt(squares / static_cast<double>(y.size())) : 1;
    }
    void draw_rows() {
        if (options_.rows_of_tree >= 1) return;
        const auto kept = std::max<std::size_t>(1, static_cast<std::size_t>(options_.rows_of_tree * static_cast<double>(order_.size())));
        random_.shuffle(std::span{order_});
        std::fill(drawn_.begin(), drawn_.end(), 0);
        for (std::size_t i = 0; i < kept; ++i) drawn_[order_[i]] = 1;
    }
    /// The loss of the drawn rows after a step, and the mean length of their steps.
    [[nodiscard]] std::pair<double, double> after(double by) const {
        double loss = 0, length = 0, count = 0;
        for (std::size_t r = 0; r < drawn_.size(); ++r) {
            if (drawn_[r] == 0) continue;
            loss += distributed_rows::loss(rows_.y[r], rows_.mean[r] - by * steps_[0][r], rows_.log_std[r] - by * steps_[1][r]);
            length += by * std::hypot(steps_[0][r], steps_[1][r]);
            ++count;
        }
        return {loss / count, length / count};
    }
    /// How far to go along the trees: doubled as long as that lowers the loss, then halved until it does, as NGBoost's program does (ngboost.py,
    /// line_search).
    [[nodiscard]] double length() const {
        constexpr double longest = 256, longest_step = 5, shortest_step = 1e-4;
        const auto before = after(0).first;
        double by = 1;
        for (; by <= longest; by *= 2)
            if (const auto loss = after(by).first; !(loss <= before)) break;
        for (;; by /= 2) {
            const auto [loss, length] = after(by);
            if (std::isfinite(loss) && (loss < before || length < shortest_step) && length < longest_step) return by;
            if (by < 1e-30) return 0;
        }
    }

    distributional_options options_;
    double by_, centre_, scale_; ///< what labels are multiplied with, 1 for usual ones; mean and standard deviation of the products
    distributed_rows rows_, validation_;
    binned_rows binned_;
    cart_grower grower_;
    random_stream random_;
    std::vector<std::uint32_t> drawn_, order_;
    std::array<std::vector<double>, 2> slopes_, steps_;
    std::vector<forest_tree> mean_, log_std_;
};

/// What `fit_distributional_trees` does.
template <class = instantiated_when_used>
[[nodiscard]] distributional_fit distributed(const labelled_rows& training, const distributional_options& options, const labelled_rows& validation,
                                             round_observer<distributional_round> observe) {
    constexpr auto source = "distributional trees";
    options.check(source);
    check_labelled_rows(training, source, 2);
    if (!validation.y.empty()) {
        check_labelled_rows(validation, "distributional trees, validation");
        check_validation_labels(validation.y, training.y, "distributional trees, validation");
        require_features("distributional trees, validation", training.x.columns, validation.x.columns);
    }
    natural_boosting state{training, options, validation};
    std::vector<distributional_round> rounds;
    std::size_t best = 0;
    for (std::size_t r = 0; r < options.rounds; ++r) {
        rounds.push_back(state.next());
        const auto& now = rounds.back();
        // A later round whose deviations have shrunk to nothing, where training rows are met exactly, is no better than those before it.
        if (!validation.y.empty() && r == 0 && !std::isfinite(now.validation_loss))
            throw input_error{"distributional trees, validation", "loss of round " + std::to_string(now.round),
                              "a finite number; fit fewer rounds, or larger leaves", exact_text(now.validation_loss)};
        if (validation.y.empty() || r == 0 || now.validation_loss < rounds[best - 1].validation_loss) best = now.round;
        if (!observe(now)) break;
        if (now.round - best >= options.patience) break;
    }
    return {state.finish(options.keep == kept_rounds::best ? best : rounds.size()), std::move(rounds), best};
}
VERDANT_DEFINED_ONCE(distributional_fit distributed<>(const labelled_rows&, const distributional_options&, const labelled_rows&,
                                                      round_observer<distributional_round>));

} // namespace detail

/// Fits a normal distribution for each row by natural gradient boosting with the logarithmic score (Duan et al., ICML 2020, algorithm 1).
/// @param validation says by its likelihood which round is best, and ends the fit where `patience` rounds brought nothing; empty: all rounds are run
/// and kept
/// @param observe    is told each round; returns nothing, or whether to go on
/// @throws input_error for options or rows that do not fit, for a validation label that lies a million standard deviations off, and where the
/// likelihood of the first round is no number
template <std::invocable<const distributional_round&> Observer = no_distributional_observer>
[[nodiscard]] distributional_fit fit_distributional_trees(const labelled_rows& training, const distributional_options& options = {},
                                                          const labelled_rows& validation = {}, Observer&& observe = {}) {
    return detail::distributed(training, options, validation, detail::round_observer<distributional_round>{observe});
}

} // namespace verdant::surrogate
