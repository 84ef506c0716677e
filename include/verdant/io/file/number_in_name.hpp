#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace verdant::io {

/// The number in the name of one of several files: 3 of `epoch_3.pt`, where `epoch_` stands before it and `.pt` behind. Nothing for any other name,
/// and for a number that is spelled as `std::to_string` does not (`epoch_03.pt`, `epoch_-3.pt`): the file of that number would have another name.
[[nodiscard]] inline std::optional<std::int64_t> number_in_name(std::string_view name, std::string_view before, std::string_view behind) {
    if (!name.starts_with(before) || !name.substr(before.size()).ends_with(behind)) return std::nullopt;
    const auto digits = name.substr(before.size(), name.size() - before.size() - behind.size());
    std::int64_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (read.ec != std::errc{} || number < 0 || digits != std::to_string(number)) return std::nullopt;
    return number;
}

} // namespace verdant::io
