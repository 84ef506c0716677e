// A study that a program is given by the name of its file, whatever it is kept in.
#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/report/study_from_json.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/sqlite_study.hpp>

#include <fstream>
#include <string>
#include <string_view>

namespace terminal {

/// Whether a file is a database of SQLite.
[[nodiscard]] inline bool is_sqlite(const std::string& path) {
    constexpr std::string_view mark = "SQLite format 3";
    std::string begin(mark.size(), '\0');
    std::ifstream file{path, std::ios::binary};
    return file.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == mark;
}

/// The study of a file: of SQLite, as searches keep them, also while one writes to it; or of JSON, as `study_json` writes it.
/// @throws file_error and input_error
[[nodiscard]] inline verdant::stored_study read_study(const std::string& path) {
    if (is_sqlite(path)) return verdant::read_sqlite_study(path);
    return verdant::study_from_json(verdant::io::read_file(path), path);
}

} // namespace terminal
