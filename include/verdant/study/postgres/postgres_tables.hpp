#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/study/postgres/postgres_connection.hpp>
#include <verdant/study/postgres/postgres_text.hpp>
#include <verdant/study/detail/study_reader.hpp>
#include <verdant/study/detail/study_rows.hpp>
#include <verdant/study/detail/study_tables.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// The tables of a study (study_tables.hpp) in PostgreSQL: made, written and read.
namespace verdant::detail::postgres {

using namespace detail::tables;

[[nodiscard]] inline std::string type_of_column(column_type type) {
    constexpr std::array<const char*, 5> types{"bigint", "text", "bigint", "double precision", "text"};
    return types[static_cast<std::size_t>(type)];
}

/// Whether there is a study in the schema of a name, and not jobs alone. Throws input_error where the schema is another program's.
template <class = instantiated_when_used>
[[nodiscard]] bool study_is_there(connection& db, const std::string& study, const std::string& name) {
    const auto tables = db.run(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1::text AND c.relkind = 'r'", {study});
    bool found = false, ours = tables.rows() == 0;
    for (int i = 0; i < tables.rows(); ++i) {
        found = found || tables.text(i, 0) == "study";
        ours = ours || tables.text(i, 0) == "program"; // by which workers know a search
    }
    if (!found && !ours) throw input_error{name, "", "a study", "a schema of another program"};
    return found;
}

/// Makes the tables of a new study. The caller has a transaction open, and a schema as the path.
template <class = instantiated_when_used>
void create_tables(connection& db, const study_tables& tables) {
    tables.for_each([&](const study_table& t) {
        std::string columns;
        for (const auto& c : t.columns) {
            const bool key = c.type == column_type::key || c.type == column_type::text_key;
            columns += (columns.empty() ? "" : ", ") + quoted_name(c.name) + ' ' + type_of_column(c.type) +
                       (key          ? " PRIMARY KEY"
                        : c.required ? " NOT NULL"
                                     : "");
        }
        db.run_all("CREATE TABLE " + std::string{t.name} + '(' + columns + ')');
    });
}

/// Several changes as one statement: they happen together, and it costs one message to the server and one back. No row is changed twice.
class statement_rows final : public rows_writer, row_writer {
public:
    /// @param again whether the rows may be there already, from an attempt of which nobody knows how it ended
    statement_rows(const study_tables& tables, bool again) : tables_{&tables}, again_{again} {}

    row_writer& row(table_id id) override {
        const auto& t = (*tables_)[id];
        if (!open_ || *open_ != id) {
            close();
            sql_ = "INSERT INTO " + std::string{t.name} + " VALUES ";
            open_ = id;
        } else sql_ += ", ";
        sql_ += '(';
        column_ = 0;
        return *this;
    }
    /// A statement with one value, for which a `?` stands.
    void also(std::string_view sql, std::int64_t value) {
        close();
        for (const char c : sql) {
            if (c == '?') mark("bigint", std::to_string(value));
            else sql_ += c;
        }
        finish();
    }
    void also(std::string_view sql) {
        close();
        sql_ = sql;
        finish();
    }

    /// Runs what was written.
    answer run(connection& db) {
        close();
        if (done_.empty()) return {};
        std::string whole;
        for (std::size_t i = 0; i + 1 < done_.size(); ++i) whole += (i == 0 ? "WITH c" : ", c") + std::to_string(i) + " AS (" + done_[i] + ')';
        return db.run(whole + ' ' + done_.back(), values_);
    }
    /// How many values there are; statements take 65535.
    [[nodiscard]] std::size_t values() const noexcept { return values_.size(); }

private:
    void nothing() override { cell(std::nullopt); }
    void integer(std::int64_t value) override { cell(std::to_string(value)); }
    void real(double value) override { cell(stored_number_text(value)); }
    void text(std::string_view value) override { cell(kept_text(value)); }
    void end() override { sql_ += ')'; }

    void cell(std::optional<std::string> value) {
        if (column_ > 0) sql_ += ", ";
        mark(type_of_column((*tables_)[*open_].columns[column_++].type), std::move(value));
    }
    void mark(const std::string& type, std::optional<std::string> value) {
        values_.push_back(std::move(value));
        sql_ += '$' + std::to_string(values_.size()) + "::" + type;
    }
    void close() {
        if (!open_) return;
        const auto& t = (*tables_)[*open_];
        if (replaces_rows(*open_)) {
            sql_ += " ON CONFLICT (" + quoted_name(t.columns.front().name) + ") DO UPDATE SET ";
            for (std::size_t i = 1; i < t.columns.size(); ++i)
                sql_ += (i == 1 ? "" : ", ") + quoted_name(t.columns[i].name) + " = excluded." + quoted_name(t.columns[i].name);
        } else if (again_) sql_ += " ON CONFLICT DO NOTHING";
        open_.reset();
        finish();
    }
    void finish() { done_.push_back(std::exchange(sql_, {})); }

    const study_tables* tables_;
    bool again_;
    std::optional<table_id> open_{};
    std::size_t column_ = 0;
    std::string sql_{};
    std::vector<std::string> done_{};
    parameters values_{};
};

/// A row of an answer, in which PostgreSQL gives all values as text.
class text_row final : public stored_row {
public:
    explicit text_row(const study_table& t) : table_{t} {}
    [[nodiscard]] cell_type type(std::size_t column) const override {
        if (rows.null(at, static_cast<int>(column))) return cell_type::nothing;
        std::int64_t whole = 0;
        double number = 0;
        switch (table_.columns[column].type) {
        case column_type::key:
        case column_type::integer: return read(column, whole) ? cell_type::integer : cell_type::text;
        case column_type::real: return read(column, number) ? cell_type::real : cell_type::text;
        default: return cell_type::text;
        }
    }
    [[nodiscard]] std::int64_t integer(std::size_t column) const override {
        std::int64_t value = 0;
        read(column, value);
        return value;
    }
    [[nodiscard]] double real(std::size_t column) const override {
        double value = 0;
        read(column, value);
        return value;
    }
    [[nodiscard]] std::string text(std::size_t column) const override { return text_of_kept(std::string{cell(column)}); }

    answer rows{};
    int at = 0;

private:
    [[nodiscard]] std::string_view cell(std::size_t column) const { return rows.text(at, static_cast<int>(column)); }
    template <class T>
    bool read(std::size_t column, T& value) const {
        const auto digits = cell(column);
        const auto found = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return !digits.empty() && found.ec == std::errc{} && found.ptr == digits.data() + digits.size();
    }
    const study_table& table_;
};

/// Reads rows, some thousands at a time. The caller has a transaction open.
class table_reader final : public table_source {
public:
    explicit table_reader(connection& db) : db_{db} {}

    void read(const study_table& table, row_taker& to) override {
        db_.run_all("DECLARE study_rows NO SCROLL CURSOR FOR SELECT " + column_list(table, quoted_name) + " FROM " + std::string{table.name} +
                    " ORDER BY " + quoted_name(table.columns.front().name));
        text_row row{table};
        do {
            row.rows = db_.run_all("FETCH 5000 FROM study_rows");
            for (row.at = 0; row.at < row.rows.rows(); ++row.at) to.take(row);
        } while (row.rows.rows() > 0);
        db_.run_all("CLOSE study_rows");
    }

private:
    connection& db_;
};

} // namespace verdant::detail::postgres
