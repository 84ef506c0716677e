#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/sqlite.hpp>

#include <sqlite3.h>
#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <string>

/// Errors of SQLite as ours, and how long it waits before it gives one.
namespace verdant::detail::sqlite {

/// Seconds to wait for a lock, as SQLite takes them.
[[nodiscard]] inline int busy_milliseconds(double seconds) { return seconds > 0 ? static_cast<int>(std::min(1000 * seconds, 2e9)) : 0; }

/// Calls `f`. Throws file_error where the file is locked or cannot be read or written, input_error where it is none of SQLite's, damaged or lacks
/// tables.
/// @param path the file @param operation what is done to it: `read`, `write` @param what it is meant to be: `a study`
template <class F>
auto with_own_errors(const std::string& path, const char* operation, const std::string& what, F&& f) -> decltype(f()) {
    try {
        return f();
    } catch (const SQLite::Exception& e) {
        switch (e.getErrorCode() & 0xff) { // without what extended codes add
        case SQLITE_BUSY:
        case SQLITE_LOCKED: throw file_error{path, operation, "another program holds a lock on it"};
        case SQLITE_NOTADB: throw input_error{path, "", what, "a file that is no database of SQLite"};
        case SQLITE_CORRUPT: throw input_error{path, "", what, std::string{"a damaged file: "} + e.what()};
        case SQLITE_ERROR: throw input_error{path, "", "the tables of " + what, e.what()}; // one of them is missing
        case SQLITE_READONLY: throw file_error{path, operation, "its folder is read-only, and SQLite keeps files beside what is in use"};
        default: throw file_error{path, operation, e.what()};
        }
    }
}

} // namespace verdant::detail::sqlite
