#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/variation.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Local search with restarts, over the points of any space.
namespace verdant {

/// Which neighbour a climb goes on to.
enum class climbing : std::uint8_t {
    first_improvement, ///< the first that is better, in random order
    best_improvement   ///< the best of all of them
};

/// Climbs from random points to local optima (White, Nolen, Savani, "Exploring the loss landscape in neural architecture search", UAI 2021; first
/// improvement: Ottelander, Dushatskiy, Virgolin, Bosman, "Local search is a remarkably strong baseline for neural architecture search", EMO 2021).
/// Neighbours differ in one parameter, see `neighbours`. Known neighbours are compared with by their earlier results, and never asked for again.
///
/// Where no neighbour is better but some are equal, the climb walks on over the plateau to equal neighbours, each once, for at most `plateau` steps
/// on end; then it starts anew from a random point. With several objectives a neighbour is better where it dominates, and each climb weighs the
/// objectives anew: of neighbours that do not dominate each other, the one of the better weighted sum of objectives, each in units of its extent over
/// all that is known.
struct local_search : optimizer_policy_base {
    struct options {
        climbing climb = climbing::first_improvement;
        std::size_t plateau = 3; ///< steps between equal points on end
        std::size_t reach = 0; ///< how far the index of a parameter moves; 0 for any other value
        using described = members<member<"climb", &options::climb>, member<"plateau", &options::plateau>, member<"reach", &options::reach>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "local_search"; }

    template <class Space, class Goals>
    class engine {
        static constexpr std::size_t width = Goals::objective_count;

    public:
        /// Throws input_error for options that are out of range.
        explicit engine(const options& o) : options_{o} {
            require_count("local_search", "plateau", o.plateau, 0);
            require_count("local_search", "reach", o.reach, 0);
            forget_extents();
        }

        /// Neighbours of the point where the climb stands, in random order; beyond these, random points, which climbs may start from later.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> points;
            if (n == 0) return points;
            advance(random);
            while (points.size() < n && next_ + points.size() < queue_.size()) points.push_back(queue_[next_ + points.size()]);
            std::size_t fruitless = 0;
            while (points.size() < n) {
                auto p = stranger(random);
                if (std::find(points.begin(), points.end(), p) != points.end() && ++fruitless < patience) continue;
                points.push_back(std::move(p));
            }
            return points;
        }

        /// The same without the pending ones: the climb goes on when they are told.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            pending_points<Space> taken{pending};
            std::vector<point<Space>> points;
            if (n == 0) return points;
            advance(random);
            for (auto next = next_; points.size() < n && next < queue_.size(); ++next)
                if (!known_.contains(queue_[next]) && !taken.contains(queue_[next])) points.push_back(taken.choose(queue_[next], random));
            while (points.size() < n) points.push_back(taken.choose(random, [&] { return stranger(random); }));
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) take(t);
        }
        /// Takes new values of a trial.
        void correct(const trial<Space, Goals>& t) {
            take(t);
            forget_extents();
            for (const auto& [p, w] : known_)
                if (w.completed) extend(w.objectives);
        }

        [[nodiscard]] std::size_t preferred_batch() const {
            return options_.climb == climbing::first_improvement ? 1 : std::max<std::size_t>(1, queue_.size() - next_);
        }
        /// How many climbs have begun.
        [[nodiscard]] std::size_t climbs() const noexcept { return climbs_; }

        [[nodiscard]] std::string save() const {
            state_writer out;
            out << here_.has_value() << here_.value_or(point<Space>{}) << queue_ << std::uint64_t{next_} << walked_ << std::uint64_t{climbs_};
            for (const auto w : weights_) out << w;
            return out.text();
        }
        /// @param told all that was told before
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader in{saved, "local_search"};
            bool somewhere = false;
            point<Space> here;
            std::vector<point<Space>> queue, walked;
            std::uint64_t next = 0, climbs = 0;
            in >> somewhere >> here >> queue >> next >> walked >> climbs;
            std::array<double, width> weights{};
            for (auto& w : weights) in >> w;
            in.finish();
            in.require(next <= queue.size(), "no more neighbours looked at than there are");
            known_.clear();
            forget_extents();
            tell(told);
            in.require(!somewhere || known_.contains(here), "a point that was told");
            here_ = somewhere ? std::optional{here} : std::nullopt;
            queue_ = std::move(queue);
            next_ = static_cast<std::size_t>(next);
            walked_ = std::move(walked);
            climbs_ = static_cast<std::size_t>(climbs);
            weights_ = weights;
        }

    private:
        static constexpr std::size_t patience = 100; ///< draws until there is a new point

        struct worth {
            std::array<double, width> objectives{};
            double violation = 0;
            bool completed = false;
        };
        enum class comparison : std::uint8_t { better, equal, worse };

        void take(const trial<Space, Goals>& t) {
            known_.insert_or_assign(t.point, worth{t.objectives, t.violation, t.completed()});
            if (!t.completed()) return;
            extend(t.objectives);
        }
        void extend(const std::array<double, width>& values) {
            for (std::size_t o = 0; o < width; ++o) {
                if (!std::isfinite(values[o])) continue;
                low_[o] = std::min(low_[o], values[o]);
                high_[o] = std::max(high_[o], values[o]);
            }
        }
        void forget_extents() {
            low_.fill(std::numeric_limits<double>::infinity());
            high_.fill(-std::numeric_limits<double>::infinity());
        }

        [[nodiscard]] double weighted(const worth& w) const {
            double sum = 0;
            for (std::size_t o = 0; o < width; ++o) {
                const auto extent = high_[o] - low_[o];
                sum += weights_[o] * (extent > 0 ? (w.objectives[o] - low_[o]) / extent : 0);
            }
            return sum;
        }
        [[nodiscard]] comparison compare(const worth& a, const worth& b) const {
            if (!a.completed || !b.completed) return a.completed ? comparison::better : comparison::worse;
            switch (pareto::compare(a.objectives, a.violation, b.objectives, b.violation)) {
            case pareto::relation::dominates: return comparison::better;
            case pareto::relation::dominated: return comparison::worse;
            case pareto::relation::equal: return comparison::equal;
            default: break;
            }
            if (a.violation > 0) return comparison::equal; // break constraints as far as each other
            const auto x = weighted(a), y = weighted(b);
            return x < y ? comparison::better : x > y ? comparison::worse : comparison::equal;
        }

        /// Goes on until some neighbour is not known, or a climb begins.
        void advance(random_stream& random) {
            while (true) {
                if (!here_) {
                    if (queue_.empty()) return begin(random); // where that is known, all points are, and no climb finds a new one
                    if (!known_.contains(queue_.front())) return;
                    arrive(queue_.front(), random, step::up);
                    if (!known_.at(*here_).completed) leave();
                    continue;
                }
                if (const auto to = better_neighbour()) arrive(*to, random, step::up);
                else if (next_ < queue_.size()) return; // of which the next is not known
                else if (const auto level = equal_neighbour()) arrive(*level, random, step::level);
                else leave();
            }
        }

        enum class step : std::uint8_t { up, level };
        void arrive(const point<Space>& p, random_stream& random, step how) {
            if (how == step::up) walked_.clear();
            here_ = p;
            walked_.push_back(p);
            queue_.clear();
            for (const auto& q : neighbours(p, options_.reach))
                if (may_be_proposed(q)) queue_.push_back(q);
            random.shuffle(std::span{queue_});
            // Those that are known need no asking: they come first.
            std::vector<point<Space>> unknown;
            for (const auto& q : queue_)
                if (!known_.contains(q)) unknown.push_back(q);
            std::erase_if(queue_, [this](const point<Space>& q) { return !known_.contains(q); });
            queue_.insert(queue_.end(), unknown.begin(), unknown.end());
            next_ = 0;
        }
        void begin(random_stream& random) {
            ++climbs_;
            queue_.assign(1, stranger(random));
            next_ = 0;
            walked_.clear();
            double sum = 0;
            for (auto& w : weights_) sum += w = 0.05 + random.uniform();
            for (auto& w : weights_) w /= sum;
        }
        void leave() {
            here_.reset();
            queue_.clear();
            next_ = 0;
        }

        /// Looks at the known neighbours that come next; where all of them count, only when all are known.
        [[nodiscard]] std::optional<point<Space>> better_neighbour() {
            const auto& now = known_.at(*here_);
            for (; next_ < queue_.size(); ++next_) {
                const auto at = known_.find(queue_[next_]);
                if (at == known_.end()) return std::nullopt;
                if (options_.climb == climbing::first_improvement && compare(at->second, now) == comparison::better) return at->first;
            }
            if (options_.climb == climbing::first_improvement) return std::nullopt;
            const std::pair<const point<Space>, worth>* best = nullptr;
            for (const auto& q : queue_) {
                const auto at = known_.find(q);
                if (at == known_.end() || compare(at->second, best == nullptr ? now : best->second) != comparison::better) continue;
                best = &*at;
            }
            return best == nullptr ? std::nullopt : std::optional{best->first};
        }
        [[nodiscard]] std::optional<point<Space>> equal_neighbour() const {
            if (walked_.size() > options_.plateau) return std::nullopt;
            const auto& now = known_.at(*here_);
            for (const auto& q : queue_) {
                const auto at = known_.find(q);
                if (at != known_.end() && compare(at->second, now) == comparison::equal &&
                    std::find(walked_.begin(), walked_.end(), q) == walked_.end())
                    return q;
            }
            return std::nullopt;
        }

        /// A random new point; a known one where all are known.
        [[nodiscard]] point<Space> stranger(random_stream& random) const {
            for (std::size_t attempt = 0; attempt < patience; ++attempt)
                if (const auto p = sample<Space>(random); !known_.contains(p)) return p;
            for (const auto& p : feasible_points<Space>())
                if (!known_.contains(p)) return p;
            return sample<Space>(random);
        }

        options options_;
        std::unordered_map<point<Space>, worth> known_;
        std::array<double, width> low_{}, high_{}; ///< of all known objectives
        std::array<double, width> weights_{}; ///< of the objectives in this climb
        std::optional<point<Space>> here_; ///< where the climb stands; none at its start
        std::vector<point<Space>> queue_; ///< neighbours of that point, or the start alone
        std::size_t next_ = 0; ///< the first of them that was not looked at
        std::vector<point<Space>> walked_; ///< points of the plateau it stands on
        std::size_t climbs_ = 0;
    };
};

} // namespace verdant
