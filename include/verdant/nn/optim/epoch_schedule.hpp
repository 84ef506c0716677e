#pragma once

#include <verdant/error.hpp>
#include <verdant/nn/optim/learning_rate_schedule.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// Learning rates that are told by epochs, and taken at each step.
namespace verdant::nn {

/// A rate at the start of an epoch.
struct epoch_rate {
    double epoch = 0;
    double rate = 0;
};

/// Straight lines between rates at epochs, constant before the first and after the last; within an epoch, step i of n takes lerp(f(epoch), f(epoch +
/// 1), i / n), so that a corner within an epoch is cut as the original cuts it (ANB-DatasetCollection, trainval.py).
class piecewise_linear_schedule {
public:
    /// @param corners with growing epochs @param steps of an epoch
    /// @throws input_error for no corners, epochs that do not grow, rates below 0, or no steps
    piecewise_linear_schedule(std::vector<epoch_rate> corners, std::int64_t steps) : corners_{std::move(corners)}, steps_{steps} {
        constexpr const char* source = "piecewise linear schedule";
        if (corners_.empty()) throw input_error{source, "corners", "at least one", "none"};
        if (steps < 1) throw input_error{source, "steps", "at least one an epoch", std::to_string(steps)};
        for (std::size_t i = 0; i < corners_.size(); ++i) {
            const auto& c = corners_[i];
            if (!(c.rate >= 0 && std::isfinite(c.rate))) throw input_error{source, "rate", "a number of 0 or more", exact_text(c.rate)};
            if (!std::isfinite(c.epoch) || (i > 0 && !(c.epoch > corners_[i - 1].epoch)))
                throw input_error{source, "epoch", "epochs that grow from corner to corner", exact_text(c.epoch)};
        }
    }

    /// The triangle of Accel-NASBench: from `start` of the base to the base at epoch `peak`, and down to 0 at the last of all epochs.
    [[nodiscard]] static piecewise_linear_schedule triangle(double base, double peak, double epochs, std::int64_t steps, double start = 1e-4) {
        return {{{0, start * base}, {peak, base}, {epochs, 0}}, steps};
    }

    /// The rate at an epoch, which may be a broken number.
    [[nodiscard]] double at(double epoch) const {
        if (epoch <= corners_.front().epoch) return corners_.front().rate;
        for (std::size_t i = 1; i < corners_.size(); ++i)
            if (const auto &from = corners_[i - 1], &to = corners_[i]; epoch <= to.epoch)
                return from.rate + (to.rate - from.rate) * ((epoch - from.epoch) / (to.epoch - from.epoch));
        return corners_.back().rate;
    }
    [[nodiscard]] double operator()(std::int64_t step) const {
        const auto epoch = static_cast<double>(step / steps_), within = static_cast<double>(step % steps_) / static_cast<double>(steps_);
        const double from = at(epoch), to = at(epoch + 1);
        return from + (to - from) * within;
    }

private:
    std::vector<epoch_rate> corners_;
    std::int64_t steps_;
};
static_assert(learning_rate_schedule<piecewise_linear_schedule>);

/// A warm-up in a straight line, a step an epoch, then the base times a factor for every `every` epochs that have passed since the start, those of
/// the warm-up among them (timm, scheduler/step_lr.py, StepLRScheduler; the recipe of EfficientNet: Tan and Le, ICML 2019, section 5).
struct stepwise_schedule {
    double base = 0.024;
    double factor = 0.97;
    double every = 2.4; ///< epochs
    double warmup = 5; ///< epochs
    double start = 1e-6; ///< rate of the first epoch
    std::int64_t steps = 1; ///< of an epoch @pre at least 1

    [[nodiscard]] double operator()(std::int64_t step) const {
        const auto epoch = static_cast<double>(step / steps);
        if (epoch < warmup) return start + epoch * (base - start) / warmup;
        return base * std::pow(factor, std::floor(epoch / every));
    }
};
static_assert(learning_rate_schedule<stepwise_schedule>);

} // namespace verdant::nn
