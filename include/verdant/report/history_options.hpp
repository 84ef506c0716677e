#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/objective_plane.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

/// What pictures over the trials of searches may be asked for.
namespace verdant {

/// What is drawn around the line of several runs of the same name.
enum class history_band : std::uint8_t {
    deviation, ///< the mean, and one standard deviation to either side
    extremes,  ///< the mean, and all from the least to the greatest
    quartiles, ///< the median, and the middle half of the runs
    none,      ///< the mean alone
    automatic, ///< `deviation` where there are several runs
};

/// What a history may be asked for.
struct history_options {
    plot_range x{}; ///< numbers of trials made, from 1
    plot_range y{}; ///< trials beyond the axes are counted, not drawn
    history_band band = history_band::automatic; ///< of several runs: a picture of one result has none, and refuses one that is asked for
    std::vector<baseline> baselines{};
    plot::picture_options picture{};
};

namespace detail {

/// Throws `input_error` for a band of a picture that has only one run.
template <class = instantiated_when_used>
void refuse_band(const history_options& options) {
    if (options.band != history_band::automatic && options.band != history_band::none)
        throw input_error{"history", "band", "several runs, of which a band is drawn", "one result"};
}
VERDANT_DEFINED_ONCE(void refuse_band<>(const history_options&));

[[nodiscard]] constexpr std::string_view band_words(history_band band) {
    switch (band) {
    case history_band::deviation: return "mean and one standard deviation of runs";
    case history_band::extremes: return "mean and extremes of runs";
    case history_band::quartiles: return "median and quartiles of runs";
    default: return "mean of runs";
    }
}

} // namespace detail
} // namespace verdant
