#pragma once

#include <verdant/surrogate/feature_rows.hpp>

#include <concepts>
#include <cstddef>
#include <span>

/// What models of one number by features are to their users: trees, forests, support vectors, ensembles.
namespace verdant::surrogate {

/// A trained model of one number by a row of features. Predicting is const, may be done by any number of threads at a time, allocates nothing in the
/// steady state, and gives a row the same number whatever other rows are asked with it. A row, or rows, of another width than `features()` are
/// refused by an input_error, as are outputs that are not one a row.
template <class M>
concept regressor = std::move_constructible<M> && requires(const M& m, std::span<const float> row, feature_rows rows, std::span<double> out) {
    { m.features() } -> std::same_as<std::size_t>;
    { m.predict(row) } -> std::same_as<double>;
    { m.predict(rows, out) } -> std::same_as<void>;
};

/// A prediction and how sure a model is of it, in the unit of what it predicts.
struct uncertain_value {
    double mean = 0, std = 0;
    friend constexpr bool operator==(const uncertain_value&, const uncertain_value&) = default;
};

/// A regressor that says how sure it is: an ensemble, a forest, a distribution. `predict` gives the means.
template <class M>
concept uncertain_regressor =
    regressor<M> && requires(const M& m, std::span<const float> row, feature_rows rows, std::span<double> mean, std::span<double> std) {
        { m.predict_uncertain(row) } -> std::same_as<uncertain_value>;
        { m.predict_uncertain(rows, mean, std) } -> std::same_as<void>;
    };

} // namespace verdant::surrogate
