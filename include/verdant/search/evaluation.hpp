#pragma once

#include <verdant/goal/evaluator.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/search/executor.hpp>

#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// What the evaluators found out about a point.
template <class Goals>
struct outcome {
    typename Goals::metrics_type values{};
    std::string failure{}; ///< empty where nothing failed

    template <class... M>
    void merge(const metrics<M...>& found) {
        (merge_one<M>(found), ...);
    }

private:
    template <class M, class Record>
    void merge_one(const Record& found) {
        if constexpr (Goals::metrics_type::template has<M>) {
            const auto& value = found.template get<M>();
            if (std::isnan(si_value(value)) && failure.empty()) failure = std::string{M::name()} + " is NaN";
            values.template set<M>(value);
        }
    }
};

template <class Metric, std::size_t Providers>
struct provided_once {
    static_assert(Providers != 0, "verdant: no evaluator provides the metric of a goal; pass the search an evaluator that returns metrics<...> with it, "
                                  "see Metric above");
    static_assert(Providers < 2, "verdant: two evaluators provide the same metric; leave it out of one of them, see Metric above");
    static constexpr bool value = true;
};

template <class Evaluator, class Space>
[[nodiscard]] consteval bool check_evaluator() {
    constexpr bool evaluates = evaluator_for<Evaluator, Space>;
    static_assert(evaluates, "verdant: an argument of the search is no evaluator of its space; write a callable point<Space> -> metrics<...>, see Evaluator "
                             "above");
    return evaluates;
}

template <class Metric, class Space, class... Evaluators>
[[nodiscard]] consteval std::size_t count_providers() {
    return (std::size_t{0} + ... + (provided_metrics<Evaluators, Space>::template has<Metric> ? 1 : 0));
}

template <class Space, class... Evaluators, class... M>
[[nodiscard]] consteval bool check_providers(metrics<M...>*) {
    constexpr bool evaluators = (check_evaluator<Evaluators, Space>() && ...);
    if constexpr (evaluators)
        return (provided_once<M, count_providers<M, Space, Evaluators...>()>::value && ...);
    else
        return false;
}

/// The evaluators of a study behind one boundary: the type of a search names its goals, not who measures them.
template <class Space, class Goals>
class evaluation {
public:
    template <class... Evaluators>
    explicit evaluation(Evaluators... evaluators) {
        if constexpr (check_providers<Space, Evaluators...>(static_cast<typename Goals::metrics_type*>(nullptr))) {
            auto all = std::make_shared<boost::hana::tuple<Evaluators...>>(std::move(evaluators)...);
            single_ = [all](const point<Space>& p, random_stream& random, outcome<Goals>& out) {
                boost::hana::for_each(*all, [&](const auto& e) { evaluate_one(e, p, random, out); });
            };
            batch_ = [all](std::span<const point<Space>> points, std::span<outcome<Goals>> out) {
                boost::hana::for_each(*all, [&](const auto& e) { evaluate_batch(e, points, out); });
            };
        }
    }

    /// Evaluates points whose trials have consecutive numbers; what an evaluator throws becomes the failure of its trial.
    /// @param first_trial number of the first point's trial: its random stream is derived from (seed, number)
    template <executor X>
    [[nodiscard]] std::vector<outcome<Goals>> operator()(std::span<const point<Space>> points, std::uint64_t seed, std::uint64_t first_trial, X& run) const {
        std::vector<outcome<Goals>> out(points.size());
        run(points.size(), [&](std::size_t i) {
            auto random = random_stream::derive(seed, first_trial + i);
            guarded(out[i], [&] { single_(points[i], random, out[i]); });
        });
        batch_(points, out);
        return out;
    }

private:
    template <class F>
    static void guarded(outcome<Goals>& out, F&& f) {
        try {
            f();
        } catch (const std::exception& e) {
            out.failure = *e.what() != '\0' ? e.what() : "an exception without a text";
        } catch (...) {
            out.failure = "an exception that is no std::exception";
        }
    }

    template <class E>
    static void evaluate_one(const E& evaluator, const point<Space>& p, random_stream& random, outcome<Goals>& out) {
        if constexpr (batch_evaluator<E, Space>) return;
        else if constexpr (seeded_evaluator<E, Space>) out.merge(evaluator(p, random));
        else out.merge(evaluator(p));
    }

    template <class E>
    static void evaluate_batch(const E& evaluator, std::span<const point<Space>> points, std::span<outcome<Goals>> out) {
        if constexpr (batch_evaluator<E, Space>) {
            try {
                const auto found = evaluator(points);
                if (found.size() != points.size())
                    throw error{"a batch evaluator gave " + std::to_string(found.size()) + " records for " + std::to_string(points.size()) + " points"};
                for (std::size_t i = 0; i < found.size(); ++i) out[i].merge(found[i]);
            } catch (...) {
                // One bad point must not fail its neighbours: each is tried alone.
                if (points.size() > 1)
                    for (std::size_t i = 0; i < points.size(); ++i) evaluate_batch(evaluator, points.subspan(i, 1), out.subspan(i, 1));
                else
                    guarded(out[0], [] { throw; });
            }
        }
    }

    std::function<void(const point<Space>&, random_stream&, outcome<Goals>&)> single_;
    std::function<void(std::span<const point<Space>>, std::span<outcome<Goals>>)> batch_;
};

} // namespace detail
} // namespace verdant
