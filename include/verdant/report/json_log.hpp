#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/hypervolume_unit.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/appended_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/report/search_consumption_json.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/text/utc.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A log of a search for programs: one JSON object a line.
namespace verdant {

namespace detail {

/// What a log holds of a trial.
struct logged_trial {
    std::string point;                ///< as JSON
    std::vector<std::string> lines{}; ///< but for their times, and for how far the search was
};

/// A line of a trial but for what differs where a search runs anew.
[[nodiscard]] inline std::string line_without_times(ordered_json line) {
    for (const char* name : {"event", "done", "failed", "started", "ended", "seconds"}) line.erase(name);
    return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Which trials the whole lines of a log hold, by their numbers. One that was corrected, or measured at several fidelities, has several lines.
/// @param begin the first line of a log of this search
/// @throws input_error for a log of another search, and for what is not one
template <class = instantiated_when_used>
[[nodiscard]] std::map<std::uint64_t, logged_trial> logged_trials(std::string_view text, std::string_view source, const ordered_json& begin) {
    std::map<std::uint64_t, logged_trial> known;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const auto end = text.find('\n');
        const auto place = "line " + std::to_string(line);
        ordered_json one;
        try {
            one = io::parse_json<ordered_json>(text.substr(0, end), source);
        } catch (const input_error& e) { throw input_error{source, place, e.expected(), e.found()}; }
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        const auto event = one.is_object() ? one.find("event") : one.end();
        if (!one.is_object() || event == one.end() || !event->is_string()) throw input_error{source, place, "an object with a text 'event'", "none"};
        if (line == 1) {
            for (const auto& [name, value] : begin.items())
                if (name != "library" && (!one.contains(name) || one[name] != value))
                    throw input_error{source, place + ", " + name, value.dump(),
                                      one.contains(name) ? one[name].dump(-1, ' ', false, ordered_json::error_handler_t::replace) : "nothing"};
        } else if (*event == "trial") {
            const auto number = one.find("trial"), point = one.find("point");
            if (number == one.end() || !number->is_number_unsigned() || point == one.end() || !point->is_object())
                throw input_error{source, place, "a trial with its number and its point", "none"};
            auto& one_trial =
                known.try_emplace(number->get<std::uint64_t>(), logged_trial{point->dump(-1, ' ', false, ordered_json::error_handler_t::replace)})
                    .first->second;
            one_trial.lines.push_back(line_without_times(one));
        }
    }
    return known;
}
VERDANT_DEFINED_ONCE(std::map<std::uint64_t, logged_trial> logged_trials<>(std::string_view, std::string_view, const ordered_json&));

/// The trials of a log that is opened, of which a kill may have left a part of the last line. Throws input_error where it is another search's.
template <class = instantiated_when_used>
[[nodiscard]] std::map<std::uint64_t, logged_trial> opened_log(io::appended_file& file, const ordered_json& begin) {
    const auto text = file.text();
    const auto whole = text.rfind('\n') + 1; // 0 where there is none
    auto known = logged_trials(std::string_view{text}.substr(0, whole), file.path(), begin);
    const auto first = begin.dump();
    if (whole == 0 && !first.starts_with(text)) throw input_error{file.path(), "line 1", first, "something else"};
    if (whole < text.size()) file.cut(whole); // behind the first line of this search it is ours
    if (whole == 0) file.append(first + '\n');
    return known;
}
VERDANT_DEFINED_ONCE(std::map<std::uint64_t, logged_trial> opened_log<>(io::appended_file&, const ordered_json&));

/// Whether a log has a trial as it is now. Throws input_error where it has another point under its number.
template <class = instantiated_when_used>
[[nodiscard]] bool is_logged(const logged_trial& before, const ordered_json& line, const std::string& source, std::uint64_t number,
                             const std::string& point) {
    if (before.point != line["point"].dump())
        throw input_error{source, "trial " + std::to_string(number), "that of this search, " + point, before.point};
    return std::find(before.lines.begin(), before.lines.end(), line_without_times(line)) != before.lines.end();
}
VERDANT_DEFINED_ONCE(bool is_logged<>(const logged_trial&, const ordered_json&, const std::string&, std::uint64_t, const std::string&));

template <class = instantiated_when_used>
void append_line(io::appended_file& file, const ordered_json& line) {
    file.append(line.dump() + '\n');
}
VERDANT_DEFINED_ONCE(void append_line<>(io::appended_file&, const ordered_json&));

} // namespace detail

/// An observer that logs a search, one JSON object a line, each whole and there at once:
///
///     {"event": "study", "format": "verdant log", "version": 1, "library": ..., "parameters": [...], "metrics": {"latency": "ms", ...}}
///     {"event": "run", "time": "2026-11-28T12:00:00.000000Z", "total": 600, "resumed": 0}
///     {"event": "trial", "done": 1, "failed": 0, "trial": 0, "status": "feasible", "point": {...}, "metrics": {...}, ...}    // as in study_json
///     {"event": "end", "time": ..., "stopped": "trials", "trials": 600, "front": [...], "hypervolume_si": ..., "consumption": {...}}
///
/// A run without an `end` was ended by an error or a kill. A search that is resumed goes on with the file: what a kill left of a last line is
/// removed, trials that the log holds are not written again unless their values have changed, and a log of another search is refused.
/// @tparam Search the type of the study: `json_log<study> log{"search.jsonl"}; study{...}.run({.trials = 600}, storage, log);`
template <class Search>
class json_log {
    using json = nlohmann::ordered_json;

public:
    using trial_type = typename Search::trial_type;
    using result_type = typename Search::result_type;

    /// Opens the file, or makes it. Throws file_error, also where another program writes to it, and input_error for a file of another search.
    explicit json_log(std::string path) : file_{std::move(path)}, known_{detail::opened_log(file_, first_line())} {}

    /// A run after another one goes on with the file, too. Throws what the constructor does.
    void started(const search_state& state) {
        if (std::exchange(grown_, false)) known_ = detail::logged_trials(file_.text(), file_.path(), first_line());
        write({{"event", "run"}, {"time", utc_text(detail::wall_seconds())}, {"total", state.total}, {"resumed", state.resumed}});
    }

    /// Throws file_error where the file cannot be written to, and input_error where it holds a trial of this number of another point.
    void told(const trial_type& t, const search_state& state) {
        auto line = detail::trial_json(t);
        if (const auto before = known_.find(t.number);
            before != known_.end() && detail::is_logged(before->second, line, file_.path(), t.number, to_string(t.point)))
            return;
        json event{{"event", "trial"}, {"done", state.done}, {"failed", state.failed}};
        event.update(line);
        write(event);
        grown_ = true;
    }

    void finished(const result_type& found) {
        json line{{"event", "end"},
                  {"time", utc_text(detail::wall_seconds())},
                  {"stopped", stop_reason_text(found.reason())},
                  {"trials", found.trials().size()},
                  {"front", json::array()}};
        for (const auto& t : found.front()) line["front"].push_back(t.number);
        const auto volume = found.hypervolume();
        line["hypervolume_unit"] = hypervolume_unit<typename Search::goals_type>();
        line["hypervolume_si"] = volume ? detail::number_json(*volume) : json(nullptr);
        if (found.consumption()) line["consumption"] = search_consumption_json(*found.consumption());
        write(line);
    }

private:
    [[nodiscard]] static json first_line() {
        json begin{{"event", "study"}, {"format", "verdant log"}, {"version", 1}, {"library", detail::library_text()}};
        begin["parameters"] = json::array();
        for (const auto name : names<typename Search::space_type>()) begin["parameters"].push_back(name);
        begin["metrics"] = json::object();
        Search::goals_type::for_each([&]<class G>() { begin["metrics"][std::string{G::metric_type::name()}] = G::metric_type::unit::symbol(); });
        return begin;
    }
    void write(const json& line) { detail::append_line(file_, line); }

    io::appended_file file_;
    std::map<std::uint64_t, detail::logged_trial> known_; ///< of the file as the run found it
    bool grown_ = false; ///< since then
};

/// Refused, with a sentence that says what to write.
template <class Search>
    requires(!detail::is_study<Search>)
class json_log<Search> : public detail::observer_of_nothing {
    static_assert(detail::study_argument<Search>::value);

public:
    using observer_of_nothing::observer_of_nothing;
};
template <class... Arguments>
json_log(const Arguments&...) -> json_log<detail::no_study>;

} // namespace verdant
