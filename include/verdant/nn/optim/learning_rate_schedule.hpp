#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <numbers>

namespace verdant::nn {

/// A learning rate that depends on the step, counted from 0: `schedule(step)`.
template <class S>
concept learning_rate_schedule = requires(const S& s, std::int64_t step) {
    { s(step) } -> std::same_as<double>;
};

namespace detail {

/// Linear from base / warmup at step 0 to base at step warmup - 1 (OpenCLIP, scheduler.py, as are the schedules below).
[[nodiscard]] constexpr double warmup_rate(double base, std::int64_t warmup, std::int64_t step) {
    return base * static_cast<double>(step + 1) / static_cast<double>(warmup);
}

} // namespace detail

/// Warm-up, then half a cosine down to 0 at `steps`.
struct cosine_schedule {
    double base = 5e-4;
    std::int64_t warmup = 10000;
    std::int64_t steps = 0;

    [[nodiscard]] double operator()(std::int64_t step) const {
        if (step < warmup) return detail::warmup_rate(base, warmup, step);
        const double done = static_cast<double>(step - warmup), all = static_cast<double>(steps - warmup);
        return 0.5 * (1 + std::cos(std::numbers::pi * done / all)) * base;
    }
};

/// Warm-up, then constant.
struct constant_schedule {
    double base = 5e-4;
    std::int64_t warmup = 10000;

    [[nodiscard]] constexpr double operator()(std::int64_t step) const { return step < warmup ? detail::warmup_rate(base, warmup, step) : base; }
};

/// Warm-up, constant, and in the last `cooldown` of all `steps` down to `end` by (1 - e/cooldown)^power.
struct cooldown_schedule {
    double base = 5e-4;
    std::int64_t warmup = 10000;
    std::int64_t steps = 0;
    std::int64_t cooldown = 0;
    double power = 1;
    double end = 0;

    [[nodiscard]] double operator()(std::int64_t step) const {
        if (step < warmup) return detail::warmup_rate(base, warmup, step);
        const std::int64_t start = steps - cooldown;
        if (step < start) return base;
        const double left = 1 - static_cast<double>(step - start) / static_cast<double>(cooldown);
        return std::pow(left, power) * (base - end) + end;
    }
};

/// Warm-up in a straight line from `start` to `base`, reached with the last of its steps, then half a cosine that would reach 0 after the last of
/// all `warmup + steps` (Once-for-all, run_manager/run_config.py, warmup_adjust_learning_rate).
struct annealed_schedule {
    double base = 0.026;
    std::int64_t warmup = 0;
    std::int64_t steps = 0; ///< after the warm-up
    double start = 0;       ///< rate from which the warm-up rises

    [[nodiscard]] double operator()(std::int64_t step) const {
        if (step < warmup) return static_cast<double>(step + 1) / static_cast<double>(warmup) * (base - start) + start;
        return 0.5 * base * (1 + std::cos(std::numbers::pi * static_cast<double>(step - warmup) / static_cast<double>(steps)));
    }
};

} // namespace verdant::nn
