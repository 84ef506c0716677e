#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/text/utc.hpp>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// How a study lies in tables: what any tool for SQLite shows. Numbers of metrics and goals are in SI units.
///
/// | table | a row |
/// |---|---|
/// Format 2; format 1 has no `start_points`, no `corrections`, and neither `origin` nor times in `trials`.
///
/// | study(name, value) | format, library, fingerprint, optimizer, seed, batch |
/// | parameters(position, name, kind, domain, condition) | a parameter; `condition` is empty where it always exists |
/// | constraints(position, text) | |
/// | goals(position, kind, metric, unit, factor, threshold, low, high) | a goal; `factor` is its unit in SI units |
/// | metrics(position, name) | a metric that trials record |
/// | options(position, name, value) | an option of the optimizer |
/// | start_points(position, point) | a point that was asked for before the optimizer was, as text |
/// | trials(number, status, message, origin, started, ended, seconds, PARAMETER..., METRIC...) | a trial; a parameter that does not exist at its point is NULL; times are in UTC, NULL where unknown |
/// | corrections(position, ask, told, number, status, message, metrics) | what a trial was before it was corrected, and when that was |
/// | asks(number, first_trial, points, wanted) | a question to the optimizer |
/// | state(id, random, repeated, stale, optimizer) | one row: the state before the last question |
namespace verdant::detail::sqlite {

/// "vdst", where SQLite keeps what program a file belongs to.
inline constexpr std::int64_t application_id = 0x76647374, format = 2, oldest_format = 1;

[[nodiscard]] inline std::string column_text(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + '"';
}

/// The columns of `trials`: SQLite takes names that differ in case only for equal, so that the later one gets a number.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> trial_columns(const study_description& study, std::int64_t of_format = format) {
    std::vector<std::string> names{"number", "status", "message"};
    if (of_format > 1) names.insert(names.end(), {"origin", "started", "ended", "seconds"});
    auto lower = names;
    const auto add = [&](const std::string& wanted) {
        auto name = wanted, small = std::string{};
        for (int i = 2;; ++i) {
            small = name;
            for (auto& c : small) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
            if (std::find(lower.begin(), lower.end(), small) == lower.end()) break;
            name = wanted + '_' + std::to_string(i);
        }
        names.push_back(name);
        lower.push_back(small);
    };
    for (const auto& p : study.parameters) add(p.name);
    for (const auto& m : study.metrics) add(m);
    return names;
}

/// How many columns of `trials` come before the parameters.
[[nodiscard]] inline int columns_before_parameters(std::int64_t of_format) { return of_format > 1 ? 7 : 3; }

inline void bind(SQLite::Statement& row, int at, double value) {
    if (value != value) row.bind(at);
    else row.bind(at, value);
}
inline void bind(SQLite::Statement& row, int at, const std::string& value) { row.bind(at, value); }
inline void bind(SQLite::Statement& row, int at, std::uint64_t value) { row.bind(at, static_cast<std::int64_t>(value)); }

template <class... Values>
void insert(SQLite::Statement& row, const Values&... values) {
    int at = 0;
    (bind(row, ++at, values), ...);
    row.exec();
    row.reset();
    row.clearBindings();
}

/// Makes the tables of a new study. The caller has a transaction open.
template <class = instantiated_when_used>
void write_description(SQLite::Database& db, const study_description& study) {
    std::string trials;
    const auto columns = trial_columns(study);
    // Columns of reals have no type: in one of type REAL, SQLite would make -0.0 to 0.0.
    const auto first = static_cast<std::size_t>(columns_before_parameters(format));
    for (std::size_t i = first; i < columns.size(); ++i) {
        const auto p = i - first;
        const auto kind = p < study.parameters.size() ? study.parameters[p].kind : "real";
        trials += ", " + column_text(columns[i]) + (kind == "integer" ? " INTEGER" : kind == "real" ? "" : " TEXT");
    }
    db.exec("CREATE TABLE study(name TEXT PRIMARY KEY, value TEXT NOT NULL);"
            "CREATE TABLE parameters(position INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, domain TEXT NOT NULL, condition TEXT NOT "
            "NULL);"
            "CREATE TABLE constraints(position INTEGER PRIMARY KEY, text TEXT NOT NULL);"
            "CREATE TABLE goals(position INTEGER PRIMARY KEY, kind TEXT NOT NULL, metric TEXT NOT NULL, unit TEXT NOT NULL, factor, threshold, low, "
            "high);"
            "CREATE TABLE metrics(position INTEGER PRIMARY KEY, name TEXT NOT NULL);"
            "CREATE TABLE options(position INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL);"
            "CREATE TABLE asks(number INTEGER PRIMARY KEY, first_trial INTEGER NOT NULL, points INTEGER NOT NULL, wanted INTEGER NOT NULL);"
            "CREATE TABLE state(id INTEGER PRIMARY KEY CHECK(id = 1), random TEXT NOT NULL, repeated INTEGER NOT NULL, stale INTEGER NOT NULL, "
            "optimizer TEXT);"
            "CREATE TABLE start_points(position INTEGER PRIMARY KEY, point TEXT NOT NULL);"
            "CREATE TABLE corrections(position INTEGER PRIMARY KEY, ask INTEGER NOT NULL, told INTEGER NOT NULL, number INTEGER NOT NULL, status TEXT NOT "
            "NULL, message TEXT, metrics TEXT NOT NULL);"
            "CREATE TABLE trials(number INTEGER PRIMARY KEY, status TEXT NOT NULL, message TEXT, origin TEXT NOT NULL, started TEXT, ended TEXT, seconds" +
            trials + ");");
    SQLite::Statement fact{db, "INSERT INTO study VALUES(?, ?)"};
    insert(fact, std::string{"format"}, std::to_string(format));
    insert(fact, std::string{"library"}, study.library);
    insert(fact, std::string{"fingerprint"}, fingerprint(study));
    insert(fact, std::string{"optimizer"}, study.optimizer);
    insert(fact, std::string{"seed"}, std::to_string(study.seed));
    insert(fact, std::string{"batch"}, std::to_string(study.batch));
    std::uint64_t i = 0;
    SQLite::Statement parameter{db, "INSERT INTO parameters VALUES(?, ?, ?, ?, ?)"};
    for (const auto& p : study.parameters) insert(parameter, i++, p.name, p.kind, p.domain, p.condition);
    SQLite::Statement constraint{db, "INSERT INTO constraints VALUES(?, ?)"};
    i = 0;
    for (const auto& c : study.constraints) insert(constraint, i++, c);
    SQLite::Statement goal{db, "INSERT INTO goals VALUES(?, ?, ?, ?, ?, ?, ?, ?)"};
    i = 0;
    for (const auto& g : study.goals) insert(goal, i++, g.kind, g.metric, g.unit, g.factor, g.threshold, g.low, g.high);
    SQLite::Statement metric{db, "INSERT INTO metrics VALUES(?, ?)"};
    i = 0;
    for (const auto& m : study.metrics) insert(metric, i++, m);
    SQLite::Statement option{db, "INSERT INTO options VALUES(?, ?, ?)"};
    i = 0;
    for (const auto& [name, value] : study.options) insert(option, i++, name, value);
    SQLite::Statement start{db, "INSERT INTO start_points VALUES(?, ?)"};
    i = 0;
    for (const auto& p : study.start_points) insert(start, i++, p);
}

/// Metrics as one text, exactly: `0.5 inf`.
[[nodiscard]] inline std::string metrics_text(const std::vector<double>& values) {
    std::string text;
    for (const auto v : values) text += (text.empty() ? "" : " ") + stored_number_text(v);
    return text;
}

/// Reads tables back. Throws input_error for what is not as `write_description` and a search leave it.
template <class = instantiated_when_used>
class basic_study_reader {
public:
    /// @param source the file, for errors
    basic_study_reader(SQLite::Database& db, std::string source) : db_{db}, source_{std::move(source)} {}

    [[nodiscard]] stored_study read() {
        stored_study study;
        auto& d = study.description;
        format_ = static_cast<std::int64_t>(number(fact("format"), "format"));
        if (format_ < oldest_format || format_ > format)
            throw input_error{source_, "format", std::to_string(oldest_format) + " to " + std::to_string(format), std::to_string(format_)};
        if (const auto file = db_.execAndGet("PRAGMA user_version").getInt64(); file != format_)
            throw input_error{source_, "format", std::to_string(file) + " as the file says", std::to_string(format_)};
        d.library = fact("library");
        d.optimizer = fact("optimizer");
        d.seed = number(fact("seed"), "seed");
        d.batch = number(fact("batch"), "batch");
        if (d.batch == 0) throw input_error{source_, "batch", "at least 1", "0"};
        rows("parameters", "name, kind, domain, condition", [&] { d.parameters.push_back({text(0), text(1), text(2), text(3)}); });
        rows("constraints", "text", [&] { d.constraints.push_back(text(0)); });
        rows("goals", "kind, metric, unit, factor, threshold, low, high",
             [&] { d.goals.push_back({text(0), text(1), text(2), real(3), real(4), real(5), real(6)}); });
        rows("metrics", "name", [&] { d.metrics.push_back(text(0)); });
        rows("options", "name, value", [&] { d.options.push_back({text(0), text(1)}); });
        if (format_ > 1) rows("start_points", "point", [&] { d.start_points.push_back(text(0)); });
        if (const auto print = fingerprint(d); print != fact("fingerprint"))
            throw input_error{source_, "fingerprint", print + " as the stored space has", fact("fingerprint")};
        rows(
            "asks", "number, first_trial, points, wanted",
            [&] {
                study.asks.push_back({integer(0), integer(1), integer(2), integer(3)});
                if (study.asks.back().number != study.asks.size() - 1) fail("number " + std::to_string(study.asks.size() - 1), text_of(0));
            },
            "number");
        read_state(study);
        read_trials(study);
        if (format_ > 1) read_corrections(study);
        return study;
    }

private:
    void read_state(stored_study& study) {
        rows(
            "state", "random, repeated, stale, optimizer",
            [&] {
                study.state.random = words(text(0));
                study.state.repeated = integer(1);
                study.state.stale = integer(2);
                if (!statement_->getColumn(3).isNull()) study.state.optimizer = text(3);
            },
            "id");
        if (study.asks.empty() != (count_ == 0))
            throw input_error{source_, "state", study.asks.empty() ? "no row, since nothing was asked" : "a row", std::to_string(count_) + " rows"};
    }

    void read_trials(stored_study& study) {
        const auto& d = study.description;
        std::string columns;
        for (const auto& name : trial_columns(d, format_)) columns += (columns.empty() ? "" : ", ") + column_text(name);
        rows(
            "trials", columns,
            [&] {
                stored_trial t{.number = integer(0)};
                read_status(t, 1);
                if (format_ > 1) read_origin_and_times(t);
                int at = columns_before_parameters(format_);
                for (const auto& p : d.parameters) {
                    const bool absent = !p.condition.empty() && statement_->getColumn(at).isNull();
                    t.parameters.push_back(absent               ? std::string{}
                                           : p.kind == "integer" ? signed_text(at) : p.kind == "real" ? stored_number_text(real(at)) : text(at));
                    ++at;
                }
                for (std::size_t m = 0; m < d.metrics.size() && t.completed; ++m) {
                    t.metrics.push_back(real(at++));
                    if (t.metrics.back() != t.metrics.back()) fail("a number as " + d.metrics[m], "none");
                }
                study.trials.push_back(std::move(t));
            },
            "number");
    }

    /// Of the columns `status` and `message`.
    void read_status(stored_trial& t, int at) {
        const auto status = text(at);
        if (status != "completed" && status != "failed") fail("status 'completed' or 'failed'", '\'' + status + '\'');
        t.completed = status == "completed";
        if (!t.completed) t.message = text(at + 1);
    }

    void read_origin_and_times(stored_trial& t) {
        const auto origin = text(3);
        if (origin != trial_origin_text(trial_origin::optimizer) && origin != trial_origin_text(trial_origin::start_point))
            fail("origin 'optimizer' or 'start point'", '\'' + origin + '\'');
        if (origin == trial_origin_text(trial_origin::start_point)) t.origin = trial_origin::start_point;
        const auto instant = [&](int at) {
            if (statement_->getColumn(at).isNull()) return trial_times{}.started;
            const auto words = text(at);
            const auto seconds = utc_seconds(words);
            if (!seconds) fail("a time like 2026-11-28T12:00:00.000000Z", '\'' + words + '\'');
            return *seconds;
        };
        t.times = {instant(4), instant(5)};
        if (const auto seconds = real(6); t.times.known() != (seconds == seconds) || std::abs(seconds - t.times.duration().value()) > 1e-5)
            fail("the seconds from 'started' to 'ended'", text_of(6));
    }

    void read_corrections(stored_study& study) {
        rows("corrections", "ask, told, number, status, message, metrics", [&] {
            stored_correction c{.ask = integer(0), .told = integer(1), .before = {.number = integer(2)}};
            const auto same = [&](const stored_trial& t) { return t.number == c.before.number; };
            const auto now = std::find_if(study.trials.begin(), study.trials.end(), same);
            if (now == study.trials.end()) fail("the number of a trial", std::to_string(c.before.number));
            c.before.parameters = now->parameters;
            c.before.origin = now->origin;
            c.before.times = now->times;
            read_status(c.before, 3);
            for (std::string_view words = statement_->getColumn(5).isText() ? std::string_view{metrics_ = text(5)} : std::string_view{}; !words.empty();) {
                const auto word = words.substr(0, words.find(' '));
                words.remove_prefix(std::min(word.size() + 1, words.size()));
                double value = 0;
                const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
                if (read.ec != std::errc{} || read.ptr != word.data() + word.size() || value != value) fail("numbers", '\'' + std::string{word} + '\'');
                c.before.metrics.push_back(value);
            }
            study.corrections.push_back(std::move(c));
        });
    }

    /// Calls `take` for each row, in order of the position.
    template <class Take>
    void rows(const std::string& table, const std::string& columns, Take take, const std::string& order = "position") {
        SQLite::Statement statement{db_, "SELECT " + columns + " FROM " + table + " ORDER BY " + order};
        statement_ = &statement;
        table_ = table;
        for (count_ = 0; statement.executeStep(); ++count_) take();
        statement_ = nullptr;
    }

    [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
        throw input_error{source_, "table " + table_ + ", row " + std::to_string(count_), expected, found};
    }
    [[nodiscard]] std::string text_of(int column) const {
        const auto c = statement_->getColumn(column);
        return c.isNull() ? "nothing" : '\'' + c.getString() + '\'';
    }
    [[nodiscard]] std::string text(int column) const {
        const auto c = statement_->getColumn(column);
        if (!c.isText()) fail("text in column " + std::to_string(column), text_of(column));
        return c.getString();
    }
    [[nodiscard]] std::uint64_t integer(int column) const {
        const auto c = statement_->getColumn(column);
        if (!c.isInteger() || c.getInt64() < 0) fail("a whole number in column " + std::to_string(column), text_of(column));
        return static_cast<std::uint64_t>(c.getInt64());
    }
    [[nodiscard]] std::string signed_text(int column) const {
        const auto c = statement_->getColumn(column);
        if (!c.isInteger()) fail("a whole number in column " + std::to_string(column), text_of(column));
        return std::to_string(c.getInt64());
    }
    /// NaN where there is nothing.
    [[nodiscard]] double real(int column) const {
        const auto c = statement_->getColumn(column);
        if (c.isNull()) return std::numeric_limits<double>::quiet_NaN();
        if (!c.isFloat() && !c.isInteger()) fail("a number in column " + std::to_string(column), text_of(column));
        return c.getDouble();
    }

    [[nodiscard]] std::string fact(const std::string& name) {
        SQLite::Statement statement{db_, "SELECT value FROM study WHERE name = ?"};
        statement.bind(1, name);
        if (!statement.executeStep()) throw input_error{source_, "table study", "a row '" + name + '\'', "none"};
        return statement.getColumn(0).getString();
    }
    [[nodiscard]] std::uint64_t number(std::string_view digits, const std::string& what) const {
        std::uint64_t value = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
            throw input_error{source_, what, "a whole number", '\'' + std::string{digits} + '\''};
        return value;
    }
    [[nodiscard]] std::array<std::uint64_t, 4> words(std::string_view text) const {
        std::array<std::uint64_t, 4> all{};
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto end = i + 1 < all.size() ? text.find(' ') : text.size();
            all[i] = number(text.substr(0, end), "random stream");
            text.remove_prefix(end == std::string_view::npos ? text.size() : std::min(end + 1, text.size()));
        }
        return all;
    }

    SQLite::Database& db_;
    std::string source_, table_{}, metrics_{};
    std::int64_t format_ = format;
    SQLite::Statement* statement_ = nullptr;
    std::size_t count_ = 0;
};
using study_reader = basic_study_reader<>;

} // namespace verdant::detail::sqlite
