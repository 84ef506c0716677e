#pragma once

#include <verdant/goal/hypervolume_unit.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/search.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <unistd.h>

/// A line of progress in the terminal.
namespace verdant {

/// Where a line of progress is written.
enum class progress_output {
    terminals,  ///< where the stream is one: logs are not cluttered
    everywhere, ///< also into files and pipes
};

/// An observer that shows how a search gets on, in one line that it keeps rewriting: trials done, trials per second, time left, failures and,
/// where the objectives have thresholds, the hypervolume found. Silent where the stream is not a terminal, unless asked for.
/// @tparam Search the type of the study: `progress_line<study> line; study{...}.run({.trials = 600}, line);`
template <class Search>
class progress_line {
public:
    using trial_type = typename Search::trial_type;
    using result_type = typename Search::result_type;

    /// @param limits  of the study, where it changed them; the hypervolume is measured to these
    /// @param stream  a C stream, not owned
    /// @param where   see `progress_output`
    explicit progress_line(const typename Search::goals_type::limits_type& limits = Search::goals_type::limits(), std::FILE* stream = stderr,
                           progress_output where = progress_output::terminals)
        : limits_{limits}, stream_{stream}, shown_{where == progress_output::everywhere || isatty(fileno(stream)) != 0} {}

    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;
    /// Ends the line of a search that an exception ended.
    ~progress_line() { end_line(); }

    void started(const search_state& state) {
        last_ = state;
        front_.clear();
        begin_ = next_ = detail::steady_seconds();
        longest_ = 0;
    }

    void told(const trial_type& t, const search_state& state) {
        last_ = state;
        if (!shown_) return;
        if (t.feasible()) keep(t);
        const auto before = detail::steady_seconds();
        if (before < next_) return;
        draw();
        // A large front has a hypervolume that takes its time; drawing is to take a small part of the whole.
        const auto after = detail::steady_seconds();
        next_ = after + std::max(0.1, 20 * (after - before));
    }

    void finished(const result_type&) {
        if (!shown_) return;
        draw();
        end_line();
    }

private:
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

    void draw() {
        const auto elapsed = detail::steady_seconds() - begin_;
        const auto made = last_.done - std::min(last_.done, last_.resumed); // what comes from a storage takes no time
        const auto rate = elapsed > 0 ? static_cast<double>(made) / elapsed : 0.0;
        std::string line = std::to_string(last_.done) + '/' + std::to_string(last_.total) + " trials  " + rounded_text(rate, 4) + "/s";
        // A search for all points there are has no end that could be foretold.
        if (const auto left = static_cast<double>(last_.total - std::min(last_.total, last_.done)) / rate; left < 3.6e9)
            line += "  " + duration_text(left) + " left";
        if (const auto volume = result_type::hypervolume_of(front_, limits_)) {
            const auto unit = hypervolume_unit<typename Search::goals_type>();
            line += "  hypervolume " + rounded_text(*volume, 6) + (unit.empty() ? "" : ' ' + unit);
        }
        line += "  front " + std::to_string(front_.size());
        if (last_.failed > 0) line += "  failed " + std::to_string(last_.failed);
        longest_ = std::max(longest_, line.size());
        line.resize(longest_, ' ');
        std::fputs(('\r' + line).c_str(), stream_);
        std::fflush(stream_);
        open_ = true;
    }

    void end_line() {
        if (open_) std::fputc('\n', stream_);
        open_ = false;
    }

    [[nodiscard]] static std::string duration_text(double seconds) {
        const auto whole = static_cast<long long>(seconds + 0.5);
        if (whole < 60) return std::to_string(whole) + " s";
        if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
        return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
    }

    typename Search::goals_type::limits_type limits_;
    std::FILE* stream_;
    bool shown_, open_ = false;
    double begin_ = 0, next_ = 0;
    search_state last_{};
    std::vector<trial_type> front_;
    std::size_t longest_ = 0;
};

/// Refused, with a sentence that says what to write.
template <class Search>
    requires(!detail::is_study<Search>)
class progress_line<Search> : public detail::observer_of_nothing {
    static_assert(detail::study_argument<Search>::value);

public:
    using observer_of_nothing::observer_of_nothing;
};
template <class... Arguments>
progress_line(const Arguments&...) -> progress_line<detail::no_study>;

} // namespace verdant
