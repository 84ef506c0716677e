#pragma once

#include <cstdint>
#include <string_view>

namespace verdant {

/// Who wanted a trial.
enum class trial_origin : std::uint8_t {
    optimizer,  ///< the optimizer proposed its point, or it was told without being asked for
    start_point ///< it is one of the points that the search was to start with (`start_points`), such as a known baseline
};

/// As files have it: `optimizer`, `start point`.
[[nodiscard]] constexpr std::string_view trial_origin_text(trial_origin who) {
    return who == trial_origin::start_point ? "start point" : "optimizer";
}

} // namespace verdant
