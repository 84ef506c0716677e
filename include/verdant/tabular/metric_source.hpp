#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/space/point.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/index_features.hpp>
#include <verdant/surrogate/regressor.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Where a benchmark has the values of a metric from, whatever it is: surrogates, a table, a trained predictor.
namespace verdant::tabular {

/// Answers for points, in the unit that the source has: what a `metric_source` is made from.
///
/// - `values(points, mean, std)`: one mean and standard deviation a point, in order; the deviation is 0 where nothing is uncertain.
/// - `member_count()`, `members(points, out)`: what an ensemble's members say, point by point; a source without members has one, which is the mean.
///
/// Any number of threads may ask at a time.
template <class A, class S>
concept answers_of = search_space<S> && std::move_constructible<A> &&
                     requires(const A& a, std::span<const point<S>> points, std::span<double> mean, std::span<double> std) {
                         { a.values(points, mean, std) } -> std::same_as<void>;
                         { a.member_count() } -> std::convertible_to<std::size_t>;
                         { a.members(points, mean) } -> std::same_as<void>;
                     };

namespace detail {

/// An ensemble that lets its members be asked.
template <class M>
concept has_members = requires(const M& m) {
    { m.members().size() } -> std::convertible_to<std::size_t>;
    { m.members()[0] } -> surrogate::regressor;
};

/// Features of points in memory that serves one call after the other: a search asks for one point at a time, a thousand times.
template <search_space S>
[[nodiscard]] surrogate::feature_rows features_of(std::span<const point<S>> points) {
    thread_local std::vector<float> room;
    if (room.size() < points.size() * point<S>::size()) room.resize(points.size() * point<S>::size());
    return surrogate::index_features(points, std::span{room}.first(points.size() * point<S>::size()));
}

/// What a regressor says of points.
template <search_space S, surrogate::regressor M>
class regressor_answers {
public:
    explicit regressor_answers(M model) : model_{std::move(model)} {
        if (model_.features() != point<S>::size())
            throw input_error{"benchmark", "features", std::to_string(point<S>::size()) + ", one for each parameter of the space",
                              std::to_string(model_.features())};
    }
    void values(std::span<const point<S>> points, std::span<double> mean, std::span<double> std) const {
        const auto rows = detail::features_of<S>(points);
        if constexpr (surrogate::uncertain_regressor<M>) model_.predict_uncertain(rows, mean, std);
        else {
            model_.predict(rows, mean);
            std::fill(std.begin(), std.end(), 0.0);
        }
    }
    [[nodiscard]] std::size_t member_count() const {
        if constexpr (has_members<M>) return model_.members().size();
        else return 1;
    }
    void members(std::span<const point<S>> points, std::span<double> out) const {
        const auto rows = detail::features_of<S>(points);
        if constexpr (has_members<M>) {
            const auto n = member_count();
            std::vector<double> column(points.size());
            for (std::size_t m = 0; m < n; ++m) {
                model_.members()[m].predict(rows, column);
                for (std::size_t i = 0; i < column.size(); ++i) out[i * n + m] = column[i];
            }
        } else model_.predict(rows, out);
    }

private:
    M model_;
};

/// One metric of an evaluator.
template <search_space S, class E, metric_like M>
class evaluator_answers {
public:
    explicit evaluator_answers(E evaluator) : evaluator_{std::move(evaluator)} {}
    void values(std::span<const point<S>> points, std::span<double> mean, std::span<double> std) const {
        if constexpr (batch_evaluator<E, S>) {
            const auto records = evaluator_(points);
            if (records.size() != points.size())
                throw input_error{"benchmark", "answers of the evaluator", std::to_string(points.size()) + ", one a point",
                                  std::to_string(records.size())};
            for (std::size_t i = 0; i < points.size(); ++i) mean[i] = to_si(records[i].template get<M>());
        } else
            for (std::size_t i = 0; i < points.size(); ++i) mean[i] = to_si(evaluator_(points[i]).template get<M>());
        std::fill(std.begin(), std.end(), 0.0);
    }
    [[nodiscard]] std::size_t member_count() const { return 1; }
    void members(std::span<const point<S>> points, std::span<double> out) const {
        std::vector<double> std(points.size());
        values(points, out, std);
    }

private:
    E evaluator_;
};

/// What the numbers of a unit measure.
enum class quantity : std::uint8_t { number, time, frequency, energy, area, mass, power };

template <quantity_like Q>
[[nodiscard]] constexpr quantity quantity_of() {
    if constexpr (std::same_as<Q, si::time>) return quantity::time;
    else if constexpr (std::same_as<Q, si::frequency>) return quantity::frequency;
    else if constexpr (std::same_as<Q, si::energy>) return quantity::energy;
    else if constexpr (std::same_as<Q, si::area>) return quantity::area;
    else if constexpr (std::same_as<Q, si::mass>) return quantity::mass;
    else if constexpr (std::same_as<Q, si::power>) return quantity::power;
    else {
        constexpr bool is_number = std::same_as<Q, double>;
        static_assert(is_number,
                      "verdant: benchmarks have no metrics of that quantity; use one of a time, frequency, energy, area, mass, power, or a number");
        return quantity::number;
    }
}

} // namespace detail

/// A unit that files name by its symbol.
struct source_unit {
    std::string symbol{}; ///< `ms`, `images/s`, `%`, `1e6`; empty for plain numbers
    double factor = 1;    ///< how many SI units one is
    detail::quantity quantity = detail::quantity::number;

    template <unit_like U>
    [[nodiscard]] static source_unit of() {
        return {std::string{U::symbol()}, U::factor, detail::quantity_of<typename U::quantity>()};
    }
    /// The unit of a symbol, as `recorded_metric` has it. @throws input_error for one that is not known
    [[nodiscard]] static source_unit named(std::string_view symbol) {
        if (symbol.empty()) return {};
        if (symbol == "1e6") return {"1e6", 1e6, detail::quantity::number};
        if (symbol == "images/s" || symbol == "images/s/core") return {std::string{symbol}, 1, detail::quantity::frequency};
        const std::array known{of<percent>(), of<seconds>(),        of<milliseconds>(),   of<microseconds>(),
                               of<hours>(),   of<joules>(),         of<kilowatt_hours>(), of<watts>(),
                               of<hertz>(),   of<kilograms_co2e>(), of<grams_co2e>(),     of<square_millimetres>()};
        std::string names = "1e6, images/s";
        for (const auto& u : known) {
            if (u.symbol == symbol) return u;
            names += ", " + u.symbol;
        }
        throw input_error{"benchmark", "unit", "one of " + names, '\'' + std::string{symbol} + '\''};
    }
};

/// The values of one metric for points of a space, from whatever gives answers. Immutable; copies share what they are made from.
template <search_space S>
class metric_source {
public:
    /// @param unit of the answers
    template <answers_of<S> A>
    metric_source(A answers, source_unit unit) : answers_{std::make_shared<held<A>>(std::move(answers))}, unit_{std::move(unit)} {}

    [[nodiscard]] const source_unit& unit() const noexcept { return unit_; }
    /// Means and standard deviations in SI units. @pre one place a point in both
    void values(std::span<const point<S>> points, std::span<double> mean, std::span<double> std) const {
        answers_->values(points, mean, std);
        for (auto& x : mean) x *= unit_.factor;
        for (auto& x : std) x *= unit_.factor;
    }
    [[nodiscard]] std::size_t member_count() const { return answers_->member_count(); }
    /// What members say, in SI units: those of the first point, then those of the second. @pre out.size() == points.size() * member_count()
    void members(std::span<const point<S>> points, std::span<double> out) const {
        answers_->members(points, out);
        for (auto& x : out) x *= unit_.factor;
    }

private:
    struct any_answers {
        virtual ~any_answers() = default;
        virtual void values(std::span<const point<S>>, std::span<double>, std::span<double>) const = 0;
        [[nodiscard]] virtual std::size_t member_count() const = 0;
        virtual void members(std::span<const point<S>>, std::span<double>) const = 0;
    };
    template <class A>
    struct held final : any_answers {
        explicit held(A a) : answers{std::move(a)} {}
        void values(std::span<const point<S>> points, std::span<double> mean, std::span<double> std) const override {
            answers.values(points, mean, std);
        }
        [[nodiscard]] std::size_t member_count() const override { return answers.member_count(); }
        void members(std::span<const point<S>> points, std::span<double> out) const override { answers.members(points, out); }
        A answers;
    };

    std::shared_ptr<const any_answers> answers_;
    source_unit unit_;
};

namespace detail {

/// Stands for a source that was refused at compile time.
template <search_space S>
[[nodiscard]] metric_source<S> refused_source();

} // namespace detail

/// A source from a trained regressor of the indices of points: a surrogate, or an ensemble of them, whose standard deviation tells how sure it is.
/// @param unit of what it predicts: `source_unit::of<percent>()`, `source_unit::named(rows.unit)`
/// @throws input_error where the model takes another number of features than the space has parameters
template <search_space S, surrogate::regressor M>
[[nodiscard]] metric_source<S> source_of(M model, source_unit unit) {
    return {detail::regressor_answers<S, M>{std::move(model)}, std::move(unit)};
}

/// A source from an evaluator that gives a metric: a predictor of graphs (`predictor::predict_graphs`), a perceptron (`spaces::predict_accuracy`), a
/// cost model.
template <search_space S, metric_like M, evaluator_for<S> E>
[[nodiscard]] metric_source<S> source_of(E evaluator) {
    constexpr bool gives = provided_metrics<E, S>::template has<M>;
    static_assert(gives, "verdant: the evaluator does not give that metric; name one that it gives");
    constexpr bool unseeded = batch_evaluator<E, S> || !seeded_evaluator<E, S>;
    static_assert(unseeded, "verdant: an evaluator that draws random numbers is no source of a benchmark; give one that is called with points alone");
    if constexpr (gives && unseeded)
        return metric_source<S>{detail::evaluator_answers<S, E, M>{std::move(evaluator)},
                                source_unit{"", 1, detail::quantity_of<typename M::value_type>()}};
    else return detail::refused_source<S>(); // it has been reported
}

} // namespace verdant::tabular
