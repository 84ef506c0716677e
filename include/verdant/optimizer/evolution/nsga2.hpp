#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/engine_checks.hpp>
#include <verdant/optimizer/evolution/nsga2_engine.hpp>
#include <verdant/optimizer/evolution/variation_checks.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/variation.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// NSGA-II over points of a space.
namespace verdant {

/// How points of a space are made and varied, as `nsga2_engine` wants it. Points it makes are feasible.
/// @tparam Crossover (point, point, random) -> pair of points; `uniform_crossover`, `one_point_crossover`, `two_point_crossover`
/// @tparam Mutation  (point, random) -> point; `plain_mutation`, `reset_mutation`, `step_mutation`
template <search_space Space, class Crossover, class Mutation>
struct point_variation {
    double crossover_probability = 0.9;
    Crossover cross{};
    Mutation change{};

    [[nodiscard]] point<Space> initial(random_stream& random) const { return sample<Space>(random); }
    [[nodiscard]] std::pair<point<Space>, point<Space>> crossover(const point<Space>& a, const point<Space>& b, random_stream& random) const {
        return random.chance(crossover_probability) ? cross(a, b, random) : std::pair{a, b};
    }
    [[nodiscard]] point<Space> mutate(const point<Space>& p, random_stream& random) const { return change(p, random); }
};

namespace detail {

/// What NSGA-II recombines with unless it is told otherwise: children that keep more of one parent than Syswerda's halves find better fronts on
/// NAS-Bench-201 and on the accelerator space (docs/search.md).
template <class Crossover>
[[nodiscard]] constexpr Crossover nsga2_crossover() {
    if constexpr (std::is_same_v<Crossover, uniform_crossover>) return {.swap = 0.3};
    else return {};
}

} // namespace detail

/// NSGA-II (Deb, Pratap, Agarwal, Meyarivan, IEEE TEC 6(2), 2002) over the points of a space, with constrained domination. Points are evaluated once,
/// at a price; so what is known is bred anew, and the parents change when a tenth of a population has been told, not a whole one as published.
/// @tparam Crossover, Mutation see `point_variation`
/// @tparam Selection, Survival see `nsga2_engine`
template <class Crossover = uniform_crossover, class Mutation = plain_mutation, class Selection = binary_tournament,
          class Survival = rank_and_crowding>
struct nsga2 : optimizer_policy_base {
    struct options {
        /// Members that survive. Published are 100 (section IV-A), for 25000 evaluations; searches of hundreds of trials find more with 20 to 40.
        std::size_t population = 40;
        /// Children per generation, and points asked for at once: at least as many as there are threads, where trials take long. 0: a tenth of
        /// `population`, rounded up.
        std::size_t offspring = 0;
        double crossover_probability = 0.9; ///< published
        /// Points are evaluated once, so children that are known already are replaced by new ones unless this says otherwise.
        duplicate_policy duplicates = duplicate_policy::avoid_all;
        Crossover crossover = detail::nsga2_crossover<Crossover>();
        Mutation mutation{};
        Selection selection{};
        Survival survival{};

        using described =
            members<member<"population", &options::population>, member<"offspring", &options::offspring>,
                    member<"crossover_probability", &options::crossover_probability>, member<"duplicates", &options::duplicates>,
                    member<"crossover", &options::crossover, member_role::policy>, member<"mutation", &options::mutation, member_role::policy>,
                    member<"selection", &options::selection, member_role::type>, //
                    member<"survival", &options::survival, member_role::type>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "nsga2"; }

    template <class Space, class Goals>
    class engine {
    public:
        using variation = point_variation<Space, Crossover, Mutation>;
        using checked_selection = Selection; ///< whose members the search is to be able to call

        /// Throws input_error for a population below 2, and for a probability outside [0, 1].
        explicit engine(const options& o)
            : batch_{o.offspring != 0 ? o.offspring : (o.population + 9) / 10},
              engine_{Goals::objective_count,
                      variation{o.crossover_probability, o.crossover, o.mutation},
                      {.population = o.population, .offspring = batch_, .duplicates = o.duplicates},
                      o.selection,
                      o.survival} {
            require_share("nsga2", "crossover_probability", o.crossover_probability);
            detail::probability_check check{"nsga2"};
            check("crossover", o.crossover);
            check("mutation", o.mutation);
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            auto points = engine_.ask(random, n);
            for (const auto& p : points) note_asked(p);
            return points;
        }
        /// In a steady state from then on: who is told may be a parent at once, whatever `offspring` says (Durillo, Nebro, Luna, Alba, "On the effect
        /// of the steady-state selection scheme in multi-objective genetic algorithms", EMO 2009).
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            engine_.select_after_each();
            pending_points<Space> taken{pending};
            auto points = engine_.ask(random, n);
            for (auto& p : points) {
                const auto bred = p;
                p = taken.choose(bred, random);
                if (p != bred) { // the core has seen both, and what it has seen is saved
                    engine_.note_asked(p);
                    note_asked(bred);
                }
                note_asked(p);
            }
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                if (remembers_all()) {
                    leave_out(open_, t.point);
                    if (!t.completed() && !engine_.state().seen.contains(t.point)) unasked_.insert(t.point);
                    else leave_out(unasked_, t.point);
                }
                if (!t.completed()) {
                    engine_.tell_failed();
                    continue;
                }
                engine_.tell({&t.point, 1}, numbers(t), {&t.violation, 1});
            }
        }
        /// Takes new values of a trial that is still among parents or children.
        void correct(const trial<Space, Goals>& t) {
            if (t.completed()) engine_.correct(t.point, numbers(t), t.violation);
            else engine_.correct_failed(t.point);
        }

        [[nodiscard]] std::size_t preferred_batch() const { return batch_; }

        /// The state of the core. Only where the selection has `save` and `restore`. Its length does not grow with the trials: the points that are
        /// not to be bred again are those of the trials that `restore` is given, but for a few that are named.
        [[nodiscard]] std::string save() const
            requires detail::saved_selection<Selection>
        {
            const auto& s = engine_.state();
            state_writer out;
            for (const auto* p : {&s.parents, &s.children}) out << p->genomes << p->objectives << p->violations;
            out << s.ranks << s.crowding << s.failed << s.spare;
            s.selection.save(out);
            out << s.generation << s.asked;
            if (remembers_all()) out << std::uint64_t{0} << list(open_) << list(unasked_);
            else out << list({s.seen.begin(), s.seen.end()});
            return out.text();
        }
        /// Takes the states of earlier versions, too, which list all points.
        /// @param told all that was told before
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told)
            requires detail::saved_selection<Selection>
        {
            state_reader in{saved, "nsga2"};
            auto s = engine_.state();
            std::vector<point<Space>> seen, open, unasked;
            for (auto* p : {&s.parents, &s.children}) in >> p->genomes >> p->objectives >> p->violations;
            in >> s.ranks >> s.crowding >> s.failed >> s.spare;
            s.selection.restore(in);
            in >> s.generation >> s.asked >> seen;
            const bool by_trials = remembers_all() && seen.empty() && !in.finished();
            if (by_trials) in >> open >> unasked;
            in.require(by_trials || !remembers_all() || !seen.empty() || s.asked == 0, "the points that were asked for");
            in.finish();
            s.seen.clear();
            const std::set<point<Space>> left_out{unasked.begin(), unasked.end()};
            const auto see = [&](const point<Space>& p) {
                if (!left_out.contains(p)) s.seen.insert(p);
            };
            for (const auto& p : seen) see(p);
            if (by_trials) {
                for (const auto& p : open) see(p);
                for (const auto& t : told) see(t.point);
            }
            engine_.restore(std::move(s));
            compare_with(told);
        }
        /// Parents, ranks, generation.
        [[nodiscard]] const auto& core() const noexcept { return engine_; }

    private:
        [[nodiscard]] bool remembers_all() const { return engine_.settings().duplicates == duplicate_policy::avoid_all; }
        [[nodiscard]] static std::vector<point<Space>> list(const std::set<point<Space>>& points) { return {points.begin(), points.end()}; }

        void note_asked(const point<Space>& p) {
            if (!remembers_all()) return;
            open_.insert(p);
            leave_out(unasked_, p);
        }
        /// By iterator, which instantiates less than by key.
        static void leave_out(std::set<point<Space>>& points, const point<Space>& p) {
            if (const auto at = points.find(p); at != points.end()) points.erase(at);
        }

        /// Finds out where the points that the core has seen differ from those of the trials.
        void compare_with(std::span<const trial<Space, Goals>> told) {
            open_.clear();
            unasked_.clear();
            if (!remembers_all()) return;
            open_.insert(engine_.state().seen.begin(), engine_.state().seen.end());
            for (const auto& t : told) {
                leave_out(open_, t.point);
                if (!engine_.state().seen.contains(t.point)) unasked_.insert(t.point);
            }
        }

        /// Behind an infinite violation the objectives decide nothing, but their differences must stay numbers.
        [[nodiscard]] static auto numbers(const trial<Space, Goals>& t) {
            auto objectives = t.objectives;
            if (std::isinf(t.violation)) objectives.fill(0);
            return objectives;
        }

        std::size_t batch_;
        std::set<point<Space>> open_; ///< asked for and not told
        std::set<point<Space>> unasked_; ///< told as failed without having been asked for: the core has not seen them
        nsga2_engine<point<Space>, variation, Selection, Survival> engine_;
    };
};

} // namespace verdant
