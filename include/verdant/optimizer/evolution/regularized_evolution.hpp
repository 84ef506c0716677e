#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/single_mutation.hpp>
#include <verdant/optimizer/evolution/variation_checks.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

/// Regularized evolution over the points of any space.
namespace verdant {

/// How the members that compete for a child are drawn from the population.
enum class tournament_draws : std::uint8_t {
    repeated, ///< one after another, so that a member may come twice: published
    distinct  ///< different members
};

/// What regularized evolution does with a child that is known from before: its result costs nothing.
enum class known_children : std::uint8_t {
    join,           ///< it joins the population with its earlier result: published, where results come from a table
    join_if_no_worse, ///< the same where it is no worse than its parent, which keeps good members from dying of age; others are bred anew
    bred_anew       ///< another child takes its place
};

/// Regularized evolution (Real, Aggarwal, Huang, Le, AAAI 2019, algorithm 1): the best of some members drawn from the population has a child, which
/// joins it, and the oldest member leaves. With several objectives one of those that no other drawn member dominates has the child; constraints come
/// first, as in NSGA-II.
///
/// Defaults differ from what is published where each evaluation of a few hundred has its price, for reasons that hold on any space: breeding begins
/// with half a population, since random points tell less than children do; the drawn members are different ones; known children join only where that
/// keeps a good member young, and others are bred anew. `published` gives the settings as published.
/// @tparam Mutation (point, random) -> point
template <class Mutation = single_mutation>
struct regularized_evolution : optimizer_policy_base {
    struct options {
        std::size_t population = 30; ///< members; who joins a full population displaces the oldest
        std::size_t sample = 10; ///< members that are drawn for each child, of which the best is its parent
        std::size_t initial =
            0; ///< measured random points before the first child. 0: half of `population`, and at least `sample`. Published: all of `population`
        tournament_draws draws = tournament_draws::distinct;
        known_children known = known_children::join_if_no_worse;
        std::size_t attempts = 16; ///< children that are bred, until one may be asked for, before the last of them is mutated on until it is new
        Mutation mutation{};

        using described = members<member<"population", &options::population>, member<"sample", &options::sample>,
                                  member<"initial", &options::initial>, member<"draws", &options::draws>, member<"known", &options::known>,
                                  member<"attempts", &options::attempts>, member<"mutation", &options::mutation, member_role::policy>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "regularized_evolution"; }

    /// The algorithm to the letter. Accel-NASBench searches with 20 members and draws 10 (anb_eval/uni_objective/regularized_evolution.py).
    [[nodiscard]] static options published(std::size_t population = 20, std::size_t sample = 10) {
        return {
            .population = population, .sample = sample, .initial = population, .draws = tournament_draws::repeated, .known = known_children::join};
    }

    template <class Space, class Goals>
    class engine {
    public:
        /// Throws input_error for a population below 1, and for numbers that do not fit it.
        explicit engine(const options& o) : options_{o} {
            require_count("regularized_evolution", "population", o.population, 1);
            require_count("regularized_evolution", "sample", o.sample, 1);
            require_count("regularized_evolution", "initial", o.initial, 0, o.population);
            require_count("regularized_evolution", "attempts", o.attempts, 1);
            if (o.draws == tournament_draws::distinct) require_count("regularized_evolution", "sample", o.sample, 1, o.population);
            detail::probability_check check{"regularized_evolution"};
            check("mutation", o.mutation);
            if (options_.initial == 0) options_.initial = std::min(o.population, std::max(o.sample, (o.population + 1) / 2));
            order_.reserve(o.population);
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> points;
            points.reserve(n);
            asked_.clear();
            while (points.size() < n) {
                const bool beginning = members_.empty() || members_.size() + points.size() < options_.initial;
                points.push_back(beginning ? stranger(random) : child(random));
                if (n > 1) asked_.insert(points.back());
            }
            return points;
        }

        /// Pending points count as the random ones of the beginning do; children equal to them are bred anew.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            pending_points<Space> taken{pending};
            std::vector<point<Space>> points;
            asked_.clear();
            for (const auto& one : pending) asked_.insert(one.point);
            while (points.size() < n) {
                const bool beginning = members_.empty() || members_.size() + taken.size() < options_.initial;
                points.push_back(taken.choose(random, [&] { return beginning ? stranger(random) : child(random); }));
                asked_.insert(points.back());
            }
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                const auto w = worth_of(t);
                const auto fresh = known_.insert_or_assign(t.point, w).second;
                stale_ = fresh ? 0 : stale_ + 1;
                if (!t.completed()) continue;
                if (members_.size() < options_.population) {
                    members_.push_back({t.point, w});
                    continue;
                }
                members_[oldest_] = {t.point, w};
                oldest_ = oldest_ + 1 == options_.population ? 0 : oldest_ + 1;
            }
        }
        /// Takes new values of a trial.
        void correct(const trial<Space, Goals>& t) {
            known_.insert_or_assign(t.point, worth_of(t));
            auto living = by_age();
            if (!t.completed()) std::erase(living, t.point);
            take(living);
        }

        [[nodiscard]] std::size_t preferred_batch() const { return 1; }
        /// The living members, oldest first.
        [[nodiscard]] std::vector<point<Space>> by_age() const {
            std::vector<point<Space>> living;
            for (std::size_t i = 0; i < members_.size(); ++i) living.push_back(of_age(i).who);
            return living;
        }

        /// The living members and how many known points were told on end; what they were worth is in the trials.
        [[nodiscard]] std::string save() const { return (state_writer{} << by_age() << std::uint64_t{stale_}).text(); }
        /// @param told all that was told before
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader in{saved, "regularized_evolution"};
            std::vector<point<Space>> living;
            std::uint64_t stale = 0;
            in >> living >> stale;
            in.finish();
            in.require(living.size() <= options_.population, "no more members than the population has");
            known_.clear();
            for (const auto& t : told) known_.insert_or_assign(t.point, worth_of(t));
            for (const auto& p : living) {
                const auto at = known_.find(p);
                in.require(at != known_.end() && at->second.completed, "members that were told");
            }
            take(living);
            stale_ = static_cast<std::size_t>(stale);
        }

    private:
        struct worth {
            std::array<double, Goals::objective_count> objectives{};
            double violation = 0;
            bool completed = false;
        };
        [[nodiscard]] static worth worth_of(const trial<Space, Goals>& t) { return {t.objectives, t.violation, t.completed()}; }
        [[nodiscard]] static bool dominates(const worth& a, const worth& b) {
            return pareto::dominates(a.objectives, a.violation, b.objectives, b.violation);
        }

        struct member_of_population {
            point<Space> who{};
            worth value{};
        };

        /// 0: the oldest. What is drawn by age does not depend on where the ring begins.
        [[nodiscard]] const member_of_population& of_age(std::size_t i) const {
            const auto at = oldest_ + i;
            return members_[at < members_.size() ? at : at - members_.size()];
        }
        void take(const std::vector<point<Space>>& living) {
            members_.clear();
            for (const auto& p : living) members_.push_back({p, known_.at(p)});
            oldest_ = 0;
        }
        [[nodiscard]] bool is_new(const point<Space>& p) const { return !known_.contains(p) && (asked_.empty() || !asked_.contains(p)); }

        /// A random point, a new one where one of some is.
        [[nodiscard]] point<Space> stranger(random_stream& random) const {
            auto p = sample<Space>(random);
            if (options_.known == known_children::join) return p;
            for (std::size_t attempt = 1; attempt < options_.attempts && !is_new(p); ++attempt) p = sample<Space>(random);
            return p;
        }

        [[nodiscard]] point<Space> child(random_stream& random) {
            point<Space> born;
            for (std::size_t attempt = 0; attempt < options_.attempts; ++attempt) {
                const auto& parent = of_age(chosen(random));
                born = options_.mutation(parent.who, random);
                if (options_.known == known_children::join || is_new(born)) return born;
                // Where nothing but known points has come for a generation, it is their turn no longer.
                if (options_.known == known_children::bred_anew || stale_ >= options_.population || asked_.contains(born)) continue;
                const auto& before = known_.at(born);
                if (before.completed && !dominates(parent.value, before)) return born;
            }
            constexpr int steps = 100;
            for (int step = 0; step < steps && !is_new(born); ++step) born = options_.mutation(born, random);
            return born;
        }

        /// The best of some members, the first of equals; of several that none of them dominates, any. @return its place by age
        [[nodiscard]] std::size_t chosen(random_stream& random) {
            const auto n = members_.size();
            order_.clear();
            if (options_.draws == tournament_draws::repeated) {
                for (std::size_t k = 0; k < options_.sample; ++k) order_.push_back(static_cast<std::uint32_t>(random.below(n)));
            } else {
                for (std::uint32_t i = 0; i < n; ++i) order_.push_back(i);
                const auto drawn = std::min(options_.sample, n);
                for (std::size_t k = 0; k < drawn; ++k) std::swap(order_[k], order_[k + static_cast<std::size_t>(random.below(n - k))]);
                order_.resize(drawn);
            }
            if constexpr (Goals::objective_count == 1) return best_of_drawn();
            else return leading_of_drawn(random);
        }
        [[nodiscard]] std::size_t best_of_drawn() const {
            auto best = order_.front();
            for (const auto i : order_)
                if (dominates(of_age(i).value, of_age(best).value)) best = i;
            return best;
        }
        [[nodiscard]] std::size_t leading_of_drawn(random_stream& random) {
            const auto dominated = [this](std::uint32_t i) {
                return std::any_of(order_.begin(), order_.end(), [&](std::uint32_t j) { return dominates(of_age(j).value, of_age(i).value); });
            };
            leading_.clear();
            std::copy_if(order_.begin(), order_.end(), std::back_inserter(leading_), [&](std::uint32_t i) { return !dominated(i); });
            return leading_[leading_.size() > 1 ? static_cast<std::size_t>(random.below(leading_.size())) : 0];
        }

        options options_;
        std::unordered_map<point<Space>, worth> known_; ///< all that was told
        std::vector<member_of_population> members_; ///< a ring, once the population is full
        std::size_t oldest_ = 0;
        std::size_t stale_ = 0; ///< known points that were told on end
        std::unordered_set<point<Space>> asked_; ///< of the question that is being made
        std::vector<std::uint32_t> order_, leading_;
    };
};

} // namespace verdant
