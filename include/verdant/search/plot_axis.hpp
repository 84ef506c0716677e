#pragma once

#include <cmath>
#include <vector>

namespace verdant {

/// One axis of a plot: maps a range of data, widened to round ticks, to a range of the picture (Heckbert, "Nice numbers for graph labels",
/// Graphics Gems, 1990).
class plot_axis {
public:
    /// @param low, high finite ends of the data; an empty range is widened
    /// @param from, to  where they lie in the picture
    plot_axis(double low, double high, double from, double to) : from_{from}, to_{to} {
        if (!(low < high)) {
            const auto pad = low == 0 ? 1.0 : std::abs(low) * 0.1;
            high = low + pad;
            low -= pad;
        }
        const auto rough = (high - low) / 5;
        const auto magnitude = std::pow(10.0, std::floor(std::log10(rough)));
        const auto fraction = rough / magnitude;
        step_ = (fraction < 1.5 ? 1.0 : fraction < 3 ? 2.0 : fraction < 7 ? 5.0 : 10.0) * magnitude;
        first_ = std::floor(low / step_);
        last_ = std::ceil(high / step_);
    }

    [[nodiscard]] double low() const { return first_ * step_; }
    [[nodiscard]] double high() const { return last_ * step_; }
    [[nodiscard]] bool holds(double value) const { return value >= low() && value <= high(); }
    /// Where a value lies in the picture.
    [[nodiscard]] double at(double value) const { return from_ + (value - low()) / (high() - low()) * (to_ - from_); }
    [[nodiscard]] std::vector<double> ticks() const {
        std::vector<double> all;
        for (double k = first_; k <= last_; ++k) all.push_back(k * step_);
        return all;
    }

private:
    double from_, to_, step_ = 1, first_ = 0, last_ = 1;
};

} // namespace verdant
