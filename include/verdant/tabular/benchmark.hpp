#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/point.hpp>
#include <verdant/tabular/device_metrics.hpp>
#include <verdant/tabular/metric_source.hpp>
#include <verdant/text/number.hpp>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

/// Benchmarks that answer without training or measuring anything.
namespace verdant::tabular {

/// Means of metrics, and how far the members of an ensemble are from each other.
template <metric_like... M>
struct uncertain_metrics {
    metrics<M...> mean{}, std{};
    friend constexpr bool operator==(const uncertain_metrics&, const uncertain_metrics&) = default;
};

/// How `noisy` draws.
enum class noise_draws : std::uint8_t {
    each,     ///< a number for each point and metric
    together, ///< one number for all points of a call, as the original does by mistake (Accel-NASBench: ensemble.py, query_noise)
};

namespace detail {

/// Whether every metric was measured on the device; in a class of its own, so that its name stands in the message.
template <class Device, class Metric>
struct measured_on {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool measured = Device::template measures<Metric>;
    static_assert(
        measured,
        "verdant: nobody measured that metric on this device; see measured_on<device, metric> in this message, and choose another of the two");
};

/// The direction in which a metric is better by a list of goals: 1 up, -1 down, 0 where no goal is about it.
template <class Metric, class... Goals>
[[nodiscard]] consteval double better_by() {
    double direction = 0;
    const auto look = [&direction]<class G>(std::type_identity<G>) {
        if constexpr (std::same_as<typename G::metric_type, Metric>) direction = G::maximized ? 1 : -1;
    };
    (look(std::type_identity<Goals>{}), ...);
    return direction;
}

} // namespace detail

namespace detail {

/// What is checked of the arguments of a benchmark; in a class of its own, so that compilers list few steps between the mistake and the user's line.
template <class Space, class Device, class... Metric>
struct benchmark_arguments {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool has_space = search_space<Space>, has_device = device_like<Device>, has_metrics = (metric_like<Metric> && ...);
    static_assert(has_space, "verdant: the first argument of benchmark is no space; write benchmark<space, device, metric...>, for example "
                             "benchmark<mnasnet, a100, top1, throughput>");
    static_assert(!has_space || has_device, "verdant: the second argument of benchmark is no device; write one before the metrics, or no_device: "
                                            "benchmark<mnasnet, a100, top1, throughput>");
    static_assert(!has_space || !has_device || has_metrics,
                  "verdant: an argument of this benchmark is no metric; write structs derived from metric<...>, such as top1, throughput or latency");
    static constexpr bool asks = sizeof...(Metric) > 0;
    static_assert(
        !has_space || !has_device || asks,
        "verdant: this benchmark has no metric; write benchmark<space, device, metric...>, for example benchmark<mnasnet, a100, top1, throughput>");
};

} // namespace detail

/// A tabular benchmark: what is known, or predicted, of every point of a space on a device. A benchmark is an evaluator, so that `search` takes it:
///
///     const benchmark<mnasnet, a100, top1, throughput> b{source_of<mnasnet>(of_accuracy, ...), source_of<mnasnet>(of_throughput, ...)};
///     const auto result = search<mnasnet, maximize<top1>, maximize<throughput>, nsga2<>>{b}.run({.trials = 500});
///
/// @tparam Device a struct derived from `device<...>`; `no_device` where no metric needs one
/// @tparam Metric what is asked: `top1`, `latency`, ... A pair of device and metric that was not measured does not compile.
template <class Space = void, class Device = void, class... Metric>
class benchmark {
    static_assert(detail::benchmark_arguments<Space, Device, Metric...>::value);

public:
    /// Of arguments that are wrong, which has been reported: it answers whatever it is asked.
    using space = Space;
    using device = Device;
    using record = metrics<verdant::detail::reported_metrics>;
    struct answer {
        record mean{}, std{};
    };
    template <class... Any>
    explicit benchmark(const Any&...) {}
    template <class Any>
    record operator()(const Any&) const {
        return {};
    }
    template <class Any>
    answer query(const Any&) const {
        return {};
    }
    template <class Any>
    record mean(const Any&) const {
        return {};
    }
    template <class Any>
    record std(const Any&) const {
        return {};
    }
    template <class, class Any>
    std::vector<double> members(const Any&) const {
        return {};
    }
    template <class... Any>
    std::vector<record> noisy(const Any&...) const {
        return {};
    }
    template <class...>
    benchmark confidence_bound(double) const {
        return *this;
    }
};

/// The same of arguments that fit.
template <search_space Space, device_like Device, metric_like... Metric>
    requires(sizeof...(Metric) > 0)
class benchmark<Space, Device, Metric...> {
    static_assert((detail::measured_on<Device, Metric>::value && ...));
    static constexpr std::size_t count = sizeof...(Metric);
    using source_list = std::array<metric_source<Space>, count>;

public:
    using space = Space;
    using device = Device;
    using record = metrics<Metric...>;

    /// One source for each metric, in their order.
    /// @throws input_error where the unit of a source is of another quantity than its metric
    template <class... Source>
        requires(sizeof...(Source) == count && (std::same_as<std::remove_cvref_t<Source>, metric_source<Space>> && ...))
    explicit benchmark(Source&&... sources) : sources_{std::forward<Source>(sources)...} {
        std::size_t i = 0;
        (require_unit<Metric>(sources_[i++].unit()), ...);
    }
    benchmark() = delete; // one source for each metric: a metric_source of its space, in their order
    /// Refused: other sources. Copies of a class derived from it, which the base's own constructor takes, are none.
    template <class... Source>
        requires(sizeof...(Source) > 0) &&
                (sizeof...(Source) != count || !(std::same_as<std::remove_cvref_t<Source>, metric_source<Space>> && ...)) &&
                (sizeof...(Source) != 1 || !(std::derived_from<std::remove_cvref_t<Source>, benchmark> && ...))
    explicit benchmark(const Source&...) : sources_{(static_cast<void>(sizeof(Metric)), detail::refused_source<Space>())...} {
        constexpr bool one_each = sizeof...(Source) == count && (std::same_as<std::remove_cvref_t<Source>, metric_source<Space>> && ...);
        static_assert(one_each, "verdant: the sources of a benchmark are not one for each of its metrics; give a metric_source of its space for "
                                "each, in their order, such as "
                                "source_of<space>(model, unit) or table.source_of({\"column\", unit})");
    }

    /// What it says of a point: a trial.
    [[nodiscard]] record operator()(const point<Space>& p) const { return mean(p); }
    /// The same of many points, in one call.
    [[nodiscard]] std::vector<record> operator()(std::span<const point<Space>> points) const { return mean(points); }

    /// Means and standard deviations.
    [[nodiscard]] uncertain_metrics<Metric...> query(const point<Space>& p) const {
        std::array<double, count> means{}, deviations{};
        for (std::size_t k = 0; k < count; ++k) sources_[k].values({&p, 1}, {&means[k], 1}, {&deviations[k], 1});
        return {record::from_si_values(means), record::from_si_values(deviations)};
    }
    [[nodiscard]] std::vector<uncertain_metrics<Metric...>> query(std::span<const point<Space>> points) const {
        const auto all = values_of(points);
        std::vector<uncertain_metrics<Metric...>> out(points.size());
        for (std::size_t i = 0; i < points.size(); ++i) out[i] = {record::from_si_values(row(all.mean, i)), record::from_si_values(row(all.std, i))};
        return out;
    }
    [[nodiscard]] record mean(const point<Space>& p) const { return query(p).mean; }
    [[nodiscard]] std::vector<record> mean(std::span<const point<Space>> points) const {
        const auto all = values_of(points);
        std::vector<record> out(points.size());
        for (std::size_t i = 0; i < points.size(); ++i) out[i] = record::from_si_values(row(all.mean, i));
        return out;
    }
    /// How far the members of ensembles are from each other: population standard deviations, 0 where a source has one answer.
    [[nodiscard]] record std(const point<Space>& p) const { return query(p).std; }

    /// What each member of a metric's ensemble says, in SI units.
    template <metric_like M>
    [[nodiscard]] std::vector<double> members(const point<Space>& p) const {
        constexpr auto k = verdant::detail::position_in<M, Metric...>();
        static_assert(k < count, "verdant: this benchmark has no such metric; name one of benchmark<space, device, metric...>");
        std::vector<double> out(sources_[k].member_count());
        sources_[k].members({&p, 1}, out);
        return out;
    }

    /// What a measurement might have given: means, and normal noise of the ensembles' standard deviations.
    [[nodiscard]] std::vector<record> noisy(std::span<const point<Space>> points, random_stream& random,
                                            noise_draws draws = noise_draws::each) const {
        const auto all = values_of(points);
        std::array<double, count> common{};
        if (draws == noise_draws::together)
            for (auto& x : common) x = draw(random);
        std::vector<record> out(points.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            auto values = row(all.mean, i);
            // The original adds the first point's noise to all.
            const auto deviations = row(all.std, draws == noise_draws::together ? 0 : i);
            for (std::size_t k = 0; k < count; ++k) values[k] += deviations[k] * (draws == noise_draws::each ? draw(random) : common[k]);
            out[i] = record::from_si_values(values);
        }
        return out;
    }

    /// An evaluator that takes uncertain points for better than they are said to be, so that a search tries them: mean + `weight` * std of what is
    /// maximised, mean - `weight` * std of what is minimised (upper confidence bound: Srinivas et al., ICML 2010). A weight below 0 is cautious
    /// instead.
    /// @tparam Goals the search's goals: `maximize<...>` and `minimize<...>`; what none of them is about keeps its mean
    /// @throws input_error for a weight that is not finite
    template <objective... Goals>
    [[nodiscard]] auto confidence_bound(double weight) const {
        if (!std::isfinite(weight)) throw input_error{"confidence bound", "weight", "a finite number", exact_text(weight)};
        constexpr bool known = (record::template has<typename Goals::metric_type> && ...);
        static_assert(known, "verdant: a goal of this confidence bound is about a metric that the benchmark does not have; leave it out");
        return bounded<Goals...>{*this, weight};
    }

    /// The evaluator of `confidence_bound`.
    template <objective... Goals>
    class bounded {
    public:
        bounded(benchmark of, double weight) : of_{std::move(of)}, weight_{weight} {}
        [[nodiscard]] std::vector<record> operator()(std::span<const point<Space>> points) const {
            constexpr std::array<double, count> directions{detail::better_by<Metric, Goals...>()...};
            const auto all = of_.values_of(points);
            std::vector<record> out(points.size());
            for (std::size_t i = 0; i < points.size(); ++i) {
                auto values = row(all.mean, i);
                const auto deviations = row(all.std, i);
                for (std::size_t k = 0; k < count; ++k) values[k] += directions[k] * weight_ * deviations[k];
                out[i] = record::from_si_values(values);
            }
            return out;
        }

    private:
        benchmark of_;
        double weight_;
    };

private:
    /// Of all points and metrics, metric by metric, in SI units.
    struct value_columns {
        std::vector<double> mean, std;
    };
    [[nodiscard]] value_columns values_of(std::span<const point<Space>> points) const {
        const auto n = points.size();
        value_columns all{std::vector<double>(n * count), std::vector<double>(n * count)};
        for (std::size_t k = 0; k < count; ++k)
            sources_[k].values(points, std::span{all.mean}.subspan(k * n, n), std::span{all.std}.subspan(k * n, n));
        return all;
    }
    [[nodiscard]] static std::array<double, count> row(const std::vector<double>& columns, std::size_t i) {
        std::array<double, count> values{};
        for (std::size_t k = 0; k < count; ++k) values[k] = columns[k * (columns.size() / count) + i];
        return values;
    }
    [[nodiscard]] static double draw(random_stream& random) {
        // The middle of one of 2^53 equal parts of (0, 1), so that neither end is drawn.
        return surrogate::normal_quantile((static_cast<double>(random() >> 11) + 0.5) * 0x1p-53);
    }
    template <metric_like M>
    static void require_unit(const source_unit& unit) {
        constexpr auto wanted = detail::quantity_of<typename M::value_type>();
        if (unit.quantity != wanted)
            throw input_error{"benchmark", M::name(), "a source in a unit like " + std::string{M::unit::symbol().empty() ? "1" : M::unit::symbol()},
                              unit.symbol.empty() ? "one of another quantity" : '\'' + unit.symbol + '\''};
    }

    source_list sources_;
};

} // namespace verdant::tabular
