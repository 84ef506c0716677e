#pragma once

#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/regressor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace verdant::surrogate {

/// How noise is drawn for many rows.
enum class prediction_noise : std::uint8_t {
    independent,   ///< for each row its own, normal with mean 0 and the row's standard deviation
    common, ///< one number for all rows, normal with the standard deviation of the first: what Accel-NASBench's ensembles do (ensemble.py, query_noise)
    independent_1, ///< as `independent`, but with mean 1: what Accel-NASBench's forests do
};

/// A standard normal number. One draw of the stream.
[[nodiscard]] inline double standard_normal(random_stream& random) {
    // Never 0 or 1, which would be infinite.
    return normal_quantile((static_cast<double>(random() >> 11) + 0.5) * 0x1.0p-53);
}

/// Predictions as a measurement would find them: means with noise of the size that the model is unsure by. The same stream gives the same noise.
/// @param out one a row
/// @throws input_error where widths or counts do not fit
template <uncertain_regressor M>
void noisy_predictions(const M& model, const feature_rows& rows, random_stream& random, std::span<double> out,
                       prediction_noise noise = prediction_noise::independent) {
    require_rows("noisy predictions", model.features(), rows, out.size());
    constexpr std::size_t block = 512;
    double std[block];
    double shared = 0;
    for (std::size_t begin = 0; begin < out.size(); begin += block) {
        const auto count = std::min(block, out.size() - begin);
        model.predict_uncertain(rows.part(begin, count), out.subspan(begin, count), {std, count});
        if (begin == 0 && noise == prediction_noise::common) shared = std[0] * standard_normal(random);
        for (std::size_t r = 0; r < count; ++r)
            out[begin + r] +=
                noise == prediction_noise::common ? shared : (noise == prediction_noise::independent_1 ? 1 : 0) + std[r] * standard_normal(random);
    }
}

} // namespace verdant::surrogate
