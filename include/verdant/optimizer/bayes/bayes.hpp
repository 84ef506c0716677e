#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/meta/component/eigen.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/bayes/acquisition.hpp>
#include <verdant/optimizer/bayes/acquisition_search.hpp>
#include <verdant/optimizer/bayes/bayes_options.hpp>
#include <verdant/optimizer/bayes/goal_outcomes.hpp>
#include <verdant/optimizer/bayes/observed_outcomes.hpp>
#include <verdant/optimizer/bayes/outcome_model.hpp>
#include <verdant/optimizer/bayes/point_search.hpp>
#include <verdant/optimizer/bayes/relaxation.hpp>
#include <verdant/optimizer/bayes/success_model.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/repair.hpp>
#include <verdant/text/number.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

/// Bayesian optimisation of the goals of a search.
namespace verdant {

/// Bayesian optimisation as CarbonNAAS runs it, in Ax 0.3.7: a scrambled Sobol start, then one Gaussian process for each metric that is
/// optimised or constrained, and for each suggestion the maximum of an acquisition function over the relaxed space, rounded to a point.
/// Works for one to eight objectives (exactly up to four, the published range, and along rays beyond), with thresholds or without. Where a parameter
/// has no order, points are searched instead of the relaxed space (see `point_search`).
///
/// Told trials that failed, or whose metrics are not all finite, say where points cannot be measured: once there are some, acquisitions are
/// multiplied by the probability of success (see `success_model`). No known point is proposed again.
/// @tparam Acquisition `qlog_nehvi`, `qnehvi`, `ehvi`, or one of your own
template <acquisition_policy Acquisition = qlog_nehvi>
struct bayes : optimizer_policy_base {
    using options = bayes_options<Acquisition>;
    [[nodiscard]] static constexpr std::string_view name() { return "bayes"; }

    template <class Space, class Goals>
    class engine {
    public:
        static_assert(Goals::objective_count <= 8, "verdant: bayes takes at most eight objectives; constrain some of them with subject_to instead");

        explicit engine(const options& o) : engine{o, Goals::limits()} {}
        /// @param limits of the goals, in SI units
        engine(const options& o, const typename Goals::limits_type& limits) : options_{o}, outcomes_{limits}, relaxed_{view_of<Space>} {
            require_count("bayes", "batch", o.batch, 1);
            require_count("bayes", "initial", o.initial, 0);
            require_count("bayes", "draws", o.draws, 0);
            require_count("bayes", "refit_each", o.refit_each, 0);
            o.maximiser.check("bayes");
            o.fit.check("bayes");
            o.points.check("bayes");
            if (!(o.refit_growth >= 1)) throw input_error{"bayes", "refit_growth", "a number of 1 or more", exact_text(o.refit_growth)};
            if constexpr (requires { o.acquisition.check("bayes"); }) o.acquisition.check("bayes");
            const bool rankable = outcomes_.goals.objectives.size() == 1 && outcomes_.goals.constraints.empty();
            if (o.values == modelled_values::ranked && !rankable)
                throw input_error{"bayes", "values", "'ranked' where there is one objective and no constraint", "other goals"};
            const bool ranked = o.values == modelled_values::ranked || (o.values == modelled_values::automatic && rankable && !relaxed_.ordered());
            if (ranked)
                outcomes_.goals.objectives.front().threshold =
                    std::numeric_limits<double>::quiet_NaN(); // a measurement, which no rank is compared with
            if (options_.initial == 0) options_.initial = std::max<std::size_t>(5, 2 * parameter_count<Space>);
            if (o.prior_by_dimension && relaxed_.dimensions() > 0)
                options_.fit.lengthscale.rate /= std::sqrt(static_cast<double>(relaxed_.dimensions()));
            observed_ = {.goals = outcomes_.goals,
                         .dimensions = relaxed_.dimensions(),
                         .ranked = ranked,
                         .fit = options_.fit,
                         .refit_each = o.refit_each,
                         .refit_growth = o.refit_growth};
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> asked;
            models made;
            while (asked.size() < n) {
                const auto p = next(made, random);
                if (!p) break;
                asked.push_back(*p);
                pending_.push_back(*p);
                known_.insert(*p);
            }
            return asked;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                std::erase(pending_, t.point);
                known_.insert(t.point);
                if (!told_.insert(t.point).second) continue;
                const auto all = t.values.si_values();
                std::vector<double> values;
                for (const auto m : outcomes_.metric) values.push_back(all[m]);
                const bool measured = t.completed() && std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
                if (measured) points_.push_back(t.point);
                observed_.add(relaxed_.encode(t.point), measured, std::move(values));
            }
        }

        [[nodiscard]] std::size_t preferred_batch() const { return options_.batch; }

        /// What an engine needs besides the told trials to go on as this one would.
        [[nodiscard]] std::array<std::uint64_t, 3> state() const { return {started_ ? 1U : 0U, scrambling_, position_}; }
        void restore(std::span<const std::uint64_t, 3> words) {
            started_ = words[0] != 0;
            scrambling_ = words[1];
            position_ = static_cast<std::uint32_t>(words[2]);
            sobol_.reset();
        }

        /// The same as text, with the points that are asked for and not told.
        [[nodiscard]] std::string save() const {
            state_writer out;
            for (const auto word : state()) out << word;
            out << pending_;
            return out.text();
        }
        /// @param told all that was told before
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader in{saved, "bayes"};
            std::array<std::uint64_t, 3> words{};
            for (auto& word : words) in >> word;
            std::vector<point<Space>> pending;
            in >> pending;
            in.finish();
            observed_.clear();
            points_.clear();
            told_.clear();
            known_ = {pending.begin(), pending.end()};
            pending_.clear();
            tell(told);
            pending_ = std::move(pending);
            restore(words);
        }

        /// The model of what was told so far. Throws search_error before two points were measured.
        [[nodiscard]] outcome_model fit(random_stream& random) const {
            if (points_.size() < 2) throw search_error{"a surrogate needs two measured points"};
            return observed_.modelled(points_.size(), random);
        }

    private:
        [[nodiscard]] bool is_new(const point<Space>& p) const { return !known_.contains(p); }

        /// Of the outcomes, and of success where something failed: fitted once a question.
        struct models {
            std::optional<outcome_model> outcomes;
            std::optional<success_model> success;
        };

        [[nodiscard]] std::optional<point<Space>> next(models& made, random_stream& random) {
            if (relaxed_.dimensions() == 0) return any_new(random);
            const bool enough = points_.size() >= std::max<std::size_t>(2, (options_.initial + 1) / 2);
            if (known_.size() < options_.initial) return sobol_point(random);
            if (!made.success && observed_.some_failed()) made.success.emplace(observed_.success_of_all());
            if (!enough) return likely_point(made.success, random);
            if (!made.outcomes) made.outcomes = observed_.model_of_all();
            return suggestion(*made.outcomes, made.success ? &*made.success : nullptr, random);
        }

        /// While too little could be measured for a model: of some points of the Sobol sequence the one that fails least likely.
        [[nodiscard]] std::optional<point<Space>> likely_point(std::optional<success_model>& success, random_stream& random) {
            auto best = sobol_point(random);
            if (!best || !success) return best;
            auto most = success->log_probability(relaxed_.encode(*best));
            for (int k = 1; k < 16; ++k) {
                const auto other = sobol_point(random);
                if (!other) break;
                const auto chance = success->log_probability(relaxed_.encode(*other));
                if (!(chance > most)) continue;
                most = chance;
                best = other;
            }
            return best;
        }

        /// The next feasible and unknown point of the Sobol sequence.
        [[nodiscard]] std::optional<point<Space>> sobol_point(random_stream& random) {
            if (!started_) scrambling_ = random();
            started_ = true;
            if (!sobol_) {
                random_stream scrambling{scrambling_};
                sobol_.emplace(relaxed_.free_parameters(), scrambling);
                sobol_->discard(position_);
            }
            std::vector<double> u(relaxed_.free_parameters());
            for (int tries = 0; tries < 1000; ++tries) {
                sobol_->next(u);
                ++position_;
                auto p = point<Space>::from_indices(relaxed_.from_unit(u));
                p.canonicalise();
                if (may_be_proposed(p) && is_new(p)) return p;
            }
            return any_new(random);
        }

        /// The new point of highest acquisition that is found.
        /// @param success null where nothing failed
        [[nodiscard]] std::optional<point<Space>> suggestion(const outcome_model& model, success_model* success, random_stream& random) {
            Eigen::MatrixXd pending(static_cast<Eigen::Index>(relaxed_.dimensions()), static_cast<Eigen::Index>(pending_.size()));
            for (std::size_t i = 0; i < pending_.size(); ++i) pending.col(static_cast<Eigen::Index>(i)) = relaxed_.encode(pending_[i]);
            // Of one objective the improvement has a closed form, and ranks have no noise. Draws of the model miss improvements that are rarer than
            // they are.
            if constexpr (Goals::objective_count == 1 && std::same_as<Acquisition, qlog_nehvi>)
                if (observed_.ranked) return best_by(detail::scale_of<ehvi>(), analytic_ehvi{model, pending}, model, success, random);
            return best_by(detail::scale_of<Acquisition>(), Acquisition::make(model, pending, random, options_.acquisition), model, success, random);
        }

        /// The same for an acquisition function.
        template <class Improvement>
        [[nodiscard]] std::optional<point<Space>> best_by(acquisition_scale scale, Improvement improvement, const outcome_model& model,
                                                          success_model* success, random_stream& random) {
            detail::weighted_acquisition acquisition{detail::acquisition_reference{improvement}, scale, success};
            const auto may_be_asked = [this](const point<Space>& p) { return is_new(p); };
            point_search<Space, decltype(acquisition), decltype(may_be_asked)> search{relaxed_, acquisition, may_be_asked, options_.points};
            std::vector<point<Space>> leading;
            for (const auto i : model.leading()) leading.push_back(points_[static_cast<std::size_t>(i)]);
            for (std::size_t draw = 0; draw < std::max<std::size_t>(options_.draws, 1) && !search.found(); ++draw) {
                if (!relaxed_.ordered()) {
                    search.run(leading, random);
                    continue;
                }
                const auto rounded =
                    rounded_maxima(maximise_acquisition(acquisition, relaxed_.dimensions(), random, options_.maximiser), acquisition, search, random);
                if (!options_.rank_rounded)
                    for (const auto& p : rounded)
                        if (is_new(p)) return p;
                search.climb(rounded.front(), random);
            }
            return search.found() ? search.found() : any_new(random);
        }

        /// The points that maxima round to, best first.
        template <class A, class Search>
        [[nodiscard]] std::vector<point<Space>> rounded_maxima(const std::vector<acquisition_candidate>& maxima, A& acquisition, Search& search,
                                                               random_stream& random) const {
            std::vector<std::pair<typename Search::worth, point<Space>>> rounded;
            for (const auto& m : maxima) {
                const auto p = repair(point<Space>::from_indices(relaxed_.decode(m.x)), random);
                if (options_.rank_rounded) rounded.emplace_back(search(p), p);
                else rounded.emplace_back(typename Search::worth{acquisition.likely(relaxed_.encode(p)), m.value}, p);
            }
            std::sort(rounded.begin(), rounded.end(),
                      [](const auto& a, const auto& b) { return a.first > b.first || (!(b.first > a.first) && a.second < b.second); });
            std::vector<point<Space>> points;
            for (const auto& [worth, p] : rounded) points.push_back(p);
            return points;
        }

        /// Any new feasible point; none where all are known.
        [[nodiscard]] std::optional<point<Space>> any_new(random_stream& random) const {
            for (int tries = 0; tries < 100; ++tries)
                if (const auto p = sample<Space>(random); is_new(p)) return p;
            for (const auto& p : feasible_points<Space>())
                if (is_new(p)) return p;
            return std::nullopt;
        }

        options options_;
        detail::goal_outcomes<Goals> outcomes_;
        relaxation relaxed_;
        detail::observed_outcomes observed_; ///< at the measured points, and where points could not be measured
        std::vector<point<Space>> points_; ///< measured points
        std::unordered_set<point<Space>> known_, told_;
        std::vector<point<Space>> pending_; ///< asked and not told
        std::optional<surrogate::sobol_sequence> sobol_;
        bool started_ = false;
        std::uint64_t scrambling_ = 0;
        std::uint32_t position_ = 0;
    };
};

} // namespace verdant
