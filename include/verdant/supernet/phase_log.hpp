#pragma once

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::supernet {

/// The log of a training in phases: lines that begin with their phase and epoch, `depth_1 epoch 3: ...`, so that those of steps that are trained
/// once more can go. It is in memory until it is written.
class phase_log {
public:
    /// A log that nobody reads: lines are forgotten.
    phase_log() = default;
    /// Goes on with the lines of a file, where there is one. @throws file_error
    explicit phase_log(const std::filesystem::path& file) : file_{file.string()} {
        if (!std::filesystem::exists(file)) return;
        const auto text = io::read_file(file_);
        for (std::size_t from = 0; from < text.size();) {
            const auto end = std::min(text.find('\n', from), text.size());
            lines_.push_back(text.substr(from, end - from));
            from = end + 1;
        }
    }

    /// Forgets what a phase has after so many epochs, or, in lines whose text is `step N...`, after so many steps.
    void rewind(const std::string& phase, std::int64_t epochs, std::int64_t steps) {
        std::erase_if(lines_, [&](const std::string& line) {
            const auto start = phase + " epoch ";
            if (!line.starts_with(start)) return false;
            constexpr std::string_view step = ": step ";
            if (const auto at = line.find(step); at != line.npos) return std::atoll(line.c_str() + at + step.size()) > steps;
            return std::atoll(line.c_str() + start.size()) > epochs;
        });
    }

    /// @param epoch from 1 @param text one line
    void add(const std::string& phase, std::int64_t epoch, const std::string& text) {
        if (!file_.empty()) lines_.push_back(phase + " epoch " + std::to_string(epoch) + ": " + text);
    }

    [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }

    /// Writes the file anew, whole. @throws file_error
    void write() const {
        if (file_.empty()) return;
        std::string text;
        for (const auto& line : lines_) text += line + '\n';
        io::write_file(file_, text);
    }

private:
    std::string file_;
    std::vector<std::string> lines_;
};

} // namespace verdant::supernet
