#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/variation_checks.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/text.hpp>
#include <verdant/space/variation.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

/// The evolutionary search of Once-for-All and MOOFA, over the points of any space.
namespace verdant {

/// No constraint is known before points are measured. `no_foresight` is the name under which studies have recorded it.
struct no_foresight {};
using no_closed_form_constraints = no_foresight;

namespace detail {

/// Whether an evaluator in closed form takes single points and gives a metric that these goals constrain.
template <class ClosedForm, class Space, class Goals>
[[nodiscard]] consteval bool evaluates_a_constraint() {
    bool found = false;
    if constexpr (single_evaluator<ClosedForm, Space>)
        Goals::for_each([&]<class G>() {
            if constexpr (constraint<G>) found = found || provided_metrics<ClosedForm, Space>::template has<typename G::metric_type>;
        });
    return found;
}

/// An evaluator in closed form that knows the least value of a metric in a space, or a lower bound of it.
template <class ClosedForm, class Space, class Metric>
concept knows_least = requires {
    { ClosedForm::template least<Space, Metric>() } -> std::convertible_to<double>;
};

/// @throws infeasible_error if the limit is below what any point has, as far as the evaluator knows
template <class ClosedForm, class Space, class Metric>
void check_least([[maybe_unused]] double limit) {
    if constexpr (knows_least<ClosedForm, Space, Metric>) {
        const double least = ClosedForm::template least<Space, Metric>();
        if (!(limit < least)) return;
        throw infeasible_error{"no point has a " + std::string{Metric::name()} + " of at most " + exact_text(limit) +
                               "; the least of this space is " + exact_text(least)};
    }
}

/// The same of all limits.
template <class ClosedForm, class Space, class Goals>
void check_reachable(const typename Goals::limits_type& limits) {
    std::size_t c = 0;
    Goals::for_each([&]<class G>() {
        if constexpr (constraint<G>) check_least<ClosedForm, Space, typename G::metric_type>(limits.high[c++]);
    });
}

} // namespace detail

/// The evolutionary search of Once-for-All and MOOFA (Cai et al., ICLR 2020; ofa/nas/search_algorithm/evolution.py) over the points of any space: the
/// best quarter are parents; half of the next generation are mutants, half are crossovers. Points that violate constraints come last; several
/// objectives count in their order, the later ones among equals.
///
/// Constraints on what is known in closed form, such as the peak memory, are met by construction with `ClosedForm`: an evaluator of single points
/// that is called for every candidate before it is asked for, so that nothing else is spent on points that break them. Where the published
/// program draws again and again until a candidate fits (for MOOFA V3 with 300000 elements, 500 times for each), this one draws a few times,
/// then changes what breaks the constraint (`repair_steps`), and takes changes of a child back until it fits as its parent does.
/// `spaces::reference::published_evolution` is the published loop, draw for draw.
/// @tparam ClosedForm `point -> metrics<...>` with at least one constrained metric, or `no_closed_form_constraints`. Where it knows the least value
/// of
///                    a metric, `double least<Space, Metric>()`, a limit below it is refused at once
/// @tparam Mutation  (point, random) -> point; by default each parameter changes with probability 0.1
/// @tparam Crossover (point, point, random) -> pair of points, of which the first is taken
template <class ClosedForm = no_closed_form_constraints, class Mutation = reset_mutation, class Crossover = uniform_crossover>
struct evolution : optimizer_policy_base {
    struct options {
        std::size_t population = 100; ///< published
        double parent_ratio = 0.25; ///< published: share of the population that has children
        double mutation_ratio = 0.5; ///< published: share of the children that are mutants; the others are crossovers
        Mutation mutation = published_mutation();
        Crossover crossover{};
        ClosedForm closed_form_constraints{};
        std::size_t draws = 100; ///< random points, or variations of the same parents, that are tried before one is made to fit
        std::size_t repair_steps = 100'000; ///< changes of one random point that are tried before infeasible_error says that nothing fits

        using described = members<member<"population", &options::population>, member<"parent_ratio", &options::parent_ratio>,
                                  member<"mutation_ratio", &options::mutation_ratio>, member<"mutation", &options::mutation, member_role::policy>,
                                  member<"crossover", &options::crossover, member_role::policy>,
                                  member<"foresight", &options::closed_form_constraints, member_role::type>, // named as in studies
                                  member<"draws", &options::draws>, member<"repair_steps", &options::repair_steps>>;

    private:
        [[nodiscard]] static constexpr Mutation published_mutation() {
            if constexpr (requires { Mutation{.rate = 0.1}; }) return Mutation{.rate = 0.1};
            else return {};
        }
    };
    [[nodiscard]] static constexpr std::string_view name() { return "evolution"; }

    template <class Space, class Goals>
    class engine {
        static constexpr bool constrained_early = !std::same_as<ClosedForm, no_closed_form_constraints>;
        static constexpr bool evaluates = single_evaluator<ClosedForm, Space>;
        static_assert(!constrained_early || evaluates,
                      "verdant: the closed-form constraints of evolution need an evaluator of single points; write a callable point -> metrics<...>");
        static constexpr bool constrains = detail::evaluates_a_constraint<ClosedForm, Space, Goals>();
        static_assert(!constrained_early || !evaluates || constrains,
                      "verdant: no constraint of the search is on a metric of evolution's closed_form_constraints; add "
                      "subject_to<metric, at_most<...>> or leave them out");

    public:
        using limits_type = typename Goals::limits_type;

        /// Throws input_error for a population that leaves no parent, or shares and rates that are not from 0 to 1; infeasible_error for a limit
        /// below the least value that the closed form knows of.
        explicit engine(const options& o, const limits_type& limits = Goals::limits())
            : options_{checked(o)}, limits_{limits}, parent_count_{rounded(o.parent_ratio, o.population)},
              mutants_{rounded(o.mutation_ratio, o.population)} {
            if (parent_count_ == 0 || parent_count_ > o.population)
                throw input_error{"evolution", "population and parent_ratio", "at least one parent, and no more than members",
                                  std::to_string(parent_count_) + " parents of " + std::to_string(o.population)};
            detail::check_reachable<ClosedForm, Space, Goals>(limits_);
        }

        /// Throws infeasible_error where no point was found that meets the constraints in closed form.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> points;
            points.reserve(n);
            while (points.size() < n) points.push_back(born(random));
            return points;
        }
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            pending_points<Space> taken{pending};
            std::vector<point<Space>> points(n);
            for (auto& p : points) p = taken.choose(random, [&] { return born(random); });
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                if (t.completed()) children_.push_back({t.point, t.violation, t.objectives});
                else ++failed_;
                if (children_.size() + failed_ >= options_.population) select();
            }
        }

        /// Takes new values of a trial that is still among parents or children.
        void correct(const trial<Space, Goals>& t) {
            for (auto* list : {&parents_, &children_}) {
                const auto before = list->size();
                if (!t.completed()) std::erase_if(*list, [&](const member& m) { return m.who == t.point; });
                if (list == &children_) failed_ += before - list->size(); // they were born all the same
                for (auto& m : *list)
                    if (m.who == t.point) m = {t.point, t.violation, t.objectives};
            }
        }

        [[nodiscard]] std::size_t preferred_batch() const { return options_.population; }
        /// Completed generations, the random first one included.
        [[nodiscard]] std::size_t generation() const noexcept { return generation_; }
        /// Candidates whose constraints were evaluated in closed form.
        [[nodiscard]] std::uint64_t closed_form_evaluations() const noexcept { return closed_form_evaluations_; }

        [[nodiscard]] std::string save() const {
            state_writer out;
            for (const auto* list : {&parents_, &children_}) {
                out << std::uint64_t{list->size()};
                for (const auto& m : *list) {
                    out << m.who << m.violation;
                    for (const auto o : m.objectives) out << o;
                }
            }
            out << std::uint64_t{failed_} << std::uint64_t{generation_} << std::uint64_t{born_} << closed_form_evaluations_;
            return out.text();
        }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>>) {
            state_reader in{saved, "evolution"};
            std::vector<member> parents, children;
            for (auto* list : {&parents, &children}) {
                std::uint64_t size = 0;
                in >> size;
                for (; size > 0; --size) {
                    member m;
                    in >> m.who >> m.violation;
                    for (auto& o : m.objectives) in >> o;
                    list->push_back(std::move(m));
                }
            }
            std::uint64_t failed = 0, generation = 0, born = 0, closed_form_evaluations = 0;
            in >> failed >> generation >> born >> closed_form_evaluations;
            in.finish();
            parents_ = std::move(parents);
            children_ = std::move(children);
            failed_ = static_cast<std::size_t>(failed);
            generation_ = static_cast<std::size_t>(generation);
            born_ = static_cast<std::size_t>(born);
            closed_form_evaluations_ = closed_form_evaluations;
        }

    private:
        struct member {
            point<Space> who{};
            double violation = 0;
            std::array<double, Goals::objective_count> objectives{};
        };

        [[nodiscard]] static const options& checked(const options& o) {
            require_count("evolution", "population", o.population, 1);
            require_count("evolution", "draws", o.draws, 1);
            require_count("evolution", "repair_steps", o.repair_steps, 0);
            require_share("evolution", "parent_ratio", o.parent_ratio);
            require_share("evolution", "mutation_ratio", o.mutation_ratio);
            detail::probability_check check{"evolution"};
            check("mutation", o.mutation);
            check("crossover", o.crossover);
            return o;
        }

        [[nodiscard]] static std::size_t rounded(double share, std::size_t of) {
            const auto n = std::nearbyint(share * static_cast<double>(of));
            return n > 0 ? static_cast<std::size_t>(n) : 0;
        }

        /// How far a candidate breaks the constraints in closed form.
        [[nodiscard]] double violation(const point<Space>& p) {
            if constexpr (evaluates) {
                ++closed_form_evaluations_;
                return Goals::violation(options_.closed_form_constraints(p), limits_);
            } else return 0;
        }

        /// A random point that fits: uniform where one of the first draws does.
        [[nodiscard]] point<Space> fresh(random_stream& random) {
            auto best = sample<Space>(random);
            auto least = violation(best);
            for (std::size_t draw = 1; least > 0 && draw < options_.draws; ++draw) {
                const auto p = sample<Space>(random);
                if (const auto v = violation(p); v < least) {
                    best = p;
                    least = v;
                }
            }
            // A walk that never goes uphill: the peak of a network is a maximum, so most changes leave it as it is.
            for (std::size_t step = 0; least > 0; ++step) {
                if (step == options_.repair_steps)
                    throw infeasible_error{"evolution found no point that meets the constraints known in advance in " +
                                           std::to_string(options_.draws + options_.repair_steps) + " tries; the nearest, " + to_string(best) +
                                           ", breaks them by " + std::to_string(100 * least) + " %"};
                const auto p = reset_mutation{}(best, random);
                if (const auto v = violation(p); v <= least) {
                    best = p;
                    least = v;
                }
            }
            return best;
        }

        [[nodiscard]] point<Space> born(random_stream& random) { return parents_.empty() ? fresh(random) : child(random); }
        [[nodiscard]] point<Space> child(random_stream& random) {
            const auto parent = [&]() -> const point<Space>& { return parents_[static_cast<std::size_t>(random.below(parents_.size()))].who; };
            const bool mutant = mutants_ > born_++ % options_.population; // so turned, since clang takes "population <" for the template of that name
            const auto& first = parent();
            const auto& second = mutant ? first : parent();
            point<Space> candidate;
            for (std::size_t draw = 0; draw < std::max<std::size_t>(options_.draws, 1); ++draw) {
                candidate = mutant ? options_.mutation(first, random) : options_.crossover(first, second, random).first;
                if (violation(candidate) == 0) return candidate;
            }
            return retreat(candidate, first, random);
        }

        /// Takes changes back in random order until the candidate fits; at last it is its parent. A parent that does not fit itself, since nobody
        /// asked for it, is replaced.
        [[nodiscard]] point<Space> retreat(point<Space> candidate, const point<Space>& parent, random_stream& random) {
            if (violation(parent) > 0) return fresh(random);
            std::vector<std::uint32_t> order(candidate.size());
            for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
            random.shuffle(std::span<std::uint32_t>{order.data(), order.size()});
            for (const auto i : order) {
                if (candidate[i] == parent[i]) continue;
                candidate[i] = parent[i];
                auto canonical = candidate;
                canonical.canonicalise();
                if (may_be_proposed(canonical) && violation(canonical) == 0) return canonical;
            }
            return parent;
        }

        /// The best different ones of parents and children become parents.
        void select() {
            // By worth, then by point, so that equal points are neighbours and the order does not depend on how they came.
            children_.insert(children_.end(), parents_.begin(), parents_.end());
            std::sort(children_.begin(), children_.end(), [](const member& a, const member& b) {
                return std::tie(a.violation, a.objectives, a.who) < std::tie(b.violation, b.objectives, b.who);
            });
            parents_.clear();
            for (const auto& m : children_) {
                if (parents_.size() == parent_count_) break;
                if (parents_.empty() || !(parents_.back().who == m.who)) parents_.push_back(m);
            }
            children_.clear();
            failed_ = born_ = 0;
            ++generation_;
        }

        options options_;
        limits_type limits_;
        std::size_t parent_count_, mutants_;
        std::vector<member> parents_, children_;
        std::size_t failed_ = 0, generation_ = 0, born_ = 0;
        std::uint64_t closed_form_evaluations_ = 0;
    };
};

} // namespace verdant
