#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/breeding.hpp>
#include <verdant/optimizer/evolution/decomposition.hpp>
#include <verdant/optimizer/evolution/member_list.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/variation.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// MOEA/D over points of a space.
namespace verdant {

/// MOEA/D (Zhang and Li, IEEE TEC 11(6), 2007) with the limited replacement of Li and Zhang (IEEE TEC 13(2), 2009): one search for each of many
/// directions in the space of objectives, which share what they find with their neighbours. Objectives are measured from the best values met, in
/// units of their extent over the population (2007, section V-E). A point takes the place of one that breaks constraints more, or as little and is
/// worth more along that place's direction (Jain and Deb, IEEE TEC 18(4), 2014, section V). Crossover and mutation are those of discrete spaces
/// (2007), not differential evolution (2009). Known points are bred anew.
/// @tparam Crossover, Mutation see `breeding`
template <class Crossover = uniform_crossover, class Mutation = plain_mutation>
struct moead : optimizer_policy_base {
    struct options {
        std::size_t divisions = 0; ///< of each objective by the directions, see `das_dennis_directions`; 0: `published_divisions`, both layers
        std::size_t inner_divisions = 0; ///< of the inner layer; 0 for none, where `divisions` is given
        std::size_t neighbours = 20; ///< directions that count as near; published. At most 2^26 for all directions together
        double near_probability = 0.9; ///< that parents, and the places that a child may take, are near; published (2009)
        std::size_t replacements = 2; ///< places that a child may take; published (2009)
        scalarisation value = scalarisation::tchebycheff;
        double penalty = 5; ///< of `scalarisation::boundary_intersection`; published
        std::size_t batch = 1; ///< points asked for at once: as many as there are threads, where trials take long
        double crossover_probability = 1; ///< published
        Crossover crossover = detail::gentle_crossover<Crossover>();
        Mutation mutation{};

        using described =
            members<member<"divisions", &options::divisions>, member<"inner_divisions", &options::inner_divisions>,
                    member<"neighbours", &options::neighbours>, member<"near_probability", &options::near_probability>,
                    member<"replacements", &options::replacements>, member<"value", &options::value>, member<"penalty", &options::penalty>,
                    member<"batch", &options::batch>, member<"crossover_probability", &options::crossover_probability>,
                    member<"crossover", &options::crossover, member_role::policy>, member<"mutation", &options::mutation, member_role::policy>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "moead"; }

    template <class Space, class Goals>
    class engine {
        static constexpr std::size_t width = Goals::objective_count;
        using worth = detail::trial_worth<Goals>;

    public:
        /// Throws input_error for options that are out of range, and for more neighbours than memory is meant for, see `decomposition`.
        explicit engine(const options& o)
            : options_{checked(o)}, breeding_{"moead", o.crossover_probability, o.crossover, o.mutation},
              value_{detail::chosen_directions("moead", width, o.divisions, o.inner_divisions), o.neighbours, o.value, o.penalty, "moead"},
              places_(value_.size()), all_(value_.size()) {
            ideal_.fill(std::numeric_limits<double>::infinity());
            std::iota(all_.begin(), all_.end(), std::uint32_t{0});
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> points;
            points.reserve(n);
            while (points.size() < n) {
                points.push_back(asked_ < places_.size() ? first(random) : child(random));
                ++asked_;
            }
            return points;
        }

        /// Each question is of one direction anyway: pending points are only left out.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            const auto before = questions_.size();
            pending_points<Space> taken{pending};
            auto points = ask(random, n);
            for (std::size_t i = 0; i < n; ++i) {
                const auto p = taken.choose(points[i], random);
                if (p == points[i]) continue;
                breeding_.note_asked(p);
                points[i] = questions_[before + i].who = p;
            }
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                breeding_.told(t.point);
                const auto asked = answered(t.point);
                if (!t.completed()) continue;
                const worth w{t};
                if (w.violation == 0)
                    for (std::size_t j = 0; j < width; ++j) ideal_[j] = std::min(ideal_[j], w.objectives[j]);
                take_places(t.point, w, asked);
            }
        }
        /// Takes new values of a trial that still has a place.
        void correct(const trial<Space, Goals>& t) {
            ideal_.fill(std::numeric_limits<double>::infinity());
            for (auto& p : places_) {
                if (p && p->who == t.point) p = t.completed() ? std::optional{member_of_place{t.point, worth{t}}} : std::nullopt;
                if (p && p->value.violation == 0)
                    for (std::size_t j = 0; j < width; ++j) ideal_[j] = std::min(ideal_[j], p->value.objectives[j]);
            }
        }

        [[nodiscard]] std::size_t preferred_batch() const { return options_.batch; }
        /// Who has the place of each direction, where somebody has.
        [[nodiscard]] std::vector<std::optional<point<Space>>> population() const {
            std::vector<std::optional<point<Space>>> living;
            for (const auto& p : places_) living.push_back(p ? std::optional{p->who} : std::nullopt);
            return living;
        }

        [[nodiscard]] std::string save() const {
            state_writer out;
            for (const auto& p : places_) {
                out << p.has_value();
                if (!p) continue;
                out << p->who << p->value.violation;
                for (const auto v : p->value.objectives) out << v;
            }
            for (const auto v : ideal_) out << v;
            out << turns_ << std::uint64_t{next_} << std::uint64_t{asked_} << std::uint64_t{questions_.size()};
            for (const auto& q : questions_) out << q.who << q.place << static_cast<std::uint32_t>(q.scope) << q.seed;
            breeding_.save(out);
            return out.text();
        }
        /// @param told all that was told before
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader in{saved, "moead"};
            engine read{options_};
            for (auto& p : read.places_) read_place(in, p);
            for (auto& v : read.ideal_) in >> v;
            std::uint64_t next = 0, asked = 0, questions = 0;
            in >> read.turns_ >> next >> asked >> questions;
            in.require(next <= read.turns_.size() &&
                           std::all_of(read.turns_.begin(), read.turns_.end(), [&](std::uint32_t i) { return i < all_.size(); }),
                       "turns of the directions");
            for (; questions > 0; --questions) {
                question q;
                std::uint32_t scope = 0;
                in >> q.who >> q.place >> scope >> q.seed;
                in.require(q.place < places_.size() && scope <= static_cast<std::uint32_t>(reach::everywhere), "a question of a direction");
                q.scope = static_cast<reach>(scope);
                read.questions_.push_back(q);
            }
            read.breeding_.restore(in, told);
            in.finish();
            read.next_ = static_cast<std::size_t>(next);
            read.asked_ = static_cast<std::size_t>(asked);
            *this = std::move(read);
        }

    private:
        struct member_of_place {
            point<Space> who{};
            worth value{};
        };
        /// Where a point that was asked for may go.
        enum class reach : std::uint32_t { own_place, nearby, everywhere };
        struct question {
            point<Space> who{};
            std::uint32_t place = 0;
            reach scope = reach::everywhere;
            std::uint64_t seed = 0; ///< of the order in which places are tried: `tell` has no random numbers
        };

        [[nodiscard]] static const options& checked(const options& o) {
            require_count("moead", "neighbours", o.neighbours, 2);
            require_share("moead", "near_probability", o.near_probability);
            require_count("moead", "replacements", o.replacements, 1);
            require_positive("moead", "penalty", o.penalty);
            require_count("moead", "batch", o.batch, 1);
            return o;
        }
        static void read_place(state_reader& in, std::optional<member_of_place>& p) {
            bool taken = false;
            in >> taken;
            if (!taken) return;
            member_of_place m;
            in >> m.who >> m.value.violation;
            for (auto& v : m.value.objectives) in >> v;
            p = m;
        }

        [[nodiscard]] point<Space> first(random_stream& random) {
            const auto p = breeding_.fresh(random);
            questions_.push_back({p, static_cast<std::uint32_t>(asked_), reach::own_place, 0});
            return p;
        }
        [[nodiscard]] point<Space> child(random_stream& random) {
            if (next_ == turns_.size()) {
                turns_ = all_;
                random.shuffle(std::span{turns_});
                next_ = 0;
            }
            const auto place = turns_[next_++];
            auto scope = random.chance(options_.near_probability) ? reach::nearby : reach::everywhere;
            if (scope == reach::nearby && !gather_parents(value_.near(place))) scope = reach::everywhere;
            if (scope == reach::everywhere) gather_parents(all_);
            const auto p = !parents_.empty()
                               ? breeding_.child(random,
                                                 [this](random_stream& r) {
                                                     const auto* one = parents_[static_cast<std::size_t>(r.below(parents_.size()))];
                                                     return std::pair{one, parents_[static_cast<std::size_t>(r.below(parents_.size()))]};
                                                 })
                               : breeding_.fresh(random);
            questions_.push_back({p, place, scope, random()});
            return p;
        }
        /// The points that have some places. @return whether there are any
        bool gather_parents(std::span<const std::uint32_t> from) {
            parents_.clear();
            for (const auto i : from)
                if (places_[i]) parents_.push_back(&places_[i]->who);
            return !parents_.empty();
        }

        /// The oldest question that a point answers; a point that nobody asked for may go anywhere.
        [[nodiscard]] question answered(const point<Space>& p) {
            const auto at = std::find_if(questions_.begin(), questions_.end(), [&](const question& q) { return q.who == p; });
            if (at == questions_.end()) return {p, 0, reach::everywhere, 0};
            const auto q = *at;
            questions_.erase(at);
            return q;
        }

        void take_places(const point<Space>& p, const worth& w, const question& q) {
            measure(w);
            if (q.scope == reach::own_place) {
                if (is_better(w, places_[q.place], q.place)) places_[q.place] = {p, w};
                return;
            }
            const auto near = value_.near(q.place);
            order_.assign(q.scope == reach::nearby ? near.begin() : std::span<const std::uint32_t>{all_}.begin(),
                          q.scope == reach::nearby ? near.end() : std::span<const std::uint32_t>{all_}.end());
            random_stream random{q.seed};
            random.shuffle(std::span{order_});
            std::size_t taken = 0;
            for (const auto i : order_) {
                if (places_[i] && places_[i]->who == p) places_[i]->value = w;
                else if (is_better(w, places_[i], i)) {
                    places_[i] = {p, w};
                    if (++taken == options_.replacements) return;
                }
            }
        }
        [[nodiscard]] bool is_better(const worth& w, const std::optional<member_of_place>& than, std::size_t direction) const {
            if (!than) return true;
            if (w.violation > 0 || than->value.violation > 0) return w.violation < than->value.violation;
            return value_(direction, w.objectives, ideal_, extent_) < value_(direction, than->value.objectives, ideal_, extent_);
        }
        /// The extent of each objective over the population and one more.
        void measure(const worth& one) {
            for (std::size_t j = 0; j < width; ++j) {
                auto high = one.violation == 0 ? one.objectives[j] : ideal_[j];
                for (const auto& p : places_)
                    if (p && p->value.violation == 0) high = std::max(high, p->value.objectives[j]);
                extent_[j] = high > ideal_[j] ? high - ideal_[j] : 1;
            }
        }

        options options_;
        breeding<Space, Crossover, Mutation> breeding_;
        decomposition value_;
        std::vector<std::optional<member_of_place>> places_; ///< one a direction
        std::array<double, width> ideal_{}, extent_{};
        std::vector<std::uint32_t> all_, turns_, order_; ///< directions: all; in the order of this round
        std::size_t next_ = 0, asked_ = 0;
        std::vector<question> questions_; ///< asked and not told
        std::vector<const point<Space>*> parents_;
    };
};

} // namespace verdant
