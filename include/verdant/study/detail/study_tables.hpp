#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How a study lies in tables, as data: every database that keeps studies makes its tables from this list, and reads them by it, so that one cannot
/// differ from the other. Numbers of metrics and goals are in SI units.
///
/// | table | a row |
/// |---|---|
/// | study(name, value) | format, library, fingerprint, optimizer, seed, batch, order, fidelity |
/// | parameters(position, name, kind, domain, condition) | a parameter; `condition` is empty where it always exists |
/// | constraints(position, text) | |
/// | goals(position, kind, metric, unit, factor, threshold, low, high) | a goal; `factor` is its unit in SI units |
/// | metrics(position, name) | a metric that trials record |
/// | options(position, name, value) | an option of the optimizer |
/// | asks(number, first_trial, points, wanted, first_number) | a question to the optimizer |
/// | state(id, random, repeated, stale, optimizer) | one row: the state before the last question |
/// | start_points(position, point) | a point that was asked for before the optimizer was, as text |
/// | corrections(position, ask, told, number, status, message, metrics) | what a trial was before it was corrected, and when that was |
/// | trials(number, status, message, origin, started, ended, seconds, told, worker, PARAMETER..., METRIC...) | a trial; a parameter that does not
/// exist at its point is NULL; times are in UTC, NULL where unknown; `told` is its place in the order told, NULL where that is its number |
/// | pending(number, PARAMETER...) | a point that was asked for and has no trial yet |
/// | evaluations(position, number, fidelity, cost, status, message, started, ended, worker, metrics) | a measurement of a trial before its last one |
/// | consumption(run, took, processors, graphics, memory, emitted, method, runs) | what a run that was metered consumed: seconds, joules, kilograms;
/// behind it, with 0 runs, the share of each of its workers, with whose name `method` begins, and which took no time of its own (0) |
///
/// Format 3. Format 2 has no `pending`, `evaluations`, `consumption`, `told`, `worker`, `first_number`, `order` and `fidelity`; format 1 has no
/// `start_points` and `corrections` either, and neither `origin` nor times.
namespace verdant::detail::tables {

/// Formats that are read; new studies are of the last one.
inline constexpr int study_format = 3, oldest_study_format = 1;

/// How the values of a column are kept. A key is a whole number, or a text, and no two rows have the same.
enum class column_type : std::uint8_t { key, text_key, integer, real, text };

/// A column of a table. What is not required may be NULL.
struct table_column {
    std::string name{};
    column_type type = column_type::text;
    bool required = false;
    int since = 1; ///< the first format that has it
};

/// A table; rows are ordered by its first column.
struct study_table {
    std::string_view name{};
    std::vector<table_column> columns{};
    int since = 1;
};

/// The tables of a study, by their places in `study_tables`.
enum class table_id : std::uint8_t {
    study,
    parameters,
    constraints,
    goals,
    metrics,
    options,
    asks,
    state,
    start_points,
    corrections,
    trials,
    pending,
    evaluations,
    consumption
};
inline constexpr std::size_t table_count = 14;

/// Of these tables a row takes the place of the one with its key.
[[nodiscard]] constexpr bool replaces_rows(table_id id) { return id == table_id::state || id == table_id::pending || id == table_id::consumption; }

/// A name as databases compare it: SQLite takes names for equal that differ in case only.
[[nodiscard]] inline std::string small_letters(std::string text) {
    for (auto& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return text;
}

/// Gives columns names of their own. A name that is taken, or that a database uses itself, gets a number; from format 3 on, long ones are cut to the
/// 63 bytes that PostgreSQL tells apart.
template <class = instantiated_when_used>
class column_names {
public:
    explicit column_names(int format) : longest_{format > 2 ? std::size_t{63} : std::string::npos} {
        if (format > 2) taken_ = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
    }
    [[nodiscard]] std::string add(const std::string& wanted) {
        auto name = cut(wanted, longest_);
        for (int i = 2; std::find(taken_.begin(), taken_.end(), small_letters(name)) != taken_.end(); ++i) {
            const auto number = '_' + std::to_string(i);
            name = cut(wanted, longest_ == std::string::npos ? longest_ : longest_ - number.size()) + number;
        }
        taken_.push_back(small_letters(name));
        return name;
    }

private:
    /// Never within a letter of UTF-8.
    [[nodiscard]] static std::string cut(const std::string& name, std::size_t most) {
        if (name.size() <= most) return name;
        while (most > 0 && (static_cast<unsigned char>(name[most]) & 0xc0U) == 0x80U) --most;
        return name.substr(0, most);
    }
    std::size_t longest_;
    std::vector<std::string> taken_{};
};

/// The columns before the parameters of a table with a row for each trial.
[[nodiscard]] inline std::vector<table_column> columns_of_trials() {
    using enum column_type;
    return {{"number", key},
            {"status", text, true},
            {"message", text},
            {"origin", text, true, 2},
            {"started", text, false, 2},
            {"ended", text, false, 2},
            {"seconds", real, false, 2},
            {"told", integer, false, 3},
            {"worker", integer, false, 3}};
}

/// The tables that do not depend on the study.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<study_table> fixed_tables() {
    using enum column_type;
    return {
        {"study", {{"name", text_key}, {"value", text, true}}},
        {"parameters", {{"position", key}, {"name", text, true}, {"kind", text, true}, {"domain", text, true}, {"condition", text, true}}},
        {"constraints", {{"position", key}, {"text", text, true}}},
        {"goals",
         {{"position", key},
          {"kind", text, true},
          {"metric", text, true},
          {"unit", text, true},
          {"factor", real},
          {"threshold", real},
          {"low", real},
          {"high", real}}},
        {"metrics", {{"position", key}, {"name", text, true}}},
        {"options", {{"position", key}, {"name", text, true}, {"value", text, true}}},
        {"asks",
         {{"number", key}, {"first_trial", integer, true}, {"points", integer, true}, {"wanted", integer, true}, {"first_number", integer, true, 3}}},
        {"state", {{"id", key}, {"random", text, true}, {"repeated", integer, true}, {"stale", integer, true}, {"optimizer", text}}},
        {"start_points", {{"position", key}, {"point", text, true}}, 2},
        {"corrections",
         {{"position", key},
          {"ask", integer, true},
          {"told", integer, true},
          {"number", integer, true},
          {"status", text, true},
          {"message", text},
          {"metrics", text, true}},
         2},
        {"trials", columns_of_trials()},
        {"pending", {{"number", key}}, 3},
        {"evaluations",
         {{"position", key},
          {"number", integer, true},
          {"fidelity", real, true},
          {"cost", real, true},
          {"status", text, true},
          {"message", text},
          {"started", text},
          {"ended", text},
          {"worker", integer},
          {"metrics", text, true}},
         3},
        {"consumption",
         {{"run", key},
          {"took", real, true},
          {"processors", real, true},
          {"graphics", real, true},
          {"memory", real, true},
          {"emitted", real, true},
          {"method", text, true},
          {"runs", integer, true}},
         3}};
}

/// The tables of a study in one format.
template <class Deferred = instantiated_when_used>
class basic_study_tables {
public:
    explicit basic_study_tables(const study_description& of, int format = study_format) : format_{format}, tables_{fixed_tables<Deferred>()} {
        for (auto& t : tables_) std::erase_if(t.columns, [&](const table_column& c) { return c.since > format; });
        auto& trials = tables_[static_cast<std::size_t>(table_id::trials)].columns;
        auto& pending = tables_[static_cast<std::size_t>(table_id::pending)].columns;
        before_parameters_ = trials.size();
        column_names<Deferred> names{format};
        for (const auto& c : trials) static_cast<void>(names.add(c.name));
        for (const auto& p : of.parameters) {
            trials.push_back({names.add(p.name), p.kind == "integer" ? column_type::integer
                                                 : p.kind == "real"  ? column_type::real
                                                                     : column_type::text});
            pending.push_back(trials.back());
        }
        for (const auto& m : of.metrics) trials.push_back({names.add(m), column_type::real});
    }

    [[nodiscard]] int format() const noexcept { return format_; }
    [[nodiscard]] bool has(table_id id) const { return (*this)[id].since <= format_; }
    [[nodiscard]] const study_table& operator[](table_id id) const { return tables_[static_cast<std::size_t>(id)]; }
    /// How many columns of `trials` come before the parameters.
    [[nodiscard]] std::size_t before_parameters() const noexcept { return before_parameters_; }

    /// Calls `take` with each table that this format has.
    template <class Take>
    void for_each(Take take) const {
        for (const auto& t : tables_)
            if (t.since <= format_) take(t);
    }

private:
    int format_;
    std::vector<study_table> tables_;
    std::size_t before_parameters_ = 0;
};
using study_tables = basic_study_tables<>;

/// The columns of a table as a list for statements: `"number", "status"`.
/// @param quoted gives a name as the database takes it
template <class Quoted>
[[nodiscard]] std::string column_list(const study_table& table, Quoted quoted) {
    std::string text;
    for (const auto& c : table.columns) text += (text.empty() ? "" : ", ") + quoted(c.name);
    return text;
}

/// A name in quotation marks, as SQL takes it.
[[nodiscard]] inline std::string quoted_name(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + '"';
}

} // namespace verdant::detail::tables
