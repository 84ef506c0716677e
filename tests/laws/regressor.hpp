#pragma once

// What every model of the concepts `regressor` and `uncertain_regressor` keeps.

#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/regressor.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace laws {

/// @param rows at least 4 rows that the model takes
template <verdant::surrogate::regressor M>
void obeys_regressor_laws(const M& model, const verdant::surrogate::feature_rows& rows) {
    namespace surrogate = verdant::surrogate;
    REQUIRE(rows.columns == model.features());
    REQUIRE(rows.rows() >= 4);
    std::vector<double> all(rows.rows(), -1);
    model.predict(rows, std::span{all});

    // A row alone is as the row among others, bit for bit, and the same twice.
    for (std::size_t r = 0; r < rows.rows(); ++r) {
        REQUIRE(std::isfinite(all[r]));
        REQUIRE(model.predict(rows[r]) == all[r]);
        REQUIRE(model.predict(rows[r]) == all[r]);
    }

    // Whatever part is asked for, from wherever in the caller's buffer.
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}, rows.rows() / 2})
        for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{3}, rows.rows() - first}) {
            if (first + count > rows.rows()) continue;
            std::vector<double> some(count, -1);
            model.predict(rows.part(first, count), std::span{some});
            for (std::size_t r = 0; r < count; ++r) REQUIRE(some[r] == all[first + r]);
        }

    // Two threads at a time.
    std::vector<double> here(rows.rows()), there(rows.rows());
    std::thread other{[&] { model.predict(rows, std::span{there}); }};
    model.predict(rows, std::span{here});
    other.join();
    REQUIRE(here == all);
    REQUIRE(there == all);

    // Other widths, rows that are not whole, and outputs that are not one a row.
    const std::vector<float> wide(rows.columns * 2 + 2);
    std::vector<double> out(2);
    REQUIRE_THROWS_AS(model.predict(std::span{wide}.first(rows.columns - 1)), verdant::input_error);
    REQUIRE_THROWS_AS(model.predict(std::span{wide}.first(rows.columns + 1)), verdant::input_error);
    REQUIRE_THROWS_AS(model.predict(surrogate::feature_rows{wide, rows.columns + 1}, std::span{out}), verdant::input_error);
    if (rows.columns > 2) REQUIRE_THROWS_AS(model.predict(surrogate::feature_rows{wide, rows.columns}, std::span{out}), verdant::input_error);
    REQUIRE_THROWS_AS(model.predict(rows.part(0, 3), std::span{out}), verdant::input_error);
    REQUIRE_THROWS_AS(model.predict(rows.part(0, 1), std::span{out}), verdant::input_error);
}

template <verdant::surrogate::uncertain_regressor M>
void obeys_uncertain_regressor_laws(const M& model, const verdant::surrogate::feature_rows& rows) {
    obeys_regressor_laws(model, rows);
    std::vector<double> mean(rows.rows(), -1), std(rows.rows(), -1);
    model.predict_uncertain(rows, std::span{mean}, std::span{std});
    for (std::size_t r = 0; r < rows.rows(); ++r) {
        const auto alone = model.predict_uncertain(rows[r]);
        REQUIRE(alone == verdant::surrogate::uncertain_value{mean[r], std[r]});
        REQUIRE(mean[r] == model.predict(rows[r]));
        REQUIRE(std::isfinite(std[r]));
        REQUIRE(std[r] >= 0);
    }
    std::vector<double> shorter(2);
    REQUIRE_THROWS_AS(model.predict_uncertain(rows.part(0, 3), std::span{mean}.first(3), std::span{shorter}), verdant::input_error);
    REQUIRE_THROWS_AS(model.predict_uncertain(rows.part(0, 3), std::span{shorter}, std::span{std}.first(3)), verdant::input_error);
}

} // namespace laws
