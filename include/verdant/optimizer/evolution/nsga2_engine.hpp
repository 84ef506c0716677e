#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/evolution/genome_variation.hpp>
#include <verdant/optimizer/evolution/known_genomes.hpp>
#include <verdant/optimizer/evolution/population.hpp>
#include <verdant/optimizer/evolution/rank_and_crowding.hpp>
#include <verdant/optimizer/evolution/tournament.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// The engine of NSGA-II for genomes of any kind.
namespace verdant {

/// What the engine does about genomes that it has had before.
enum class duplicate_policy {
    allow,         ///< as published: equal genomes may be asked for, and may fill the population
    avoid_current, ///< no child equal to a parent or to another child of its generation
    avoid_all      ///< no child equal to any genome ever asked for or told
};

/// Options of the engine, which knows no space.
struct nsga2_engine_options {
    /// Members that survive a generation. Published: 100 (Deb et al. 2002, section IV-A).
    std::size_t population = 100;
    /// Children told before the next selection; 0 means as many as `population`, 1 gives a steady-state algorithm.
    std::size_t offspring = 0;
    duplicate_policy duplicates = duplicate_policy::allow;
    /// In place of a duplicated child others are bred, at most this many, then random genomes, as many; then it is accepted after all.
    std::size_t duplicate_attempts = 16;

    friend bool operator==(const nsga2_engine_options&, const nsga2_engine_options&) = default;
};

/// All that the next `ask` and `tell` depend on besides options, variation and the random stream: store it, restore it, and a run continues
/// identically.
template <class Genome, class Selection>
struct nsga2_state {
    /// The current parents, best front first.
    population<Genome> parents;
    std::vector<std::uint32_t> ranks;
    std::vector<double> crowding;
    /// Children told since the last selection; `failed` of them came without values.
    population<Genome> children;
    std::size_t failed = 0;
    /// Second children of crossovers that were not yet asked for (at most one).
    std::vector<Genome> spare;
    Selection selection;
    std::size_t generation = 0;
    std::size_t asked = 0;
    /// For the duplicate policies other than `allow`.
    known_genomes<Genome> seen;

    friend bool operator==(const nsga2_state&, const nsga2_state&) = default;
};

/// The generational core of NSGA-II (Deb, Pratap, Agarwal, Meyarivan, IEEE TEC 6(2), 2002) over any genome: ask for genomes, tell what they
/// were worth. Any number may be asked for at any time: the first `population` are random, later ones children of the current parents,
/// which change when a whole generation has been told. Genomes that were not asked for may be told as well. Equal random streams, calls and
/// values give equal results, however the values are distributed over calls of `tell`.
///
/// `Variation` makes genomes (`genome_variation`); `Selection` picks a parent: `(random, ranks, crowding) -> index`;
/// `Survival` chooses who lives on: `(rows, violations, keep, survivors&)`.
template <class Genome, class Variation, class Selection = binary_tournament, class Survival = rank_and_crowding>
class nsga2_engine {
    static_assert(genome<Genome>, "verdant: this genome cannot be copied and ordered; give it a copy constructor, == and <=>");
    // As a value: compilers explain an unsatisfied concept at length, after a message that says all.
    static constexpr bool variation_fits = genome_variation<Variation, Genome>;
    static_assert(
        variation_fits,
        "verdant: this variation policy does not fit the genome; give it initial(random), crossover(a, b, random) and mutate(genome, random)");

public:
    using genome_type = Genome;
    using options = nsga2_engine_options;
    using state_type = nsga2_state<Genome, Selection>;

    /// `objectives`: how many numbers, all to be minimised, are told for each genome. Throws `input_error` for fewer than 1 or a population
    /// below 2.
    explicit nsga2_engine(std::size_t objectives, Variation variation = {}, options chosen = {}, Selection selection = {}, Survival survival = {})
        : variation_{std::move(variation)}, survival_{std::move(survival)}, options_{chosen} {
        if (objectives == 0) throw input_error{"nsga2", "objectives", "at least 1", "0"};
        require_count("nsga2", "population", chosen.population, 2);
        require_count("nsga2", "offspring", chosen.offspring, 0);
        require_count("nsga2", "duplicate_attempts", chosen.duplicate_attempts, 0);
        if (options_.offspring == 0) options_.offspring = options_.population;
        state_.selection = std::move(selection);
        state_.parents.width = state_.children.width = objectives;
    }

    /// `n` genomes to evaluate.
    [[nodiscard]] std::vector<Genome> ask(random_stream& random, std::size_t n) {
        std::vector<Genome> genomes;
        genomes.reserve(n);
        while (genomes.size() < n) {
            genomes.push_back(state_.asked < options_.population || state_.parents.size() == 0 ? fresh(random) : child(random));
            ++state_.asked;
        }
        return genomes;
    }

    /// From now on the parents may change with each genome that is told once the first population has been: a steady state, for genomes that are told
    /// as they are measured.
    void select_after_each() noexcept { options_.offspring = 1; }
    /// Counts a genome as asked for that was made elsewhere.
    void note_asked(const Genome& made) { remember(made); }

    /// Values of `genomes`, in the order in which they were asked for: row k of `objectives` (row-major) and `violations[k]`, the total
    /// violation of the constraints, 0 or less where feasible; no violations mean that all are feasible. Throws `input_error` where lengths
    /// do not fit or a value is NaN; then nothing is told.
    void tell(std::span<const Genome> genomes, std::span<const double> objectives, std::span<const double> violations = {}) {
        require(genomes.size(), objectives, violations);
        const auto width = state_.parents.width;
        for (std::size_t i = 0; i < genomes.size(); ++i) {
            remember(genomes[i]);
            state_.children.append(genomes[i], objectives.subspan(i * width, width), violations.empty() ? 0.0 : std::max(violations[i], 0.0));
            select_when_complete();
        }
    }

    /// `count` of the genomes asked for came back without values: they count as told but never breed.
    void tell_failed(std::size_t count = 1) {
        for (; count > 0; --count) {
            ++state_.failed;
            select_when_complete();
        }
    }

    /// Gives a genome that was told other values, where it still is a parent or a child; the parents are ranked anew. Throws as `tell` does.
    void correct(const Genome& told, std::span<const double> objectives, double violation = 0) {
        require(1, objectives, {&violation, 1});
        for (auto* p : {&state_.parents, &state_.children})
            for (std::size_t i = 0; i < p->size(); ++i) {
                if (!(p->genomes[i] == told)) continue;
                std::copy(objectives.begin(), objectives.end(), p->objectives.begin() + static_cast<std::ptrdiff_t>(i * p->width));
                p->violations[i] = std::max(violation, 0.0);
            }
        rank_parents();
    }
    /// The same for a genome that has no values after all: it breeds no more.
    void correct_failed(const Genome& told) {
        for (auto* p : {&state_.parents, &state_.children}) {
            population<Genome> kept;
            kept.width = p->width;
            for (std::size_t i = 0; i < p->size(); ++i)
                if (!(p->genomes[i] == told)) kept.append(std::move(p->genomes[i]), p->rows()[i], p->violations[i]);
            if (p == &state_.children) state_.failed += p->size() - kept.size();
            *p = std::move(kept);
        }
        rank_parents();
    }

    /// The current parents: empty until the first generation has been told, then best front first.
    [[nodiscard]] const population<Genome>& parents() const noexcept { return state_.parents; }
    /// Front numbers and crowding distances of the parents.
    [[nodiscard]] std::span<const std::uint32_t> ranks() const noexcept { return state_.ranks; }
    [[nodiscard]] std::span<const double> crowding() const noexcept { return state_.crowding; }
    /// Completed generations, the random first one included.
    [[nodiscard]] std::size_t generation() const noexcept { return state_.generation; }
    [[nodiscard]] const options& settings() const noexcept { return options_; }
    [[nodiscard]] const Variation& variation() const noexcept { return variation_; }

    [[nodiscard]] const state_type& state() const noexcept { return state_; }
    /// Continues from a stored state. Throws `input_error` where its parts do not fit each other or this engine.
    void restore(state_type state) {
        const auto fits = [&](const population<Genome>& p) {
            return p.width == state_.parents.width && p.objectives.size() == p.size() * p.width && p.violations.size() == p.size();
        };
        if (!fits(state.parents) || !fits(state.children) || state.ranks.size() != state.parents.size() ||
            state.crowding.size() != state.parents.size())
            throw input_error{"nsga2", "stored state", "parts of equal length and " + std::to_string(state_.parents.width) + " objectives",
                              "a state that does not fit"};
        state_ = std::move(state);
    }

private:
    void require(std::size_t n, std::span<const double> objectives, std::span<const double> violations) const {
        const pareto::objective_rows rows{objectives, state_.parents.width};
        if (rows.size() != n) throw input_error{"nsga2", "tell", std::to_string(n) + " objective vectors", std::to_string(rows.size())};
        if (!violations.empty() && violations.size() != n)
            throw input_error{"nsga2", "tell", std::to_string(n) + " violations", std::to_string(violations.size())};
        pareto::require_numbers(rows);
        for (std::size_t i = 0; i < violations.size(); ++i)
            if (std::isnan(violations[i])) throw input_error{"nsga2", "tell, violation " + std::to_string(i), "a number", "NaN"};
    }

    Genome fresh(random_stream& random) {
        Genome made = variation_.initial(random);
        if (options_.duplicates != duplicate_policy::allow) {
            for (std::size_t k = 0; !state_.seen.insert(made) && k < options_.duplicate_attempts; ++k) made = variation_.initial(random);
        }
        return made;
    }

    Genome child(random_stream& random) {
        Genome made = bred(random);
        if (options_.duplicates == duplicate_policy::allow) return made;
        for (std::size_t k = 0; !state_.seen.insert(made); ++k) {
            if (k == options_.duplicate_attempts) return fresh(random);
            made = bred(random);
        }
        return made;
    }

    Genome bred(random_stream& random) {
        if (!state_.spare.empty()) {
            Genome second = std::move(state_.spare.back());
            state_.spare.pop_back();
            return second;
        }
        const auto first = state_.selection(random, state_.ranks, state_.crowding);
        const auto second = state_.selection(random, state_.ranks, state_.crowding);
        std::pair<Genome, Genome> children =
            variation_.crossover(std::as_const(state_.parents.genomes[first]), std::as_const(state_.parents.genomes[second]), random);
        mutate(children.first, random);
        mutate(children.second, random);
        state_.spare.push_back(std::move(children.second));
        return std::move(children.first);
    }

    void mutate(Genome& child, random_stream& random) {
        if constexpr (std::is_void_v<decltype(variation_.mutate(child, random))>) variation_.mutate(child, random);
        else child = variation_.mutate(child, random);
    }

    void remember(const Genome& told) {
        if (options_.duplicates != duplicate_policy::allow) state_.seen.insert(told);
    }

    void select_when_complete() {
        const auto needed = state_.generation == 0 ? options_.population : options_.offspring;
        if (state_.children.size() + state_.failed < needed) return;
        state_.failed = 0;
        ++state_.generation;
        merge();
        survival_(merged_.rows(), merged_.violations, options_.population, kept_);
        take_survivors();
        const auto& parents = state_.parents;
        if (options_.duplicates != duplicate_policy::avoid_current) return;
        state_.seen.clear();
        for (const auto& one : parents.genomes) state_.seen.insert(one);
    }

    /// Those of `merged_` that `kept_` names become the parents.
    void take_survivors() {
        auto& parents = state_.parents;
        parents.clear();
        for (const auto i : kept_.indices) parents.append(std::move(merged_.genomes[i]), merged_.rows()[i], merged_.violations[i]);
        state_.ranks.assign(kept_.ranks.begin(), kept_.ranks.end());
        state_.crowding.assign(kept_.crowding.begin(), kept_.crowding.end());
    }

    void rank_parents() {
        merged_ = state_.parents;
        if (merged_.size() > 0) survival_(merged_.rows(), merged_.violations, merged_.size(), kept_);
        else kept_.clear();
        take_survivors();
    }

    /// Parents and children in one; where duplicates are not allowed, only the first of equal genomes.
    void merge() {
        merged_.clear();
        merged_.width = state_.parents.width;
        if (state_.children.size() <= few && state_.generation > 1) return merge_few();
        known_genomes<Genome> met;
        for (auto* source : {&state_.parents, &state_.children})
            for (std::size_t i = 0; i < source->size(); ++i)
                if (options_.duplicates == duplicate_policy::allow || met.insert(source->genomes[i]))
                    merged_.append(std::move(source->genomes[i]), source->rows()[i], source->violations[i]);
        state_.children.clear();
    }

    /// The same for so few children that to look through all is faster than to note them: parents are different already.
    void merge_few() {
        auto& children = state_.children;
        std::swap(merged_, state_.parents);
        for (std::size_t i = 0; i < children.size(); ++i) {
            const auto& met = merged_.genomes;
            if (options_.duplicates == duplicate_policy::allow || std::find(met.begin(), met.end(), children.genomes[i]) == met.end())
                merged_.append(std::move(children.genomes[i]), children.rows()[i], children.violations[i]);
        }
        children.clear();
    }
    static constexpr std::size_t few = 4;

    Variation variation_;
    Survival survival_;
    options options_;
    state_type state_;
    population<Genome> merged_;
    survivors kept_;
};

} // namespace verdant
