#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/autobuild/block_profile.hpp>
#include <verdant/spaces/autobuild/layer_variation.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// What a block at one place is worth: block profiling (AutoBuild: rm_search/ofa_profile/main.py).
namespace verdant::spaces {

/// A block at a place.
struct placed_block {
    std::size_t unit = 0, layer = 0; ///< from 0
    mbconv_block block{};
};

/// A random network of a profile that has a block at a place: its unit is at least so deep, all else is drawn as by `layer_variation`.
/// @throws input_error for a place that no network of the profile has
template <mbconv_space S>
[[nodiscard]] point<S> sample_with(const placed_block& b, const block_profile& profile, random_stream& random) {
    auto deep = profile;
    require_known_block(b.block, "block profile", profile.name);
    if (b.unit >= deep.greatest.size() || b.layer >= deep.greatest[b.unit])
        throw input_error{"block profile", profile.name, "a place that its networks have",
                          "unit " + std::to_string(b.unit + 1) + ", block " + std::to_string(b.layer + 1)};
    deep.least[b.unit] = std::max(deep.least[b.unit], b.layer + 1);
    auto config = config_of(layer_variation{deep}.template initial<S>(random));
    config.units[b.unit][b.layer] = b.block;
    return point_of<S>(config);
}

/// Numbers in brief. Quantiles are interpolated linearly, as NumPy does.
struct number_profile {
    std::size_t count = 0;
    double mean = 0, deviation = 0; ///< of all of them and not of a sample
    std::array<double, 4> quantiles{}; ///< of 1, 5, 95 and 99 percent
    double least = 0, greatest = 0;

    static constexpr std::array<double, 4> shares{0.01, 0.05, 0.95, 0.99};

    /// @throws input_error for no numbers, and for one that is not finite
    [[nodiscard]] static number_profile of(std::vector<double> numbers) {
        if (numbers.empty() || !std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); }))
            throw input_error{"profile of numbers", "", "finite numbers", numbers.empty() ? "none" : "others"};
        const auto m = surrogate::moments_of(std::span<const double>{numbers});
        std::sort(numbers.begin(), numbers.end());
        number_profile p{.count = numbers.size(), .mean = m.mean, .deviation = m.deviation(), .least = numbers.front(), .greatest = numbers.back()};
        for (std::size_t q = 0; q < shares.size(); ++q) {
            const double at = shares[q] * static_cast<double>(numbers.size() - 1);
            const auto below = static_cast<std::size_t>(at), above = std::min(below + 1, numbers.size() - 1);
            p.quantiles[q] = std::lerp(numbers[below], numbers[above], at - static_cast<double>(below));
        }
        return p;
    }
};

/// A metric of networks that have a block at a place, and of random ones.
struct block_worth {
    number_profile with, random;
};

/// What a block at a place is worth: a metric of `count` random networks that have it there, beside `count` random networks.
/// @param measure `point -> double` @throws input_error as `sample_with` and `number_profile::of`
template <mbconv_space S, class Measure>
[[nodiscard]] block_worth worth_of(const placed_block& b, std::size_t count, Measure&& measure, random_stream& random,
                                   const block_profile& profile = block_profile::whole(mbconv_family_of<S>)) {
    std::vector<double> with, without;
    for (std::size_t i = 0; i < count; ++i) {
        with.push_back(measure(sample_with<S>(b, profile, random)));
        without.push_back(measure(layer_variation{profile}.template initial<S>(random)));
    }
    return {number_profile::of(std::move(with)), number_profile::of(std::move(without))};
}

} // namespace verdant::spaces
