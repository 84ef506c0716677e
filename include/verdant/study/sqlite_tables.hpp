#pragma once

#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/detail/study_reader.hpp>
#include <verdant/study/detail/study_rows.hpp>
#include <verdant/study/detail/study_tables.hpp>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The tables of a study (detail/study_tables.hpp) in SQLite: made, written and read.
namespace verdant::detail::sqlite {

using namespace detail::tables;

/// "vdst", where SQLite keeps what program a file belongs to.
inline constexpr std::int64_t application_id = 0x76647374;

/// A column as SQLite declares it. One of reals has no type: in one of type REAL, SQLite would make -0.0 to 0.0.
[[nodiscard]] inline std::string declaration(const table_column& c) {
    constexpr std::array<const char*, 5> types{" INTEGER PRIMARY KEY", " TEXT PRIMARY KEY", " INTEGER", "", " TEXT"};
    return quoted_name(c.name) + types[static_cast<std::size_t>(c.type)] + (c.required ? " NOT NULL" : "");
}

/// Makes the tables of a new study. The caller has a transaction open.
template <class = instantiated_when_used>
void create_tables(SQLite::Database& db, const study_tables& tables) {
    tables.for_each([&](const study_table& t) {
        std::string columns;
        for (const auto& c : t.columns) columns += (columns.empty() ? "" : ", ") + declaration(c);
        db.exec("CREATE TABLE " + std::string{t.name} + '(' + columns + ')');
    });
}

/// Writes rows, by one prepared statement a table.
class table_rows final : public rows_writer, row_writer {
public:
    table_rows(SQLite::Database& db, const study_tables& tables) : db_{db}, tables_{tables} {}

    row_writer& row(table_id id) override {
        auto& statement = statements_[static_cast<std::size_t>(id)];
        if (!statement) {
            const auto& t = tables_[id];
            std::string marks = "?";
            for (std::size_t i = 1; i < t.columns.size(); ++i) marks += ", ?";
            statement.emplace(db_, (replaces_rows(id) ? "INSERT OR REPLACE INTO " : "INSERT INTO ") + std::string{t.name} + " VALUES(" + marks + ')');
        }
        row_ = &*statement;
        row_->tryReset(); // one that failed before would repeat its error
        row_->clearBindings();
        at_ = 0;
        return *this;
    }

private:
    void nothing() override { ++at_; } // what is not bound is NULL
    void integer(std::int64_t value) override { row_->bind(++at_, value); }
    void real(double value) override { row_->bind(++at_, value); }
    void text(std::string_view value) override { row_->bind(++at_, std::string{value}); }
    void end() override {
        row_->exec();
        row_->reset();
    }

    SQLite::Database& db_;
    study_tables tables_;
    std::array<std::optional<SQLite::Statement>, table_count> statements_{};
    SQLite::Statement* row_ = nullptr;
    int at_ = 0;
};

/// Reads rows.
class table_reader final : public table_source {
public:
    explicit table_reader(SQLite::Database& db) : db_{db} {}

    void read(const study_table& table, row_taker& to) override {
        const auto order = quoted_name(table.columns.front().name);
        SQLite::Statement statement{db_, "SELECT " + column_list(table, quoted_name) + " FROM " + std::string{table.name} + " ORDER BY " + order};
        const one_row row{statement};
        while (statement.executeStep()) to.take(row);
    }

private:
    class one_row final : public stored_row {
    public:
        explicit one_row(SQLite::Statement& s) : statement_{s} {}
        [[nodiscard]] cell_type type(std::size_t column) const override {
            const auto c = at(column);
            return c.isNull() ? cell_type::nothing : c.isInteger() ? cell_type::integer : c.isFloat() ? cell_type::real : cell_type::text;
        }
        [[nodiscard]] std::int64_t integer(std::size_t column) const override { return at(column).getInt64(); }
        [[nodiscard]] double real(std::size_t column) const override { return at(column).getDouble(); }
        [[nodiscard]] std::string text(std::size_t column) const override { return at(column).getString(); }

    private:
        [[nodiscard]] SQLite::Column at(std::size_t column) const { return statement_.getColumn(static_cast<int>(column)); }
        SQLite::Statement& statement_;
    };
    SQLite::Database& db_;
};

/// The study of a database.
[[nodiscard]] inline stored_study read_study(SQLite::Database& db, const std::string& source) {
    table_reader tables{db};
    return study_reader{tables, source}.read(db.execAndGet("PRAGMA user_version").getInt64());
}

/// Writes a study of an earlier format anew, in the newest one. The caller has a transaction open.
template <class = instantiated_when_used>
void migrate(SQLite::Database& db, const stored_study& study, int from) {
    study_tables{study.description, from}.for_each([&](const study_table& t) { db.exec("DROP TABLE " + std::string{t.name}); });
    const study_tables tables{study.description};
    create_tables(db, tables);
    table_rows rows{db, tables};
    write_study(rows, study);
    db.exec("PRAGMA user_version = " + std::to_string(study_format));
}

} // namespace verdant::detail::sqlite
