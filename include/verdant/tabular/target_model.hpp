#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/compiled_trees.hpp>
#include <verdant/surrogate/forest/distributional_trees.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>
#include <verdant/surrogate/kernel/support_vector_regressor.hpp>
#include <verdant/surrogate/logarithmic.hpp>
#include <verdant/surrogate/regressor.hpp>
#include <verdant/tabular/metric_source.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// Surrogates of one metric, of whatever family, with what they predict.
namespace verdant::tabular {

namespace detail {

/// A model of somebody else's. @pre it lives on
template <surrogate::regressor M>
struct borrowed_model {
    const M* model;

    [[nodiscard]] std::size_t features() const { return model->features(); }
    [[nodiscard]] double predict(std::span<const float> row) const { return model->predict(row); }
    void predict(const surrogate::feature_rows& rows, std::span<double> out) const { model->predict(rows, out); }
    [[nodiscard]] surrogate::uncertain_value predict_uncertain(std::span<const float> row) const
        requires surrogate::uncertain_regressor<M>
    {
        return model->predict_uncertain(row);
    }
    void predict_uncertain(const surrogate::feature_rows& rows, std::span<double> mean, std::span<double> std) const
        requires surrogate::uncertain_regressor<M>
    {
        model->predict_uncertain(rows, mean, std);
    }
};

} // namespace detail

/// A fitted model of one of the families that files know. It says how sure it is where its family does, else 0. Immutable.
class fitted_model {
public:
    using any_model = std::variant<surrogate::boosted_trees, surrogate::tree_forest, surrogate::distributional_trees, surrogate::support_vector_regressor>;
    /// What files call the families.
    static constexpr std::array<std::string_view, std::variant_size_v<any_model>> families{"boosted_trees", "forest", "distributional_trees", "support_vectors"};

    /// @param labels what the model was fitted to: numbers, or their logarithms
    // NOLINTNEXTLINE(google-explicit-constructor): any model is one
    fitted_model(any_model model, surrogate::label_scale labels = surrogate::label_scale::plain) : model_{std::move(model)}, labels_{labels} {
        if (const auto* const trees = std::get_if<surrogate::boosted_trees>(&model_)) quick_.emplace(*trees);
    }

    [[nodiscard]] const any_model& model() const noexcept { return model_; }
    [[nodiscard]] surrogate::label_scale labels() const noexcept { return labels_; }
    [[nodiscard]] std::string_view family() const noexcept { return families[model_.index()]; }
    [[nodiscard]] std::size_t features() const {
        return std::visit([](const auto& m) { return m.features(); }, model_);
    }
    [[nodiscard]] double predict(std::span<const float> row) const {
        return asked([&](const auto& m) { return m.predict(row); });
    }
    void predict(const surrogate::feature_rows& rows, std::span<double> out) const {
        asked([&](const auto& m) { m.predict(rows, out); });
    }
    [[nodiscard]] surrogate::uncertain_value predict_uncertain(std::span<const float> row) const {
        return asked([&]<class M>(const M& m) {
            if constexpr (surrogate::uncertain_regressor<M>) return m.predict_uncertain(row);
            else return surrogate::uncertain_value{m.predict(row), 0};
        });
    }
    void predict_uncertain(const surrogate::feature_rows& rows, std::span<double> mean, std::span<double> std) const {
        asked([&]<class M>(const M& m) {
            if constexpr (surrogate::uncertain_regressor<M>) m.predict_uncertain(rows, mean, std);
            else {
                surrogate::require_rows("surrogate", m.features(), rows, std.size());
                m.predict(rows, mean);
                std::fill(std.begin(), std.end(), 0.0);
            }
        });
    }

private:
    any_model model_;
    surrogate::label_scale labels_;
    std::optional<surrogate::compiled_trees> quick_{};

    /// Calls with the model, in the form that answers fastest: bit for bit the same.
    template <class Do>
    std::invoke_result_t<const Do&, const surrogate::compiled_trees&> asked(const Do& what) const {
        const auto ask = [&]<class M>(const M& m) {
            if (labels_ == surrogate::label_scale::plain) return what(m);
            return what(surrogate::logarithmic{detail::borrowed_model<M>{&m}});
        };
        return quick_ ? ask(*quick_) : std::visit(ask, model_);
    }
};

/// A surrogate of one metric: one model, or the members of an ensemble, whose mean it predicts and whose population standard deviation says how sure
/// it is (Accel-NASBench: ensemble.py). Of one model, that is what the model says itself. Immutable.
class target_model {
public:
    /// @param target     the metric, as records call it: `val_top1`, `latency_zcu102`
    /// @param unit       of the metric: `%`, `ms`, `images/s`
    /// @param parameters the names of the space's parameters, whose indices are the features
    /// @throws input_error where there is no member, or one takes another number of features
    target_model(std::string target, std::string unit, std::vector<std::string> parameters, std::vector<fitted_model> members, std::string_view source = "surrogate")
        : target_{std::move(target)}, unit_{std::move(unit)}, parameters_{std::move(parameters)}, members_{std::move(members)} {
        if (members_.empty()) throw input_error{source, "members", "at least one", "none"};
        for (std::size_t m = 0; m < members_.size(); ++m)
            if (members_[m].features() != parameters_.size())
                throw input_error{source, "member " + std::to_string(m + 1), std::to_string(parameters_.size()) + " features, one for each parameter",
                                  std::to_string(members_[m].features())};
    }

    [[nodiscard]] const std::string& target() const noexcept { return target_; }
    [[nodiscard]] const std::string& unit() const noexcept { return unit_; }
    [[nodiscard]] std::span<const std::string> parameters() const noexcept { return parameters_; }
    [[nodiscard]] const std::vector<fitted_model>& members() const noexcept { return members_; }
    [[nodiscard]] std::size_t features() const noexcept { return parameters_.size(); }

    [[nodiscard]] double predict(std::span<const float> row) const { return predict_uncertain(row).mean; }
    void predict(const surrogate::feature_rows& rows, std::span<double> out) const {
        surrogate::require_rows("surrogate", features(), rows, out.size());
        auto& deviation = memory().deviation;
        deviation.resize(out.size());
        predict_uncertain(rows, out, deviation);
    }
    [[nodiscard]] surrogate::uncertain_value predict_uncertain(std::span<const float> row) const {
        surrogate::uncertain_value value;
        surrogate::require_features("surrogate", features(), row.size());
        predict_uncertain({row, features()}, {&value.mean, 1}, {&value.std, 1});
        return value;
    }
    /// @param mean, std one a row each
    void predict_uncertain(const surrogate::feature_rows& rows, std::span<double> mean, std::span<double> std) const {
        surrogate::require_rows("surrogate", features(), rows, mean.size());
        surrogate::require_rows("surrogate", features(), rows, std.size());
        if (members_.size() == 1) return members_.front().predict_uncertain(rows, mean, std);
        // Member by member, so that its trees are in the cache; then the deviations from the mean, row by row.
        const auto n = mean.size(), count = members_.size();
        auto& all = memory().values;
        all.resize(n * count);
        for (std::size_t m = 0; m < count; ++m) members_[m].predict(rows, std::span{all}.subspan(m * n, n));
        for (std::size_t i = 0; i < n; ++i) {
            double sum = 0, squares = 0;
            for (std::size_t m = 0; m < count; ++m) sum += all[m * n + i];
            mean[i] = sum / static_cast<double>(count);
            for (std::size_t m = 0; m < count; ++m) squares += (all[m * n + i] - mean[i]) * (all[m * n + i] - mean[i]);
            std[i] = std::sqrt(squares / static_cast<double>(count));
        }
    }

private:
    /// Memory that serves one call after the other of a thread.
    struct call_memory {
        std::vector<double> values, deviation;
    };
    [[nodiscard]] static call_memory& memory() {
        thread_local call_memory m;
        return m;
    }

    std::string target_, unit_;
    std::vector<std::string> parameters_;
    std::vector<fitted_model> members_;
};

/// The names of a space's parameters, in order.
template <search_space S>
[[nodiscard]] std::vector<std::string> parameter_names() {
    std::vector<std::string> names;
    for (std::size_t p = 0; p < parameter_count<S>; ++p) names.emplace_back(view_of<S>.name(p));
    return names;
}

/// A source of a benchmark from a surrogate, in the unit that it was fitted in.
/// @throws input_error where it was fitted to other parameters than those of the space, or its unit is not known
template <search_space S>
[[nodiscard]] metric_source<S> source_of(target_model model) {
    const auto names = parameter_names<S>();
    for (std::size_t p = 0; p < std::max(names.size(), model.parameters().size()); ++p)
        if (p >= names.size() || p >= model.parameters().size() || names[p] != model.parameters()[p])
            throw input_error{"surrogate of " + model.target(), "parameter " + std::to_string(p + 1),
                              p < names.size() ? '\'' + names[p] + "' as the space has it" : "none",
                              p < model.parameters().size() ? '\'' + model.parameters()[p] + '\'' : std::string{"none"}};
    auto unit = source_unit::named(model.unit());
    return source_of<S>(std::move(model), std::move(unit));
}

} // namespace verdant::tabular
