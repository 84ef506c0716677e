#pragma once

#include <verdant/data/series/labelled_series.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Electrocardiograms of PhysioNet's challenge of 2017 as windows (Clifford et al., Computing in Cardiology 2017), as Accel-NASBench trains with them
/// (ANB-DatasetCollection, ecg-code).
namespace verdant::data {

/// An electrocardiogram of one lead.
struct ecg_recording {
    std::vector<float> samples;
    char rhythm = 'N'; ///< N normal, A fibrillation, O another, ~ noise
};

/// The rhythms in the order of their classes, and how far the windows of each are apart, so that rare ones have more.
inline constexpr std::string_view ecg_rhythms = "NAO~";
inline constexpr std::array<std::size_t, 4> ecg_strides{500, 83, 250, 25};
inline constexpr std::size_t ecg_window = 1000;

/// The class of a rhythm. @throws input_error for another letter
[[nodiscard]] inline std::int64_t ecg_class(char rhythm) {
    const auto place = ecg_rhythms.find(rhythm);
    if (place == std::string_view::npos) throw input_error{"electrocardiogram", "rhythm", "one of N, A, O, ~", std::string{'\''} + rhythm + '\''};
    return static_cast<std::int64_t>(place);
}

/// Windows of some recordings, each of which is brought to z-scores as a whole: they start at 0, s, 2 s, ... with the stride s of the rhythm, as long
/// as the start is before `length - window`. So a recording of exactly the window's length has none.
/// @param chosen recordings, by their places; `recordings` of the outcome are places in this list
/// @throws input_error for a recording that does not exist, an unknown rhythm, or a sample that is not finite
template <class = instantiated_when_used>
[[nodiscard]] labelled_series ecg_windows(std::span<const ecg_recording> recordings, std::span<const std::size_t> chosen,
                                          std::size_t window = ecg_window, const std::array<std::size_t, 4>& strides = ecg_strides) {
    if (window == 0 || std::find(strides.begin(), strides.end(), std::size_t{0}) != strides.end())
        throw input_error{"electrocardiogram", "window and strides", "positive numbers", "0"};
    labelled_series out{.channels = 1, .length = window, .values = {}, .targets = 1, .labels = {}, .recordings = {}};
    for (std::size_t place = 0; place < chosen.size(); ++place) {
        if (chosen[place] >= recordings.size())
            throw input_error{"electrocardiogram", "chosen " + std::to_string(place),
                              "one of the " + std::to_string(recordings.size()) + " recordings", std::to_string(chosen[place])};
        const auto& recording = recordings[chosen[place]];
        const auto label = ecg_class(recording.rhythm);
        auto samples = recording.samples;
        to_z_scores(samples, "electrocardiogram " + std::to_string(chosen[place] + 1));
        for (std::size_t start = 0; start + window < samples.size(); start += strides[static_cast<std::size_t>(label)]) {
            out.values.insert(out.values.end(), samples.begin() + static_cast<std::ptrdiff_t>(start),
                              samples.begin() + static_cast<std::ptrdiff_t>(start + window));
            out.labels.push_back(label);
            out.recordings.push_back(place);
        }
    }
    return out;
}
VERDANT_DEFINED_ONCE(labelled_series ecg_windows<>(std::span<const ecg_recording>, std::span<const std::size_t>, std::size_t,
                                                   const std::array<std::size_t, 4>&));

} // namespace verdant::data
