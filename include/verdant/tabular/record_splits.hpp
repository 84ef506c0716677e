#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/random/numpy.hpp>
#include <verdant/space/point.hpp>
#include <verdant/tabular/network_record.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

/// Which records surrogates are fitted to, which ones say when to stop, and which ones judge. Where a table has frozen lists, use those: see
/// `record_table::split`.
namespace verdant::tabular {

/// Three lists of records.
struct record_split {
    std::vector<std::size_t> train, validation, test;

    friend bool operator==(const record_split&, const record_split&) = default;
};

/// The first record of each architecture: who is measured twice must not be learned from and tested with.
template <search_space S>
[[nodiscard]] std::vector<std::size_t> distinct_architectures(std::span<const network_record<S>> records) {
    std::set<point<S>> seen;
    std::vector<std::size_t> first;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (seen.insert(records[i].architecture).second) first.push_back(i);
    return first;
}

namespace detail {

[[nodiscard]] inline std::vector<std::size_t> shuffled(std::span<const std::size_t> records, std::uint32_t seed) {
    std::vector<std::size_t> out;
    for (const auto i : reference::numpy_random{seed}.permutation(static_cast<std::uint32_t>(records.size()))) out.push_back(records[i]);
    return out;
}

} // namespace detail

/// How `split_records` cuts.
struct split_options {
    double train = 0.8;      ///< share
    double validation = 0.1; ///< share
    std::uint32_t seed = 6;
    bool reference_compat = false; ///< as the original, which drops the last record by an off-by-one
};

/// Cuts records in three as Accel-NASBench does (utils.py): shuffled with MT19937 as NumPy seeds it, cut at the whole parts of the shares of their
/// number, and each list shuffled again with the same seed.
/// @throws input_error for shares that are not valid
[[nodiscard]] inline record_split split_records(std::span<const std::size_t> records, const split_options& options = {}) {
    require_share("split of records", "train", options.train);
    require_share("split of records", "validation", options.validation);
    require_share("split of records", "train + validation", options.train + options.validation);
    const auto order = detail::shuffled(records, options.seed);
    const auto n = static_cast<double>(order.size());
    const auto first = std::span{order};
    const auto a = static_cast<std::size_t>(options.train * n), b = std::max(a, static_cast<std::size_t>((options.train + options.validation) * n));
    const auto end = options.reference_compat && b < order.size() ? order.size() - 1 : order.size();
    return {detail::shuffled(first.subspan(0, a), options.seed), detail::shuffled(first.subspan(a, b - a), options.seed),
            detail::shuffled(first.subspan(b, end - b), options.seed)};
}

/// The first records of a shuffled list: as many as `portion`, or that share of them where it is below 1 (Accel-NASBench: utils.py).
/// @throws input_error for a portion that is not above 0, or a count that is not whole or more than there are
[[nodiscard]] inline std::vector<std::size_t> portion_of(std::span<const std::size_t> records, double portion, std::uint32_t seed) {
    require_positive("portion of records", "portion", portion);
    if (portion >= 1 && (portion != std::floor(portion) || portion > static_cast<double>(records.size())))
        throw input_error{"portion of records", "portion", "a share below 1, or a whole number up to " + std::to_string(records.size()),
                          exact_text(portion)};
    auto chosen = detail::shuffled(records, seed);
    chosen.resize(static_cast<std::size_t>(portion < 1 ? portion * static_cast<double>(records.size()) : portion));
    return chosen;
}

/// The records of one fold and those of the others, both in their order.
struct record_fold {
    std::vector<std::size_t> train, validation;

    friend bool operator==(const record_fold&, const record_fold&) = default;
};

/// A fold of a shuffled k-fold, as scikit-learn's `KFold(folds, shuffle=True, random_state=seed)` numbers them: the first folds have one record more
/// where they do not come out even.
/// @throws input_error unless there are at least two folds, a record for each, and one of that number
[[nodiscard]] inline record_fold shuffled_fold(std::span<const std::size_t> records, std::size_t folds, std::size_t fold, std::uint32_t seed) {
    if (records.size() < 2) throw input_error{"folds of records", "records", "at least two", std::to_string(records.size())};
    require_count("folds of records", "folds", folds, 2, records.size());
    require_count("folds of records", "fold", fold, 0, folds - 1);
    const auto order = reference::numpy_random{seed}.permutation(static_cast<std::uint32_t>(records.size()));
    const auto size = records.size() / folds, larger = records.size() % folds;
    const auto begin = fold * size + std::min(fold, larger), end = begin + size + (fold < larger ? 1 : 0);
    std::vector<bool> held(records.size(), false);
    for (auto i = begin; i < end; ++i) held[order[i]] = true;
    record_fold to;
    for (std::size_t i = 0; i < records.size(); ++i) (held[i] ? to.validation : to.train).push_back(records[i]);
    return to;
}

/// What member `seed` of an ensemble is fitted to (Accel-NASBench: fit_model.py): of nine shuffled folds of the records of train and validation, in
/// this order, number `seed` modulo nine stops the fit, and the others are learned from. Its ensembles have the seeds 1 to 6.
[[nodiscard]] inline record_fold member_fold(std::span<const std::size_t> train_then_validation, std::uint32_t seed) {
    constexpr std::size_t folds = 9;
    return shuffled_fold(train_then_validation, folds, seed % folds, seed);
}

} // namespace verdant::tabular
