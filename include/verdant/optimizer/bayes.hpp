#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/meta/type_name.hpp>
#include <verdant/optimizer/acquisition.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/outcome_model.hpp>
#include <verdant/optimizer/relaxation.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/repair.hpp>

#include <Eigen/Core>

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
#include <unordered_set>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

template <class Record>
struct metric_positions;
template <class... M>
struct metric_positions<metrics<M...>> {
    template <class Metric>
    static constexpr std::size_t of = position_in<Metric, M...>();
};

/// The outcomes of goals: metrics that are optimised or constrained, as positions in the record of all metrics, and the goals in numbers.
template <class Goals>
struct goal_outcomes {
    std::vector<std::size_t> metric;
    outcome_goals goals;

    explicit goal_outcomes(const typename Goals::limits_type& limits) {
        std::size_t o = 0, c = 0;
        Goals::for_each([&]<class G>() {
            using positions = metric_positions<typename Goals::metrics_type>;
            if constexpr (objective<G>) {
                goals.objectives.push_back({outcome(positions::template of<typename G::metric_type>), G::maximized, limits.threshold[o++]});
            } else if constexpr (constraint<G>) {
                goals.constraints.push_back({outcome(positions::template of<typename G::metric_type>), limits.low[c], limits.high[c]});
                ++c;
            }
        });
        goals.outcomes = metric.size();
    }

private:
    [[nodiscard]] std::size_t outcome(std::size_t position) {
        const auto at = std::find(metric.begin(), metric.end(), position);
        const auto index = static_cast<std::size_t>(at - metric.begin());
        if (at == metric.end()) metric.push_back(position);
        return index;
    }
};

} // namespace detail

/// Bayesian optimisation as CarbonNAAS runs it (carbonnaas.md 3.3): a scrambled Sobol start, then one Gaussian process for each metric that is
/// optimised or constrained, and for each suggestion the maximum of an acquisition function over the relaxed space, rounded to a point.
/// Works for one to eight objectives (box decompositions are exact; the published range is two to four), with thresholds or without.
///
/// Told trials that failed, or whose metrics are not all finite, are not modelled; their points are not proposed again, nor is any known one.
/// @tparam Acquisition `qlog_nehvi`, `qnehvi`, `ehvi`, or one of your own
template <acquisition_policy Acquisition = qlog_nehvi>
struct bayes : optimizer_policy_base {
    struct options {
        std::size_t batch = 1;   ///< points of one suggestion, chosen one after another with the earlier ones pending
        std::size_t initial = 0; ///< points of the Sobol start; 0: max(5, 2 x parameters), published
        std::size_t draws = 5;   ///< maximisations of the acquisition, until one of its maxima is a new point; published
        /// Whether the maxima of the relaxed acquisition compete by its value at the points that they round to. The published code takes the best
        /// maximum and rounds it, which gives away what rounding costs.
        bool rank_rounded = true;
        typename Acquisition::options acquisition{};
        acquisition_search_options maximiser{};
        surrogate::gp_fit_options fit{};
        /// Whether the rate of the prior of the length scales is divided by the root of the number of coordinates, as distances in the unit cube grow
        /// by it (Hvarfner, Hellsten, Nardi, "Vanilla Bayesian optimization performs great in high dimensions", ICML 2024). The published prior,
        /// false, expects length scales of 0.5, at which points of 14 coordinates hardly inform each other.
        bool prior_by_dimension = true;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "bayes"; }
    /// The options that points depend on, for studies that are kept.
    template <class F>
    static void describe(const options& o, F&& option) {
        option("acquisition", type_name<Acquisition>());
        option("batch", o.batch);
        option("initial", o.initial);
        option("draws", o.draws);
        option("rank_rounded", o.rank_rounded);
        option("prior_by_dimension", o.prior_by_dimension);
        if constexpr (requires { o.acquisition.samples; }) option("acquisition.samples", o.acquisition.samples);
        if constexpr (requires { o.acquisition.prune_samples; }) option("acquisition.prune_samples", o.acquisition.prune_samples);
        if constexpr (requires { o.acquisition.eta; }) option("acquisition.eta", o.acquisition.eta);
        if constexpr (requires { o.acquisition.tau_relu; }) option("acquisition.tau_relu", o.acquisition.tau_relu);
        if constexpr (requires { o.acquisition.tau_max; }) option("acquisition.tau_max", o.acquisition.tau_max);
        option("maximiser.raw_samples", o.maximiser.raw_samples);
        option("maximiser.starts", o.maximiser.starts);
        option("maximiser.iterations", o.maximiser.minimiser.iterations);
        option("fit.noise", o.fit.noise);
        option("fit.attempts", o.fit.attempts);
        option("fit.iterations", o.fit.minimiser.iterations);
    }

    template <class Space, class Goals>
    class engine {
    public:
        static_assert(Goals::objective_count <= 8, "verdant: bayes takes at most eight objectives; constrain some of them with subject_to instead");

        explicit engine(const options& o) : engine{o, Goals::limits()} {}
        /// @param limits of the goals, in SI units
        engine(const options& o, const typename Goals::limits_type& limits) : options_{o}, outcomes_{limits}, relaxed_{view_of<Space>} {
            if (o.batch == 0) throw input_error{"bayes", "batch", "at least 1", "0"};
            if (options_.initial == 0) options_.initial = std::max<std::size_t>(5, 2 * parameter_count<Space>);
            if (o.prior_by_dimension && relaxed_.dimensions() > 0)
                options_.fit.lengthscale.rate /= std::sqrt(static_cast<double>(relaxed_.dimensions()));
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> asked;
            std::optional<outcome_model> model;
            while (asked.size() < n) {
                const auto p = next(model, random);
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
                if (!told_.insert(t.point).second || !t.completed()) continue;
                const auto all = t.values.si_values();
                std::vector<double> values;
                for (const auto m : outcomes_.metric) values.push_back(all[m]);
                if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) continue;
                inputs_.push_back(relaxed_.encode(t.point));
                values_.push_back(std::move(values));
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
            inputs_.clear();
            values_.clear();
            told_.clear();
            known_ = {pending.begin(), pending.end()};
            pending_.clear();
            tell(told);
            pending_ = std::move(pending);
            restore(words);
        }

        /// The model of what was told so far. Throws search_error before two points were measured.
        [[nodiscard]] outcome_model fit(random_stream& random) const {
            if (inputs_.size() < 2) throw search_error{"a surrogate needs two measured points"};
            const auto n = static_cast<Eigen::Index>(inputs_.size());
            Eigen::MatrixXd inputs(static_cast<Eigen::Index>(relaxed_.dimensions()), n);
            Eigen::MatrixXd values(n, static_cast<Eigen::Index>(outcomes_.metric.size()));
            for (Eigen::Index i = 0; i < n; ++i) {
                inputs.col(i) = inputs_[static_cast<std::size_t>(i)];
                for (Eigen::Index o = 0; o < values.cols(); ++o) values(i, o) = values_[static_cast<std::size_t>(i)][static_cast<std::size_t>(o)];
            }
            return fit_outcomes(inputs, values, outcomes_.goals, random, options_.fit);
        }

    private:
        [[nodiscard]] bool is_new(const point<Space>& p) const { return !known_.contains(p); }

        [[nodiscard]] std::optional<point<Space>> next(std::optional<outcome_model>& model, random_stream& random) {
            if (relaxed_.dimensions() == 0) return any_new(random);
            const bool enough = inputs_.size() >= std::max<std::size_t>(2, (options_.initial + 1) / 2);
            if (known_.size() < options_.initial || !enough) return sobol_point(random);
            if (!model) model = fit(random);
            return suggestion(*model, random);
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
                if (p.feasible() && is_new(p)) return p;
            }
            return any_new(random);
        }

        /// The best maximum of the acquisition that is a new point.
        [[nodiscard]] std::optional<point<Space>> suggestion(const outcome_model& model, random_stream& random) {
            Eigen::MatrixXd pending(static_cast<Eigen::Index>(relaxed_.dimensions()), static_cast<Eigen::Index>(pending_.size()));
            for (std::size_t i = 0; i < pending_.size(); ++i) pending.col(static_cast<Eigen::Index>(i)) = relaxed_.encode(pending_[i]);
            auto acquisition = Acquisition::make(model, pending, random, options_.acquisition);
            std::optional<point<Space>> best;
            for (std::size_t draw = 0; draw < std::max<std::size_t>(options_.draws, 1); ++draw) {
                auto rounded =
                    rounded_maxima(maximise_acquisition(acquisition, relaxed_.dimensions(), random, options_.maximiser), acquisition, random);
                for (const auto& [value, p] : rounded)
                    if (is_new(p)) return p;
                if (!best) best = rounded.front().second;
            }
            if (best)
                if (auto p = best_neighbour(*best, acquisition)) return p;
            return any_new(random);
        }

        /// The points that maxima round to, best first.
        template <class A>
        [[nodiscard]] std::vector<std::pair<double, point<Space>>> rounded_maxima(const std::vector<acquisition_candidate>& maxima, A& acquisition,
                                                                                  random_stream& random) const {
            std::vector<std::pair<double, point<Space>>> rounded;
            for (const auto& m : maxima) {
                const auto p = repair(point<Space>::from_indices(relaxed_.decode(m.x)), random);
                rounded.emplace_back(options_.rank_rounded ? acquisition(relaxed_.encode(p), nullptr) : m.value, p);
            }
            std::sort(rounded.begin(), rounded.end(),
                      [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
            return rounded;
        }

        /// The new point of highest acquisition among those that differ in one parameter.
        template <class A>
        [[nodiscard]] std::optional<point<Space>> best_neighbour(const point<Space>& centre, A& acquisition) const {
            std::optional<point<Space>> best;
            auto most = -std::numeric_limits<double>::infinity();
            for (std::size_t i = 0; i < centre.size(); ++i)
                for (std::size_t v = 0; v < view_of<Space>.domain_size(i); ++v) {
                    auto p = centre;
                    p[i] = static_cast<typename point<Space>::index_type>(v);
                    p.canonicalise();
                    if (!p.feasible() || !is_new(p)) continue;
                    const auto value = acquisition(relaxed_.encode(p), nullptr);
                    if (best && !(value > most)) continue;
                    best = p;
                    most = value;
                }
            return best;
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
        std::vector<Eigen::VectorXd> inputs_; ///< measured points
        std::vector<std::vector<double>> values_; ///< their outcomes
        std::unordered_set<point<Space>> known_, told_;
        std::vector<point<Space>> pending_; ///< asked and not told
        std::optional<surrogate::sobol_sequence> sobol_;
        bool started_ = false;
        std::uint64_t scrambling_ = 0;
        std::uint32_t position_ = 0;
    };
};

} // namespace verdant
