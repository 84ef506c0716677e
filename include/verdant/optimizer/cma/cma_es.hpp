#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/cma/category_distribution.hpp>
#include <verdant/optimizer/cma/margin_distribution.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/evolution/member_list.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/repair.hpp>
#include <verdant/text/number.hpp>

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
#include <utility>
#include <vector>

/// CMA-ES with margin over points of a space.
namespace verdant {

/// CMA-ES with margin (Hamano, Saito, Nomura, Shirakawa, GECCO 2022): a normal distribution over the indices of ordered parameters, learnt from
/// generations, of which no value is ever given up; see `margin_distribution`. Parameters without order (more than two strings or enumerators) have
/// distributions of their own, see `category_distribution`. A drawn point that the space forbids is drawn anew, then repaired, and learnt from as
/// what it became. Samples that break constraints rank behind all others, by how far they do, and failed ones last. Known points may be asked for
/// again, since their results cost nothing and are to be learnt from.
///
/// One objective: a run that has degenerated, or brings nothing new any more, starts anew at a random point with a larger generation (IPOP: Auger and
/// Hansen, CEC 2005). Several: each run weighs the objectives anew (the greatest weighted distance from the best values, in units of their extent
/// over all that is known), begins at the best known point by these weights, and ends after `generations`.
struct cma_es : optimizer_policy_base {
    struct options {
        std::size_t samples = 0; ///< of a generation, 0: 4 + 3 ln(number of parameters), rounded down, published; points asked for at once
        double sigma = 1.0 / 6; ///< at first, in units of each domain: three of it reach its ends (Hansen's tutorial, appendix A; as in Optuna)
        double growth = 2; ///< of the generation at a new start, up to 16 times the first; published (IPOP)
        std::size_t stale_generations = 5; ///< generations on end of known points alone, after which a run ends
        std::size_t generations = 0; ///< after which a run ends; 0: of any number with one objective, 8 with several
        using described = members<member<"samples", &options::samples>, member<"sigma", &options::sigma>, member<"growth", &options::growth>,
                                  member<"stale_generations", &options::stale_generations>, member<"generations", &options::generations>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "cma_es"; }

    template <class Space, class Goals>
    class engine {
        static constexpr std::size_t width = Goals::objective_count;
        using worth = detail::trial_worth<Goals>;

    public:
        /// Throws input_error for options that are out of range.
        explicit engine(const options& o)
            : options_{checked(o)}, samples_{first_samples()}, normal_{ordered_values(), samples_}, categories_{category_values()} {}

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> points;
            if (n == 0) return points;
            if (run_ == 0 || ends_) begin_run(random);
            points.reserve(n);
            while (points.size() < n) {
                open_.push_back(drawn(random));
                points.push_back(open_.back().who);
            }
            return points;
        }

        /// Draws anew what is pending, and learns from generations of trials as they are told; late ones count as if they had just been drawn.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            constexpr int attempts = 16;
            pending_points<Space> taken{pending};
            std::vector<point<Space>> points;
            if (n > 0 && (run_ == 0 || ends_)) begin_run(random);
            while (points.size() < n) {
                auto s = drawn(random);
                for (int k = 1; k < attempts && taken.contains(s.who); ++k) s = drawn(random);
                if (const auto p = taken.choose(s.who, random); p != s.who) become(s, p);
                points.push_back(s.who);
                open_.push_back(std::move(s));
            }
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                const auto fresh = known_.insert_or_assign(t.point, known_point{worth{t}, t.completed()}).second;
                const auto at = std::find_if(open_.begin(), open_.end(), [&](const sample_of_run& s) { return s.who == t.point; });
                if (at == open_.end()) continue;
                if (at->run == run_) {
                    something_new_ = something_new_ || fresh;
                    told_.push_back(std::move(*at));
                }
                open_.erase(at);
                if (told_.size() == samples_) learn();
            }
        }
        /// Takes new values of a trial.
        void correct(const trial<Space, Goals>& t) { known_.insert_or_assign(t.point, known_point{worth{t}, t.completed()}); }

        [[nodiscard]] std::size_t preferred_batch() const { return samples_; }
        /// Runs that have begun.
        [[nodiscard]] std::uint64_t runs() const noexcept { return run_; }
        [[nodiscard]] const margin_distribution& distribution() const noexcept { return normal_; }

        [[nodiscard]] std::string save() const {
            state_writer out;
            const auto& s = normal_.state();
            out << std::uint64_t{samples_} << run_ << ends_ << something_new_ << std::uint64_t{stale_} << std::uint64_t{s.generation};
            for (const auto w : weights_) out << w;
            out << s.mean << s.sigma << s.covariance << s.stretch << s.path << s.sigma_path << categories_.probabilities();
            for (const auto* list : {&told_, &open_}) {
                out << std::uint64_t{list->size()};
                for (const auto& one : *list) out << one.who << one.run << one.vector << one.categories;
            }
            return out.text();
        }
        /// @param told all that was told before
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader in{saved, "cma_es"};
            engine read{options_};
            std::uint64_t samples = 0, stale = 0, generation = 0;
            in >> samples >> read.run_ >> read.ends_ >> read.something_new_ >> stale >> generation;
            in.require(samples >= 3 && samples <= 16 * first_samples(), "samples of a generation");
            read.samples_ = static_cast<std::size_t>(samples);
            read.normal_ = margin_distribution{ordered_values(), read.samples_};
            for (auto& w : read.weights_) in >> w;
            margin_state s;
            std::vector<double> probabilities;
            in >> s.mean >> s.sigma >> s.covariance >> s.stretch >> s.path >> s.sigma_path >> probabilities;
            const auto n = normal_.size();
            in.require(s.mean.size() == n && s.covariance.size() == n * n && s.stretch.size() == n && s.path.size() == n &&
                           s.sigma_path.size() == n && probabilities.size() == categories_.probabilities().size(),
                       "a distribution over the parameters");
            for (const auto* values : {&s.mean, &s.covariance, &s.stretch, &s.path, &s.sigma_path, &probabilities})
                in.require(std::all_of(values->begin(), values->end(), [](double v) { return std::isfinite(v); }), "finite numbers");
            in.require(s.sigma > 0 && std::all_of(s.stretch.begin(), s.stretch.end(), [](double v) { return v > 0; }), "deviations above 0");
            s.generation = static_cast<std::size_t>(generation);
            read.stale_ = static_cast<std::size_t>(stale);
            for (auto* list : {&read.told_, &read.open_}) read_samples(in, *list);
            in.require(read.told_.size() < read.samples_, "less than a generation");
            in.finish();
            for (const auto& t : told) read.known_.insert_or_assign(t.point, known_point{worth{t}, t.completed()});
            for (const auto& one : read.told_) in.require(read.known_.contains(one.who), "samples that were told");
            read.normal_.restore(std::move(s));
            read.categories_.restore(std::move(probabilities));
            *this = std::move(read);
        }

    private:
        static constexpr std::size_t most_samples = 100'000;

        struct known_point {
            worth value{};
            bool completed = false;
        };
        struct sample_of_run {
            point<Space> who{};
            std::uint64_t run = 0;
            std::vector<double> vector; ///< of the ordered parameters
            std::vector<std::uint32_t> categories; ///< of the others
        };

        [[nodiscard]] static const options& checked(const options& o) {
            require_count("cma_es", "samples", o.samples, o.samples == 0 ? 0 : 3, most_samples);
            require_positive("cma_es", "sigma", o.sigma);
            if (!(o.growth >= 1 && o.growth <= 10)) throw input_error{"cma_es", "growth", "a number from 1 to 10", exact_text(o.growth)};
            require_count("cma_es", "stale_generations", o.stale_generations, 1);
            require_count("cma_es", "generations", o.generations, 0);
            return o;
        }
        /// Two values are ordered, whatever they are.
        [[nodiscard]] static bool ordered(std::size_t p) {
            const auto kind = view_of<Space>.kind(p);
            return view_of<Space>.domain_size(p) == 2 || (kind != value_kind::text && kind != value_kind::enumeration);
        }
        [[nodiscard]] static std::vector<std::uint32_t> values_of(bool of_ordered) {
            std::vector<std::uint32_t> values;
            for (std::size_t p = 0; p < parameter_count<Space>; ++p)
                if (view_of<Space>.domain_size(p) > 1 && ordered(p) == of_ordered)
                    values.push_back(static_cast<std::uint32_t>(view_of<Space>.domain_size(p)));
            return values;
        }
        [[nodiscard]] static std::vector<std::uint32_t> ordered_values() { return values_of(true); }
        [[nodiscard]] static std::vector<std::uint32_t> category_values() { return values_of(false); }
        [[nodiscard]] std::size_t first_samples() const {
            return options_.samples != 0 ? options_.samples : strategy_parameters::usual_samples(ordered_values().size() + category_values().size());
        }

        /// Calls with each parameter of more than one value, whether it is ordered, and its place among those of its kind.
        template <class Do>
        static void for_each_parameter(Do what) {
            std::size_t places[2] = {0, 0};
            for (std::size_t p = 0; p < parameter_count<Space>; ++p)
                if (view_of<Space>.domain_size(p) > 1) what(p, ordered(p), places[ordered(p) ? 1 : 0]++);
        }

        [[nodiscard]] sample_of_run drawn(random_stream& random) const {
            using index = typename point<Space>::index_type;
            constexpr int attempts = 8;
            sample_of_run s;
            s.run = run_;
            for (int attempt = 0; attempt < attempts; ++attempt) {
                s.vector = normal_.draw(random);
                s.categories = categories_.draw(random);
                for_each_parameter([&](std::size_t p, bool has_order, std::size_t at) {
                    s.who[p] = static_cast<index>(has_order ? normal_.rounded(at, s.vector) : s.categories[at]);
                });
                s.who.canonicalise();
                if (may_be_proposed(s.who)) return s;
            }
            become(s, repair(s.who, random));
            return s;
        }
        /// Moves a sample as little as makes it another point.
        void become(sample_of_run& s, const point<Space>& to) const {
            s.who = to;
            for_each_parameter([&](std::size_t p, bool has_order, std::size_t at) {
                if (!view_of<Space>.active(p, to)) return; // what it would be does not matter
                if (!has_order) s.categories[at] = to[p];
                else if (normal_.rounded(at, s.vector) != to[p]) normal_.move(at, s.vector, to[p]);
            });
        }

        void begin_run(random_stream& random) {
            if (run_ > 0 && width == 1) {
                samples_ = std::min(16 * first_samples(), static_cast<std::size_t>(static_cast<double>(samples_) * options_.growth));
                normal_ = margin_distribution{ordered_values(), samples_};
            }
            double sum = 0;
            for (auto& w : weights_) sum += w = -std::log(1 - random.uniform()); // uniform over all weights with the sum 1
            for (auto& w : weights_) w = sum > 0 ? w / sum : 1;
            std::vector<double> mean(normal_.size(), 0.5);
            if (const auto* start = best_known(); start != nullptr && (run_ == 0 || width > 1)) put(*start, mean);
            else if (run_ > 0) put(sample<Space>(random), mean);
            normal_.begin(std::move(mean), options_.sigma);
            categories_.begin();
            told_.clear();
            ++run_;
            ends_ = something_new_ = false;
            stale_ = 0;
        }
        void put(const point<Space>& p, std::vector<double>& mean) const {
            for_each_parameter([&](std::size_t i, bool has_order, std::size_t at) {
                if (has_order) mean[at] = normal_.middle(at, p[i]);
            });
        }

        void learn() {
            const auto by_rank = ranked();
            std::vector<const std::vector<double>*> vectors;
            std::vector<const std::vector<std::uint32_t>*> categories;
            for (const auto i : by_rank) {
                vectors.push_back(&told_[i].vector);
                categories.push_back(&told_[i].categories);
            }
            const auto& constants = normal_.constants();
            normal_.update(vectors);
            const std::span<const double> weights{constants.weights.data(), constants.parents};
            categories_.update(std::span{categories}.first(constants.parents), weights,
                               constants.effective / (constants.effective + static_cast<double>(categories_.free())));
            told_.clear();
            stale_ = something_new_ ? 0 : stale_ + 1;
            something_new_ = false;
            const auto most = options_.generations != 0 ? options_.generations
                              : width == 1              ? std::numeric_limits<std::size_t>::max()
                                                        : std::size_t{8};
            ends_ = ends_ || normal_.degenerate() || stale_ >= options_.stale_generations || normal_.state().generation >= most;
        }

        /// Of the samples that were told, the best first.
        [[nodiscard]] std::vector<std::uint32_t> ranked() const {
            std::array<double, width> low{}, high{};
            if (width > 1) extents(low, high);
            std::vector<std::tuple<bool, double, double, std::uint32_t>> keys;
            for (std::uint32_t i = 0; i < told_.size(); ++i) {
                const auto& k = known_.at(told_[i].who);
                keys.emplace_back(!k.completed, k.value.violation, weighted(k.value, low, high), i);
            }
            std::sort(keys.begin(), keys.end());
            std::vector<std::uint32_t> order;
            for (const auto& key : keys) order.push_back(std::get<3>(key));
            return order;
        }
        /// The completed point that is best by the weights of this run; of equals the one of least indices.
        [[nodiscard]] const point<Space>* best_known() const {
            std::array<double, width> low{}, high{};
            if (width > 1) extents(low, high);
            const point<Space>* best = nullptr;
            std::pair<double, double> least{};
            for (const auto& [p, k] : known_) {
                if (!k.completed) continue;
                const std::pair value{k.value.violation, weighted(k.value, low, high)};
                if (best != nullptr && (value > least || (value == least && *best < p))) continue;
                best = &p;
                least = value;
            }
            return best;
        }
        /// The least and the greatest objectives of all feasible points that are known.
        void extents(std::array<double, width>& low, std::array<double, width>& high) const {
            low.fill(std::numeric_limits<double>::infinity());
            high.fill(-std::numeric_limits<double>::infinity());
            for (const auto& [p, k] : known_)
                for (std::size_t j = 0; j < width && k.completed && k.value.violation == 0; ++j) {
                    low[j] = std::min(low[j], k.value.objectives[j]);
                    high[j] = std::max(high[j], k.value.objectives[j]);
                }
        }
        [[nodiscard]] double weighted(const worth& w, const std::array<double, width>& low, const std::array<double, width>& high) const {
            if (width == 1) return w.objectives[0];
            double most = -std::numeric_limits<double>::infinity(), sum = 0;
            for (std::size_t j = 0; j < width; ++j) {
                const double distance = high[j] > low[j] ? (w.objectives[j] - low[j]) / (high[j] - low[j]) : 0;
                most = std::max(most, weights_[j] * distance);
                sum += weights_[j] * distance;
            }
            return most + 0.05 * sum; // augmented, so that of two equally far ones the dominating is better (Knowles, ParEGO, IEEE TEC 10(1), 2006)
        }

        static void read_samples(state_reader& in, std::vector<sample_of_run>& list) {
            const auto ordered_count = ordered_values().size();
            const auto categories = category_values();
            std::uint64_t size = 0;
            in >> size;
            for (; size > 0; --size) {
                sample_of_run one;
                in >> one.who >> one.run >> one.vector >> one.categories;
                in.require(one.vector.size() == ordered_count && one.categories.size() == categories.size(), "samples of all parameters");
                for (std::size_t k = 0; k < categories.size(); ++k)
                    in.require(one.categories[k] < categories[k], "values of parameters without order");
                list.push_back(std::move(one));
            }
        }

        options options_;
        std::size_t samples_; ///< of a generation of this run
        margin_distribution normal_;
        category_distribution categories_;
        std::unordered_map<point<Space>, known_point> known_; ///< all that was told
        std::array<double, width> weights_{}; ///< of the objectives in this run
        std::uint64_t run_ = 0; ///< how many have begun
        bool ends_ = false; ///< this run is to be followed by another
        bool something_new_ = false; ///< in this generation
        std::size_t stale_ = 0; ///< generations on end without
        std::vector<sample_of_run> told_, open_; ///< of this generation; asked for and not told
    };
};

} // namespace verdant
