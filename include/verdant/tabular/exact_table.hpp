#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/tabular/metric_source.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// What was measured of every point, or of many, as a table that answers instead of a measurement.
namespace verdant::tabular {

/// A column of a table, and the unit of its numbers.
struct table_column {
    std::string name{};
    source_unit unit{}; ///< `source_unit::of<milliseconds>()`, `source_unit::named("ms")`
};

template <search_space S, metric_like... M>
class exact_evaluator;

/// Numbers of named columns by point. What is not there is refused by name, never guessed. Immutable; copies share their contents.
template <class S>
class exact_table {
public:
    /// @param source what errors call it
    /// @param columns names, each once
    /// @param points  different ones
    /// @param values  point after point, one a column, none NaN
    /// @throws input_error that names the column or point at fault
    exact_table(std::string source, std::vector<std::string> columns, std::vector<point<S>> points, std::vector<double> values) {
        contents made{std::move(source), std::move(columns), std::move(points), std::move(values), {}};
        auto sorted = made.columns;
        std::sort(sorted.begin(), sorted.end());
        if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
            throw input_error{made.source, "columns", "different names", '\'' + *twice + "' twice"};
        if (made.values.size() != made.points.size() * made.columns.size())
            throw input_error{made.source, "values", std::to_string(made.points.size() * made.columns.size()) + ", one for each point and column",
                              std::to_string(made.values.size())};
        for (std::size_t i = 0; i < made.values.size(); ++i)
            if (std::isnan(made.values[i]))
                throw input_error{made.source,
                                  to_string(made.points[i / made.columns.size()]) + ", column '" + made.columns[i % made.columns.size()] + '\'',
                                  "a number", "NaN"};
        made.places.reserve(made.points.size());
        for (std::size_t r = 0; r < made.points.size(); ++r)
            if (!made.places.try_emplace(made.points[r], r).second)
                throw input_error{made.source, to_string(made.points[r]), "each point once", "it twice"};
        contents_ = std::make_shared<const contents>(std::move(made));
    }

    [[nodiscard]] const std::string& source() const noexcept { return contents_->source; }
    [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return contents_->columns; }
    [[nodiscard]] const std::vector<point<S>>& points() const noexcept { return contents_->points; }
    [[nodiscard]] std::size_t size() const noexcept { return contents_->points.size(); }
    [[nodiscard]] bool contains(const point<S>& p) const { return contents_->places.contains(p); }

    /// The place of a column. @throws input_error that names the nearest where there is none
    [[nodiscard]] std::size_t column(std::string_view name) const {
        const auto found = std::find(columns().begin(), columns().end(), name);
        if (found == columns().end())
            throw input_error{source(), "columns", "a column '" + std::string{name} + '\'',
                              "only " + io::name_list(columns()) + io::did_you_mean(name, columns())};
        return static_cast<std::size_t>(found - columns().begin());
    }
    /// The row of a point. @throws input_error that names the point where it is not there
    [[nodiscard]] std::size_t row(const point<S>& p) const {
        const auto at = contents_->places.find(p);
        if (at == contents_->places.end())
            throw input_error{source(), to_string(p), "a point of the table", "none of its " + std::to_string(size()) + " points"};
        return at->second;
    }
    /// A number by row and column. @pre both are below their number
    [[nodiscard]] double at(std::size_t row, std::size_t column) const { return contents_->values[row * columns().size() + column]; }
    /// The number of a point. Throws as `row` and `column` do.
    [[nodiscard]] double value(const point<S>& p, std::string_view name) const {
        const auto c = column(name);
        return at(row(p), c);
    }
    /// All numbers of a column, row by row.
    [[nodiscard]] std::vector<double> values(std::string_view name) const {
        const auto c = column(name);
        std::vector<double> all(size());
        for (std::size_t r = 0; r < all.size(); ++r) all[r] = at(r, c);
        return all;
    }

    /// Throws input_error unless every feasible point of the space is there; it names the first that is not, and how many are missing.
    void require_complete() const {
        std::size_t missing = 0;
        std::string first;
        for (const auto& p : feasible_points<S>())
            if (!contains(p) && missing++ == 0) first = to_string(p);
        if (missing > 0)
            throw input_error{source(), "points", "all feasible points of the space",
                              "none for " + first + (missing > 1 ? " and " + std::to_string(missing - 1) + " others" : "")};
    }

    /// An evaluator for `search` that looks metrics up, one column a metric in their order.
    /// @throws input_error for a column that is not there, or whose unit is of another quantity than its metric
    template <metric_like... M>
    [[nodiscard]] exact_evaluator<S, M...> evaluator(const std::array<table_column, sizeof...(M)>& columns) const {
        return {*this, columns};
    }
    /// One column as what `benchmark` takes. @throws input_error for a column that is not there
    [[nodiscard]] metric_source<S> source_of(const table_column& c) const { return {answers{*this, column(c.name)}, c.unit}; }

private:
    struct contents {
        std::string source;
        std::vector<std::string> columns;
        std::vector<point<S>> points;
        std::vector<double> values;
        std::unordered_map<point<S>, std::size_t> places;
    };
    /// See `answers_of`.
    struct answers {
        exact_table of;
        std::size_t column;
        void values(std::span<const point<S>> points, std::span<double> mean, std::span<double> std) const {
            members(points, mean);
            std::fill(std.begin(), std.end(), 0.0);
        }
        [[nodiscard]] std::size_t member_count() const { return 1; }
        void members(std::span<const point<S>> points, std::span<double> out) const {
            for (std::size_t i = 0; i < points.size(); ++i) out[i] = of.at(of.row(points[i]), column);
        }
    };

    std::shared_ptr<const contents> contents_;
};

/// Looks metrics of points up in a table. Throws input_error that names a point which is not there.
template <search_space S, metric_like... M>
class exact_evaluator {
public:
    exact_evaluator(exact_table<S> table, const std::array<table_column, sizeof...(M)>& columns) : table_{std::move(table)} {
        std::size_t i = 0;
        (take<M>(columns[i], i), ...);
    }
    [[nodiscard]] metrics<M...> operator()(const point<S>& p) const {
        const auto row = table_.row(p);
        std::array<double, sizeof...(M)> values{};
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = factors_[i] * table_.at(row, columns_[i]);
        return metrics<M...>::from_si_values(values);
    }

private:
    template <metric_like Metric>
    void take(const table_column& c, std::size_t& i) {
        if (c.unit.quantity != detail::quantity_of<typename Metric::value_type>())
            throw input_error{table_.source(), "column '" + c.name + '\'', "a unit of the quantity of " + std::string{Metric::name()},
                              c.unit.symbol.empty() ? "plain numbers" : '\'' + c.unit.symbol + '\''};
        columns_[i] = table_.column(c.name);
        factors_[i++] = c.unit.factor;
    }

    exact_table<S> table_;
    std::array<std::size_t, sizeof...(M)> columns_{};
    std::array<double, sizeof...(M)> factors_{};
};

/// Refused, with a sentence that says what to write.
template <class S>
    requires(!search_space<S>)
class exact_table<S> : public exact_table<typename verdant::detail::space_meant<S>::type> {
    static_assert(verdant::detail::space_argument<S>::value);

public:
    using exact_table<typename verdant::detail::space_meant<S>::type>::exact_table;
};

} // namespace verdant::tabular
