#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/xgboost.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/xgboost_options.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
#include <verdant/text/number.hpp>

#include <xgboost/c_api.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// XGBoost itself, through its C API (include/xgboost/c_api.h): to compare with, and for models that our own trees do not compute.
namespace verdant::surrogate {

/// The form of a model's bytes.
enum class xgboost_format : std::uint8_t { json, ubjson };

namespace detail {

/// Throws error with what XGBoost says where a call of its has failed.
inline void check_xgboost(int status, std::string_view doing) {
    if (status == 0) return;
    std::string_view said{::XGBGetLastError()};
    said = said.substr(0, said.find("\nStack trace"));
    while (!said.empty() && said.back() == '\n') said.remove_suffix(1);
    throw error{"XGBoost cannot " + std::string{doing} + ": " + std::string{said}};
}

struct free_booster {
    void operator()(void* handle) const noexcept { ::XGBoosterFree(handle); }
};
struct free_matrix {
    void operator()(void* handle) const noexcept { ::XGDMatrixFree(handle); }
};
using xgboost_matrix = std::unique_ptr<void, free_matrix>;

/// Rows with their labels, which XGBoost keeps in single precision.
[[nodiscard]] inline xgboost_matrix matrix_of(const labelled_rows& rows, std::string_view source) {
    check_labelled_rows(rows, source, 1, feature_gaps::allowed);
    const std::vector<float> labels(rows.y.begin(), rows.y.end());
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (!std::isfinite(labels[i]))
            throw input_error{source, "label of row " + std::to_string(i), "a number of single precision", exact_text(rows.y[i])};
    DMatrixHandle handle = nullptr;
    check_xgboost(::XGDMatrixCreateFromMat(rows.x.values.data(), rows.x.rows(), rows.x.columns, std::numeric_limits<float>::quiet_NaN(), &handle),
                  "take rows");
    xgboost_matrix matrix{handle};
    check_xgboost(::XGDMatrixSetFloatInfo(handle, "label", labels.data(), labels.size()), "take labels");
    return matrix;
}

/// The number behind the last colon of what XGBoost says of a round, such as `[3]\tvalidation-rmse:0.25`.
[[nodiscard]] inline double error_in(std::string_view said) {
    const auto colon = said.rfind(':');
    double value = 0;
    if (colon == std::string_view::npos || std::from_chars(said.data() + colon + 1, said.data() + said.size(), value).ec != std::errc{})
        throw error{"XGBoost says no error of a round: " + std::string{said}};
    return value;
}

} // namespace detail

/// A model of XGBoost's. It predicts with XGBoost's own code; any number of threads may do so.
class xgboost_booster {
public:
    /// What a training gave.
    struct training;

    /// A model of the bytes of a file, JSON or UBJSON. Throws error where XGBoost refuses them: it checks less than `read_xgboost` does, which should
    /// see bytes first that nobody vouches for.
    [[nodiscard]] static xgboost_booster of_bytes(std::string_view bytes, std::size_t threads = 1) {
        xgboost_booster out{{}};
        out.set("nthread", std::to_string(threads));
        detail::check_xgboost(::XGBoosterLoadModelFromBuffer(out.handle(), bytes.data(), bytes.size()), "read a model");
        out.count_features();
        return out;
    }
    /// The same of a file. Throws file_error or error.
    [[nodiscard]] static xgboost_booster read(const std::string& path, std::size_t threads = 1) { return of_bytes(io::read_file(path), threads); }

    /// Trains for squared error.
    /// @param validation rows that early stopping and `validation_rmse` look at; may be none, without early stopping
    /// @throws input_error for options, rows or labels that do not fit
    [[nodiscard]] static training fit(const labelled_rows& rows, const xgboost_options& options, const labelled_rows& validation = {});

    [[nodiscard]] std::size_t features() const noexcept { return features_; }
    [[nodiscard]] std::size_t rounds() const {
        int n = 0;
        detail::check_xgboost(::XGBoosterBoostedRounds(handle(), &n), "count rounds");
        return static_cast<std::size_t>(n);
    }

    [[nodiscard]] double predict(std::span<const float> row) const {
        require_features("XGBoost", features_, row.size());
        return *raw({row, features_});
    }
    void predict(const feature_rows& rows, std::span<double> out) const {
        require_rows("XGBoost", features_, rows, out.size());
        if (out.empty()) return;
        const float* const found = raw(rows);
        std::copy_n(found, out.size(), out.begin());
    }

    /// The bytes of a file, which `read_xgboost` reads as well.
    [[nodiscard]] std::string bytes(xgboost_format format = xgboost_format::json) const {
        bst_ulong size = 0;
        const char* data = nullptr;
        const char* const config = format == xgboost_format::json ? R"({"format": "json"})" : R"({"format": "ubj"})";
        detail::check_xgboost(::XGBoosterSaveModelToBuffer(handle(), config, &size, &data), "write a model");
        return {data, static_cast<std::size_t>(size)};
    }
    /// Writes a file, whole or not at all: UBJSON where its name ends in `.ubj`, else JSON. Throws file_error.
    void save(const std::string& path) const { io::write_file(path, bytes(path.ends_with(".ubj") ? xgboost_format::ubjson : xgboost_format::json)); }

private:
    explicit xgboost_booster(std::span<const DMatrixHandle> matrices) {
        BoosterHandle handle = nullptr;
        detail::check_xgboost(::XGBoosterCreate(matrices.empty() ? nullptr : matrices.data(), matrices.size(), &handle), "make a model");
        booster_.reset(handle);
        set("verbosity", "0");
    }
    [[nodiscard]] BoosterHandle handle() const { return booster_.get(); }
    void set(const char* name, const std::string& value) {
        detail::check_xgboost(::XGBoosterSetParam(handle(), name, value.c_str()), std::string{"set "} + name);
    }
    void set(const xgboost_options& o);
    void count_features() {
        bst_ulong n = 0;
        detail::check_xgboost(::XGBoosterGetNumFeature(handle(), &n), "count features");
        features_ = static_cast<std::size_t>(n);
    }

    /// Predictions, in memory of the calling thread that the next call overwrites.
    [[nodiscard]] const float* raw(const feature_rows& rows) const {
        const auto array = R"({"data": [)" + std::to_string(reinterpret_cast<std::uintptr_t>(rows.values.data())) + R"(, true], "shape": [)" +
                           std::to_string(rows.rows()) + ", " + std::to_string(rows.columns) + R"(], "typestr": "<f4", "version": 3})";
        const bst_ulong* shape = nullptr;
        bst_ulong dimensions = 0;
        const float* out = nullptr;
        detail::check_xgboost(::XGBoosterPredictFromDense(
                                  handle(), array.c_str(),
                                  R"({"type": 0, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false, "missing": NaN, "cache_id": 0})",
                                  nullptr, &shape, &dimensions, &out),
                              "predict");
        return out;
    }

    std::unique_ptr<void, detail::free_booster> booster_;
    std::size_t features_ = 0;
};

struct xgboost_booster::training {
    xgboost_booster model; ///< with all trees, also those behind the best round
    std::vector<double> validation_rmse; ///< of each round; empty without validation rows
    std::size_t best_rounds = 0; ///< how many trees have the least error there; all of them without validation rows
};

inline void xgboost_booster::set(const xgboost_options& o) {
    set("objective", "reg:squarederror");
    set("tree_method", std::string{name_of(o.tree_method)});
    set("max_depth", std::to_string(o.max_depth));
    if (o.tree_method != xgboost_method::exact) set("max_bin", std::to_string(o.max_bin));
    for (const auto& [name, value] :
         {std::pair{"eta", o.eta}, std::pair{"min_child_weight", o.min_child_weight}, std::pair{"gamma", o.gamma}, std::pair{"lambda", o.lambda},
          std::pair{"alpha", o.alpha}, std::pair{"subsample", o.subsample}, std::pair{"colsample_bytree", o.colsample_bytree},
          std::pair{"colsample_bylevel", o.colsample_bylevel}, std::pair{"base_score", o.base_score}})
        set(name, exact_text(value));
    set("seed", std::to_string(o.seed));
    set("nthread", std::to_string(o.threads));
}

inline xgboost_booster::training xgboost_booster::fit(const labelled_rows& rows, const xgboost_options& options, const labelled_rows& validation) {
    check_options(options, "XGBoost");
    const auto train = detail::matrix_of(rows, "XGBoost");
    detail::xgboost_matrix other;
    if (!validation.y.empty()) {
        require_features("XGBoost, validation rows", rows.x.columns, validation.x.columns);
        other = detail::matrix_of(validation, "XGBoost, validation rows");
        check_validation_labels(validation.y, rows.y, "XGBoost, validation rows");
    } else if (options.early_stopping != 0)
        throw input_error{"XGBoost", "early_stopping", "0 without validation rows", std::to_string(options.early_stopping)};
    const std::vector<DMatrixHandle> matrices =
        other ? std::vector<DMatrixHandle>{train.get(), other.get()} : std::vector<DMatrixHandle>{train.get()};
    training out{xgboost_booster{matrices}, {}, options.rounds};
    out.model.set(options);
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t round = 0; round < options.rounds; ++round) {
        detail::check_xgboost(::XGBoosterUpdateOneIter(out.model.handle(), static_cast<int>(round), train.get()), "train");
        if (!other) continue;
        DMatrixHandle judged = other.get();
        const char *name = "validation", *said = nullptr;
        detail::check_xgboost(::XGBoosterEvalOneIter(out.model.handle(), static_cast<int>(round), &judged, &name, 1, &said), "evaluate a round");
        out.validation_rmse.push_back(detail::error_in(said));
        if (out.validation_rmse.back() < least) {
            least = out.validation_rmse.back();
            out.best_rounds = round + 1;
        }
        if (options.early_stopping != 0 && round + 1 - out.best_rounds >= options.early_stopping) break;
    }
    out.model.count_features();
    return out;
}

} // namespace verdant::surrogate
