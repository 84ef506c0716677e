#include <verdant/surrogate/forest/xgboost_booster.hpp>

#include "catch.hpp"
#include "laws/regressor.hpp"
#include "unit/surrogate/forest/drawn_trees.hpp"

#include <verdant/error.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

using namespace verdant;
using surrogate::xgboost_booster;
using surrogate::xgboost_format;
using surrogate::xgboost_options;

namespace {

/// Rows of small whole numbers, some of them missing, and a function of these.
struct sample {
    std::vector<float> x;
    std::vector<double> y;
    [[nodiscard]] surrogate::feature_rows rows() const { return {x, 6}; }
    [[nodiscard]] surrogate::labelled_rows labelled() const { return {rows(), y}; }
    sample(std::size_t count, std::uint64_t seed) : x{drawn::rows(count, drawn::domains(6), seed)} {
        random_stream random{seed};
        for (std::size_t r = 0; r < count; ++r) {
            const auto* const v = x.data() + 6 * r;
            y.push_back(static_cast<double>(50 + v[0] * v[1] - 2 * v[2] + std::sqrt(v[3] + v[4])) + random.uniform(-0.1, 0.1));
            if (random() % 10 == 0) x[6 * r + 5] = std::numeric_limits<float>::quiet_NaN();
        }
    }
};

} // namespace

TEST_CASE("XGBoost's files of both forms are read, and its predictions are ours, bit for bit") {
    const sample train{300, 1}, other{120, 2};
    for (const auto method : {surrogate::xgboost_method::hist, surrogate::xgboost_method::exact}) {
        const auto fit = xgboost_booster::fit(train.labelled(), {.rounds = 25, .tree_method = method, .max_depth = 4, .gamma = 0.5, .alpha = 0.1},
                                              other.labelled());
        const auto& booster = fit.model;
        CHECK(booster.rounds() == 25);
        REQUIRE(fit.validation_rmse.size() == 25);
        CHECK(fit.validation_rmse.back() < 0.1 * fit.validation_rmse.front());
        const auto json = surrogate::parse_xgboost(booster.bytes(), "booster"),
                   binary = surrogate::parse_xgboost(booster.bytes(xgboost_format::ubjson), "booster");
        CHECK(json == binary);
        std::vector<double> theirs(120), ours(120);
        booster.predict(other.rows(), theirs);
        json.trees.predict(other.rows(), ours);
        CHECK(theirs == ours);
        double squares = 0;
        for (std::size_t r = 0; r < 120; ++r) squares += std::pow(ours[r] - other.y[r], 2);
        CHECK(std::sqrt(squares / 120) == Approx(fit.validation_rmse.back()).epsilon(1e-4));
    }
}

TEST_CASE("XGBoost reads what we write, in both forms") {
    const auto sizes = drawn::domains(6);
    const surrogate::xgboost_model m{
        surrogate::boosted_trees{6, 3, drawn::trees<float>(40, sizes, 5, 11)}, "reg:squarederror", {{"note", "ours"}}, {}, {}};
    const sample rows{80, 3};
    std::vector<double> ours(80), theirs(80);
    m.trees.predict(rows.rows(), ours);
    for (const auto& bytes : {surrogate::xgboost_json(m), surrogate::xgboost_ubjson(m)}) {
        const auto booster = xgboost_booster::of_bytes(bytes);
        CHECK(booster.features() == 6);
        booster.predict(rows.rows(), theirs);
        CHECK(theirs == ours);
        CHECK(surrogate::parse_xgboost(booster.bytes(), "booster").trees.trees().size() == 40);
    }
}

TEST_CASE("XGBoost obeys the laws of regressors, stops early, and refuses what it does not take") {
    const sample train{200, 4}, other{60, 5};
    const auto fit = xgboost_booster::fit(train.labelled(), {.rounds = 500, .early_stopping = 5, .eta = 0.6}, other.labelled());
    CHECK(fit.validation_rmse.size() == fit.best_rounds + 5);
    CHECK(fit.model.rounds() == fit.validation_rmse.size());
    laws::obeys_regressor_laws(fit.model, other.rows());
    using Catch::Contains;
    CHECK_THROWS_WITH(xgboost_booster::of_bytes("{\"learner\": {}}"), Contains("verdant: XGBoost cannot read a model: "));
    CHECK_THROWS_WITH(xgboost_booster::fit(train.labelled(), {.early_stopping = 5}), Contains("early_stopping: expected 0 without validation rows"));
    CHECK_THROWS_WITH(xgboost_booster::fit(train.labelled(), {.eta = -1}), Contains("XGBoost, eta: expected a number above 0"));
    CHECK_THROWS_WITH(xgboost_booster::fit({train.rows(), std::span{train.y}.first(9)}, {}), Contains("XGBoost, features: expected 9 rows"));
    auto slip = other;
    slip.y[2] = 1e12;
    CHECK_THROWS_WITH(xgboost_booster::fit(train.labelled(), {}, slip.labelled()), Contains("XGBoost, validation rows, label of row 2"));
    slip.y[2] = 1e60;
    CHECK_THROWS_WITH(xgboost_booster::fit(slip.labelled(), {}), Contains("XGBoost, label of row 2: expected a number of single precision"));
}
