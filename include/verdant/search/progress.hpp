#pragma once

#include <verdant/search/report.hpp>
#include <verdant/search/search.hpp>

#include <chrono>
#include <cstdio>
#include <string>

#include <unistd.h>

namespace verdant {

/// An observer that shows how a search gets on, in one line that it keeps rewriting: trials done, trials per second, time left, failures and,
/// where the objectives have thresholds, the hypervolume found. Silent where the stream is not a terminal.
/// @tparam Search the type of the study: `progress_line<study> line; study{...}.run({.trials = 600}, line);`
template <class Search>
class progress_line {
public:
    using trial_type = typename Search::trial_type;
    using result_type = typename Search::result_type;

    /// @param limits  of the study, where it changed them; the hypervolume is measured to these
    /// @param stream  a C stream, not owned
    /// @param always  write even where the stream is no terminal
    explicit progress_line(const typename Search::goals_type::limits_type& limits = Search::goals_type::limits(), std::FILE* stream = stderr, bool always = false)
        : limits_{limits}, stream_{stream}, shown_{always || isatty(fileno(stream)) != 0} {}

    void started(const search_state&) {
        begin_ = clock::now();
        front_.clear();
        drawn_ = {};
    }

    void told(const trial_type& t, const search_state& state) {
        if (!shown_) return;
        if (t.feasible()) keep(t);
        const auto now = clock::now();
        if (state.done != state.total && now - drawn_ < std::chrono::milliseconds{100}) return;
        drawn_ = now;
        draw(state, std::chrono::duration<double>(now - begin_).count());
    }

    void finished(const result_type&) {
        if (shown_) std::fputc('\n', stream_);
    }

private:
    using clock = std::chrono::steady_clock;

    /// Keeps the front small instead of asking all trials each time.
    void keep(const trial_type& t) {
        for (const auto& f : front_)
            if (covers(f, t)) return;
        std::erase_if(front_, [&](const trial_type& f) { return covers(t, f); });
        front_.push_back(t);
    }
    [[nodiscard]] static bool covers(const trial_type& a, const trial_type& b) {
        for (std::size_t o = 0; o < a.objectives.size(); ++o)
            if (a.objectives[o] > b.objectives[o]) return false;
        return true;
    }

    void draw(const search_state& state, double elapsed) {
        const auto rate = elapsed > 0 ? static_cast<double>(state.done) / elapsed : 0.0;
        std::string line = '\r' + std::to_string(state.done) + '/' + std::to_string(state.total) + " trials  " + rounded_text(rate, 4) + "/s";
        if (rate > 0) line += "  " + duration_text(static_cast<double>(state.total - state.done) / rate) + " left";
        if (const auto volume = result_type::hypervolume_of(front_, limits_)) line += "  hypervolume " + rounded_text(*volume, 6);
        line += "  front " + std::to_string(front_.size());
        if (state.failed > 0) line += "  failed " + std::to_string(state.failed);
        const auto width = line.size();
        line.append(width < longest_ ? longest_ - width : 0, ' ');
        longest_ = width;
        std::fputs(line.c_str(), stream_);
        std::fflush(stream_);
    }

    [[nodiscard]] static std::string duration_text(double seconds) {
        const auto whole = static_cast<long long>(seconds + 0.5);
        if (whole < 60) return std::to_string(whole) + " s";
        if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
        return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
    }

    typename Search::goals_type::limits_type limits_;
    std::FILE* stream_;
    bool shown_;
    clock::time_point begin_{}, drawn_{};
    std::vector<trial_type> front_;
    std::size_t longest_ = 0;
};

} // namespace verdant
