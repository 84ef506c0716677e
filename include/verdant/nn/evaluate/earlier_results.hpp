#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace verdant::nn {

/// The lines of a results.jsonl that a training goes on from: whole lines, `{"epoch": 3, ...}` each, of epochs up to the one that it has reached.
/// Later ones will be written again; what is no such line, or does not end, as a process leaves it that is killed, goes.
[[nodiscard]] inline std::string results_until(std::string_view log, std::int64_t epoch) {
    constexpr std::string_view start = "{\"epoch\": ";
    std::string kept;
    for (std::size_t end = 0; (end = log.find('\n')) != log.npos; log.remove_prefix(end + 1)) {
        const auto line = log.substr(0, end + 1);
        std::int64_t of = 0;
        if (line.starts_with(start) && std::from_chars(line.data() + start.size(), line.data() + line.size(), of).ec == std::errc{} && of <= epoch)
            kept += line;
    }
    return kept;
}

} // namespace verdant::nn
