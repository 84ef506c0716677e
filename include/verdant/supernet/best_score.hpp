#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/read_file.hpp>

#include <charconv>
#include <cmath>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace verdant::supernet::detail {

/// The best score that a file of one keeps: a number and an end of line, in any locale; -1, below all, where there is no such file.
/// @throws input_error for another text; file_error
[[nodiscard]] inline double best_score_in(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) return -1;
    const std::string whole = io::read_file(file.string());
    std::string_view text = whole;
    if (text.ends_with('\n')) text.remove_suffix(1);
    double score = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), score);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(score))
        throw input_error{file.string(), "best score", "a number", text.empty() ? "nothing" : '\'' + std::string{text.substr(0, 40)} + '\''};
    return score;
}

} // namespace verdant::supernet::detail
