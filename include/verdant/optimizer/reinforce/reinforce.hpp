#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/reinforce/adam.hpp>
#include <verdant/optimizer/reinforce/controller_episode.hpp>
#include <verdant/optimizer/reinforce/lstm_controller.hpp>
#include <verdant/optimizer/reinforce/reward.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/optimizer/told_points.hpp>
#include <verdant/space/point.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// REINFORCE: a controller that learns which values are worth drawing.
namespace verdant {

/// With which token episodes begin.
enum class first_token : unsigned char {
    own,      ///< one that nothing else has
    published ///< the third one, since the seed of the published runs, 2, is also their first token
};

namespace detail {

/// A controller has a row of weights for each value.
inline constexpr std::size_t most_choices = 4096;

template <class Space>
[[nodiscard]] consteval bool few_choices() {
    for (std::size_t p = 0; p < view_of<Space>.size(); ++p)
        if (view_of<Space>.domain_size(p) > most_choices) return false;
    return true;
}

template <class Goals>
[[nodiscard]] consteval bool first_objective_is_maximized() {
    bool maximized = false, found = false;
    Goals::for_each([&]<class G>() {
        if constexpr (objective<G>) {
            if (!found) maximized = G::maximized;
            found = true;
        }
    });
    return maximized;
}

/// A class of its own, so that an engine that fails is still one and only the failure is reported.
template <class Space, class Goals, class Reward>
struct reinforce_check {
    static constexpr bool narrow = few_choices<Space>();
    static_assert(narrow, "verdant: a parameter of this space has more than 4096 values, and the controller of reinforce learns a row of weights for "
                          "each; leave fewer of them with "
                          "restrict<...>, or search with evolution<>");
    static constexpr bool same_count = Reward::objectives == Goals::objective_count;
    static_assert(
        same_count,
        "verdant: the reward of reinforce is of another number of objectives than the search has; write reinforce<objective_reward> for one, "
        "reinforce<target_reward> for two, or a reward of your own");
    [[nodiscard]] static consteval bool good_direction() {
        if constexpr (requires { Reward::first_is_maximized; }) return !same_count || first_objective_is_maximized<Goals>();
        else return true;
    }
    static constexpr bool upwards = good_direction();
    static_assert(upwards, "verdant: this reward multiplies its first objective, which has to be one of which more is better; write maximize<...> "
                           "before the other goals");
    static constexpr bool value = true;
};

} // namespace detail

/// Policy gradients (Williams, Machine Learning 8, 1992) with an LSTM controller, as Accel-NASBench searches (utils_anb/controller.py, anb_eval):
/// episodes are drawn from the controller, and when as many have been measured, Adam moves it along the gradient of the mean of sum ln p (R - b),
/// where b is a moving average of the rewards R.
///
/// Works on any space: each value is drawn given the earlier ones, among the values with which some feasible point goes on (see
/// `mark_possible_values`), so that episodes are feasible; groups of constraints that can only be tested may run into a dead end, and are then drawn
/// anew uniformly. A point that failed or breaks a constraint is worth as little as the worst feasible one so far, and does not move b.
/// What is asked does not depend on how many points are asked for at once between two updates, until a hundred questions on end held nothing new:
/// then a space of at most 4096 feasible points is searched to its end: each further question without a new point has one of those that are left, and
/// is empty where none is.
/// @tparam Reward `objective_reward`, `target_reward`, or a type of your own
template <reward_policy Reward = objective_reward>
struct reinforce : optimizer_policy_base {
    struct options {
        std::size_t episodes = 6; ///< of one update, and points asked for at once; published, and so are all below
        std::size_t embedding = 32; ///< numbers that stand for a value
        std::size_t hidden = 100; ///< numbers of the controller's state
        double range = 0.1; ///< parameters begin uniformly in [-range, range)
        double learning_rate = 3.5e-4; ///< of Adam
        double baseline_decay = 0.95; ///< how much of the moving average is left when a reward comes
        double entropy_weight = 1e-5; ///< of -p ln p of what was chosen
        first_token start = first_token::own;
        Reward reward{};

        using described =
            members<member<"episodes", &options::episodes>, member<"embedding", &options::embedding>, member<"hidden", &options::hidden>,
                    member<"range", &options::range>, member<"learning_rate", &options::learning_rate>,
                    member<"baseline_decay", &options::baseline_decay>, member<"entropy_weight", &options::entropy_weight>,
                    member<"start", &options::start>, member<"reward", &options::reward, member_role::policy>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "reinforce"; }

    template <class Space, class Goals>
    class engine {
        static_assert(detail::reinforce_check<Space, Goals, Reward>::value);

    public:
        /// Throws input_error for options that are out of range.
        explicit engine(const options& o)
            : options_{checked(o)}, controller_{layout_of(view_of<Space>), o.embedding, o.hidden, start_of(o)},
              adam_{controller_.parameters().size()} {}

        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            return handed_out(drawn(random, n), random, [&](const point<Space>& p) { return is_open(p); });
        }
        /// Draws anew what is pending; where it draws little else, a random point takes its place, of which it learns what it would of its own.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            constexpr int attempts = 16;
            pending_points<Space> taken{pending};
            auto episodes = drawn(random, n);
            for (auto& e : episodes) {
                for (int k = 1; k < attempts && taken.contains(e.who); ++k) e = std::move(drawn(random, 1).front());
                const auto chosen = taken.choose(e.who, random);
                if (chosen != e.who) e = episode_of(controller_, chosen);
            }
            const pending_points<Space> given{pending};
            return handed_out(std::move(episodes), random, [&](const point<Space>& p) { return given.contains(p) || is_open(p); });
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                told_.add(t.point);
                for (auto& e : pending_) {
                    if (e.told || e.who != t.point) continue;
                    e.reward = reward_of(t);
                    e.told = true;
                    ++ready_;
                    break;
                }
                while (ready_ >= options_.episodes) update();
            }
        }
        /// Takes new values of a trial of which the controller has not learnt yet.
        void correct(const trial<Space, Goals>& t) {
            for (auto& e : pending_)
                if (e.told && e.who == t.point) e.reward = reward_of(t);
        }

        [[nodiscard]] std::size_t preferred_batch() const { return options_.episodes; }
        [[nodiscard]] const lstm_controller& controller() const noexcept { return controller_; }
        /// How often the controller was moved.
        [[nodiscard]] std::uint64_t updates() const noexcept { return adam_.steps(); }
        /// The moving average of rewards; nothing before the first update.
        [[nodiscard]] std::optional<double> baseline() const noexcept { return baseline_; }
        /// Of the last update.
        [[nodiscard]] double loss() const noexcept { return loss_; }

        [[nodiscard]] std::string save() const {
            state_writer out;
            out << begun_;
            if (!begun_) return out.text();
            const auto parameters = controller_.parameters();
            out << std::vector<float>{parameters.begin(), parameters.end()} << adam_.steps() << adam_.mean() << adam_.square() << loss_;
            for (const auto& number : {baseline_, worst_}) out << number.has_value() << number.value_or(0);
            out << std::uint64_t{ready_};
            for (const auto& e : pending_)
                if (e.told) out << e << e.reward.has_value() << e.reward.value_or(0);
            // Those under way, and how many stand before each: only a search of trials as they are completed is saved while there are some.
            if (pending_.size() > ready_ || fruitless_ > 0) out << std::uint64_t{pending_.size() - ready_};
            for (std::size_t i = 0; i < pending_.size(); ++i)
                if (!pending_[i].told) out << std::uint64_t{i} << pending_[i];
            if (fruitless_ > 0) out << fruitless_;
            return out.text();
        }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            engine read{options_};
            state_reader in{saved, "reinforce"};
            in >> read.begun_;
            if (read.begun_) read.take(in);
            in.finish();
            for (const auto& t : told) read.told_.add(t.point);
            *this = std::move(read);
        }

    private:
        using episode = controller_episode<Space>;

        /// Episodes that the controller draws.
        [[nodiscard]] std::vector<episode> drawn(random_stream& random, std::size_t n) {
            if (n == 0) return {};
            if (!begun_) controller_.initialise(random, options_.range);
            begun_ = true;
            return draw_episodes<Space>(controller_, random, n);
        }

        /// So many questions on end may hold nothing new before a small space is searched to its end. It is above what a controller that still learns
        /// needs, and below the patience that searches have unless told otherwise.
        static constexpr std::uint64_t most_fruitless = 100;

        /// Whether a point was asked for and not told.
        [[nodiscard]] bool is_open(const point<Space>& p) const {
            return std::any_of(pending_.begin(), pending_.end(), [&](const episode& e) { return !e.told && e.who == p; });
        }
        /// Takes in a question. Where many on end held only known points and the space is small, one of the others takes the place of the last
        /// episode; where there is none, since all were told, nothing is handed out.
        /// @param open `point -> bool`: whether it waits for its trial
        template <class Open>
        [[nodiscard]] std::vector<point<Space>> handed_out(std::vector<episode> episodes, random_stream& random, const Open& open) {
            std::vector<point<Space>> points;
            if (episodes.empty()) return points;
            const bool known = std::all_of(episodes.begin(), episodes.end(), [&](const episode& e) { return told_.contains(e.who) || open(e.who); });
            fruitless_ = known ? std::min(fruitless_ + 1, most_fruitless + 1) : 0;
            if (fruitless_ > most_fruitless && told_.can_end()) {
                bool waits = false;
                const auto left = told_.other(random, [&](const point<Space>& p) {
                    const bool is = open(p);
                    waits = waits || is;
                    return is;
                });
                if (left) episodes.back() = episode_of(controller_, *left);
                else if (!waits) return points;
            }
            for (auto& e : episodes) {
                points.push_back(e.who);
                pending_.push_back(std::move(e));
            }
            return points;
        }

        [[nodiscard]] static const options& checked(const options& o) {
            require_count("reinforce", "episodes", o.episodes, 1);
            require_count("reinforce", "embedding", o.embedding, 1, 65536);
            require_count("reinforce", "hidden", o.hidden, 1, 65536);
            require_positive("reinforce", "range", o.range);
            require_positive("reinforce", "learning_rate", o.learning_rate);
            require_share("reinforce", "baseline_decay", o.baseline_decay);
            require_not_negative("reinforce", "entropy_weight", o.entropy_weight);
            o.reward.check("reinforce");
            return o;
        }
        /// The published token, or the last one where a space has fewer.
        [[nodiscard]] static std::optional<std::uint32_t> start_of(const options& o) {
            if (o.start == first_token::own) return std::nullopt;
            return std::min<std::uint32_t>(2, layout_of(view_of<Space>).tokens - 1);
        }

        [[nodiscard]] std::optional<double> reward_of(const trial<Space, Goals>& t) const {
            if (!t.completed() || t.violation > 0) return std::nullopt;
            std::array<objective_value, Goals::objective_count> values{};
            std::size_t o = 0;
            Goals::for_each([&]<class G>() {
                if constexpr (objective<G>) {
                    using metric = typename G::metric_type;
                    values[o] = {(G::maximized ? -t.objectives[o] : t.objectives[o]) / metric::unit::factor, G::maximized, metric::name()};
                    ++o;
                }
            });
            for (const auto& v : values)
                if (!std::isfinite(v.value)) return std::nullopt; // cannot be built
            return options_.reward(values);
        }

        /// Learns from the first episodes that were told.
        void update() {
            actions_.clear();
            marks_.clear();
            rewards_.clear();
            std::size_t taken = 0;
            for (std::size_t i = 0; i < pending_.size() && taken < options_.episodes; ++i)
                if (pending_[i].told) {
                    ++taken;
                    if (pending_[i].reward) learn_of(*pending_[i].reward);
                }
            for (taken = 0; auto& e : pending_) {
                if (!e.told || taken == options_.episodes) continue;
                ++taken;
                if (e.reward || worst_) add(e, e.reward.value_or(worst_.value_or(0)));
            }
            std::erase_if(pending_, [left = options_.episodes](const episode& e) mutable { return e.told && left > 0 && left-- > 0; });
            ready_ -= options_.episodes;
            if (rewards_.empty()) return;
            for (auto& r : rewards_) r -= baseline_.value_or(r);
            loss_ = controller_.differentiate(actions_, marks_, rewards_, options_.entropy_weight);
            adam_.step(controller_.parameters(), controller_.gradient(), options_.learning_rate);
        }
        /// The baseline begins at the first reward, and has all of an update before the first of them is weighed.
        void learn_of(double reward) {
            const auto keep = options_.baseline_decay;
            baseline_ = baseline_ ? keep * *baseline_ + (1 - keep) * reward : reward;
            worst_ = std::min(worst_.value_or(reward), reward);
        }
        void add(const episode& e, double reward) {
            for (std::size_t t = 0; t < e.who.size(); ++t) actions_.push_back(static_cast<std::uint32_t>(e.who[t]));
            marks_.insert(marks_.end(), e.marks.begin(), e.marks.end());
            rewards_.push_back(reward);
        }

        void take(state_reader& in) {
            std::vector<float> parameters, mean, square;
            std::uint64_t steps = 0, ready = 0;
            in >> parameters >> steps >> mean >> square >> loss_;
            const auto all = controller_.parameters().size();
            in.require(parameters.size() == all && mean.size() == all && square.size() == all, "as many numbers as the controller has");
            std::copy(parameters.begin(), parameters.end(), controller_.parameters().begin());
            adam_.restore(steps, std::move(mean), std::move(square));
            for (auto* number : {&baseline_, &worst_}) take(in, *number);
            in >> ready;
            in.require(ready < options_.episodes, "fewer episodes than an update is of");
            for (; ready_ < ready; ++ready_) {
                auto e = read_episode<Space>(controller_, in);
                take(in, e.reward);
                e.told = true;
                pending_.push_back(std::move(e));
            }
            if (in.finished()) return;
            std::uint64_t open = 0;
            for (in >> open; open > 0; --open) {
                std::uint64_t at = 0;
                in >> at;
                in.require(at <= pending_.size(), "episodes in their order");
                pending_.insert(pending_.begin() + static_cast<std::ptrdiff_t>(at), read_episode<Space>(controller_, in));
            }
            if (in.finished()) return;
            in >> fruitless_;
            in.require(fruitless_ > 0 && fruitless_ <= most_fruitless + 1, "a number of questions without a new point");
        }
        static void take(state_reader& in, std::optional<double>& number) {
            bool there = false;
            double value = 0;
            in >> there >> value;
            if (there) number = value;
        }

        options options_;
        lstm_controller controller_;
        adam adam_;
        bool begun_ = false; ///< whether the controller has its parameters
        std::deque<episode> pending_{}; ///< drawn and not learnt from
        std::size_t ready_ = 0; ///< of these, how many were told
        std::optional<double> baseline_{}, worst_{};
        told_points<Space> told_{};
        std::uint64_t fruitless_ = 0; ///< questions on end that held nothing new, as far as they count
        double loss_ = 0;
        // Of one update.
        std::vector<std::uint32_t> actions_{};
        std::vector<unsigned char> marks_{};
        std::vector<double> rewards_{};
    };
};

} // namespace verdant
