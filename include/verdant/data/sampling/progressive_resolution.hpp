#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <cmath>
#include <cstdint>
#include <string>

namespace verdant::nn {

/// Progressive resizing: images grow in the course of a training, in multiples of a step. The defaults are those with which Accel-NASBench trains its
/// networks (ANB-DatasetCollection, trainval.py and ffcv_dataloader.py).
struct progressive_resolution {
    std::int64_t least = 160, greatest = 192; ///< sides in pixels
    std::int64_t start_ramp = 11, end_ramp = 13; ///< epochs: the least side to the first, the greatest from the second on
    std::int64_t multiple = 32; ///< between the two, sides are rounded to multiples of it, halves to even multiples

    using described = members<member<"least", &progressive_resolution::least>, member<"greatest", &progressive_resolution::greatest>,
                              member<"start_ramp", &progressive_resolution::start_ramp>, member<"end_ramp", &progressive_resolution::end_ramp>,
                              member<"multiple", &progressive_resolution::multiple>>;

    /// The side of the images of an epoch, counted from 0.
    [[nodiscard]] std::int64_t operator()(std::int64_t epoch) const {
        if (epoch <= start_ramp) return least;
        if (epoch >= end_ramp) return greatest;
        const double way = static_cast<double>(epoch - start_ramp) / static_cast<double>(end_ramp - start_ramp);
        const double side = static_cast<double>(least) + way * static_cast<double>(greatest - least), steps = side / static_cast<double>(multiple);
        const double down = std::floor(steps), rest = steps - down;
        const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(down, 2) != 0);
        return multiple * static_cast<std::int64_t>(down + (up ? 1 : 0));
    }
};

/// @throws input_error for sides or a multiple below 1, ramps that end before they start, or a side between them that is rounded to nothing
inline void check(const progressive_resolution& r) {
    constexpr const char* source = "progressive resizing";
    const auto refuse = [&](const char* what, const std::string& expected, std::int64_t found) {
        throw input_error{source, what, expected, std::to_string(found)};
    };
    if (r.least < 1) refuse("least", "a side of at least one pixel", r.least);
    if (r.greatest < r.least) refuse("greatest", "a side of at least the least, " + std::to_string(r.least), r.greatest);
    if (r.end_ramp < r.start_ramp) refuse("end_ramp", "an epoch not before start_ramp, " + std::to_string(r.start_ramp), r.end_ramp);
    if (r.multiple < 1 || r.multiple > r.greatest) refuse("multiple", "1 to the greatest side, " + std::to_string(r.greatest), r.multiple);
    for (auto epoch = r.start_ramp + 1; epoch < r.end_ramp; ++epoch)
        if (r(epoch) < 1) refuse("multiple", "one that no side between the ramps is rounded to nothing by", r.multiple);
}

} // namespace verdant::nn
