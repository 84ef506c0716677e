#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/rank_and_crowding.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/optimizer/tpe/parzen_mixture.hpp>
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
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

/// The tree-structured Parzen estimator, over the points of any space.
namespace verdant {

/// Proposes points that are likely among the good trials and unlikely among the others: of some points drawn from the density of the good ones, the
/// new one of highest ratio of both densities (Bergstra, Bardenet, Bengio, Kegl, NeurIPS 2011, section 4; Watanabe, "Tree-structured Parzen
/// estimator", arXiv 2304.11127). With several objectives the good ones are the first fronts, the last of which is thinned by crowding distance
/// (after Ozaki, Tanigaki, Watanabe, Onishi, "Multiobjective tree-structured Parzen estimator", JAIR 73, 2022, which thins by hypervolume). Trials
/// that break constraints come behind all others, by how far they do; failed ones are never good. Points of one question count as tried before they
/// are told, so that a batch does not gather in one place.
struct tpe : optimizer_policy_base {
    struct options {
        std::size_t initial = 10; ///< random points before the first estimate; published: 20, in Optuna 10
        std::size_t candidates = 32; ///< new points drawn for each suggestion; published, and in Optuna: 24
        double good_share = 0.15; ///< share of the trials that is good, rounded up; published, as of Watanabe: 0.15 (of Bergstra; 0.1 in Optuna)
        std::size_t most_good = 25; ///< there are no more good ones; as in Optuna
        double prior_weight = 1; ///< of the uniform component of both densities, where a trial has 1; as in Optuna
        parzen_factors factors = parzen_factors::joint;

        using described =
            members<member<"initial", &options::initial>, member<"candidates", &options::candidates>, member<"good_share", &options::good_share>,
                    member<"most_good", &options::most_good>, member<"prior_weight", &options::prior_weight>, member<"factors", &options::factors>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "tpe"; }

    template <class Space, class Goals>
    class engine {
        static constexpr std::size_t width = parameter_count<Space>;
        using indices_type = std::array<std::uint32_t, width>;

    public:
        /// Throws input_error for options that are out of range.
        explicit engine(const options& o)
            : options_{o}, good_{view_of<Space>, o.prior_weight, o.factors}, other_{view_of<Space>, o.prior_weight, o.factors} {
            require_count("tpe", "initial", o.initial, 1);
            require_count("tpe", "candidates", o.candidates, 1);
            require_share("tpe", "good_share", o.good_share);
            require_count("tpe", "most_good", o.most_good, 1);
            require_positive("tpe", "prior_weight", o.prior_weight);
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            asked_.clear();
            return proposals(random, n, {});
        }
        /// Pending points count among those that are not good, as those of the same question do, so that it looks elsewhere.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            pending_points<Space> taken{pending};
            std::vector<point<Space>> under_way;
            asked_.clear();
            for (const auto& one : pending) {
                under_way.push_back(one.point);
                asked_.insert(one.point);
            }
            auto points = proposals(random, n, std::move(under_way));
            for (auto& p : points) p = taken.choose(p, random);
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                const auto [at, fresh] = places_.try_emplace(t.point, told_.size());
                if (fresh) told_.push_back({t.point, {}, 0, false});
                auto& kept = told_[at->second];
                completed_ -= kept.completed ? 1 : 0;
                kept = {t.point, numbers(t), std::max(t.violation, 0.0), t.completed()};
                completed_ += kept.completed ? 1 : 0;
            }
        }

        [[nodiscard]] std::size_t preferred_batch() const { return 1; }

        /// All state is in the trials.
        [[nodiscard]] std::string save() const { return {}; }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader{saved, "tpe"}.finish();
            told_.clear();
            places_.clear();
            completed_ = 0;
            tell(told);
        }

    private:
        struct kept_trial {
            point<Space> who{};
            std::array<double, Goals::objective_count> objectives{};
            double violation = 0;
            bool completed = false;
        };

        /// Behind an infinite violation the objectives decide nothing, but their differences must stay numbers.
        [[nodiscard]] static std::array<double, Goals::objective_count> numbers(const trial<Space, Goals>& t) {
            auto objectives = t.objectives;
            if (!t.completed() || std::isinf(t.violation)) objectives.fill(0);
            return objectives;
        }
        [[nodiscard]] static indices_type indices_of(const point<Space>& p) {
            indices_type indices{};
            for (std::size_t i = 0; i < width; ++i) indices[i] = view_of<Space>.active(i, p) ? p[i] : parzen_mixture::absent;
            return indices;
        }
        [[nodiscard]] bool is_new(const point<Space>& p) const { return !places_.contains(p) && !asked_.contains(p); }

        /// @param pending points whose trials are under way
        [[nodiscard]] std::vector<point<Space>> proposals(random_stream& random, std::size_t n, std::vector<point<Space>> pending) {
            const auto first = static_cast<std::ptrdiff_t>(pending.size());
            const auto wanted = pending.size() + n;
            bool estimated = false;
            while (pending.size() < wanted) {
                const bool beginning = completed_ == 0 || told_.size() + pending.size() < options_.initial;
                if (!beginning && !estimated) estimate(pending);
                estimated = estimated || !beginning;
                pending.push_back(beginning ? stranger(random) : suggestion(random));
                asked_.insert(pending.back());
                if (estimated) other_.add(indices_of(pending.back()));
            }
            pending.erase(pending.begin(), pending.begin() + first);
            return pending;
        }

        /// Parts the trials, and makes the density of both parts.
        void estimate(const std::vector<point<Space>>& pending) {
            order_.clear();
            for (std::uint32_t i = 0; i < told_.size(); ++i)
                if (told_[i].completed) order_.push_back(i);
            const auto wanted = std::ceil(options_.good_share * static_cast<double>(order_.size()));
            const auto count = std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 1, std::min(options_.most_good, order_.size()));
            is_good_.assign(told_.size(), 0);
            leaders_.clear();
            choose_good(count);
            for (const auto i : leaders_) is_good_[i] = 1;
            good_.clear();
            other_.clear();
            for (const auto i : leaders_) good_.add(indices_of(told_[i].who));
            for (std::size_t i = 0; i < told_.size(); ++i)
                if (is_good_[i] == 0) other_.add(indices_of(told_[i].who));
            for (const auto& p : pending) other_.add(indices_of(p));
            good_.prepare();
            other_.prepare();
        }

        void choose_good(std::size_t count) {
            if constexpr (Goals::objective_count == 1) {
                const auto before = [this](std::uint32_t a, std::uint32_t b) {
                    const auto &x = told_[a], &y = told_[b];
                    return std::tie(x.violation, x.objectives[0], a) < std::tie(y.violation, y.objectives[0], b);
                };
                std::nth_element(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(count - 1), order_.end(), before);
                leaders_.assign(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(count));
            } else {
                rows_.clear();
                violations_.clear();
                for (const auto i : order_) {
                    rows_.insert(rows_.end(), told_[i].objectives.begin(), told_[i].objectives.end());
                    violations_.push_back(told_[i].violation);
                }
                select_({rows_, Goals::objective_count}, violations_, count, kept_);
                for (const auto i : kept_.indices) leaders_.push_back(order_[i]);
            }
            std::sort(leaders_.begin(), leaders_.end()); // draws must not depend on how they were found
        }

        /// The best of the candidates that are new; any other new point where there is none.
        [[nodiscard]] point<Space> suggestion(random_stream& random) {
            point<Space> best;
            auto most = -std::numeric_limits<double>::infinity();
            const auto draws = 20 * options_.candidates;
            for (std::size_t draw = 0, found = 0; draw < draws && found < options_.candidates; ++draw) {
                const auto p = candidate(random);
                if (!is_new(p)) continue;
                const auto at = indices_of(p);
                const auto value = good_.log_density(at) - other_.log_density(at);
                if (found == 0 || value > most) {
                    best = p;
                    most = value;
                }
                ++found;
            }
            return std::isfinite(most) ? best : stranger(random);
        }

        /// A feasible point drawn from the density of the good ones: what constraints forbid is drawn anew a few times, and inherited then.
        [[nodiscard]] point<Space> candidate(random_stream& random) {
            using index = typename point<Space>::index_type;
            constexpr int attempts = 8;
            point<Space> parent, p;
            for (int attempt = 0; attempt < attempts; ++attempt) {
                indices_type drawn{};
                const auto kernel = good_.draw(drawn, random);
                if (kernel == good_.size() && options_.factors == parzen_factors::joint) return sample<Space>(random);
                parent = told_[leaders_[kernel < leaders_.size() ? kernel : 0]].who;
                for (std::size_t i = 0; i < width; ++i)
                    p[i] = static_cast<index>(drawn[i] == parzen_mixture::absent ? random.below(view_of<Space>.domain_size(i)) : drawn[i]);
                p.canonicalise();
                if (may_be_proposed(p)) return p;
            }
            p = detail::settled(p, parent);
            return may_be_proposed(p) ? p : sample<Space>(random);
        }

        /// A random new point; a known one where all are known.
        [[nodiscard]] point<Space> stranger(random_stream& random) const {
            constexpr int attempts = 100;
            for (int attempt = 0; attempt < attempts; ++attempt)
                if (const auto p = sample<Space>(random); is_new(p)) return p;
            for (const auto& p : feasible_points<Space>())
                if (is_new(p)) return p;
            return sample<Space>(random);
        }

        options options_;
        std::vector<kept_trial> told_; ///< different points, in the order told
        std::unordered_map<point<Space>, std::size_t> places_;
        std::size_t completed_ = 0;
        std::unordered_set<point<Space>> asked_; ///< of the question that is being made
        parzen_mixture good_, other_;
        std::vector<std::uint32_t> order_, leaders_; ///< completed trials; the good ones, as `good_` has them
        std::vector<unsigned char> is_good_;
        std::vector<double> rows_, violations_;
        rank_and_crowding select_;
        survivors kept_;
    };
};

} // namespace verdant
