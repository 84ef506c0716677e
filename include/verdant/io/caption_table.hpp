#pragma once

#include <verdant/error.hpp>
#include <verdant/io/csv.hpp>
#include <verdant/io/read_file.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::io {

/// One row of a caption data set.
struct captioned_image {
    std::string path;    ///< relative paths are joined to the folder of the table
    std::string caption;
};

/// Which columns a caption data set has; the defaults are those of OpenCLIP (`--csv-separator`, `--csv-img-key`, `--csv-caption-key`).
struct caption_columns {
    char separator = '\t';
    std::string image = "filepath";
    std::string caption = "title";
};

/// Parses a table with one row for each caption. `source` is its path: errors name it, and relative paths of images begin at its folder.
/// Throws input_error for a table without the columns, without rows, or with an empty path.
[[nodiscard]] inline std::vector<captioned_image> parse_captions(std::string_view text, const std::string& source,
                                                                 const caption_columns& columns = {}) {
    auto table = parse_csv(text, source, columns.separator);
    const auto image = table.column(columns.image), caption = table.column(columns.caption);
    if (table.rows.empty()) throw input_error{source, "", "at least one row", "the header alone"};
    const auto slash = source.rfind('/');
    const auto folder = slash == std::string::npos ? std::string{} : source.substr(0, slash + 1);
    std::vector<captioned_image> out;
    out.reserve(table.rows.size());
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        auto& path = table.rows[row][image];
        if (path.empty()) throw input_error{source, "line " + std::to_string(table.lines[row]), "a path in column " + columns.image, "nothing"};
        out.push_back({path.front() == '/' ? std::move(path) : folder + path, std::move(table.rows[row][caption])});
    }
    return out;
}

/// Reads a caption data set. Throws file_error or input_error.
[[nodiscard]] inline std::vector<captioned_image> read_captions(const std::string& path, const caption_columns& columns = {}) {
    return parse_captions(read_file(path), path, columns);
}

} // namespace verdant::io
