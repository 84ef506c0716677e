#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/sqlite_errors.hpp>
#include <verdant/study/sqlite_tables.hpp>
#include <verdant/study/study_file.hpp>

#include <sqlite3.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <system_error>

#include <unistd.h>

/// Whole studies in files of SQLite: read while a search writes to them, and written at once.
namespace verdant {

namespace detail::sqlite {

/// Throws file_error where there is no file, or something else.
inline void require_file(const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) throw file_error{path, "open", std::generic_category().message(errno)};
    if (!S_ISREG(found.st_mode)) throw file_error{path, "open", "it is no regular file"};
}

/// Makes a database under another name and gives it its own once it is whole. Throws file_error where something is there.
/// @param fill takes the database, within a transaction
template <class Fill>
void write_database(const std::string& path, Fill&& fill) {
    if (file_is_there(path)) throw file_error{path, "create", std::generic_category().message(EEXIST)};
    const auto part = path + ".part-" + std::to_string(::getpid());
    const auto drop = [&part] {
        for (const char* rest : {"", "-wal", "-shm", "-journal"}) std::remove((part + rest).c_str());
    };
    drop();
    with_own_errors(path, "create", "a database", [&] {
        try {
            SQLite::Database db{part, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
            SQLite::Transaction all{db};
            fill(db);
            all.commit();
        } catch (...) {
            drop();
            throw;
        }
    });
    // A link fails where a file of that name has come meanwhile; a renaming would replace it.
    const bool named = ::link(part.c_str(), path.c_str()) == 0;
    const auto code = errno;
    drop();
    if (!named) throw file_error{path, "create", std::generic_category().message(code)};
}

} // namespace detail::sqlite

/// The study of a file as it is at this moment, also while a search writes to it. Nothing is changed, and no lock is held. `sqlite_storage` opens a
/// study to go on with it.
/// @throws file_error where the file cannot be read; input_error where it is no study, is damaged or of another format
template <class = instantiated_when_used>
[[nodiscard]] stored_study read_sqlite_study(const std::string& path) {
    detail::sqlite::require_file(path);
    return detail::sqlite::with_own_errors(path, "read", "a study", [&] {
        const auto read = [&path](const std::string& name, int how) {
            SQLite::Database db{name, how, 5000};
            db.exec("BEGIN"); // one moment for all tables
            if (db.execAndGet("PRAGMA application_id").getInt64() != detail::sqlite::application_id)
                throw input_error{path, "", "a study", "a database of another program"};
            return detail::sqlite::read_study(db, path);
        };
        try {
            return read(path, SQLite::OPEN_READONLY);
        } catch (const SQLite::Exception& e) {
            // To read, too, SQLite makes files beside a study; where it may not and there is no log, nobody writes to the study.
            const auto code = e.getErrorCode() & 0xff;
            if ((code != SQLITE_READONLY && code != SQLITE_CANTOPEN) || detail::file_is_there(path + "-wal")) throw;
        }
        return read(detail::sqlite_address(path) + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    });
}
VERDANT_DEFINED_ONCE(stored_study read_sqlite_study<>(const std::string&));

/// Writes a whole study into a new file, which `sqlite_storage` and `read_sqlite_study` read. The file appears under its name whole or not at all.
/// @throws file_error where a file of that name is there, or cannot be written
template <class = instantiated_when_used>
void write_sqlite_study(const std::string& path, const stored_study& study) {
    detail::sqlite::write_database(path, [&](SQLite::Database& db) {
        db.exec("PRAGMA application_id = " + std::to_string(detail::sqlite::application_id));
        db.exec("PRAGMA user_version = " + std::to_string(detail::tables::study_format));
        const detail::tables::study_tables tables{study.description};
        detail::sqlite::create_tables(db, tables);
        detail::sqlite::table_rows rows{db, tables};
        detail::tables::write_study(rows, study);
    });
}
VERDANT_DEFINED_ONCE(void write_sqlite_study<>(const std::string&, const stored_study&));

} // namespace verdant
