#pragma once

#include <verdant/predictor/accuracy_encoding.hpp>
#include <verdant/predictor/training/accuracy_training.hpp>

#include <cstddef>
#include <span>

namespace verdant::predictor {

/// Records with an `arch` and an `accuracy`, such as `spaces::accuracy_record`, as samples to train with.
/// Throws input_error for a value that the encoding does not know.
template <spaces::accuracy_encoding Encoding, class Records>
[[nodiscard]] accuracy_samples encoded_samples(const Records& records) {
    accuracy_samples out;
    out.features.resize(records.size() * Encoding::width);
    for (std::size_t row = 0; const auto& r : records) {
        Encoding::encode(r.arch, std::span{out.features}.subspan(Encoding::width * row++, Encoding::width));
        out.accuracies.push_back(static_cast<float>(r.accuracy));
    }
    return out;
}

} // namespace verdant::predictor
