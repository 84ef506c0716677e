#pragma once

#include <verdant/meta/type_name.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/nsga2_engine.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/variation.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

/// How points of a space are made and varied, as `nsga2_engine` wants it. Points it makes are feasible.
/// @tparam Crossover (point, point, random) -> pair of points; `uniform_crossover`, `one_point_crossover`, `two_point_crossover`
/// @tparam Mutation  (point, random) -> point; `reset_mutation`, `step_mutation`
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

/// NSGA-II (Deb, Pratap, Agarwal, Meyarivan, IEEE TEC 6(2), 2002) over the points of a space, with constrained domination.
/// @tparam Crossover, Mutation see `point_variation`
/// @tparam Selection, Survival see `nsga2_engine`
template <class Crossover = uniform_crossover, class Mutation = reset_mutation, class Selection = binary_tournament,
          class Survival = rank_and_crowding>
struct nsga2 : optimizer_policy_base {
    struct options {
        std::size_t population = 100;       ///< published (section IV-A)
        std::size_t offspring = 0;          ///< children per generation; 0: as many as `population`
        double crossover_probability = 0.9; ///< published
        /// Points are evaluated once, so children that are known already are replaced by new ones unless this says otherwise.
        duplicate_policy duplicates = duplicate_policy::avoid_all;
        Crossover crossover{};
        Mutation mutation{};
        Selection selection{};
        Survival survival{};
    };
    [[nodiscard]] static constexpr std::string_view name() { return "nsga2"; }
    /// The options that points depend on, for studies that are kept.
    template <class F>
    static void describe(const options& o, F&& option) {
        option("population", o.population);
        option("offspring", o.offspring);
        option("crossover_probability", o.crossover_probability);
        option("duplicates", o.duplicates);
        option("crossover", type_name<Crossover>());
        if constexpr (requires { o.crossover.swap; }) option("crossover.swap", o.crossover.swap);
        option("mutation", type_name<Mutation>());
        if constexpr (requires { o.mutation.rate; }) option("mutation.rate", o.mutation.rate);
        if constexpr (requires { o.mutation.reach; }) option("mutation.reach", o.mutation.reach);
        option("selection", type_name<Selection>());
        option("survival", type_name<Survival>());
    }

    template <class Space, class Goals>
    class engine {
    public:
        using variation = point_variation<Space, Crossover, Mutation>;

        /// Throws input_error for a population below 2.
        explicit engine(const options& o)
            : batch_{o.offspring != 0 ? o.offspring : o.population},
              engine_{Goals::objective_count,
                      variation{o.crossover_probability, o.crossover, o.mutation},
                      {.population = o.population, .offspring = o.offspring, .duplicates = o.duplicates},
                      o.selection,
                      o.survival} {}

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) { return engine_.ask(random, n); }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                if (!t.completed()) {
                    engine_.tell_failed();
                    continue;
                }
                auto objectives = t.objectives;
                // Behind an infinite violation the objectives decide nothing, but their differences must stay numbers.
                if (std::isinf(t.violation)) objectives.fill(0);
                engine_.tell({&t.point, 1}, objectives, {&t.violation, 1});
            }
        }

        [[nodiscard]] std::size_t preferred_batch() const { return batch_; }

        /// The state of the core. Only where the selection has `save` and `restore`.
        [[nodiscard]] std::string save() const
            requires requires(const Selection& s, state_writer& out) { s.save(out); }
        {
            const auto& s = engine_.state();
            state_writer out;
            for (const auto* p : {&s.parents, &s.children}) out << p->genomes << p->objectives << p->violations;
            out << s.ranks << s.crowding << s.failed << s.spare;
            s.selection.save(out);
            out << s.generation << s.asked << std::vector<point<Space>>(s.seen.begin(), s.seen.end());
            return out.text();
        }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>>)
            requires requires(Selection& s, state_reader& in) { s.restore(in); }
        {
            state_reader in{saved, "nsga2"};
            auto s = engine_.state();
            std::vector<point<Space>> seen;
            for (auto* p : {&s.parents, &s.children}) in >> p->genomes >> p->objectives >> p->violations;
            in >> s.ranks >> s.crowding >> s.failed >> s.spare;
            s.selection.restore(in);
            in >> s.generation >> s.asked >> seen;
            in.finish();
            s.seen = {seen.begin(), seen.end()};
            engine_.restore(std::move(s));
        }
        /// Parents, ranks, generation.
        [[nodiscard]] const auto& core() const noexcept { return engine_; }

    private:
        std::size_t batch_;
        nsga2_engine<point<Space>, variation, Selection, Survival> engine_;
    };
};

} // namespace verdant
