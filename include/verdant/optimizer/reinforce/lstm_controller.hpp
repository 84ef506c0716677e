#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/optimizer/reinforce/decision_layout.hpp>
#include <verdant/optimizer/reinforce/detail/episode_lanes.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A recurrent network that draws the values of a space's parameters one after the other, and its gradient, without LibTorch.
namespace verdant {

/// The controller of Accel-NASBench (utils_anb/controller.py), for any layout: the token of the value that was drawn last is embedded and goes into
/// one LSTM cell (Hochreiter and Schmidhuber, Neural Computation 9, 1997; gates in PyTorch's order i, f, g, o, with its two biases), from whose state
/// a linear decoder makes the scores of the next value. Cell and state begin at zero. Values that are not allowed have no probability, and the others
/// share theirs. Single precision. Nothing is allocated after construction but by the first episodes beyond the most so far.
class lstm_controller {
    static constexpr auto lanes = detail::episode_lanes;

public:
    /// A matrix or row among the parameters.
    struct part {
        std::string name{}; ///< as the published controller calls it; decoders are `decoder.0` and so on
        std::size_t offset = 0, rows = 0, columns = 0;
        [[nodiscard]] std::size_t size() const noexcept { return rows * columns; }
    };

    /// All parameters are 0.
    /// @param start_token with which episodes begin; where there is none, one more than the layout has
    lstm_controller(decision_layout layout, std::size_t embedding, std::size_t hidden, std::optional<std::uint32_t> start_token = std::nullopt)
        : layout_{std::move(layout)}, embedding_{embedding}, hidden_{hidden}, tokens_{layout_.tokens + (start_token ? 0U : 1U)},
          start_{start_token.value_or(layout_.tokens)} {
        lay_out();
    }

    [[nodiscard]] const decision_layout& layout() const noexcept { return layout_; }
    /// Decisions of an episode.
    [[nodiscard]] std::size_t steps() const noexcept { return layout_.steps(); }
    /// Where the marks of step `t` stand among those of an episode; behind the last step: how many marks an episode has.
    [[nodiscard]] std::size_t first_choice(std::size_t t) const { return choice_begin_[t]; }
    [[nodiscard]] const std::vector<part>& parts() const noexcept { return parts_; }
    [[nodiscard]] std::span<float> parameters() noexcept { return parameters_; }
    [[nodiscard]] std::span<const float> parameters() const noexcept { return parameters_; }
    /// Of the last `differentiate`, in the order of the parameters.
    [[nodiscard]] std::span<const float> gradient() const noexcept { return gradient_; }
    /// ln of the probabilities of what was chosen, a row of `steps()` an episode, of the last call below.
    [[nodiscard]] std::span<const float> log_probabilities() const noexcept { return log_probabilities_; }

    /// Draws all parameters uniformly from [-range, range), biases of decoders 0, as published.
    void initialise(random_stream& random, double range) {
        for (const auto& p : parts_)
            for (std::size_t i = 0; i < p.size(); ++i)
                parameters_[p.offset + i] =
                    p.name.starts_with("decoder") && p.columns == 1 ? 0.0F : static_cast<float>(random.uniform(-range, range));
    }

    /// Chooses the values of some episodes.
    /// @param decisions `allow(episode, step, marks)` marks the values that may be chosen, at least one; `choose(episode, step, probabilities)` gives
    /// one of these. Blocks of
    ///                  episodes are drawn one after the other, the steps of one side by side
    template <class Decisions>
    void draw(std::size_t episodes, Decisions&& decisions) {
        prepare(episodes);
        for (std::size_t first = 0; first < episodes; first += lanes) forward(first, std::min(lanes, episodes - first), decisions);
    }

    /// The loss of Accel-NASBench and its gradient: the mean over episodes of -sum ln p (R - b) + w sum p ln p, where p are the probabilities of what
    /// was chosen.
    /// @param actions        a row of `steps()` values an episode
    /// @param allowed        a row of marks an episode; see `first_choice`
    /// @param advantage      R - b of each episode
    /// @param entropy_weight w
    template <class = instantiated_when_used>
    double differentiate(std::span<const std::uint32_t> actions, std::span<const unsigned char> allowed, std::span<const double> advantage,
                         double entropy_weight);

private:
    enum part_number : std::size_t { embedding_part, input_part, recurrent_part, input_bias_part, recurrent_bias_part, first_decoder_part };

    /// What was chosen before.
    struct recorded_decisions {
        std::span<const std::uint32_t> actions;
        std::span<const unsigned char> marks;
        std::span<const std::size_t> choice_begin;

        void allow(std::size_t episode, std::size_t step, std::span<unsigned char> allowed) const {
            const auto begin = episode * choice_begin.back() + choice_begin[step];
            for (std::size_t v = 0; v < allowed.size(); ++v) allowed[v] = marks[begin + v];
        }
        [[nodiscard]] std::uint32_t choose(std::size_t episode, std::size_t step, std::span<const float>) const {
            return actions[episode * (choice_begin.size() - 1) + step];
        }
    };

    /// Names the parts of the parameters and makes room for all.
    template <class = instantiated_when_used>
    void lay_out();
    void add_part(std::string name, std::size_t rows, std::size_t columns) {
        parts_.push_back({std::move(name), parts_.empty() ? 0 : parts_.back().offset + parts_.back().size(), rows, columns});
    }
    [[nodiscard]] const float* at(std::size_t number) const { return parameters_.data() + parts_[number].offset; }
    [[nodiscard]] float* gradient_at(std::size_t number) { return gradient_.data() + parts_[number].offset; }
    [[nodiscard]] std::size_t decoder_part(std::size_t step) const { return first_decoder_part + 2 * layout_.decoder[step]; }

    /// What follows from the parameters alone: what each token adds to the gates, and the recurrent weights by columns.
    template <class = instantiated_when_used>
    void prepare(std::size_t episodes);

    template <class Decisions>
    void forward(std::size_t first, std::size_t count, Decisions& decisions) {
        std::fill(state_.begin(), state_.end(), 0.0F);
        for (std::size_t k = 0; k < hidden_; ++k)
            for (std::size_t l = 0; l < lanes; ++l) states_[k * (steps() + 1) * lanes + l] = cells_[k * (steps() + 1) * lanes + l] = 0;
        for (std::size_t t = 0; t < steps(); ++t) {
            // Lanes without an episode compute one of their own, which nothing reads.
            for (std::size_t l = 0; l < lanes; ++l)
                tokens_in_[t * lanes + l] = t == 0 || l >= count ? start_ : layout_.token_of(t - 1, actions_[(t - 1) * lanes + l]);
            run_cell(t);
            const auto n = layout_.choices_of(t);
            const auto* bias = at(decoder_part(t) + 1);
            for (std::size_t v = 0; v < n; ++v)
                for (std::size_t l = 0; l < lanes; ++l) scores_[v * lanes + l] = bias[v];
            detail::multiply_add(at(decoder_part(t)), n, hidden_, state_.data(), scores_.data());
            for (std::size_t l = 0; l < count; ++l) decide(first + l, t, l, decisions);
        }
    }

    /// One step of the LSTM cell, whose gates, cells and states are kept.
    template <class = instantiated_when_used>
    void run_cell(std::size_t t);

    template <class Decisions>
    void decide(std::size_t episode, std::size_t t, std::size_t l, Decisions& decisions) {
        const auto n = layout_.choices_of(t);
        const auto allowed = std::span{allowed_}.first(n);
        decisions.allow(episode, t, allowed);
        auto most = -std::numeric_limits<float>::infinity();
        for (std::size_t v = 0; v < n; ++v)
            if (allowed[v] != 0) most = std::max(most, scores_[v * lanes + l]);
        float sum = 0;
        for (std::size_t v = 0; v < n; ++v) sum += one_[v] = allowed[v] != 0 ? std::exp(scores_[v * lanes + l] - most) : 0.0F;
        for (std::size_t v = 0; v < n; ++v) probabilities_[(choice_begin_[t] + v) * lanes + l] = one_[v] /= sum;
        const auto action = decisions.choose(episode, t, std::span<const float>{one_.data(), n});
        actions_[t * lanes + l] = action;
        log_probabilities_[episode * steps() + t] = scores_[action * lanes + l] - most - std::log(sum);
    }

    [[nodiscard]] double loss_of_block(std::size_t first, std::size_t count, std::span<const double> advantage, double entropy_weight) const {
        double loss = 0;
        for (std::size_t e = first; e < first + count; ++e)
            for (std::size_t t = 0; t < steps(); ++t) {
                const double log_p = log_probabilities_[e * steps() + t];
                loss += log_p * (entropy_weight * std::exp(log_p) - advantage[e]);
            }
        return loss;
    }

    /// Adds the gradient of a block whose forward pass was the last one.
    void backward(std::size_t first, std::size_t count, std::span<const double> advantage, double entropy_weight) {
        std::fill(sums_.begin(), sums_.end(), 0.0F); // what the gates of the step behind hand back
        std::fill(cell_gradient_.begin(), cell_gradient_.end(), 0.0F);
        for (std::size_t t = steps(); t-- > 0;) {
            std::fill(state_gradient_.begin(), state_gradient_.end(), 0.0F);
            if (t + 1 < steps()) detail::multiply_add(transposed_.data(), hidden_, 4 * hidden_, sums_.data(), state_gradient_.data());
            differentiate_decoder(first, count, t, advantage, entropy_weight);
            differentiate_cell(t);
            for (std::size_t l = 0; l < count; ++l) {
                auto* into = token_gradient_.data() + tokens_in_[t * lanes + l] * 4 * hidden_;
                for (std::size_t o = 0; o < 4 * hidden_; ++o) into[o] += sums_[o * lanes + l];
            }
        }
        // The gates hold their gradients by now.
        detail::multiply_transposed_add(gates_.data(), steps() * lanes, 4 * hidden_, states_.data(), (steps() + 1) * lanes, hidden_, steps() * lanes,
                                        gradient_at(recurrent_part));
    }

    /// d loss / d score_j = (A - w p (ln p + 1)) (p_j - [j chosen]) / episodes, where p is the probability of what was chosen.
    void differentiate_decoder(std::size_t first, std::size_t count, std::size_t t, std::span<const double> advantage, double entropy_weight) {
        const auto n = layout_.choices_of(t);
        std::fill(scores_.begin(), scores_.end(), 0.0F);
        for (std::size_t l = 0; l < count; ++l) {
            const auto action = actions_[t * lanes + l];
            const double log_p = log_probabilities_[(first + l) * steps() + t];
            const auto factor = (advantage[first + l] - entropy_weight * std::exp(log_p) * (log_p + 1)) / static_cast<double>(advantage.size());
            for (std::size_t v = 0; v < n; ++v)
                scores_[v * lanes + l] =
                    static_cast<float>(factor * (static_cast<double>(probabilities_[(choice_begin_[t] + v) * lanes + l]) - (v == action ? 1 : 0)));
        }
        const auto* weights = at(decoder_part(t));
        auto *to_weights = gradient_at(decoder_part(t)), *to_bias = gradient_at(decoder_part(t) + 1);
        for (std::size_t v = 0; v < n; ++v) {
            const auto* score = scores_.data() + v * lanes;
            for (std::size_t l = 0; l < lanes; ++l) to_bias[v] += score[l];
            for (std::size_t k = 0; k < hidden_; ++k) {
                const auto* state = states_.data() + (k * (steps() + 1) + t + 1) * lanes;
                float sum = 0;
                for (std::size_t l = 0; l < lanes; ++l) {
                    sum += score[l] * state[l];
                    state_gradient_[k * lanes + l] += score[l] * weights[v * hidden_ + k];
                }
                to_weights[v * hidden_ + k] += sum;
            }
        }
    }

    /// From the gradients of state and cell behind step `t` to those of its gates, in `sums_` and in place of the gates, and of the cell before it.
    void differentiate_cell(std::size_t t) {
        for (std::size_t k = 0; k < hidden_; ++k)
            for (std::size_t l = 0; l < lanes; ++l) {
                const auto in = gate(k, t, l), keep = gate(hidden_ + k, t, l), what = gate(2 * hidden_ + k, t, l), out = gate(3 * hidden_ + k, t, l);
                const auto squashed = squashed_[(k * steps() + t) * lanes + l], to_state = state_gradient_[k * lanes + l];
                const auto to_cell = cell_gradient_[k * lanes + l] + to_state * out * (1 - squashed * squashed);
                sums_[k * lanes + l] = to_cell * what * in * (1 - in);
                sums_[(hidden_ + k) * lanes + l] = to_cell * cells_[(k * (steps() + 1) + t) * lanes + l] * keep * (1 - keep);
                sums_[(2 * hidden_ + k) * lanes + l] = to_cell * in * (1 - what * what);
                sums_[(3 * hidden_ + k) * lanes + l] = to_state * squashed * out * (1 - out);
                cell_gradient_[k * lanes + l] = to_cell * keep;
                for (std::size_t g = 0; g < 4; ++g) gate(g * hidden_ + k, t, l) = sums_[(g * hidden_ + k) * lanes + l];
            }
    }

    /// The gradients of what stands before the gates: input weights, biases, embedding.
    void finish_gradient() {
        const auto *weights = at(input_part), *embedding = at(embedding_part);
        auto *to_weights = gradient_at(input_part), *to_embedding = gradient_at(embedding_part);
        for (std::size_t token = 0; token < tokens_; ++token)
            for (std::size_t o = 0; o < 4 * hidden_; ++o) {
                const auto g = token_gradient_[token * 4 * hidden_ + o];
                gradient_at(input_bias_part)[o] += g;
                gradient_at(recurrent_bias_part)[o] += g;
                for (std::size_t e = 0; e < embedding_; ++e) {
                    to_weights[o * embedding_ + e] += g * embedding[token * embedding_ + e];
                    to_embedding[token * embedding_ + e] += g * weights[o * embedding_ + e];
                }
            }
    }

    [[nodiscard]] static float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }
    /// By one exponential, which takes a third of the time of std::tanh; what is lost of small numbers is below the rounding of what they are added
    /// to.
    [[nodiscard]] static float hyperbolic_tangent(float x) { return 1 - 2 / (1 + std::exp(2 * x)); }
    [[nodiscard]] float& gate(std::size_t o, std::size_t t, std::size_t l) { return gates_[(o * steps() + t) * lanes + l]; }

    decision_layout layout_;
    std::size_t embedding_, hidden_, tokens_;
    std::uint32_t start_;
    std::vector<part> parts_{};
    std::vector<float> parameters_{}, gradient_{};
    std::vector<std::size_t> choice_begin_{0}; ///< of each step, and their sum

    std::vector<float> input_sums_{}, token_gradient_{}; ///< tokens x gates: what a token adds to the gates, and the gradient of that
    std::vector<float> transposed_{}; ///< the recurrent weights, hidden x gates
    // Of the block of episodes that was computed last; numbers of a layer x steps x lanes.
    std::vector<float> gates_{}, states_{}, cells_{}, squashed_{}; ///< states and cells with those before the first step
    std::vector<float> state_{}, state_gradient_{}, cell_gradient_{}, sums_{}, scores_{}; ///< of one step
    std::vector<float> probabilities_{}, one_{}, log_probabilities_{};
    std::vector<unsigned char> allowed_{};
    std::vector<std::uint32_t> tokens_in_{}, actions_{}; ///< steps x lanes
};

template <class>
void lstm_controller::lay_out() {
    add_part("embedding.weight", tokens_, embedding_);
    add_part("rnn.weight_ih", 4 * hidden_, embedding_);
    add_part("rnn.weight_hh", 4 * hidden_, hidden_);
    add_part("rnn.bias_ih", 4 * hidden_, 1);
    add_part("rnn.bias_hh", 4 * hidden_, 1);
    for (std::size_t d = 0; d < layout_.choices.size(); ++d) {
        add_part("decoder." + std::to_string(d) + ".weight", layout_.choices[d], hidden_);
        add_part("decoder." + std::to_string(d) + ".bias", layout_.choices[d], 1);
    }
    parameters_.resize(parts_.back().offset + parts_.back().size());
    gradient_.resize(parameters_.size());
    for (std::size_t t = 0; t < steps(); ++t) choice_begin_.push_back(choice_begin_.back() + layout_.choices_of(t));
    input_sums_.resize(tokens_ * 4 * hidden_);
    token_gradient_.resize(tokens_ * 4 * hidden_);
    transposed_.resize(hidden_ * 4 * hidden_);
    gates_.resize(4 * hidden_ * steps() * lanes);
    states_.resize(hidden_ * (steps() + 1) * lanes);
    cells_.resize(hidden_ * (steps() + 1) * lanes);
    squashed_.resize(hidden_ * steps() * lanes);
    state_.resize(hidden_ * lanes);
    state_gradient_.resize(hidden_ * lanes);
    cell_gradient_.resize(hidden_ * lanes);
    sums_.resize(4 * hidden_ * lanes);
    probabilities_.resize(choice_begin_.back() * lanes);
    std::size_t widest = 0;
    for (const auto n : layout_.choices) widest = std::max<std::size_t>(widest, n);
    scores_.resize(widest * lanes);
    one_.resize(widest);
    allowed_.resize(widest);
    tokens_in_.resize(steps() * lanes);
    actions_.resize(steps() * lanes);
}
VERDANT_DEFINED_ONCE(void lstm_controller::lay_out<>());

template <class>
void lstm_controller::run_cell(std::size_t t) {
    for (std::size_t l = 0; l < lanes; ++l) {
        const auto* from = input_sums_.data() + tokens_in_[t * lanes + l] * 4 * hidden_;
        for (std::size_t o = 0; o < 4 * hidden_; ++o) sums_[o * lanes + l] = from[o];
    }
    detail::multiply_add(at(recurrent_part), 4 * hidden_, hidden_, state_.data(), sums_.data());
    for (std::size_t k = 0; k < hidden_; ++k)
        for (std::size_t l = 0; l < lanes; ++l) {
            const auto in = sigmoid(sums_[k * lanes + l]), keep = sigmoid(sums_[(hidden_ + k) * lanes + l]);
            const auto what = hyperbolic_tangent(sums_[(2 * hidden_ + k) * lanes + l]), out = sigmoid(sums_[(3 * hidden_ + k) * lanes + l]);
            const auto before = (k * (steps() + 1) + t) * lanes + l;
            const auto cell = keep * cells_[before] + in * what;
            const auto squashed = hyperbolic_tangent(cell);
            gate(k, t, l) = in;
            gate(hidden_ + k, t, l) = keep;
            gate(2 * hidden_ + k, t, l) = what;
            gate(3 * hidden_ + k, t, l) = out;
            cells_[before + lanes] = cell;
            squashed_[(k * steps() + t) * lanes + l] = squashed;
            states_[before + lanes] = state_[k * lanes + l] = out * squashed;
        }
}
VERDANT_DEFINED_ONCE(void lstm_controller::run_cell<>(std::size_t));

template <class>
void lstm_controller::prepare(std::size_t episodes) {
    log_probabilities_.resize(episodes * steps());
    const auto* weights = at(input_part);
    for (std::size_t token = 0; token < tokens_; ++token)
        for (std::size_t o = 0; o < 4 * hidden_; ++o) {
            auto sum = at(input_bias_part)[o] + at(recurrent_bias_part)[o];
            for (std::size_t e = 0; e < embedding_; ++e) sum += weights[o * embedding_ + e] * at(embedding_part)[token * embedding_ + e];
            input_sums_[token * 4 * hidden_ + o] = sum;
        }
    for (std::size_t o = 0; o < 4 * hidden_; ++o)
        for (std::size_t k = 0; k < hidden_; ++k) transposed_[k * 4 * hidden_ + o] = at(recurrent_part)[o * hidden_ + k];
}
VERDANT_DEFINED_ONCE(void lstm_controller::prepare<>(std::size_t));

template <class>
double lstm_controller::differentiate(std::span<const std::uint32_t> actions, std::span<const unsigned char> allowed,
                                      std::span<const double> advantage, double entropy_weight) {
    const auto episodes = advantage.size();
    prepare(episodes);
    std::fill(gradient_.begin(), gradient_.end(), 0.0F);
    std::fill(token_gradient_.begin(), token_gradient_.end(), 0.0F);
    const recorded_decisions recorded{actions, allowed, choice_begin_};
    double loss = 0;
    for (std::size_t first = 0; first < episodes; first += lanes) {
        const auto count = std::min(lanes, episodes - first);
        forward(first, count, recorded);
        loss += loss_of_block(first, count, advantage, entropy_weight);
        backward(first, count, advantage, entropy_weight);
    }
    finish_gradient();
    return loss / static_cast<double>(episodes);
}
VERDANT_DEFINED_ONCE(double lstm_controller::differentiate<>(std::span<const std::uint32_t>, std::span<const unsigned char>, std::span<const double>,
                                                             double));

} // namespace verdant
