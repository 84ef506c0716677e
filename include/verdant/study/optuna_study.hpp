#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/study/sqlite_study.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/utc.hpp>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Studies of Optuna as its RDBStorage keeps them in SQLite.
namespace verdant {

/// What values a parameter of Optuna can have.
struct optuna_distribution {
    enum class sort : std::uint8_t { integer, real, categorical } kind = sort::categorical;
    double low = 0, high = 0;
    double step = 0; ///< 0: any number between the two
    std::vector<std::string> choices{}; ///< as text: `relu`, `3`, `0.5`, `true`, `None`
    bool texts = false, numbers = false, whole_numbers = false, booleans = false; ///< of what kind all choices are; none of these for a mixture
    friend bool operator==(const optuna_distribution&, const optuna_distribution&) = default;
};

/// A trial of Optuna.
struct optuna_trial {
    std::uint64_t number = 0;
    std::string state{};                              ///< `COMPLETE`, `FAIL`, `PRUNED`, `RUNNING` or `WAITING`
    std::vector<double> values{};                     ///< of the objectives; empty unless complete
    std::map<std::string, std::string> parameters{};  ///< names and values as text
    std::map<std::string, double> attributes{};       ///< user attributes that are numbers, NaN among them
    std::map<std::string, double> exact{};            ///< metrics in SI units, of studies that `write_optuna_study` wrote
    std::vector<double> constraints{};                ///< at most 0 where they hold; empty where none are kept
    std::string message{};                            ///< why it failed, where that is kept
    trial_times times{};                              ///< as far as known; Optuna writes local times, which are taken for UTC
};

/// A study of Optuna.
struct optuna_study {
    std::string name{};
    std::vector<bool> maximized{}; ///< of each objective
    std::vector<std::string> objectives{}; ///< their names, of studies that `write_optuna_study` wrote; else empty
    std::map<std::string, optuna_distribution> parameters{};
    std::vector<optuna_trial> trials{}; ///< by number
};

namespace detail {

/// The version of Optuna's tables that is written and read: that of Optuna 3.
inline constexpr int optuna_schema = 12;

/// The system attribute of a trial that names those of its times which nobody knows: Optuna 3 takes no trial that began or ended at no time, so
/// something has to stand there.
inline constexpr std::string_view optuna_unknown_times = "verdant:unknown_times";

/// The first word outside of texts that Python's `json` writes for numbers which JSON does not have: `NaN`, `Infinity` or `-Infinity`; empty where
/// there is none. (Versions of SQLite differ in what they take such text for.)
[[nodiscard]] inline std::string python_number(std::string_view json) {
    bool quoted = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (quoted && json[i] == '\\') ++i;
        else if (json[i] == '"') quoted = !quoted;
        else if (!quoted)
            for (const std::string_view word : {"NaN", "Infinity", "-Infinity"})
                if (json.substr(i, word.size()) == word) return std::string{word};
    }
    return {};
}

template <class = instantiated_when_used>
class basic_optuna_reader {
public:
    basic_optuna_reader(SQLite::Database& db, std::string source) : db_{db}, source_{std::move(source)} {
        if (const auto version = db_.execAndGet("SELECT schema_version FROM version_info").getInt(); version != optuna_schema)
            throw input_error{source_, "schema version", std::to_string(optuna_schema) + ", that of Optuna 3", std::to_string(version)};
    }

    [[nodiscard]] std::vector<std::string> names() {
        std::vector<std::string> all;
        SQLite::Statement rows{db_, "SELECT study_name FROM studies ORDER BY study_id"};
        while (rows.executeStep()) all.push_back(rows.getColumn(0).getString());
        return all;
    }

    [[nodiscard]] optuna_study read(const std::string& name) {
        SQLite::Statement row{db_, "SELECT study_id FROM studies WHERE study_name = ?"};
        row.bind(1, name);
        if (!row.executeStep()) throw input_error{source_, "study " + name, "a study of that name", list(names())};
        id_ = row.getColumn(0).getInt64();
        out_.name = name;
        read_directions();
        read_trials();
        read_values();
        read_parameters();
        read_attributes();
        forget_unknown_times();
        return std::move(out_);
    }

private:
    [[nodiscard]] static std::string list(const std::vector<std::string>& all) {
        std::string text;
        for (const auto& one : all) text += (text.empty() ? "" : ", ") + one;
        return text.empty() ? "none" : text;
    }
    [[nodiscard]] SQLite::Statement of_study(const std::string& query) {
        SQLite::Statement rows{db_, query};
        rows.bind(1, id_);
        return rows;
    }
    [[nodiscard]] optuna_trial& trial(const SQLite::Column& id) { return out_.trials[places_.at(id.getInt64())]; }
    [[nodiscard]] std::string place(const optuna_trial& t) const { return "trial " + std::to_string(t.number); }

    void read_directions() {
        auto rows = of_study("SELECT direction, objective FROM study_directions WHERE study_id = ? ORDER BY objective");
        while (rows.executeStep()) {
            const auto direction = rows.getColumn(0).getString();
            if (direction != "MINIMIZE" && direction != "MAXIMIZE") throw input_error{source_, "direction", "MINIMIZE or MAXIMIZE", direction};
            if (rows.getColumn(1).getInt64() != static_cast<std::int64_t>(out_.maximized.size()))
                throw input_error{source_, "directions", "objective " + std::to_string(out_.maximized.size()), rows.getColumn(1).getString()};
            out_.maximized.push_back(direction == "MAXIMIZE");
        }
        auto names = of_study("SELECT e.atom FROM study_user_attributes a, json_each(a.value_json) e WHERE a.study_id = ? AND a.key = 'objectives' "
                              "AND json_valid(a.value_json) AND "
                              "json_type(a.value_json) = 'array' ORDER BY e.id");
        while (names.executeStep()) out_.objectives.push_back(names.getColumn(0).getString());
        if (out_.objectives.size() != out_.maximized.size()) out_.objectives.clear();
    }

    /// `2026-11-30 00:43:43.495442` in seconds; NaN for nothing.
    [[nodiscard]] double instant(const SQLite::Column& c, const optuna_trial& t) const {
        if (c.isNull()) return std::numeric_limits<double>::quiet_NaN();
        auto text = c.getString();
        if (text.size() == 19) text += ".000000";
        if (text.size() > 10) text[10] = 'T';
        const auto seconds = utc_seconds(text + 'Z');
        if (!seconds) throw input_error{source_, place(t), "a time such as 2026-11-28 12:00:00.000000", '\'' + c.getString() + '\''};
        return *seconds;
    }

    void read_trials() {
        auto rows = of_study("SELECT trial_id, number, state, datetime_start, datetime_complete FROM trials WHERE study_id = ? ORDER BY number");
        while (rows.executeStep()) {
            optuna_trial t{.number = static_cast<std::uint64_t>(rows.getColumn(1).getInt64()), .state = rows.getColumn(2).getString()};
            if (t.state != "COMPLETE" && t.state != "FAIL" && t.state != "PRUNED" && t.state != "RUNNING" && t.state != "WAITING")
                throw input_error{source_, place(t), "COMPLETE, FAIL, PRUNED, RUNNING or WAITING", t.state};
            if (rows.getColumn(1).isNull() || rows.getColumn(1).getInt64() < 0 || (!out_.trials.empty() && out_.trials.back().number >= t.number))
                throw input_error{source_, "trials", "each number once", rows.getColumn(1).getString()};
            t.times.started = instant(rows.getColumn(3), t);
            t.times.ended = instant(rows.getColumn(4), t);
            places_[rows.getColumn(0).getInt64()] = out_.trials.size();
            out_.trials.push_back(std::move(t));
        }
    }

    void read_values() {
        constexpr auto infinity = std::numeric_limits<double>::infinity();
        auto rows = of_study("SELECT v.trial_id, v.objective, v.value, v.value_type FROM trial_values v JOIN trials t USING (trial_id) WHERE "
                             "t.study_id = ? ORDER BY v.trial_id, v.objective");
        while (rows.executeStep()) {
            auto& t = trial(rows.getColumn(0));
            const auto type = rows.getColumn(3).getString();
            const auto at = rows.getColumn(1).getInt64();
            if (at != static_cast<std::int64_t>(t.values.size()) || t.values.size() == out_.maximized.size())
                throw input_error{source_, place(t), "a value for each objective", "objective " + std::to_string(at)};
            if (type != "FINITE" && type != "INF_POS" && type != "INF_NEG") throw input_error{source_, place(t), "FINITE, INF_POS or INF_NEG", type};
            if (type == "FINITE" && !rows.getColumn(2).isFloat() && !rows.getColumn(2).isInteger())
                throw input_error{source_, place(t), "a number", "none"};
            t.values.push_back(type == "FINITE" ? rows.getColumn(2).getDouble() : type == "INF_POS" ? infinity : -infinity);
        }
        for (auto& t : out_.trials) {
            if (t.state != "COMPLETE") t.values.clear();
            else if (t.values.size() != out_.maximized.size())
                throw input_error{source_, place(t), std::to_string(out_.maximized.size()) + " values", std::to_string(t.values.size())};
        }
    }

    void read_parameters() {
        auto rows = of_study("SELECT p.trial_id, p.param_name, p.param_value, p.distribution_json FROM trial_params p JOIN trials t USING (trial_id) "
                             "WHERE t.study_id = ? ORDER BY p.param_id");
        while (rows.executeStep()) {
            auto& t = trial(rows.getColumn(0));
            const auto name = rows.getColumn(1).getString(), json = rows.getColumn(3).getString();
            auto known = distributions_.find(json);
            if (known == distributions_.end()) known = distributions_.emplace(json, distribution(name, json)).first;
            const auto [kept, fresh] = out_.parameters.emplace(name, known->second);
            if (!fresh && !(kept->second == known->second))
                throw input_error{source_, "parameter " + name, "one distribution in all trials", "another one in " + place(t)};
            if (!rows.getColumn(2).isFloat() && !rows.getColumn(2).isInteger())
                throw input_error{source_, place(t) + ", " + name, "a number as its value",
                                  rows.getColumn(2).isNull() ? "none" : rows.getColumn(2).getString()};
            const double value = rows.getColumn(2).getDouble();
            const auto& d = known->second;
            if (d.kind != optuna_distribution::sort::categorical) {
                if (d.kind == optuna_distribution::sort::integer && value != std::floor(value))
                    throw input_error{source_, place(t) + ", " + name, "a whole number", exact_text(value)};
                t.parameters[name] = d.kind == optuna_distribution::sort::integer && std::abs(value) < 9e15
                                         ? std::to_string(static_cast<std::int64_t>(value))
                                         : exact_text(value);
            } else {
                if (!(value >= 0 && value < static_cast<double>(d.choices.size())) || value != std::floor(value))
                    throw input_error{source_, place(t) + ", " + name, "the place of a choice", exact_text(value)};
                t.parameters[name] = d.choices[static_cast<std::size_t>(value)];
            }
        }
    }

    [[nodiscard]] optuna_distribution distribution(const std::string& name, const std::string& json) {
        if (const auto word = python_number(json); !word.empty())
            throw input_error{source_, "parameter " + name, "a distribution of finite numbers, texts, truth values and null",
                              "one with " + word + ", which no domain has"};
        SQLite::Statement valid{db_, "SELECT json_valid(?1)"};
        valid.bind(1, json);
        if (!valid.executeStep() || valid.getColumn(0).getInt() != 1)
            throw input_error{source_, "parameter " + name, "a distribution in JSON", json.empty() ? "nothing" : json.substr(0, 200)};
        SQLite::Statement row{db_, "SELECT json_extract(?1, '$.name'), json_extract(?1, '$.attributes.low'), json_extract(?1, '$.attributes.high'), "
                                   "json_extract(?1, '$.attributes.step')"};
        row.bind(1, json);
        static_cast<void>(row.executeStep());
        const auto kind = row.getColumn(0).getString();
        optuna_distribution d{.low = row.getColumn(1).getDouble(), .high = row.getColumn(2).getDouble(), .step = row.getColumn(3).getDouble()};
        if (kind == "IntDistribution" || kind == "FloatDistribution") {
            d.kind = kind == "IntDistribution" ? optuna_distribution::sort::integer : optuna_distribution::sort::real;
            if (!(d.low <= d.high) || !(d.step >= 0) || (kind == "IntDistribution" && !(d.step >= 1)))
                throw input_error{source_, "parameter " + name, "low, high and step of its distribution", json};
            return d;
        }
        if (kind != "CategoricalDistribution")
            throw input_error{source_, "parameter " + name, "IntDistribution, FloatDistribution or CategoricalDistribution",
                              kind.empty() ? json : kind};
        d = {.texts = true, .numbers = true, .whole_numbers = true, .booleans = true};
        SQLite::Statement choices{db_, "SELECT type, atom FROM json_each(?1, '$.attributes.choices')"};
        choices.bind(1, json);
        while (choices.executeStep()) {
            const auto type = choices.getColumn(0).getString();
            if (type == "object" || type == "array")
                throw input_error{source_, "parameter " + name, "choices that are texts, numbers, truth values or null", type};
            d.texts = d.texts && type == "text";
            d.booleans = d.booleans && (type == "true" || type == "false");
            d.whole_numbers = d.whole_numbers && type == "integer";
            d.numbers = d.numbers && (type == "integer" || type == "real");
            d.choices.push_back(type == "null"    ? "None"
                                : type == "true"  ? "true"
                                : type == "false" ? "false"
                                : type == "real"  ? exact_text(choices.getColumn(1).getDouble())
                                                  : choices.getColumn(1).getString());
            // As text 1 and "1", or None and "None", would be one value, and their trials those of one point.
            if (std::find(d.choices.begin(), d.choices.end() - 1, d.choices.back()) != d.choices.end() - 1)
                throw input_error{source_, "parameter " + name, "choices that differ as text", "two that are " + d.choices.back()};
        }
        if (d.choices.empty()) throw input_error{source_, "parameter " + name, "some choices", "none"};
        return d;
    }

    /// `value_json` as JSON: Python writes infinite numbers as words. In a text they may be part of a word, of which only the numbers are asked.
    [[nodiscard]] static std::string with_infinities() { return "replace(value_json, 'Infinity', '9e999')"; }

    void read_attributes() {
        auto numbers = of_study("SELECT a.trial_id, a.key, json_extract(a.value_json, '$') FROM (SELECT trial_id, key, " + with_infinities() +
                                " AS value_json FROM trial_user_attributes) a JOIN trials t USING (trial_id) WHERE t.study_id = ? "
                                "AND json_valid(a.value_json) AND json_type(a.value_json) IN ('integer', 'real')");
        while (numbers.executeStep()) trial(numbers.getColumn(0)).attributes[numbers.getColumn(1).getString()] = numbers.getColumn(2).getDouble();
        // What no JSON is would be no attribute at all, and it would not be said why.
        auto none = of_study("SELECT a.trial_id, a.key FROM trial_user_attributes a JOIN trials t USING (trial_id) WHERE t.study_id = ? "
                             "AND a.value_json = 'NaN'");
        while (none.executeStep()) trial(none.getColumn(0)).attributes[none.getColumn(1).getString()] = std::numeric_limits<double>::quiet_NaN();
        auto words = of_study("SELECT a.trial_id, a.value_json FROM trial_user_attributes a JOIN trials t USING (trial_id) WHERE t.study_id = ? "
                              "AND a.key = 'metrics_si'");
        while (words.executeStep())
            if (const auto word = python_number(words.getColumn(1).getString()); !word.empty())
                throw input_error{source_, place(trial(words.getColumn(0))) + ", metrics_si", "numbers, infinite ones as 'inf' and '-inf'", word};
        auto exact = of_study("SELECT a.trial_id, e.key, e.type, e.atom FROM trial_user_attributes a JOIN trials t USING (trial_id), "
                              "json_each(a.value_json) e WHERE t.study_id = ? "
                              "AND a.key = 'metrics_si' AND json_valid(a.value_json) AND json_type(a.value_json) = 'object'");
        while (exact.executeStep()) {
            const auto type = exact.getColumn(2).getString(), text = exact.getColumn(3).getString();
            auto& t = trial(exact.getColumn(0));
            if (type != "integer" && type != "real" && text != "inf" && text != "-inf")
                throw input_error{source_, place(t) + ", metrics_si", "numbers", '\'' + text + '\''};
            t.exact[exact.getColumn(1).getString()] =
                type != "text" ? exact.getColumn(3).getDouble() : (text == "inf" ? 1 : -1) * std::numeric_limits<double>::infinity();
        }
        auto messages = of_study(
            "SELECT a.trial_id, json_extract(a.value_json, '$') FROM trial_user_attributes a JOIN trials t USING (trial_id) WHERE t.study_id = ? "
            "AND a.key = 'message' AND json_valid(a.value_json) AND json_type(a.value_json) = 'text'");
        while (messages.executeStep()) trial(messages.getColumn(0)).message = messages.getColumn(1).getString();
        // A text that is passed over would make a trial feasible that is not.
        auto unclear = of_study("SELECT a.trial_id, a.value_json FROM trial_system_attributes a JOIN trials t USING (trial_id) WHERE t.study_id = ? "
                                "AND a.key = 'constraints' AND NOT json_valid(" +
                                with_infinities() + ')');
        if (unclear.executeStep())
            throw input_error{source_, place(trial(unclear.getColumn(0))) + ", constraints", "numbers", unclear.getColumn(1).getString()};
        auto limits = of_study("SELECT a.trial_id, e.atom, e.type FROM (SELECT trial_id, " + with_infinities() +
                               " AS value_json FROM trial_system_attributes WHERE key = 'constraints') a JOIN trials t USING (trial_id), "
                               "json_each(a.value_json) e WHERE t.study_id = ? ORDER BY a.trial_id, e.id");
        while (limits.executeStep()) {
            if (!limits.getColumn(1).isFloat() && !limits.getColumn(1).isInteger())
                throw input_error{source_, place(trial(limits.getColumn(0))) + ", constraints", "numbers", limits.getColumn(2).getString()};
            trial(limits.getColumn(0)).constraints.push_back(limits.getColumn(1).getDouble());
        }
    }

    /// Times that are there only because Optuna needs some.
    void forget_unknown_times() {
        auto rows = of_study("SELECT a.trial_id, e.atom FROM trial_system_attributes a JOIN trials t USING (trial_id), json_each(a.value_json) e "
                             "WHERE t.study_id = ? AND a.key = '" +
                             std::string{optuna_unknown_times} + "' AND json_valid(a.value_json) AND json_type(a.value_json) = 'array'");
        while (rows.executeStep()) {
            auto& t = trial(rows.getColumn(0));
            const auto which = rows.getColumn(1).getString();
            if (which != "started" && which != "ended")
                throw input_error{source_, place(t) + ", " + std::string{optuna_unknown_times}, "'started' and 'ended'", '\'' + which + '\''};
            (which == "started" ? t.times.started : t.times.ended) = std::numeric_limits<double>::quiet_NaN();
        }
    }

    SQLite::Database& db_;
    std::string source_;
    std::int64_t id_ = 0;
    optuna_study out_{};
    std::map<std::int64_t, std::size_t> places_{}; ///< of trials, by their keys
    std::map<std::string, optuna_distribution> distributions_{};
};

/// Calls `take` with a reader of the file.
template <class Deferred, class Take>
[[nodiscard]] auto with_optuna_file(const std::string& path, const Take& take) {
    sqlite::require_file(path);
    return sqlite::with_own_errors(path, "read", "Optuna's studies", [&] {
        SQLite::Database db{path, SQLite::OPEN_READONLY, 5000};
        db.exec("BEGIN"); // one moment for all tables
        basic_optuna_reader<Deferred> reader{db, path};
        return take(reader);
    });
}

} // namespace detail

/// The names of the studies in a file of Optuna's RDBStorage (`sqlite:///PATH`), in the order in which they began.
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::vector<std::string> optuna_study_names(const std::string& path) {
    return detail::with_optuna_file<Deferred>(path, [](auto& reader) { return reader.names(); });
}
VERDANT_DEFINED_ONCE(std::vector<std::string> optuna_study_names<>(const std::string&));

/// A study of such a file, as Optuna 3 keeps it (schema version 12). It may be written to meanwhile.
/// @throws file_error where the file cannot be read; input_error where it is of another schema, has no study of that name, or something in it is not
/// as Optuna writes it
template <class Deferred = instantiated_when_used>
[[nodiscard]] optuna_study read_optuna_study(const std::string& path, const std::string& name) {
    return detail::with_optuna_file<Deferred>(path, [&name](auto& reader) { return reader.read(name); });
}
VERDANT_DEFINED_ONCE(optuna_study read_optuna_study<>(const std::string&, const std::string&));

} // namespace verdant
