#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/breeding.hpp>
#include <verdant/optimizer/evolution/least_contributor.hpp>
#include <verdant/optimizer/evolution/member_list.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/variation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// SMS-EMOA over points of a space.
namespace verdant {

/// SMS-EMOA (Beume, Naujoks, Emmerich, European J. of Operational Research 181(3), 2007): a steady state, where each point that was told joins the
/// population, and the one that the hypervolume misses least leaves, by exact contributions; see `least_contributor`. Parents are any two members.
/// Known points are bred anew.
/// @tparam Crossover, Mutation see `breeding`
template <class Crossover = uniform_crossover, class Mutation = plain_mutation>
struct sms_emoa : optimizer_policy_base {
    struct options {
        std::size_t population = 40; ///< members that survive. Published are 100, for 20000 evaluations; see `nsga2`
        std::size_t batch = 1; ///< points asked for at once: as many as there are threads, where trials take long
        double reference_offset = 1; ///< published; see `least_contributor`
        double crossover_probability = 0.9; ///< published
        Crossover crossover = detail::gentle_crossover<Crossover>();
        Mutation mutation{};

        using described =
            members<member<"population", &options::population>, member<"batch", &options::batch>,
                    member<"reference_offset", &options::reference_offset>, member<"crossover_probability", &options::crossover_probability>,
                    member<"crossover", &options::crossover, member_role::policy>, member<"mutation", &options::mutation, member_role::policy>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "sms_emoa"; }

    template <class Space, class Goals>
    class engine {
    public:
        /// Throws input_error for options that are out of range.
        explicit engine(const options& o)
            : population_{o.population}, batch_{o.batch}, breeding_{"sms_emoa", o.crossover_probability, o.crossover, o.mutation},
              leaving_{o.reference_offset} {
            require_count("sms_emoa", "population", o.population, 2);
            require_count("sms_emoa", "batch", o.batch, 1);
            require_positive("sms_emoa", "reference_offset", o.reference_offset);
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> points;
            points.reserve(n);
            while (points.size() < n) {
                const bool beginning = asked_ < population_ || members_.size() == 0;
                points.push_back(beginning ? breeding_.fresh(random) : breeding_.child(random, [this](random_stream& r) {
                    const auto* first = &members_.points()[static_cast<std::size_t>(r.below(members_.size()))];
                    return std::pair{first, &members_.points()[static_cast<std::size_t>(r.below(members_.size()))]};
                }));
                ++asked_;
            }
            return points;
        }

        /// It is a steady state anyway: pending points are only left out.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
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
                if (!t.completed()) continue;
                members_.add(t);
                if (members_.size() > population_) members_.erase(leaving_(members_.rows(), members_.violations()));
            }
        }
        /// Takes new values of a trial that is still a member.
        void correct(const trial<Space, Goals>& t) { members_.correct(t); }

        [[nodiscard]] std::size_t preferred_batch() const { return batch_; }
        /// The members, the oldest first.
        [[nodiscard]] std::span<const point<Space>> population() const noexcept { return members_.points(); }

        [[nodiscard]] std::string save() const {
            state_writer out;
            out << members_ << std::uint64_t{asked_};
            breeding_.save(out);
            return out.text();
        }
        /// @param told all that was told before
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader in{saved, "sms_emoa"};
            detail::member_list<Space, Goals> living;
            std::uint64_t asked = 0;
            in >> living >> asked;
            in.require(living.size() <= population_, "no more members than the population has");
            breeding_.restore(in, told);
            in.finish();
            members_ = std::move(living);
            asked_ = static_cast<std::size_t>(asked);
        }

    private:
        std::size_t population_, batch_;
        breeding<Space, Crossover, Mutation> breeding_;
        least_contributor leaving_;
        detail::member_list<Space, Goals> members_;
        std::size_t asked_ = 0;
    };
};

} // namespace verdant
