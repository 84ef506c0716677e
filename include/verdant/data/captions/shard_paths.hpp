#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// The paths of shards that one argument names, with its braces expanded.
namespace verdant::io {

/// The parts of a text between `::`, by which OpenCLIP joins several data sets, and factors for each, in one argument.
[[nodiscard]] inline std::vector<std::string> joined_parts(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t from = 0; from <= text.size();) {
        const auto end = std::min(text.find("::", from), text.size());
        out.emplace_back(text.substr(from, end - from));
        from = end + 2;
    }
    return out;
}

/// The paths that `shard-{000..127}.tar` stands for, as webdataset writes the shards of a data set: numbers in ascending order, with as many digits
/// as the first of them. Several ranges are combined, the last one running fastest. Other braces stay as they are.
/// @throws input_error for a range that falls, or has more than a million numbers
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> expanded_paths(const std::string& path) {
    constexpr std::uint64_t most = 1'000'000;
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1)) {
        const auto close = path.find('}', open);
        if (close == std::string::npos) break;
        const auto dots = path.find("..", open);
        if (dots == std::string::npos || dots > close) continue;
        const auto number = [](std::string_view digits, std::uint64_t& value) {
            const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
            return read.ec == std::errc{} && read.ptr == digits.data() + digits.size();
        };
        const std::string_view all{path}, low = all.substr(open + 1, dots - open - 1), high = all.substr(dots + 2, close - dots - 2);
        std::uint64_t first = 0, last = 0;
        if (!number(low, first) || !number(high, last)) continue;
        if (first > last || last - first >= most)
            throw input_error{path, path.substr(open, close - open + 1), "an ascending range of at most a million numbers", "another"};
        std::vector<std::string> out;
        const auto rest = expanded_paths(path.substr(close + 1));
        if (rest.size() * (last - first + 1) > most) throw input_error{path, "", "at most a million paths", "more"};
        for (auto i = first;; ++i) {
            auto digits = std::to_string(i);
            if (digits.size() < low.size()) digits.insert(0, low.size() - digits.size(), '0');
            for (const auto& tail : rest) out.push_back(path.substr(0, open) + digits + tail);
            if (i == last) return out;
        }
    }
    return {path};
}
VERDANT_DEFINED_ONCE(std::vector<std::string> expanded_paths<>(const std::string&));

} // namespace verdant::io
