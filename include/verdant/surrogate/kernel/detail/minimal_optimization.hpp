#pragma once

#include <verdant/surrogate/kernel/detail/kernel_cache.hpp>
#include <verdant/surrogate/kernel/support_vector_options.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace verdant::surrogate::detail {

/// Sequential minimal optimisation of the dual of support vector regression, with the working pairs of second order of Fan, Chen and Lin ("Working
/// set selection using second order information for training support vector machines", JMLR 6, 2005), the nu dual as Chang and Lin ("LIBSVM", ACM
/// TIST 2, 2011, section 4.2).
///
/// A row has two multipliers: `up` for a function that is to rise there, `down` for one that is to fall; its coefficient is up - down. A step moves a
/// coefficient up and another one down by the same amount, by whichever multiplier the pair names. The slope of the dual by a multiplier is the
/// residual y - f less epsilon (up) or more (down), so one residual a row suffices.
class minimal_optimization {
public:
    /// @param y labels in the unit of `options.epsilon`
    minimal_optimization(kernel_cache& kernel, std::span<const double> y, const support_vector_options& options)
        : kernel_{kernel}, options_{options}, nu_{options.loss == support_loss::nu}, epsilon_{nu_ ? 0 : options.epsilon}, residual_(y.begin(), y.end()), y_{y}, active_(y.size()) {
        for (auto& m : multipliers_) m.assign(y.size(), 0);
        std::iota(active_.begin(), active_.end(), std::size_t{0});
        if (!nu_) return;
        auto rest = options.cost * options.nu * static_cast<double>(y.size()) / 2;
        for (std::size_t r = 0; r < y.size(); ++r) {
            const auto one = std::min(rest, options.cost);
            multipliers_[up][r] = multipliers_[down][r] = one;
            rest -= one;
        }
    }

    /// @return whether the conditions of the optimum hold
    bool run() {
        const auto between = std::min<std::size_t>(active_.size(), 1000);
        auto until_shrink = between;
        for (std::size_t step = 0; step < options_.steps; ++step) {
            if (options_.shrinking && until_shrink-- == 0) {
                until_shrink = between;
                shrink();
            }
            auto p = choose();
            if (!p.found && active_.size() < y_.size()) {
                reconstruct();
                until_shrink = 1;
                p = choose();
            }
            if (!p.found) return true;
            move(p);
        }
        reconstruct();
        return false;
    }

    [[nodiscard]] double coefficient(std::size_t r) const noexcept { return multipliers_[up][r] - multipliers_[down][r]; }
    /// What all predictions are moved by.
    [[nodiscard]] double intercept() const {
        if (!nu_) return level({true, true});
        return (level({true, false}) + level({false, true})) / 2;
    }

private:
    static constexpr std::size_t up = 0, down = 1;
    /// A multiplier of a row; coefficients rise by `up` growing and by `down` shrinking.
    struct place {
        std::size_t row = 0, kind = up;
    };
    struct pair {
        place rises, falls;
        bool found = false;
    };

    [[nodiscard]] double slope(std::size_t r, std::size_t kind) const noexcept { return residual_[r] + (kind == up ? -epsilon_ : epsilon_); }
    [[nodiscard]] double room_up(std::size_t r, std::size_t kind) const noexcept { return kind == up ? options_.cost - multipliers_[up][r] : multipliers_[down][r]; }
    [[nodiscard]] double room_down(std::size_t r, std::size_t kind) const noexcept { return kind == up ? multipliers_[up][r] : options_.cost - multipliers_[down][r]; }

    /// The multiplier of steepest slope that may rise, for each kind.
    [[nodiscard]] std::array<place, 2> steepest(std::array<double, 2>& slopes) const {
        std::array<place, 2> best{place{0, up}, place{0, down}};
        slopes.fill(-std::numeric_limits<double>::infinity());
        for (const auto r : active_)
            for (const auto kind : {up, down})
                if (room_up(r, kind) > 0 && slope(r, kind) >= slopes[kind]) {
                    slopes[kind] = slope(r, kind);
                    best[kind].row = r;
                }
        return best;
    }
    /// The pair of most second-order progress; none where the conditions hold within the tolerance.
    [[nodiscard]] pair choose() {
        std::array<double, 2> slopes{};
        auto rising = steepest(slopes);
        if (!nu_) { // multipliers of both kinds may be paired
            const auto best = slopes[up] >= slopes[down] ? up : down;
            rising.fill(rising[best]);
            slopes.fill(slopes[best]);
        }
        std::array<std::span<const float>, 2> rows;
        for (const auto kind : {up, down})
            if (std::isfinite(slopes[kind])) rows[kind] = kind == down && rising[up].row == rising[down].row && !rows[up].empty() ? rows[up] : kernel_.row(rising[kind].row);
        pair best;
        double most = 0, gap = 0;
        for (const auto r : active_)
            for (const auto kind : {up, down}) {
                if (!(room_down(r, kind) > 0) || rows[kind].empty()) continue;
                const auto difference = slopes[kind] - slope(r, kind);
                gap = std::max(gap, difference);
                if (!(difference > 0)) continue;
                const auto progress = difference * difference / curvature(rising[kind].row, r, rows[kind][r]);
                if (progress > most) {
                    most = progress;
                    best = {rising[kind], {r, kind}, true};
                }
            }
        if (gap < options_.tolerance) best.found = false;
        return best;
    }
    [[nodiscard]] double curvature(std::size_t a, std::size_t b, float between) const {
        const auto c = kernel_.diagonal(a) + kernel_.diagonal(b) - 2 * static_cast<double>(between);
        return c > 0 ? c : 1e-12; // kernels that are not positive definite
    }

    void move(const pair& p) {
        const auto a = p.rises.row, b = p.falls.row;
        const auto row_a = kernel_.row(a), row_b = kernel_.row(b);
        const auto wanted = (slope(a, p.rises.kind) - slope(b, p.falls.kind)) / curvature(a, b, row_a[b]);
        const auto most_a = room_up(a, p.rises.kind), most_b = room_down(b, p.falls.kind);
        const auto by = std::min({wanted, most_a, most_b});
        change(p.rises, by, by == most_a);
        change(p.falls, -by, by == most_b);
        if (a == b) return; // both multipliers of a row: its coefficient stays
        for (const auto r : active_) residual_[r] -= by * (static_cast<double>(row_a[r]) - static_cast<double>(row_b[r]));
    }
    /// @param to_bound whether it ends exactly at its bound, which rounding would miss
    void change(const place& p, double by, bool to_bound) {
        auto& m = multipliers_[p.kind][p.row];
        const bool grows = (by > 0) == (p.kind == up);
        if (to_bound) m = grows ? options_.cost : 0;
        else m = std::clamp(m + (p.kind == up ? by : -by), 0.0, options_.cost);
    }

    /// Leaves out rows whose multipliers are at bounds and will hardly leave them.
    void shrink() {
        std::array<double, 2> highest{}, lowest{};
        highest.fill(-std::numeric_limits<double>::infinity());
        lowest.fill(std::numeric_limits<double>::infinity());
        for (const auto r : active_)
            for (const auto kind : {up, down}) {
                if (room_up(r, kind) > 0) highest[kind] = std::max(highest[kind], slope(r, kind));
                if (room_down(r, kind) > 0) lowest[kind] = std::min(lowest[kind], slope(r, kind));
            }
        if (!nu_) {
            highest.fill(std::max(highest[up], highest[down]));
            lowest.fill(std::min(lowest[up], lowest[down]));
        }
        const auto settled = [&](std::size_t r) {
            for (const auto kind : {up, down}) {
                const bool only_falls = !(room_up(r, kind) > 0), only_rises = !(room_down(r, kind) > 0);
                if (!(only_falls && slope(r, kind) > highest[kind]) && !(only_rises && slope(r, kind) < lowest[kind])) return false;
            }
            return true;
        };
        std::erase_if(active_, settled);
    }
    /// Takes all rows in again and computes the residuals of those that were left out.
    void reconstruct() {
        if (active_.size() == y_.size()) return;
        std::vector<char> kept(y_.size(), 0);
        for (const auto r : active_) kept[r] = 1;
        for (std::size_t r = 0; r < y_.size(); ++r)
            if (kept[r] == 0) residual_[r] = y_[r];
        for (std::size_t s = 0; s < y_.size(); ++s) {
            const auto c = coefficient(s);
            if (c == 0) continue;
            const auto row = kernel_.row(s);
            for (std::size_t r = 0; r < y_.size(); ++r)
                if (kept[r] == 0) residual_[r] -= c * static_cast<double>(row[r]);
        }
        active_.resize(y_.size());
        std::iota(active_.begin(), active_.end(), std::size_t{0});
    }

    /// The mean slope of free multipliers, else the middle of what bounds allow. @param kinds which take part
    [[nodiscard]] double level(std::array<bool, 2> kinds) const {
        double sum = 0, highest = -std::numeric_limits<double>::infinity(), lowest = std::numeric_limits<double>::infinity();
        std::size_t free = 0;
        for (std::size_t r = 0; r < y_.size(); ++r)
            for (const auto kind : {up, down}) {
                if (!kinds[kind]) continue;
                const bool rises = room_up(r, kind) > 0, falls = room_down(r, kind) > 0;
                if (rises && falls) {
                    sum += slope(r, kind);
                    ++free;
                } else if (rises) highest = std::max(highest, slope(r, kind));
                else lowest = std::min(lowest, slope(r, kind));
            }
        if (free > 0) return sum / static_cast<double>(free);
        if (!std::isfinite(highest) || !std::isfinite(lowest)) return std::isfinite(highest) ? highest : lowest;
        return (highest + lowest) / 2;
    }

    kernel_cache& kernel_;
    const support_vector_options& options_;
    bool nu_;
    double epsilon_;
    std::vector<double> residual_; ///< y - sum of coefficients times kernel, without the intercept
    std::span<const double> y_;
    std::array<std::vector<double>, 2> multipliers_;
    std::vector<std::size_t> active_;
};

} // namespace verdant::surrogate::detail
