#pragma once

// XGBoost's own predictor, for bench.forest, where the component xgboost is there.

#include <verdant/surrogate/forest/xgboost_booster.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

inline void xgboost_batch(benchmark::State& state, const std::string& bytes, const verdant::surrogate::feature_rows& rows) {
    const auto booster = verdant::surrogate::xgboost_booster::of_bytes(bytes);
    std::vector<double> out(rows.rows());
    for (auto _ : state) {
        booster.predict(rows, out);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(rows.rows()) * state.iterations());
}

inline void xgboost_single(benchmark::State& state, const std::string& bytes, const verdant::surrogate::feature_rows& rows) {
    const auto booster = verdant::surrogate::xgboost_booster::of_bytes(bytes);
    std::size_t r = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(booster.predict(rows[r]));
        r = r + 1 == rows.rows() ? 0 : r + 1;
    }
    state.SetItemsProcessed(state.iterations());
}
