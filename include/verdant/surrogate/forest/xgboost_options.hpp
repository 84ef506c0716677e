#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace verdant::surrogate {

/// How XGBoost looks for splits: between bins of a histogram, or between all values.
enum class xgboost_method : std::uint8_t { hist, exact, approx };

/// XGBoost's name of a method.
[[nodiscard]] constexpr std::string_view name_of(xgboost_method m) { return m == xgboost_method::hist ? "hist" : m == xgboost_method::exact ? "exact" : "approx"; }

/// Settings of XGBoost, by its own names but `rounds`, `early_stopping` and `threads`, with its defaults.
struct xgboost_options {
    std::size_t rounds = 100;       ///< trees, at most
    std::size_t early_stopping = 0; ///< stop when the error on validation rows has not fallen for so many rounds; 0: never
    xgboost_method tree_method = xgboost_method::hist;
    std::size_t max_depth = 6, max_bin = 256; ///< the second of `hist` and `approx`
    double eta = 0.3;                         ///< learning rate
    double min_child_weight = 1;              ///< least number of rows in a leaf
    double gamma = 0;                         ///< least gain of a split
    double lambda = 1, alpha = 0;             ///< L2 and L1 regularisation of leaves
    double subsample = 1, colsample_bytree = 1, colsample_bylevel = 1; ///< shares of rows and features
    double base_score = 0.5;
    std::size_t seed = 0, threads = 1;

    using described =
        members<member<"rounds", &xgboost_options::rounds>, member<"early_stopping", &xgboost_options::early_stopping>, member<"tree_method", &xgboost_options::tree_method>,
                member<"max_depth", &xgboost_options::max_depth>, member<"max_bin", &xgboost_options::max_bin>, member<"eta", &xgboost_options::eta>,
                member<"min_child_weight", &xgboost_options::min_child_weight>, member<"gamma", &xgboost_options::gamma>, member<"lambda", &xgboost_options::lambda>,
                member<"alpha", &xgboost_options::alpha>, member<"subsample", &xgboost_options::subsample>, member<"colsample_bytree", &xgboost_options::colsample_bytree>,
                member<"colsample_bylevel", &xgboost_options::colsample_bylevel>, member<"base_score", &xgboost_options::base_score>, member<"seed", &xgboost_options::seed>,
                member<"threads", &xgboost_options::threads, member_role::unrecorded>>;

    friend bool operator==(const xgboost_options&, const xgboost_options&) = default;
};

/// Throws input_error for settings that mean nothing. @param source what errors call their owner
inline void check_options(const xgboost_options& o, std::string_view source) {
    require_count(source, "rounds", o.rounds, 1);
    require_count(source, "early_stopping", o.early_stopping, 0);
    require_count(source, "max_depth", o.max_depth, 0, 60);
    require_count(source, "max_bin", o.max_bin, 2);
    require_positive(source, "eta", o.eta);
    require_not_negative(source, "min_child_weight", o.min_child_weight);
    require_not_negative(source, "gamma", o.gamma);
    require_not_negative(source, "lambda", o.lambda);
    require_not_negative(source, "alpha", o.alpha);
    for (const auto& [name, share] : {std::pair{"subsample", o.subsample}, std::pair{"colsample_bytree", o.colsample_bytree}, std::pair{"colsample_bylevel", o.colsample_bylevel}}) {
        require_share(source, name, share);
        require_positive(source, name, share);
    }
    if (!std::isfinite(o.base_score)) throw input_error{source, "base_score", "a finite number", std::to_string(o.base_score)};
    require_count(source, "seed", o.seed, 0);
    require_count(source, "threads", o.threads, 1, 4096);
}

} // namespace verdant::surrogate
