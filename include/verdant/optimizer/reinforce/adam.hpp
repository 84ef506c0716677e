#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

/// Adam without LibTorch.
namespace verdant {

/// Adam (Kingma and Ba, ICLR 2015, algorithm 1) over one row of numbers in single precision; the order of operations is that of PyTorch's
/// torch.optim.Adam without weight decay, so that its numbers are met to rounding. Nothing is allocated after construction.
class adam {
public:
    explicit adam(std::size_t parameters) : mean_(parameters), square_(parameters) {}

    /// Moves `parameters` against `gradient`, both as long as the row.
    void step(std::span<float> parameters, std::span<const float> gradient, double learning_rate) {
        ++steps_;
        const auto t = static_cast<double>(steps_);
        const auto size = static_cast<float>(learning_rate / (1 - std::pow(first_decay, t)));
        const auto root = static_cast<float>(std::sqrt(1 - std::pow(second_decay, t)));
        constexpr auto keep = static_cast<float>(first_decay), take = static_cast<float>(1 - first_decay);
        constexpr auto keep_square = static_cast<float>(second_decay), take_square = static_cast<float>(1 - second_decay);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const auto g = gradient[i];
            mean_[i] = keep * mean_[i] + take * g;
            square_[i] = keep_square * square_[i] + take_square * (g * g);
            parameters[i] -= size * (mean_[i] / (std::sqrt(square_[i]) / root + epsilon));
        }
    }

    [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
    [[nodiscard]] const std::vector<float>& mean() const noexcept { return mean_; }
    [[nodiscard]] const std::vector<float>& square() const noexcept { return square_; }
    /// Goes on as the one did that these came from. @pre both are as long as the row
    void restore(std::uint64_t steps, std::vector<float> mean, std::vector<float> square) {
        steps_ = steps;
        mean_ = std::move(mean);
        square_ = std::move(square);
    }

private:
    static constexpr double first_decay = 0.9, second_decay = 0.999; // published
    static constexpr float epsilon = 1e-8F;

    std::vector<float> mean_, square_;
    std::uint64_t steps_ = 0;
};

} // namespace verdant
