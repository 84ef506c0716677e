#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Axes of plots, and what a picture may ask of them.
namespace verdant::plot {

/// How values are laid along an axis or a scale of colours.
enum class scale : std::uint8_t {
    linear,      ///< equal differences are equally long
    logarithmic, ///< equal ratios are; only values above 0 have a place
    automatic,   ///< logarithmic where all values are above 0 and the greatest is more than 1000 times the least, else linear
};

/// What is asked of an axis. An end is a value in the unit shown, at which the axis begins or ends exactly; one that is NaN is left to the data, and
/// lies at the first round number beyond them.
///
///     axis_options{.low = 0}                                     // begins at 0
///     axis_options{.scale = scale::logarithmic, .label = "time"} // named otherwise than the metric
struct axis_options {
    double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();
    plot::scale scale = plot::scale::linear;
    std::string label{}; ///< what is written along it; empty: what the picture calls it
};

/// One axis of a plot: maps a range of data, widened to round ticks, to a range of the picture (Heckbert, "Nice numbers for graph labels",
/// Graphics Gems, 1990). Any data have a few ticks: ends that are nearly equal (to a share of 1e-9, or both below 1e-300) are widened as equal ones
/// are, and infinite ends are the greatest numbers. A logarithmic axis has ticks at powers of ten, at 1, 2 and 5 times them where there are few, and
/// at round numbers where the data span less than a factor of eight.
class axis {
public:
    /// @param low, high ends of the data; an empty range is widened, and an end that is NaN is the other end
    /// @param from, to  where they lie in the picture
    /// Throws `input_error`, which names the axis by its label, where an end that is asked for is infinite, not a share of 1e-9 below the other one,
    /// or, on a logarithmic axis, not within 1e-300 to 1e300, and where the data of a logarithmic axis begin at 0 or below.
    axis(double low, double high, double from, double to, const axis_options& asked = {}) : from_{from}, to_{to} {
        const bool begins = !std::isnan(asked.low), ends = !std::isnan(asked.high);
        if (std::isnan(low)) low = std::isnan(high) ? 0 : high;
        if (std::isnan(high)) high = low;
        if (low > high) std::swap(low, high);
        constexpr auto greatest = std::numeric_limits<double>::max();
        low = begins ? asked.low : std::clamp(low, -greatest, greatest);
        high = ends ? asked.high : std::clamp(high, -greatest, greatest);
        logarithmic_ = asked.scale == scale::logarithmic || (asked.scale == scale::automatic && low > 0 && high / 1000 > low);
        check(asked);
        if (begins && low > high) high = low; // the data lie before the axis, which is widened from the end asked for
        if (ends && high < low) low = high;
        if (!logarithmic_) lay_linear(low, high, begins, ends);
        else if (low > 0) lay_logarithmic(low, high, begins, ends);
        else refuse(asked, "data above 0 on a logarithmic axis", rounded_text(low));
    }

    [[nodiscard]] double low() const { return low_; }
    [[nodiscard]] double high() const { return high_; }
    [[nodiscard]] bool logarithmic() const { return logarithmic_; }
    /// Whether a value has a place at all on an axis of this scale, be it beyond the ends.
    [[nodiscard]] bool has_place_for(double value) const { return std::isfinite(value) && (!logarithmic_ || value > 0); }
    /// Whether the axis shows a value; the ends count, whatever they were rounded to.
    [[nodiscard]] bool holds(double value) const {
        const auto steps = steps_to(value), slack = 1e-6 * (logarithmic_ ? last_ - first_ : 1);
        return steps >= first_ - slack && steps <= last_ + slack;
    }
    /// Where a value lies in the picture; a value so far beyond the ends that no place is a number lies a million lengths away.
    [[nodiscard]] double at(double value) const {
        const auto share =
            logarithmic_ ? (steps_to(value) - first_) / (last_ - first_) : (value * shrunk_ - first_ * step_) / (last_ * step_ - first_ * step_);
        return from_ + std::clamp(share, -1e6, 1e6) * (to_ - from_);
    }
    /// Ticks from the lower end to the upper one; those beyond all numbers are left out.
    [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }
    /// The lines between the ticks of a logarithmic axis, which have no labels.
    [[nodiscard]] const std::vector<double>& minor_ticks() const { return minor_; }
    /// What is written at a tick: four digits, and as many more as tell neighbours apart; below ten millions without an exponent.
    [[nodiscard]] std::string label(double tick) const {
        const auto size = std::abs(tick);
        return rounded_text(tick, size >= 1e4 && size < 1e7 ? std::max(digits_, size < 1e5 ? 5 : size < 1e6 ? 6 : 7) : digits_);
    }

private:
    [[noreturn]] static void refuse(const axis_options& asked, std::string_view expected, std::string_view found) {
        throw input_error{asked.label.empty() ? std::string_view{"axis"} : std::string_view{asked.label}, "range", expected, found};
    }
    /// The ends that are asked for can be had.
    void check(const axis_options& asked) const {
        const auto text = [](double end) { return std::isnan(end) ? std::string{"..."} : exact_text(end); };
        const auto found = text(asked.low) + " to " + text(asked.high);
        for (const auto end : {asked.low, asked.high}) {
            if (std::isinf(end)) refuse(asked, "finite ends", found);
            if (logarithmic_ && !std::isnan(end) && !(end >= 1e-300 && end <= 1e300))
                refuse(asked, "ends of a logarithmic axis from 1e-300 to 1e300", found);
        }
        if (std::isnan(asked.low) || std::isnan(asked.high)) return;
        const auto size = std::max(std::abs(asked.low), std::abs(asked.high));
        if (!(asked.low < asked.high)) refuse(asked, "a lower end below the upper one", found);
        if (size < 1e-300 || asked.high / size - asked.low / size <= (logarithmic_ ? 1e-6 : 1e-9)) refuse(asked, "ends further apart", found);
    }

    /// A value in what the ends are kept in: steps of a linear axis, decades of a logarithmic one.
    [[nodiscard]] double steps_to(double value) const {
        return logarithmic_ ? (value > 0 ? std::log10(value) : -std::numeric_limits<double>::infinity()) : value * shrunk_ / step_;
    }
    /// The value at a number of steps; the greatest number where it is beyond all.
    [[nodiscard]] double original(double steps) const {
        constexpr auto greatest = std::numeric_limits<double>::max();
        return std::clamp(steps * step_ / shrunk_, -greatest, greatest);
    }
    void choose_step(double extent) {
        const auto rough = extent / 5;
        const auto magnitude = std::pow(10.0, std::floor(std::log10(rough)));
        const auto fraction = rough / magnitude;
        step_ = (fraction < 1.5 ? 1.0 : fraction < 3 ? 2.0 : fraction < 7 ? 5.0 : 10.0) * magnitude;
    }
    /// The multiples of the step within the axis, and the digits that tell them apart.
    void lay_steps(double first, double last) {
        const auto count = static_cast<int>(std::floor(last + 1e-6) - std::ceil(first - 1e-6)) + 1;
        for (int k = 0; k < count; ++k)
            if (const auto tick = (std::ceil(first - 1e-6) + k) * step_ / shrunk_; std::isfinite(tick)) ticks_.push_back(tick + 0.0); // no -0
        digits_ = std::max(4, static_cast<int>(std::ceil(std::log10(std::max({std::abs(first), std::abs(last), 1.0})) + 1)));
    }

    void lay_linear(double low, double high, bool begins, bool ends) {
        const auto asked_low = low, asked_high = high;
        const auto size = std::max(std::abs(low), std::abs(high));
        if (size > 1e300) { // sums and multiples of steps must stay finite
            shrunk_ = 0x1p-10;
            low *= shrunk_;
            high *= shrunk_;
        }
        // Ticks closer than that would be no numbers of their own: then adding a step ends nowhere. Nor could their labels be read.
        if (!(high - low > 1e-9 * size * shrunk_) || size < 1e-300) {
            const auto pad = size < 1e-300 ? 1.0 : size * shrunk_ * 0.1;
            if (!ends) high += pad;
            if (!begins) low -= pad;
        }
        choose_step(high - low);
        // 0.6 is 12 steps of 0.05, though dividing gives a little less; `holds` has more slack than that.
        first_ = begins ? low / step_ : std::floor(low / step_ + 1e-7);
        last_ = ends ? high / step_ : std::ceil(high / step_ - 1e-7);
        low_ = begins ? asked_low : original(first_);
        high_ = ends ? asked_high : original(last_);
        lay_steps(first_, last_);
    }

    void lay_logarithmic(double low, double high, bool begins, bool ends) {
        // The places of ratios nearer to 1 are no numbers of their own; below and above these sizes steps are none.
        if (high < 1e-300) low = std::numeric_limits<double>::denorm_min(), high = 1e-300;
        else if (low > 1e300) low = 1e300, high = std::numeric_limits<double>::max();
        else if (std::log10(high) - std::log10(low) < 4e-7) {
            if (!begins) low /= 1.1;
            if (!ends) high *= 1.1;
        }
        const auto decades = std::log10(high) - std::log10(low);
        low_ = low;
        high_ = high;
        if (decades < 0.9) lay_short(begins, ends);
        else lay_decades(decades, begins, ends);
        first_ = std::log10(low_);
        last_ = std::log10(high_);
    }
    /// Round numbers in even steps: less than a factor of eight on a logarithmic axis.
    void lay_short(bool begins, bool ends) {
        choose_step(high_ - low_);
        if (const auto k = std::floor(low_ / step_); !begins && k >= 1) low_ = k * step_;
        if (!ends) high_ = std::min(std::ceil(high_ / step_) * step_, std::numeric_limits<double>::max());
        lay_steps(low_ / step_, high_ / step_);
    }
    /// Powers of ten, 1, 2 and 5 times them where there are few, and every so manieth where there are many.
    void lay_decades(double decades, bool begins, bool ends) {
        const int apart = decades > 8 ? static_cast<int>(std::ceil(decades / 8)) : 1;
        const int lowest = static_cast<int>(std::floor(std::log10(low_))) - apart, highest = static_cast<int>(std::ceil(std::log10(high_))) + apart;
        const auto low = low_, high = high_;
        std::vector<double> labelled, between;
        for (int e = lowest; e <= highest; ++e)
            for (int k = 1; k <= 9; ++k) {
                // Dividing gives the double nearest to 0.02, multiplying by a power that is rounded itself does not.
                const auto value = e < -300 ? k * std::pow(10.0, e) : e < 0 ? k / std::pow(10.0, -e) : k * std::pow(10.0, e);
                if (!(value > 0) || !std::isfinite(value) || (apart > 1 && k > 1)) continue;
                const bool tick = k == 1 ? e % apart == 0 : decades < 3.2 && (k == 2 || k == 5);
                // An axis ends at 1, 2 and 5 times a power of ten, or at a tick where these are far apart.
                if (tick || (apart == 1 && (k == 1 || k == 2 || k == 5))) {
                    if (!begins && value <= low * (1 + 1e-12)) low_ = std::min(low, value);
                    if (!ends && value >= high * (1 - 1e-12) && high_ == high) high_ = std::max(high, value), ends = true;
                }
                (tick ? labelled : between).push_back(value);
            }
        const auto within = [this](double v) { return v >= low_ * (1 - 1e-9) && v <= high_ * (1 + 1e-9); };
        for (const auto v : labelled)
            if (within(v)) ticks_.push_back(v);
        for (const auto v : between)
            if (decades < 12 && within(v)) minor_.push_back(v);
    }

    double from_, to_, step_ = 1, first_ = 0, last_ = 1, low_ = 0, high_ = 1;
    double shrunk_ = 1; ///< what huge values are multiplied by
    int digits_ = 4;
    bool logarithmic_ = false;
    std::vector<double> ticks_, minor_;
};

/// The least and the greatest of the values that an axis of that scale has a place for; 0 and 1 where there is none, 1 and 10 on a logarithmic one.
/// With `scale::automatic` a value of 0 or below is one of the values, and so decides for a linear axis.
template <class = instantiated_when_used>
[[nodiscard]] std::pair<double, double> data_range(const std::vector<double>& values, scale of = scale::linear) {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    double low = infinity, high = -infinity;
    for (const auto v : values)
        if (std::isfinite(v) && (of != scale::logarithmic || v > 0)) low = std::min(low, v), high = std::max(high, v);
    if (low <= high) return {low, high};
    return of == scale::logarithmic ? std::pair{1.0, 10.0} : std::pair{0.0, 1.0};
}
VERDANT_DEFINED_ONCE(std::pair<double, double> data_range<>(const std::vector<double>&, scale));

} // namespace verdant::plot
