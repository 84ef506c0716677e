// How far a long piece of work is.
#pragma once

#include "stop.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include <unistd.h>

namespace terminal {

/// How long something takes, in words: `12 s`, `3 min 05 s`, `2 h 07 min`.
[[nodiscard]] inline std::string time_text(double seconds) {
    const auto whole = static_cast<long long>(std::max(0.0, seconds) + 0.5);
    char text[48];
    if (whole < 60) std::snprintf(text, sizeof text, "%lld s", whole);
    else if (whole < 3600) std::snprintf(text, sizeof text, "%lld min %02lld s", whole / 60, whole % 60);
    else std::snprintf(text, sizeof text, "%lld h %02lld min", whole / 3600, whole / 60 % 60);
    return text;
}

/// How a progress is written where standard error is no terminal: in a log.
enum class in_logs : unsigned char {
    minutes, ///< a line each minute, so that short work is silent
    tenths,  ///< a line for each tenth of the work, and each minute
    nothing, ///< another process writes it
};

/// How much is done.
enum class amount : unsigned char {
    count, ///< `3/12`
    share, ///< `25 %`, of work in units that say nothing
};

/// A line on standard error that rewrites itself five times a second on a terminal, and is a new line now and then in a log:
/// `training [=====               ] 3/12  8 s left  loss 1.2`. Several threads may use one.
class progress {
public:
    using clock = std::chrono::steady_clock;

    /// Where and when a progress is written; tests give others.
    struct place {
        std::FILE* stream = stderr;
        bool terminal = isatty(2) != 0;
        std::function<clock::time_point()> now = [] { return clock::now(); };
    };

    /// @param total all work, in any unit @param logs what is written in a log @param shown how the amount of work is
    explicit progress(std::string what, double total, in_logs logs = in_logs::minutes, amount shown = amount::count)
        : progress(std::move(what), total, logs, shown, place{}) {}
    progress(std::string what, double total, in_logs logs, amount shown, place where)
        : what_{std::move(what)}, total_{total}, logs_{logs}, amount_{shown}, where_{std::move(where)}, begun_{where_.now()}, shown_at_{begun_} {}
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;
    ~progress() { finish(); }

    /// So much is done in all. @param more for the end of the line
    void at(double done, const std::string& more = {}) {
        const std::lock_guard hold{mutex_};
        show(done, more);
    }
    /// So much more is done.
    void advance(double units, const std::string& more = {}) {
        const std::lock_guard hold{mutex_};
        show(done_ + units, more);
    }
    /// So much of the work was done by an earlier run: it says nothing of the time that the rest takes.
    void skip(double units) {
        const std::lock_guard hold{mutex_};
        total_ -= units;
    }
    /// A line of its own, of any kind.
    void say(const std::string& line) {
        const std::lock_guard hold{mutex_};
        if (logs_ == in_logs::nothing) return;
        clear();
        std::fputs((line + '\n').c_str(), where_.stream);
        std::fflush(where_.stream);
    }
    /// Takes the line off the terminal, for other output.
    void hide() {
        const std::lock_guard hold{mutex_};
        clear();
    }
    /// Ends the line; the terminal keeps what it says.
    void finish() {
        const std::lock_guard hold{mutex_};
        if (open_) std::fputc('\n', where_.stream);
        open_ = false;
    }

private:
    void show(double done, const std::string& more) {
        const auto before = done_;
        done_ = done;
        const auto now = where_.now();
        if (stop_asked() && !stopping_ && logs_ != in_logs::nothing) {
            stopping_ = true;
            clear();
            std::fputs("stopping after what is under way; once more ends at once\n", where_.stream);
            std::fflush(where_.stream);
        }
        if (!due(before, now)) return;
        shown_at_ = now;
        const double took = std::chrono::duration<double>(now - begun_).count();
        const double share = total_ > 0 ? std::clamp(done_ / total_, 0.0, 1.0) : 1;
        const auto filled = static_cast<std::size_t>(share * 20 + 1e-9);
        auto line = what_ + " [" + std::string(filled, '=') + std::string(20 - filled, ' ') + "] " + amount_text(share);
        if (done_ > 0) line += "  " + time_text(took / done_ * (total_ - done_)) + " left";
        if (!more.empty()) line += "  " + more;
        std::fputs((where_.terminal ? "\r\033[K" + line : line + '\n').c_str(), where_.stream);
        std::fflush(where_.stream);
        open_ = where_.terminal;
    }
    [[nodiscard]] bool due(double before, clock::time_point now) const {
        if (logs_ == in_logs::nothing) return false;
        const bool last = done_ >= total_ && before < total_;
        if (where_.terminal) return last || now - shown_at_ >= std::chrono::milliseconds{200};
        if (now - shown_at_ >= std::chrono::minutes{1}) return true;
        return logs_ == in_logs::tenths && (last || std::floor(done_ / total_ * 10) > std::floor(before / total_ * 10));
    }
    [[nodiscard]] std::string amount_text(double share) const {
        char text[64];
        if (amount_ == amount::share) std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
        else std::snprintf(text, sizeof text, "%.0f/%.0f", done_, total_);
        return text;
    }
    void clear() {
        if (open_) std::fputs("\r\033[K", where_.stream);
        open_ = false;
    }

    std::string what_;
    double total_, done_ = 0;
    in_logs logs_;
    amount amount_;
    place where_;
    clock::time_point begun_, shown_at_;
    bool open_ = false, stopping_ = false;
    std::mutex mutex_;
};

} // namespace terminal
