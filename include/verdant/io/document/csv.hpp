#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/passed_over.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/text/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Comma-separated values as RFC 4180 has them: a header line, the same number of fields in every row, fields with separators, quotation marks or
/// line breaks in quotation marks. Lines may end in LF or CR LF; a UTF-8 byte order mark is skipped.
namespace verdant::io {

/// A table of text with named columns.
struct csv_table {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> lines; ///< where each row begins in its file, from 1
    std::string source;             ///< what errors call the file

    /// The place of a column. Throws input_error that names the file and its columns where there is none, and the separator that it seems to have
    /// where another one would part its only column.
    [[nodiscard]] std::size_t column(std::string_view name) const {
        const auto found = std::find(columns.begin(), columns.end(), name);
        if (found == columns.end()) throw input_error{source, "header", "a column '" + std::string{name} + '\'', all_columns(name)};
        return static_cast<std::size_t>(found - columns.begin());
    }
    /// The number in a field. Throws input_error that names file, line and column where it is none.
    [[nodiscard]] double number(std::size_t row, std::size_t column) const {
        const auto& text = rows.at(row).at(column);
        double value = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
            throw input_error{source, "line " + std::to_string(lines.at(row)) + ", column '" + columns.at(column) + '\'', "a number",
                              '\'' + text + '\''};
        return value;
    }

private:
    [[nodiscard]] std::string all_columns(std::string_view wanted) const {
        std::string text = columns.size() == 1 ? "only the column " : "the columns ";
        constexpr std::size_t most = 20;
        for (std::size_t i = 0; i < columns.size() && i < most; ++i) text += (i == 0 ? "'" : ", '") + columns[i] + '\'';
        if (columns.size() > most) text += " and " + std::to_string(columns.size() - most) + " others";
        if (columns.size() == 1) {
            constexpr std::pair<char, std::string_view> others[] = {{'\t', "tabs"}, {',', "commas"}, {';', "semicolons"}, {'|', "vertical bars"}};
            for (const auto& [separator, name] : others)
                if (columns[0].find(separator) != std::string::npos)
                    return text + "; the file seems to have " + std::string{name} + " between its columns";
        }
        return text + did_you_mean(wanted, columns);
    }
};

namespace detail {

/// Reads fields and rows one after the other, so that a hostile file costs no more than its size.
class csv_reader {
public:
    /// @param tolerant whether quotation marks have a meaning only around a whole field, and are text elsewhere, as in Python's csv and in pandas
    csv_reader(std::string_view text, std::string_view source, char separator, bool tolerant = false)
        : text_{without_byte_order_mark(text)}, source_{source}, separator_{separator}, tolerant_{tolerant} {}

    /// The next row, or false at the end.
    bool next(std::vector<std::string>& row) {
        row.clear();
        if (at_ == text_.size()) return false;
        row_line_ = line_;
        do row.push_back(field());
        while (separated());
        return true;
    }
    /// The line on which the row that was read last begins, from 1.
    [[nodiscard]] std::size_t line() const noexcept { return row_line_; }

    [[noreturn]] void fail(std::string_view expected, std::string_view found, std::size_t line) const {
        throw input_error{source_, "line " + std::to_string(line), expected, found};
    }

private:
    [[nodiscard]] std::string field() {
        if (at_ < text_.size() && text_[at_] == '"') {
            if (!tolerant_) return quoted();
            const auto begin = at_, line = line_;
            if (auto value = tolerantly_quoted()) return *std::move(value) + plain();
            at_ = begin, line_ = line;
        }
        return plain();
    }

    [[nodiscard]] std::string plain() {
        const auto begin = at_;
        while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') {
            if (text_[at_] == '"' && !tolerant_) fail("quotation marks around the whole field", "one inside it", line_);
            ++at_;
        }
        return std::string{text_.substr(begin, at_ - begin)};
    }

    /// A quoted field, or nothing where the mark is rather one of inches: where none closes the field, or one on another line does, with text behind
    /// it. No two fields search through the same text for that, since the second mark would have closed the first field.
    [[nodiscard]] std::optional<std::string> tolerantly_quoted() {
        const auto begin_line = line_;
        auto value = between_marks();
        const bool ends = at_ == text_.size() || text_[at_] == separator_ || text_[at_] == '\n' || text_[at_] == '\r';
        if (!ends && line_ != begin_line) return std::nullopt;
        return value;
    }

    [[nodiscard]] std::string quoted() {
        const auto begin_line = line_;
        if (auto value = between_marks()) return *std::move(value);
        fail("a closing quotation mark", "the end of the file", begin_line);
    }

    /// What stands between the mark here and the one that closes it, behind which it goes on; nothing where none does.
    [[nodiscard]] std::optional<std::string> between_marks() {
        std::string value;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\n') ++line_;
            if (text_[at_] != '"') {
                value += text_[at_];
            } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                value += text_[at_++];
            } else {
                ++at_;
                return value;
            }
        }
        return std::nullopt;
    }

    /// Whether another field follows; takes the separator or the end of the line.
    [[nodiscard]] bool separated() {
        if (at_ == text_.size()) return false;
        const char c = text_[at_++];
        if (c == separator_) return true;
        if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
        else if (c != '\n' && !(c == '\r' && tolerant_))
            fail(c == '\r' ? "a line feed after a carriage return" : "a separator or the end of the line", "something else", line_);
        ++line_;
        return false;
    }

    std::string_view text_, source_;
    char separator_;
    bool tolerant_;
    std::size_t at_ = 0, line_ = 1, row_line_ = 1;
};

} // namespace detail

/// Reads a table from text. Throws input_error that names source and line where the text is no such table; whatever the bytes, it does no more.
/// @param source what errors call the text: a file's name
template <class = instantiated_when_used>
[[nodiscard]] csv_table parse_csv(std::string_view text, std::string_view source, char separator = ',') {
    csv_table table;
    table.source = source;
    detail::csv_reader reader{text, source, separator};
    if (!reader.next(table.columns)) reader.fail("a header line", "nothing", 1);
    auto sorted = table.columns;
    std::sort(sorted.begin(), sorted.end());
    if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
        reader.fail("different names of columns", "'" + *twice + "' twice", 1);
    for (std::vector<std::string> row; reader.next(row);) {
        if (row.size() != table.columns.size())
            reader.fail(std::to_string(table.columns.size()) + " fields as in the header", std::to_string(row.size()), reader.line());
        table.lines.push_back(reader.line());
        table.rows.push_back(std::move(row));
    }
    return table;
}
VERDANT_DEFINED_ONCE(csv_table parse_csv<>(std::string_view, std::string_view, char));

/// Reads a table that other programs have written, the way pandas does: a quotation mark inside a field is text, empty lines do not count.
/// @param odd counts rows with more or fewer fields than the header, which are passed over; null: the first of them is an error
/// Throws input_error where there is no header, and for an odd row that is not counted.
template <class = instantiated_when_used>
[[nodiscard]] csv_table parse_csv_tolerantly(std::string_view text, std::string_view source, char separator, passed_over* odd = nullptr) {
    csv_table table;
    table.source = source;
    detail::csv_reader reader{text, source, separator, true};
    if (!reader.next(table.columns)) reader.fail("a header line", "nothing", 1);
    for (std::vector<std::string> row; reader.next(row);) {
        if (row.size() == 1 && row[0].empty()) continue;
        if (row.size() != table.columns.size()) {
            const input_error why{source, "line " + std::to_string(reader.line()), std::to_string(table.columns.size()) + " fields as in the header",
                                  std::to_string(row.size())};
            if (odd == nullptr) throw why;
            odd->add(why.what());
            continue;
        }
        table.lines.push_back(reader.line());
        table.rows.push_back(std::move(row));
    }
    return table;
}
VERDANT_DEFINED_ONCE(csv_table parse_csv_tolerantly<>(std::string_view, std::string_view, char, passed_over*));

/// Reads a table from a file. Throws file_error or input_error, which name the file.
[[nodiscard]] inline csv_table read_csv(const std::string& path, char separator = ',') { return parse_csv(read_file(path), path, separator); }

/// Text of a table with `columns` and `rows` of strings, such as `csv_table` and `report`; `parse_csv` reads it back. Lines end in LF.
template <class Table>
    requires requires(const Table& t) { t.columns.front().size(), t.rows.front().front().size(); }
[[nodiscard]] std::string csv_text(const Table& table, char separator = ',') {
    std::string text;
    const auto write_row = [&](const auto& row) {
        bool first = true;
        for (const auto& field : row) {
            if (!first) text += separator;
            first = false;
            // A row of one empty field would look like nothing at all.
            const bool plain = field.find_first_of("\"\r\n") == std::string::npos && field.find(separator) == std::string::npos;
            if (plain && !(field.empty() && row.size() == 1) && !field.starts_with('\xEF')) {
                text += field;
                continue;
            }
            text += '"';
            for (const char c : field) text += c == '"' ? "\"\"" : std::string(1, c);
            text += '"';
        }
        text += '\n';
    };
    write_row(table.columns);
    for (const auto& row : table.rows) write_row(row);
    return text;
}

} // namespace verdant::io
