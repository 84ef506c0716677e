// A study that is looked at again and again while others write to it, delete it, or put another one in its place.
#pragma once

#include "../terminal/study_source.hpp"

#include <verdant/error.hpp>
#include <verdant/report/study_from_json.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/sqlite_study.hpp>
#include <verdant/study/study_difference.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include <sys/stat.h>

namespace report {

namespace vd = verdant;

/// What became of a study between two looks.
enum class study_change : std::uint8_t { none, grown, another };

/// Trials that were there come again with their points; their values may have been corrected.
inline study_change change_between(const vd::stored_study& before, const vd::stored_study& now) {
    if (!vd::study_differences(before.description, now.description).empty()) return study_change::another;
    bool same = before.trials.size() == now.trials.size();
    auto at = now.trials.begin();
    for (const auto& t : before.trials) { // both by their numbers
        while (at != now.trials.end() && at->number < t.number) ++at;
        if (at == now.trials.end() || at->number != t.number || at->parameters != t.parameters) return study_change::another;
        same = same && at->completed == t.completed && at->metrics == t.metrics;
    }
    return same ? study_change::none : study_change::grown;
}

class watched_study {
public:
    /// A file that cannot be read is tried again while it changes, and so long after that: whoever writes it may be in the midst of that.
    static constexpr std::chrono::seconds patience{10};

    /// @param page what is said to be of the study
    watched_study(std::string path, std::string page) : path_{std::move(path)}, page_{std::move(page)} {}

    /// The study as it was when it could last be read; nothing before that.
    [[nodiscard]] const std::optional<vd::stored_study>& study() const noexcept { return study_; }

    /// Reads the study if it can be, and says on standard error what is the matter where not.
    /// @return whether `study()` is another than before
    /// @throws what reading throws, where the file has not changed for as long as `patience`
    [[nodiscard]] bool look() {
        std::error_code unknown;
        if (!std::filesystem::exists(path_, unknown) && !unknown) {
            if (study_ && !gone_) say(path_ + " is gone; " + page_ + " stays as it is until there is a study again");
            gone_ = true;
            unclear_.reset();
            return false;
        }
        const auto state = state_of_file();
        try {
            return take(terminal::read_study(path_));
        } catch (const vd::error& e) {
            if (!std::filesystem::exists(path_, unknown) && !unknown) return false; // it went meanwhile, which the next look says
            const auto now = std::chrono::steady_clock::now();
            if (!unclear_) say(std::string{e.what()} + "; trying again while it changes");
            else if (unclear_->state == state && now - unclear_->since > patience) throw;
            if (!unclear_ || unclear_->state != state) unclear_ = trouble{state, now};
        }
        return false;
    }

private:
    /// Device, number, size and time of the file and of SQLite's log beside it.
    using file_state = std::array<std::int64_t, 10>;
    struct trouble {
        file_state state{};
        std::chrono::steady_clock::time_point since{};
    };

    static void say(const std::string& what) { std::cerr << "report: " << what << std::endl; }

    [[nodiscard]] file_state state_of_file() const {
        file_state state{};
        std::size_t at = 0;
        for (const auto* rest : {"", "-wal"}) {
            struct stat found{};
            if (::stat((path_ + rest).c_str(), &found) != 0) found = {};
            for (const auto v :
                 {static_cast<std::int64_t>(found.st_dev), static_cast<std::int64_t>(found.st_ino), static_cast<std::int64_t>(found.st_size),
                  static_cast<std::int64_t>(found.st_mtim.tv_sec), static_cast<std::int64_t>(found.st_mtim.tv_nsec)})
                state[at++] = v;
        }
        return state;
    }

    bool take(vd::stored_study now) {
        gone_ = false;
        unclear_.reset();
        const auto change = study_ ? change_between(*study_, now) : study_change::grown;
        if (change == study_change::another) say(path_ + " is another study than before, or began anew; " + page_ + " is of that one from now on");
        if (change == study_change::none) return false;
        study_ = std::move(now);
        return true;
    }

    std::string path_, page_;
    std::optional<vd::stored_study> study_{};
    bool gone_ = false;
    std::optional<trouble> unclear_{};
};

} // namespace report
