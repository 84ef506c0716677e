#pragma once

#include <verdant/optimizer/reinforce/lstm_controller.hpp>
#include <verdant/optimizer/reinforce/value_mask.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/point.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// What a controller draws and learns from.
namespace verdant {

/// A point as a controller drew it, value after value, and what it was worth.
template <search_space Space>
struct controller_episode {
    point<Space> who{};
    std::vector<unsigned char> marks{}; ///< one for each value of each parameter: whether it was allowed
    std::optional<double> reward{};     ///< nothing before it was told, and where it failed or breaks a constraint
    bool told = false;
};

namespace detail {

/// Draws episodes side by side. All uniform numbers are drawn before, episode after episode, so that it does not matter how many there are.
class episode_draws {
public:
    episode_draws(const feasible_set& set, const lstm_controller& controller, random_stream& random, std::size_t n)
        : set_{set}, controller_{controller}, uniform_(n * controller.steps()), actions_(n * controller.steps()),
          marks_(n * controller.first_choice(controller.steps())) {
        for (auto& u : uniform_) u = random.uniform();
    }

    void allow(std::size_t e, std::size_t step, std::span<unsigned char> allowed) {
        mark_possible_values(set_, step, actions(e), allowed);
        std::copy(allowed.begin(), allowed.end(), marks(e).begin() + static_cast<std::ptrdiff_t>(controller_.first_choice(step)));
    }
    [[nodiscard]] std::uint32_t choose(std::size_t e, std::size_t step, std::span<const float> probabilities) {
        auto left = uniform_[e * controller_.steps() + step];
        std::uint32_t chosen = 0;
        for (std::uint32_t v = 0; v < probabilities.size(); ++v) {
            if (!(probabilities[v] > 0)) continue;
            chosen = v; // the last possible one, where rounding leaves something
            if (left < static_cast<double>(probabilities[v])) break;
            left -= static_cast<double>(probabilities[v]);
        }
        return actions(e)[step] = chosen;
    }
    /// Draws anew what ran into a dead end, and marks again what was allowed on the way there.
    void finish(std::size_t e, random_stream& random) {
        if (!repair_dead_ends(set_, actions(e), random)) return;
        std::vector<std::uint32_t> before(actions(e).begin(), actions(e).end());
        for (std::size_t t = 0; t < controller_.steps(); ++t) {
            const auto first = controller_.first_choice(t);
            mark_possible_values(set_, t, before, marks(e).subspan(first, controller_.first_choice(t + 1) - first));
            before[t] = actions(e)[t];
        }
    }
    [[nodiscard]] std::span<std::uint32_t> actions(std::size_t e) {
        return std::span{actions_}.subspan(e * controller_.steps(), controller_.steps());
    }
    [[nodiscard]] std::span<unsigned char> marks(std::size_t e) {
        const auto n = controller_.first_choice(controller_.steps());
        return std::span{marks_}.subspan(e * n, n);
    }

private:
    const feasible_set& set_;
    const lstm_controller& controller_;
    std::vector<double> uniform_;
    std::vector<std::uint32_t> actions_;
    std::vector<unsigned char> marks_;
};

} // namespace detail

/// Episodes that a controller draws, each value among those with which some feasible point goes on (see `mark_possible_values`).
/// @param controller of the layout of the space; its parameters stay
template <search_space Space>
[[nodiscard]] std::vector<controller_episode<Space>> draw_episodes(lstm_controller& controller, random_stream& random, std::size_t n) {
    std::vector<controller_episode<Space>> episodes;
    detail::episode_draws draws{feasible_set_of<Space>(), controller, random, n};
    controller.draw(n, draws);
    for (std::size_t e = 0; e < n; ++e) {
        draws.finish(e, random);
        episodes.push_back({.who = point<Space>::from_indices(draws.actions(e)),
                            .marks = {draws.marks(e).begin(), draws.marks(e).end()},
                            .reward = {},
                            .told = false});
    }
    return episodes;
}

/// The episode in which a controller draws a point.
/// @param controller of the layout of the space
template <search_space Space>
[[nodiscard]] controller_episode<Space> episode_of(const lstm_controller& controller, const point<Space>& p) {
    std::vector<std::uint32_t> actions;
    for (std::size_t t = 0; t < p.size(); ++t) actions.push_back(static_cast<std::uint32_t>(p[t]));
    controller_episode<Space> e{
        .who = p, .marks = std::vector<unsigned char>(controller.first_choice(controller.steps())), .reward = {}, .told = false};
    for (std::size_t t = 0; t < controller.steps(); ++t) {
        const auto first = controller.first_choice(t);
        mark_possible_values(feasible_set_of<Space>(), t, actions, std::span{e.marks}.subspan(first, controller.first_choice(t + 1) - first));
    }
    return e;
}

/// Writes an episode without what it was worth.
template <search_space Space>
state_writer& operator<<(state_writer& out, const controller_episode<Space>& e) {
    return out << e.who << e.marks;
}
/// Reads one that was drawn by a controller of this layout.
/// @throws input_error for marks of another layout, and for values that are marked as not allowed
template <search_space Space>
[[nodiscard]] controller_episode<Space> read_episode(const lstm_controller& controller, state_reader& in) {
    controller_episode<Space> e;
    in >> e.who >> e.marks;
    in.require(e.marks.size() == controller.first_choice(controller.steps()), "a mark for each value");
    for (std::size_t t = 0; t < e.who.size(); ++t) in.require(e.marks[controller.first_choice(t) + e.who[t]] == 1, "chosen values that were allowed");
    return e;
}

} // namespace verdant
