#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/appended_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/report/report.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/space/point_text.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Trials in a CSV file while a search runs.
namespace verdant {

namespace detail {

/// The records of a CSV file up to the last that is whole.
[[nodiscard]] inline std::size_t whole_csv_records(std::string_view text) {
    std::size_t end = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (text[i] == '\n' && !quoted) end = i + 1;
    }
    return end;
}

/// The fields of a row but for its last three, the times: a search that runs anew finds the same at other times.
[[nodiscard]] inline std::vector<std::string> without_times(const std::vector<std::string>& row) { return {row.begin(), row.end() - 3}; }

/// Which trials a tail of these columns holds: by their numbers, the rows without times. A trial that was corrected, or measured at several
/// fidelities, has several.
/// @param text whole records
/// @throws input_error for another header, and for what is not a trial
template <class = instantiated_when_used>
[[nodiscard]] std::map<std::uint64_t, std::vector<std::vector<std::string>>> tailed_trials(std::string_view text, std::string_view source,
                                                                                           const std::vector<std::string>& columns) {
    std::map<std::uint64_t, std::vector<std::vector<std::string>>> known;
    if (text.empty()) return known;
    const auto table = io::parse_csv(text, source);
    for (std::size_t c = 0; c < columns.size(); ++c)
        if (c >= table.columns.size() || table.columns[c] != columns[c])
            throw input_error{source, "header", "the columns of this search, among them '" + columns[c] + '\'',
                              c < table.columns.size() ? '\'' + table.columns[c] + '\'' : "none"};
    if (table.columns.size() > columns.size())
        throw input_error{source, "header", "the columns of this search", "another one, '" + table.columns[columns.size()] + '\''};
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const auto& row = table.rows[r];
        std::uint64_t number = 0;
        const auto read = std::from_chars(row[0].data(), row[0].data() + row[0].size(), number);
        const auto place = "line " + std::to_string(table.lines[r]);
        if (row[0].empty() || read.ec != std::errc{} || read.ptr != row[0].data() + row[0].size())
            throw input_error{source, place, "the number of a trial", '\'' + row[0] + '\''};
        known[number].push_back(without_times(row));
    }
    return known;
}
VERDANT_DEFINED_ONCE(std::map<std::uint64_t, std::vector<std::vector<std::string>>> tailed_trials<>(std::string_view, std::string_view,
                                                                                                    const std::vector<std::string>&));

} // namespace detail

/// An observer that writes each trial to a CSV file as it is told: the columns of `report_of` with times and origin, numbers in all digits, those
/// beyond their unit in SI units. The file can be read at any time (`tail -f trials.csv`): records are whole, also after a kill. A search that is
/// resumed goes on with the file: trials that it holds are not written again unless their values have changed, and it is refused where it has other
/// columns or trials of other points.
/// @tparam Search the type of the study: `csv_tail<study> tail{"trials.csv"}; study{...}.run({.trials = 600}, storage, tail);`
template <class Search>
class csv_tail {
public:
    using trial_type = typename Search::trial_type;

    /// Opens the file, or makes it. Throws file_error, also where another program writes to it, and input_error for a file of another search.
    explicit csv_tail(std::string path) : file_{std::move(path)} {
        const auto text = file_.text();
        const auto whole = detail::whole_csv_records(text);
        known_ = detail::tailed_trials(std::string_view{text}.substr(0, whole), file_.path(), columns());
        if (whole == 0 && !header().starts_with(text)) throw input_error{file_.path(), "header", "the columns of this search", "something else"};
        if (whole < text.size()) file_.cut(whole); // behind the header of this search it is ours
        if (whole == 0) file_.append(io::csv_text(report{columns(), {}}));
    }

    /// A run after another one goes on with the file, too. Throws what the constructor does.
    void started(const search_state&) {
        if (!std::exchange(grown_, false)) return;
        known_ = detail::tailed_trials(file_.text(), file_.path(), columns());
    }

    /// Throws file_error where the file cannot be written to, and input_error where it holds a trial of this number of another point.
    void told(const trial_type& t, const search_state&) {
        auto row = detail::trial_row(t, options, true);
        if (const auto before = known_.find(t.number); before != known_.end()) {
            const auto point_of = [](const std::vector<std::string>& r) { return std::vector<std::string>{r.begin() + first, r.begin() + last}; };
            const auto& rows = before->second;
            if (point_of(rows.front()) != point_of(row))
                throw input_error{file_.path(), "trial " + std::to_string(t.number), "that of this search, " + to_string(t.point),
                                  "one of another search"};
            if (std::find(rows.begin(), rows.end(), detail::without_times(row)) != rows.end()) return;
        }
        auto text = io::csv_text(report{columns(), {std::move(row)}});
        file_.append(std::string_view{text}.substr(header().size()));
        grown_ = true;
    }

private:
    static constexpr report_options options{.times = true};
    static constexpr std::ptrdiff_t first = 2,
                                    last = first + static_cast<std::ptrdiff_t>(parameter_count<typename Search::space_type>); ///< the parameters

    [[nodiscard]] static const std::vector<std::string>& columns() {
        static const auto all = detail::columns_of<typename Search::space_type, typename Search::goals_type>(options, true);
        return all;
    }
    [[nodiscard]] static const std::string& header() {
        static const auto text = io::csv_text(report{columns(), {}});
        return text;
    }

    io::appended_file file_;
    std::map<std::uint64_t, std::vector<std::vector<std::string>>> known_; ///< of the file as the run found it
    bool grown_ = false; ///< since then
};

/// Refused, with a sentence that says what to write.
template <class Search>
    requires(!detail::is_study<Search>)
class csv_tail<Search> : public detail::observer_of_nothing {
    static_assert(detail::study_argument<Search>::value);

public:
    using observer_of_nothing::observer_of_nothing;
};
template <class... Arguments>
csv_tail(const Arguments&...) -> csv_tail<detail::no_study>;

} // namespace verdant
