#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/breeding.hpp>
#include <verdant/optimizer/evolution/member_list.hpp>
#include <verdant/optimizer/evolution/reference_niching.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/variation.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// NSGA-III over points of a space.
namespace verdant {

/// NSGA-III (Deb and Jain, IEEE TEC 18(4), 2014; with constraints Jain and Deb, same issue): for three and more objectives, of which nearly all
/// points are incomparable. Who survives is decided by directions that are spread evenly, see `reference_niching`. Of two random members the feasible
/// one, or the one that breaks constraints less, is a parent. Known points are bred anew.
/// @tparam Crossover, Mutation see `breeding`
template <class Crossover = uniform_crossover, class Mutation = plain_mutation>
struct nsga3 : optimizer_policy_base {
    struct options {
        std::size_t divisions = 0; ///< of each objective by the directions, see `das_dennis_directions`; 0: `published_divisions`, both layers
        std::size_t inner_divisions = 0; ///< of the inner layer; 0 for none, where `divisions` is given
        std::size_t population = 0; ///< members that survive; 0: the number of directions, rounded up to a multiple of 4 (published)
        /// Children told before the next selection, and points asked for at once. 0: a tenth of `population`, rounded up. Published: all of
        /// `population`.
        std::size_t offspring = 0;
        double crossover_probability = 1; ///< published
        Crossover crossover = detail::gentle_crossover<Crossover>();
        Mutation mutation{};

        using described =
            members<member<"divisions", &options::divisions>, member<"inner_divisions", &options::inner_divisions>,
                    member<"population", &options::population>, member<"offspring", &options::offspring>,
                    member<"crossover_probability", &options::crossover_probability>, member<"crossover", &options::crossover, member_role::policy>,
                    member<"mutation", &options::mutation, member_role::policy>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "nsga3"; }

    template <class Space, class Goals>
    class engine {
    public:
        /// Throws input_error for options that are out of range.
        explicit engine(const options& o)
            : breeding_{"nsga3", o.crossover_probability, o.crossover, o.mutation},
              niching_{detail::chosen_directions("nsga3", Goals::objective_count, o.divisions, o.inner_divisions)},
              population_{o.population != 0 ? o.population : (niching_.directions().size() + 3) / 4 * 4},
              batch_{o.offspring != 0 ? o.offspring : (population_ + 9) / 10}, offspring_{batch_} {
            require_count("nsga3", "population", population_, 2);
            require_count("nsga3", "offspring", offspring_, 1);
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> points;
            if (n == 0) return points;
            if (children_.size() + failed_ >= (generation_ == 0 ? population_ : offspring_)) select(random);
            points.reserve(n);
            while (points.size() < n) {
                const bool beginning = asked_ < population_ || parents_.size() == 0;
                points.push_back(beginning ? breeding_.fresh(random) : breeding_.child(random, [this](random_stream& r) {
                    const auto& first = parent(r);
                    return std::pair{&first, &parent(r)};
                }));
                ++asked_;
            }
            return points;
        }

        /// In a steady state from then on: who is told may be a parent at once, whatever `offspring` says.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            offspring_ = 1;
            pending_points<Space> taken{pending};
            auto points = ask(random, n);
            for (auto& p : points) {
                const auto bred = p;
                p = taken.choose(bred, random);
                if (p != bred) breeding_.note_asked(p);
            }
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                breeding_.told(t.point);
                if (t.completed()) children_.add(t);
                else ++failed_;
            }
        }
        /// Takes new values of a trial that is still among parents or children.
        void correct(const trial<Space, Goals>& t) {
            parents_.correct(t);
            failed_ += children_.correct(t);
            // A best value may have been the wrong one. Those of children are met at the next selection.
            std::vector<double> ideal(Goals::objective_count, std::numeric_limits<double>::infinity());
            for (std::size_t i = 0; i < parents_.size(); ++i)
                for (std::size_t j = 0; j < ideal.size() && parents_.violations()[i] <= 0; ++j) ideal[j] = std::min(ideal[j], parents_.rows()[i][j]);
            niching_.restore(std::move(ideal));
        }

        [[nodiscard]] std::size_t preferred_batch() const { return batch_; }
        /// The current parents, best front first; none until as many as the population has were told.
        [[nodiscard]] std::span<const point<Space>> parents() const noexcept { return parents_.points(); }
        /// Completed generations, the random first one included.
        [[nodiscard]] std::size_t generation() const noexcept { return generation_; }
        [[nodiscard]] const reference_directions& directions() const noexcept { return niching_.directions(); }

        [[nodiscard]] std::string save() const {
            state_writer out;
            out << parents_ << children_;
            out << niching_.ideal() << std::uint64_t{failed_} << std::uint64_t{generation_} << std::uint64_t{asked_};
            breeding_.save(out);
            return out.text();
        }
        /// @param told all that was told before
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader in{saved, "nsga3"};
            detail::member_list<Space, Goals> parents, children;
            std::vector<double> ideal;
            std::uint64_t failed = 0, generation = 0, asked = 0;
            in >> parents >> children;
            in >> ideal >> failed >> generation >> asked;
            in.require(ideal.size() == Goals::objective_count, "the best value of each objective");
            breeding_.restore(in, told);
            in.finish();
            parents_ = std::move(parents);
            children_ = std::move(children);
            niching_.restore(std::move(ideal));
            failed_ = static_cast<std::size_t>(failed);
            generation_ = static_cast<std::size_t>(generation);
            asked_ = static_cast<std::size_t>(asked);
        }

    private:
        /// Of two random members the one that breaks constraints less; the first of equals.
        [[nodiscard]] const point<Space>& parent(random_stream& random) const {
            const auto a = static_cast<std::size_t>(random.below(parents_.size())), b = static_cast<std::size_t>(random.below(parents_.size()));
            return parents_.points()[parents_.violations()[b] < parents_.violations()[a] ? b : a];
        }

        void select(random_stream& random) {
            parents_.take_new(children_);
            children_.clear();
            failed_ = 0;
            ++generation_;
            parents_.keep(niching_(parents_.rows(), parents_.violations(), population_, random));
        }

        breeding<Space, Crossover, Mutation> breeding_;
        reference_niching niching_;
        std::size_t population_, batch_, offspring_;
        detail::member_list<Space, Goals> parents_, children_;
        std::size_t failed_ = 0, generation_ = 0, asked_ = 0;
    };
};

} // namespace verdant
