#pragma once

#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/clip.hpp>

#include <charconv>
#include <cstdint>
#include <string>

/// The size of a CLIP: parameters and bytes.
namespace verdant::nn {

/// How many numbers the model learns.
[[nodiscard]] inline std::int64_t parameter_count(const clip_model& m) {
    std::int64_t count = 0;
    for_each_parameter(m, [&count](const std::string&, const at::Tensor& t) { count += t.numel(); });
    return count;
}

/// Bytes of the parameters and of the mask of context x context 32-bit numbers that the original keeps as a buffer.
[[nodiscard]] inline std::int64_t byte_count(const clip_model& m) {
    std::int64_t bytes = 4 * m.text.positional_embedding.size(0) * m.text.positional_embedding.size(0);
    for_each_parameter(m, [&bytes](const std::string&, const at::Tensor& t) { bytes += t.numel() * t.element_size(); });
    return bytes;
}

namespace detail {

/// Three decimals of count / 1024^2, with a unit after them.
[[nodiscard]] inline std::string in_mebi(std::int64_t count, const char* unit) {
    char text[48];
    const auto end = std::to_chars(text, text + sizeof text, static_cast<double>(count) / (1024.0 * 1024.0), std::chars_format::fixed, 3).ptr;
    return std::string{text, end} + unit;
}

} // namespace detail

/// The size as the original's result files give it: `570.780MB`, of 1024^2 bytes.
[[nodiscard]] inline std::string size_text(const clip_model& m) { return detail::in_mebi(byte_count(m), "MB"); }

/// The number of parameters as the original prints it: `142.689M`, of 1024^2, which is not a million.
[[nodiscard]] inline std::string parameter_text(const clip_model& m) { return detail::in_mebi(parameter_count(m), "M"); }

} // namespace verdant::nn
