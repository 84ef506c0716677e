#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/meta/component/eigen.hpp>
#include <verdant/optimizer/bayes/outcome_model.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

/// Goals in numbers, as the models of Bayesian optimisation take them.
namespace verdant {

namespace detail {

template <class Record>
struct metric_positions;
template <class... M>
struct metric_positions<metrics<M...>> {
    template <class Metric>
    static constexpr std::size_t of = position_in<Metric, M...>();
};

/// The outcomes of goals: metrics that are optimised or constrained, as positions in the record of all metrics, and the goals in numbers.
template <class Goals>
struct goal_outcomes {
    std::vector<std::size_t> metric;
    outcome_goals goals;

    explicit goal_outcomes(const typename Goals::limits_type& limits) {
        std::size_t o = 0, c = 0;
        Goals::for_each([&]<class G>() {
            using positions = metric_positions<typename Goals::metrics_type>;
            if constexpr (objective<G>) {
                goals.objectives.push_back({outcome(positions::template of<typename G::metric_type>), G::maximized, limits.threshold[o++]});
            } else if constexpr (constraint<G>) {
                goals.constraints.push_back({outcome(positions::template of<typename G::metric_type>), limits.low[c], limits.high[c]});
                ++c;
            }
        });
        goals.outcomes = metric.size();
    }

private:
    [[nodiscard]] std::size_t outcome(std::size_t position) {
        const auto at = std::find(metric.begin(), metric.end(), position);
        const auto index = static_cast<std::size_t>(at - metric.begin());
        if (at == metric.end()) metric.push_back(position);
        return index;
    }
};

} // namespace detail

} // namespace verdant
