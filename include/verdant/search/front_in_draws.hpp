#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/draw_summary.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/goal/uncertain_metrics.hpp>
#include <verdant/pareto/draw_dominance.hpp>
#include <verdant/search/result.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

/// The front of a search by dominance in most draws.
namespace verdant {

namespace detail {

/// Whether a summary is of the size of the draws, so that these stand for it one by one. A deviation is not: one draw has none, and a small metric
/// may have a large one.
template <class S>
inline constexpr bool known_draw_by_draw = draw_summary<S>;
template <class M>
inline constexpr bool known_draw_by_draw<deviation<M>> = false;

/// Whether a record says what an objective is in each draw: as draws, or as a value that is the same in all.
template <class Record, class Goal>
[[nodiscard]] consteval bool knows_in_draws() {
    if constexpr (!objective<Goal>) return true;
    else if constexpr (known_draw_by_draw<typename Goal::metric_type>) return Record::template has_draws<typename Goal::metric_type::drawn_metric>;
    else return Record::template has<typename Goal::metric_type>;
}

template <class Evaluator, class Space, class Goals>
struct draws_check {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    [[nodiscard]] static consteval bool all_known() {
        if constexpr (single_evaluator<Evaluator, Space>) {
            using record = provided_metrics<Evaluator, Space>;
            if constexpr (requires { typename record::answers_goals; }) {
                bool all = true;
                Goals::for_each([&all]<class G>() { all = all && knows_in_draws<record, G>(); });
                return all;
            } else return false;
        } else return false;
    }
    static constexpr bool known = all_known();
    static_assert(known, "verdant: front_in_draws takes an evaluator of single points that gives all objectives of the search as draws, or as values "
                         "that are the same "
                         "in all draws; give it the one that the search was run with, see draws_check<...> in this message");
};

/// Writes what each objective of a record is in each draw. The number of draws is that of the first one.
template <class Goals, class Record>
void write_draws(const Record& found, std::size_t vector, pareto::drawn_objectives& to) {
    std::size_t o = 0;
    Goals::for_each([&]<class G>() {
        if constexpr (objective<G>) {
            constexpr double sign = G::maximized ? -1 : 1;
            using wanted = typename G::metric_type;
            if constexpr (known_draw_by_draw<wanted>) {
                const auto drawn = found.template draws<typename wanted::drawn_metric>().si();
                if (drawn.size() != to.draws())
                    throw input_error{wanted::drawn_metric::name(), "draws", std::to_string(to.draws()) + ", as many as of other points and metrics",
                                      std::to_string(drawn.size())};
                for (std::size_t k = 0; k < drawn.size(); ++k) to.row(vector, k)[o] = sign * drawn[k];
            } else {
                const double known = sign * to_si(found.template get<wanted>());
                for (std::size_t k = 0; k < to.draws(); ++k) to.row(vector, k)[o] = known;
            }
            ++o;
        }
    });
}

/// The number of draws of the first drawn objective; 1 where all are known.
template <class Goals, class Record>
[[nodiscard]] std::size_t number_of_draws(const Record& found) {
    std::size_t n = 0;
    Goals::for_each([&]<class G>() {
        if constexpr (objective<G>)
            if constexpr (known_draw_by_draw<typename G::metric_type>)
                if (n == 0) n = found.template draws<typename G::metric_type::drawn_metric>().size();
    });
    return n == 0 ? 1 : n;
}

} // namespace detail

/// The objectives of trials in each draw. A `deviation`, which no draw has by itself, is the same in all.
/// @param evaluator gives the draws, anew: with the seed that the search was run with, they are those of the search
/// @throws what the evaluator throws; input_error where points have other numbers of draws
template <class Space, class Goals, class Evaluator>
[[nodiscard]] pareto::drawn_objectives objectives_in_draws(std::span<const trial<Space, Goals>> trials, const Evaluator& evaluator) {
    using check = detail::draws_check<Evaluator, Space, Goals>;
    static_assert(check::value);
    std::optional<pareto::drawn_objectives> all;
    if constexpr (check::known)
        for (std::size_t i = 0; i < trials.size(); ++i) {
            const auto found = evaluator(trials[i].point);
            if (!all) all.emplace(trials.size(), detail::number_of_draws<Goals>(found), Goals::objective_count);
            detail::write_draws<Goals>(found, i, *all);
        }
    if (!all) all.emplace(0, 1, Goals::objective_count);
    return *all;
}

/// The feasible trials that no other one dominates in at least a share of the draws. Trials keep no draws, which would be a thousand numbers each;
/// the evaluator gives them again, for the feasible trials alone, and as its draws depend on its seed these are the same. So it also works for
/// studies that were kept and resumed.
///
///     const auto robust = front_in_draws(found, measure, pareto::in_share_of_draws{0.95});
///
/// It holds more than the front of a quantile does: whoever is better in 6 of 100 draws stays.
/// @throws what the evaluator throws; input_error for NaN among draws
template <class Space, class Goals, class Evaluator, class Dominance = pareto::in_share_of_draws>
[[nodiscard]] std::vector<trial<Space, Goals>> front_in_draws(const search_result<Space, Goals>& result, const Evaluator& evaluator,
                                                              const Dominance& dominance = {}) {
    std::vector<trial<Space, Goals>> feasible, front;
    for (const auto& t : result.trials())
        if (t.feasible()) feasible.push_back(t);
    const auto drawn = objectives_in_draws(std::span<const trial<Space, Goals>>{feasible}, evaluator);
    for (const auto i : pareto::front_in_draws(drawn, dominance)) front.push_back(feasible[i]);
    return front;
}

} // namespace verdant
