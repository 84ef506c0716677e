#pragma once

// Rows of PostgreSQL as a text, for the fuzz target `postgres_rows` and its seeds: a line a row, the table and the cells between tabs, `\N` for NULL,
// and `\t`, `\n`, `\\` within cells, as COPY writes them. `job` and `result` are what a worker and a search get of the table jobs, `program` is the
// table of that name, everything else a table of a study.

#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/space/space.hpp>
#include <verdant/study/detail/study_rows.hpp>
#include <verdant/study/detail/study_tables.hpp>
#include <verdant/study/postgres/postgres_tables.hpp>
#include <verdant/study/postgres/postgres_text.hpp>
#include <verdant/study/study_difference.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postgres_rows {

namespace pg = verdant::detail::postgres;

/// What the bytes of jobs and results are of.
struct net : verdant::space<verdant::param<"depth", verdant::range<2, 4>>, verdant::param<"width", verdant::range<1, 200>>> {};
using goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>;

using cells = std::vector<std::optional<std::string>>;
using tables = std::map<std::string, std::vector<cells>, std::less<>>;

/// The rows of a text by their tables.
inline tables read(std::string_view text) {
    tables all;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
        cells row(1, std::string{});
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] == '\t') {
                row.emplace_back(std::string{});
                continue;
            }
            if (line[i] != '\\' || i + 1 == line.size()) {
                if (row.back()) *row.back() += line[i];
                continue;
            }
            const auto code = line[++i];
            if (code == 'N') row.back().reset();
            else if (row.back()) *row.back() += code == 't' ? '\t' : code == 'n' ? '\n' : code;
        }
        const auto table = row.front().value_or("");
        row.erase(row.begin());
        all[table].push_back(std::move(row));
    }
    return all;
}

inline void write(std::string& out, std::string_view table, const cells& row) {
    out += table;
    for (const auto& cell : row) {
        out += '\t';
        if (!cell) out += "\\N";
        else
            for (const char c : *cell) {
                if (c == '\t') out += "\\t";
                else if (c == '\n') out += "\\n";
                else if (c == '\\') out += "\\\\";
                else out += c;
            }
    }
    out += '\n';
}

/// Writes a study as such a text, with the values that `statement_rows` gives to the server.
class writer final : public pg::rows_writer, pg::row_writer {
public:
    explicit writer(const pg::study_tables& of) : tables_{of} {}
    pg::row_writer& row(pg::table_id id) override {
        table_ = tables_[id].name;
        row_.clear();
        return *this;
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    void nothing() override { row_.emplace_back(); }
    void integer(std::int64_t value) override { row_.emplace_back(std::to_string(value)); }
    void real(double value) override { row_.emplace_back(verdant::detail::stored_number_text(value)); }
    void text(std::string_view value) override { row_.emplace_back(pg::kept_text(value)); }
    void end() override { write(text_, table_, row_); }

    const pg::study_tables& tables_;
    std::string table_{}, text_{};
    cells row_{};
};
inline std::string text_of(const verdant::stored_study& study) {
    const pg::study_tables of{study.description};
    writer to{of};
    pg::write_study<>(to, study);
    return to.text();
}

} // namespace postgres_rows
