#pragma once

#include <verdant/error.hpp>

#include <initializer_list>
#include <string>

// How large a transformer may be. Counts of its parameters and of its work are products of four dimensions and more, summed in 64 bits; within these
// limits, which lie far beyond any model, they are exact.
namespace verdant::workload {

inline constexpr int most_layers = 1 << 12;   ///< of a tower
inline constexpr int most_channels = 1 << 18; ///< of a token, a head, a feed-forward block; and pixels
inline constexpr int most_tokens = 1 << 24;   ///< of a sequence and of a vocabulary; and classes

/// Whether all are positive and at most so large.
[[nodiscard]] constexpr bool all_within(int most, std::initializer_list<int> dimensions) {
    for (const int d : dimensions)
        if (d < 1 || d > most) return false;
    return true;
}

/// Whether heads of this width make up at most `most_channels`.
[[nodiscard]] constexpr bool heads_fit(int heads, int head_width) {
    return all_within(most_channels, {heads, head_width}) && 1LL * heads * head_width <= most_channels;
}

/// Whether the patches tile an image and are at most `most_tokens`.
[[nodiscard]] constexpr bool patches_tile(int image, int patch) {
    return all_within(most_channels, {image, patch}) && image % patch == 0 && 1LL * (image / patch) * (image / patch) < most_tokens;
}

/// Patches of an image and the class token.
/// @throws input_error if image or patch are not positive, or there are more than `most_tokens`
[[nodiscard]] constexpr int patch_tokens(int image, int patch) {
    const bool sound = image > 0 && patch > 0 && 1LL * (image / patch) * (image / patch) < most_tokens;
    if (!sound)
        throw input_error{"patches", "", "a positive image and patch, and fewer than 2^24 patches",
                          "an image of " + std::to_string(image) + " and patches of " + std::to_string(patch)};
    return (image / patch) * (image / patch) + 1;
}

} // namespace verdant::workload
