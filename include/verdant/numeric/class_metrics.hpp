#pragma once

#include <verdant/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

/// How well classes are told: votes, F1, and areas under curves.
namespace verdant::surrogate {

/// The class that most of the votes of each group are for; of several the one that was voted for first (Python, Counter.most_common).
/// @param groups of the votes, 0 to `count` - 1 @return [count], -1 for a group without votes
[[nodiscard]] inline std::vector<std::int64_t> majority_votes(std::span<const std::int64_t> votes, std::span<const std::size_t> groups,
                                                              std::size_t count, std::size_t classes) {
    if (votes.size() != groups.size())
        throw input_error{"majority vote", "groups", "one for each of " + std::to_string(votes.size()) + " votes", std::to_string(groups.size())};
    std::vector<std::size_t> times(count * classes), first(count * classes, votes.size());
    for (std::size_t i = 0; i < votes.size(); ++i) {
        if (groups[i] >= count || votes[i] < 0 || static_cast<std::size_t>(votes[i]) >= classes)
            throw input_error{"majority vote", "vote " + std::to_string(i + 1), "a class and a group that there are",
                              std::to_string(votes[i]) + " in group " + std::to_string(groups[i])};
        const auto place = groups[i] * classes + static_cast<std::size_t>(votes[i]);
        ++times[place];
        first[place] = std::min(first[place], i);
    }
    std::vector<std::int64_t> out(count, -1);
    for (std::size_t g = 0; g < count; ++g)
        for (std::size_t c = 0; c < classes; ++c) {
            const auto now = g * classes + c;
            if (times[now] == 0) continue;
            const auto best = out[g] < 0 ? now : g * classes + static_cast<std::size_t>(out[g]);
            if (out[g] < 0 || times[now] > times[best] || (times[now] == times[best] && first[now] < first[best]))
                out[g] = static_cast<std::int64_t>(c);
        }
    return out;
}

/// The mean over classes of F1 = 2 tp / (2 tp + fp + fn), which is 0 of a class that nothing is or is taken for.
/// @throws input_error unless there are equally many predictions and targets, at least one, and all targets are classes
[[nodiscard]] inline double mean_f1(std::span<const std::int64_t> predicted, std::span<const std::int64_t> targets, std::size_t classes) {
    if (predicted.size() != targets.size() || targets.empty() || classes == 0)
        throw input_error{"F1", "predictions", "one for each of the targets, at least one",
                          std::to_string(predicted.size()) + " for " + std::to_string(targets.size())};
    std::vector<double> right(classes), either(classes); // 2 tp + fp + fn is how often a class is predicted and how often it is the target
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (targets[i] < 0 || static_cast<std::size_t>(targets[i]) >= classes)
            throw input_error{"F1", "target " + std::to_string(i + 1), "0 to " + std::to_string(classes - 1), std::to_string(targets[i])};
        ++either[static_cast<std::size_t>(targets[i])];
        if (predicted[i] >= 0 && static_cast<std::size_t>(predicted[i]) < classes) ++either[static_cast<std::size_t>(predicted[i])];
        if (predicted[i] == targets[i]) ++right[static_cast<std::size_t>(targets[i])];
    }
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) sum += either[c] > 0 ? 2 * right[c] / either[c] : 0;
    return sum / static_cast<double>(classes);
}

namespace detail {

/// Items by falling score. Throws input_error for scores that are NaN or do not fit to the targets.
[[nodiscard]] inline std::vector<std::size_t> by_falling_score(std::span<const double> scores, std::span<const std::int64_t> targets) {
    if (scores.size() != targets.size())
        throw input_error{"area under a curve", "scores", "one for each of " + std::to_string(targets.size()) + " targets",
                          std::to_string(scores.size())};
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (std::isnan(scores[i])) throw input_error{"area under a curve", "score " + std::to_string(i + 1), "a number", "NaN"};
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    return order;
}

} // namespace detail

/// The area under the curve of true positives over false positives: the probability that an item of the class has a higher score than another one,
/// ties counting half. NaN where there are none of either. @param targets 0 or 1
[[nodiscard]] inline double area_under_roc(std::span<const double> scores, std::span<const std::int64_t> targets) {
    const auto order = verdant::surrogate::detail::by_falling_score(scores, targets);
    double positive = 0, negative = 0, area = 0;
    for (std::size_t i = 0; i < order.size();) {
        double more_positive = 0, more_negative = 0;
        for (const double score = scores[order[i]]; i < order.size() && scores[order[i]] == score; ++i)
            (targets[order[i]] == 1 ? more_positive : more_negative) += 1;
        area += more_negative * (positive + more_positive / 2);
        positive += more_positive;
        negative += more_negative;
    }
    return positive > 0 && negative > 0 ? area / (positive * negative) : std::numeric_limits<double>::quiet_NaN();
}

/// The area under the curve of precision over recall, by trapezoids between thresholds, from precision 1 at recall 0 (scikit-learn, `auc` of
/// `precision_recall_curve`). NaN where no item is of the class. @param targets 0 or 1
[[nodiscard]] inline double area_under_precision_recall(std::span<const double> scores, std::span<const std::int64_t> targets) {
    const auto order = verdant::surrogate::detail::by_falling_score(scores, targets);
    const auto all = static_cast<double>(std::count(targets.begin(), targets.end(), 1));
    if (!(all > 0)) return std::numeric_limits<double>::quiet_NaN();
    double right = 0, taken = 0, area = 0, recall = 0, precision = 1;
    for (std::size_t i = 0; i < order.size();) {
        for (const double score = scores[order[i]]; i < order.size() && scores[order[i]] == score; ++i) {
            ++taken;
            if (targets[order[i]] == 1) ++right;
        }
        const double next_recall = right / all, next_precision = right / taken;
        area += (next_recall - recall) * (precision + next_precision) / 2;
        recall = next_recall, precision = next_precision;
    }
    return area;
}

/// The mean of those numbers that are not NaN; NaN of none.
[[nodiscard]] inline double mean_without_nan(std::span<const double> numbers) {
    double sum = 0, count = 0;
    for (const double x : numbers)
        if (!std::isnan(x)) sum += x, ++count;
    return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

} // namespace verdant::surrogate
