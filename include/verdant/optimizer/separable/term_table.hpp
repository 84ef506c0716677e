#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/optimizer/separable/separable_evaluator.hpp>
#include <verdant/optimizer/separable/vector_front.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

/// The terms of several evaluators as plain numbers, and whether their sums are what the evaluators measure.
namespace verdant::detail {

template <class Record>
struct metric_list;
template <class... M>
struct metric_list<metrics<M...>> {
    static constexpr std::size_t size = sizeof...(M);
    static constexpr std::array<std::string_view, sizeof...(M)> names{M::name()...};
    /// Writes the values of a record where they stand in the list.
    template <class Record>
    static void store(const Record& from, std::array<double, sizeof...(M)>& to) {
        std::size_t i = 0;
        (store_one<M>(from, to[i++]), ...);
    }
    template <class F>
    static constexpr void for_each(F&& f) {
        (f.template operator()<M>(), ...);
    }

private:
    template <class Metric, class Record>
    static void store_one(const Record& from, double& to) {
        if constexpr (Record::template has<Metric>) to = to_si(from.template get<Metric>());
    }
};

/// What the evaluators give for the metrics of the goals, in SI units, in the order of `Goals::metrics_type`.
template <class Space, class Goals, class... E>
class term_table {
    using list = metric_list<typename Goals::metrics_type>;

public:
    static constexpr std::size_t size = list::size;
    using values = std::array<double, size>;
    static constexpr auto names = list::names;

    explicit term_table(const E&... evaluators) : evaluators_{&evaluators...} {}

    /// How each metric folds. Those that are tracked alone may have no fold; they count as sums and are not looked at.
    [[nodiscard]] static constexpr std::array<fold, size> folds() {
        std::array<fold, size> how{};
        std::size_t i = 0;
        list::for_each([&]<class M>() { how[i++] = (declared_maxima<E>::type::template has<M> || ...) ? fold::larger : fold::add; });
        return how;
    }
    /// Which metrics are optimised or constrained.
    [[nodiscard]] static constexpr std::array<bool, size> needed() {
        std::array<bool, size> is{};
        std::size_t i = 0;
        list::for_each([&]<class M>() { is[i++] = Goals::template optimises<M> || Goals::template constrains<M>; });
        return is;
    }

    [[nodiscard]] values whole(const point<Space>& p) const {
        return gathered([&](const auto& e) { return e(p); });
    }
    [[nodiscard]] values shared(const point<Space>& p) const {
        return checked(gathered([&](const auto& e) { return shared_term_of<Space>(e, p); }), p, "the shared term");
    }
    [[nodiscard]] values block(const point<Space>& p, std::size_t b) const {
        return checked(gathered([&](const auto& e) { return block_term_of<Space>(e, p, b); }), p, "the term of a block");
    }

    /// Compares the evaluators with the sum of their terms, each taken where all other blocks have their first values.
    /// @returns the largest difference, relative to the largest number of the sum
    /// @throws input_error that names the metric and the point, where they differ by more than a billionth
    double compare(const point<Space>& p) const {
        constexpr auto how = folds();
        constexpr auto is_needed = needed();
        point<Space> part;
        copy(p, part, block_count<Space>);
        auto sum = shared(part);
        values scale = sum;
        for (auto& s : scale) s = std::fabs(s);
        for (std::size_t b = 0; b < block_count<Space>; ++b) {
            copy(p, part, b);
            const auto term = block(part, b);
            for (std::size_t m = 0; m < size; ++m) {
                sum[m] = verdant::detail::folded(how[m], sum[m], term[m]);
                if (std::isfinite(term[m])) scale[m] = std::max(scale[m], std::fabs(term[m]));
            }
            for (std::size_t q = 0; q < parameter_count<Space>; ++q)
                if (block_of_parameter<Space>[q] == b) part[q] = 0;
        }
        const auto measured = whole(p);
        double largest = 0;
        for (std::size_t m = 0; m < size; ++m) {
            if (!is_needed[m] || measured[m] == sum[m]) continue;
            if (!std::isfinite(measured[m]) && !std::isfinite(sum[m])) continue; // neither can be built
            const double difference = std::fabs(measured[m] - sum[m]) / std::max(scale[m], std::fabs(measured[m]));
            if (!(difference <= 1e-9))
                throw input_error{"exact search", std::string{names[m]} + " at " + to_string(p),
                                  "that it is separable, " + rounded_text(sum[m], 17) + " from its terms by block", rounded_text(measured[m], 17)};
            largest = std::max(largest, difference);
        }
        return largest;
    }

private:
    template <class F>
    [[nodiscard]] values gathered(F&& f) const {
        values v{};
        std::apply([&](const auto*... e) { (list::store(f(*e), v), ...); }, evaluators_);
        return v;
    }
    [[nodiscard]] static values checked(const values& v, const point<Space>& p, std::string_view what) {
        constexpr auto is_needed = needed();
        for (std::size_t m = 0; m < size; ++m)
            if (is_needed[m] && std::isnan(v[m]))
                throw input_error{"exact search", std::string{names[m]} + " at " + to_string(p), std::string{what} + " as a number", "NaN"};
        return v;
    }
    static void copy(const point<Space>& from, point<Space>& to, std::size_t block) {
        for (std::size_t q = 0; q < parameter_count<Space>; ++q)
            if (block_of_parameter<Space>[q] == block) to[q] = from[q];
    }

    std::tuple<const E*...> evaluators_;
};

} // namespace verdant::detail
