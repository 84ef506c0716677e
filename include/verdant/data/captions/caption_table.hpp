#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/passed_over.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Tables of pictures' paths and captions, one pair a row.
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

/// Parses a table with one row for each caption, in which a quotation mark inside a field is text, as pandas reads it for OpenCLIP. `source` is its
/// path: errors name it, and relative paths of images begin at its folder.
/// @param odd counts rows of another number of fields and rows without a path, which are passed over; null: the first of them is an error
/// Throws input_error for a table without the columns or without rows, and for odd rows that are not counted.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<captioned_image> parse_captions(std::string_view text, const std::string& source, const caption_columns& columns = {},
                                                          passed_over* odd = nullptr) {
    passed_over here;
    auto table = parse_csv_tolerantly(text, source, columns.separator, odd == nullptr ? nullptr : &here);
    const auto image = table.column(columns.image), caption = table.column(columns.caption);
    const auto slash = source.rfind('/');
    const auto folder = slash == std::string::npos ? std::string{} : source.substr(0, slash + 1);
    std::vector<captioned_image> out;
    out.reserve(table.rows.size());
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        auto& path = table.rows[row][image];
        if (path.empty()) {
            const input_error why{source, "line " + std::to_string(table.lines[row]), "a path in column " + columns.image, "nothing"};
            if (odd == nullptr) throw why;
            here.add(why.what());
        } else out.push_back({path.front() == '/' ? std::move(path) : folder + path, std::move(table.rows[row][caption])});
    }
    if (out.empty())
        throw input_error{source, "", "at least one row",
                          here.count == 0 ? "the header alone" : std::to_string(here.count) + " that cannot be used; the first: " + here.first};
    if (odd != nullptr) odd->add(here);
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<captioned_image> parse_captions<>(std::string_view, const std::string&, const caption_columns&, passed_over*));

/// Reads a caption data set. Throws file_error or input_error. @param odd as of parse_captions
[[nodiscard]] inline std::vector<captioned_image> read_captions(const std::string& path, const caption_columns& columns = {},
                                                                passed_over* odd = nullptr) {
    return parse_captions(read_file(path), path, columns, odd);
}

} // namespace verdant::io
