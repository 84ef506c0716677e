#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/meta/component/arrays.hpp>
#include <verdant/search/result.hpp>
#include <verdant/space/point.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/units.hpp>

#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The trials of a result as columns of xtensor: one array for each metric.
namespace verdant::arrays {

/// One number for each trial.
using column = xt::xtensor<double, 1>;

/// Trials column by column: parameters, metrics and objectives by name, each a one-dimensional array with an element for each trial, in order. Refers
/// to the trials, which must outlive it; each array is made when it is asked for.
template <class Space, class Goals>
class trial_columns {
    using record = typename Goals::metrics_type;

public:
    explicit trial_columns(std::span<const trial<Space, Goals>> trials) : trials_{trials} {}

    /// How many trials there are.
    [[nodiscard]] std::size_t size() const noexcept { return trials_.size(); }

    /// The parameters of the space, then the metrics of the goals.
    [[nodiscard]] std::vector<std::string_view> names() const {
        std::vector<std::string_view> all;
        for (const auto name : verdant::names<Space>()) all.push_back(name);
        for_each_metric(record{}, [&]<class M>() { all.push_back(M::name()); });
        return all;
    }

    /// The parameter of this name, else the metric of this name in SI units.
    /// @throws input_error that lists the names there are
    [[nodiscard]] column operator[](std::string_view name) const {
        if (view_of<Space>.find(name) != view_of<Space>.size()) return parameter(name);
        return metric(name);
    }

    /// Values of a parameter: numbers as they are, 0 and 1 for booleans, the place in the domain for names and enumerations; NaN where
    /// the parameter does not exist at a trial's point (`when`).
    /// @throws input_error that lists the parameters there are
    [[nodiscard]] column parameter(std::string_view name) const {
        const auto p = view_of<Space>.find(name);
        if (p == view_of<Space>.size()) refuse("parameter", name, verdant::names<Space>());
        return each([p](const trial<Space, Goals>& t) { return view_of<Space>.active(p, t.point) ? number_of(p, t.point[p]) : nan; });
    }

    /// A metric in SI units; NaN for a failed trial.
    template <metric_like M>
    [[nodiscard]] column metric() const {
        constexpr bool recorded = record::template has<M>;
        static_assert(recorded, "verdant: no goal of this search is on that metric; track<...> it, see metric in this message");
        if constexpr (recorded) return each([](const trial<Space, Goals>& t) { return t.completed() ? to_si(t.template get<M>()) : nan; });
        else return {};
    }
    /// The same in a unit: `metric<latency, milliseconds>()`.
    template <metric_like M, unit_like Unit>
    [[nodiscard]] column metric() const {
        constexpr bool fits = std::same_as<typename M::value_type, typename Unit::quantity>;
        static_assert(fits,
                      "verdant: the unit of a column does not fit its metric; choose a unit of its quantity, for example milliseconds for latency");
        if constexpr (fits) return metric<M>() / Unit::factor;
        else return {};
    }
    /// The metric of this name in SI units; NaN for a failed trial.
    /// @throws input_error that lists the metrics there are
    [[nodiscard]] column metric(std::string_view name) const {
        column found;
        bool known = false;
        std::vector<std::string_view> all;
        for_each_metric(record{}, [&]<class M>() {
            all.push_back(M::name());
            if (known || M::name() != name) return;
            known = true;
            found = metric<M>();
        });
        if (!known) refuse("metric", name, all);
        return found;
    }

    /// An objective as optimizers see it: to be minimised, in SI units; NaN for a failed trial.
    /// @throws input_error where there are not so many
    [[nodiscard]] column objective(std::size_t place) const {
        if (place >= Goals::objective_count)
            throw input_error{"columns", "objective", "a place below " + std::to_string(Goals::objective_count), std::to_string(place)};
        return each([place](const trial<Space, Goals>& t) { return t.completed() ? t.objectives[place] : nan; });
    }
    /// All objectives, trials x objectives.
    [[nodiscard]] xt::xtensor<double, 2> objectives() const {
        auto matrix = xt::xtensor<double, 2>::from_shape({size(), Goals::objective_count});
        for (std::size_t i = 0; i < size(); ++i)
            for (std::size_t o = 0; o < Goals::objective_count; ++o) matrix(i, o) = trials_[i].completed() ? trials_[i].objectives[o] : nan;
        return matrix;
    }

    /// How far each trial is from holding its constraints; 0 where all hold.
    [[nodiscard]] column violation() const {
        return each([](const trial<Space, Goals>& t) { return t.violation; });
    }
    /// Which trials were completed and hold every constraint: a mask for `xt::filter`.
    [[nodiscard]] xt::xtensor<bool, 1> feasible() const {
        auto mask = xt::xtensor<bool, 1>::from_shape({size()});
        for (std::size_t i = 0; i < size(); ++i) mask(i) = trials_[i].feasible();
        return mask;
    }

private:
    static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

    [[nodiscard]] static double number_of(std::size_t p, std::size_t index) {
        const auto& space = view_of<Space>;
        switch (space.kind(p)) {
        case value_kind::text:
        case value_kind::enumeration: return static_cast<double>(index);
        case value_kind::floating: return std::bit_cast<double>(space.code_of(p, index));
        default: return static_cast<double>(space.code_of(p, index));
        }
    }

    template <class Value>
    [[nodiscard]] column each(const Value& value) const {
        auto all = column::from_shape({size()});
        for (std::size_t i = 0; i < size(); ++i) all(i) = value(trials_[i]);
        return all;
    }

    template <class... M, class F>
    static void for_each_metric(const metrics<M...>&, const F& f) {
        (f.template operator()<M>(), ...);
    }

    template <class Names>
    [[noreturn]] static void refuse(std::string_view what, std::string_view name, const Names& known) {
        throw input_error{"columns", what, "one of " + io::name_list(known), "'" + std::string{name} + "'" + io::did_you_mean(name, known)};
    }

    std::span<const trial<Space, Goals>> trials_;
};

/// Columns of any trials, for example of a front.
template <class Space, class Goals>
[[nodiscard]] trial_columns<Space, Goals> columns(const std::vector<trial<Space, Goals>>& trials) {
    return trial_columns<Space, Goals>{trials};
}
/// Columns of all trials of a result.
template <class Space, class Goals>
[[nodiscard]] trial_columns<Space, Goals> columns(const search_result<Space, Goals>& result) {
    return columns(result.trials());
}
template <class Space, class Goals>
void columns(const search_result<Space, Goals>&&) = delete;
template <class Space, class Goals>
void columns(const std::vector<trial<Space, Goals>>&&) = delete;

} // namespace verdant::arrays
