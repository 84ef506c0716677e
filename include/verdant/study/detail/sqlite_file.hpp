#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/detail/study_tables.hpp>
#include <verdant/study/sqlite_errors.hpp>
#include <verdant/study/sqlite_tables.hpp>
#include <verdant/study/study_file.hpp>

#include <sqlite3.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

/// The file of a kept study: made, known and written to.
namespace verdant::detail::sqlite {

/// Makes the file of a study without trials, whole or not at all.
template <class = instantiated_when_used>
void create_study(const std::string& path, const study_description& description) {
    const auto part = path + ".part-" + std::to_string(::getpid());
    std::remove(part.c_str());
    try {
        SQLite::Database db{part, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        db.exec("PRAGMA application_id = " + std::to_string(application_id));
        db.exec("PRAGMA user_version = " + std::to_string(study_format));
        db.exec("PRAGMA journal_mode = WAL");
        const study_tables tables{description};
        SQLite::Transaction all{db};
        create_tables(db, tables);
        table_rows rows{db, tables};
        write_description(rows, description);
        all.commit();
    } catch (...) {
        for (const char* rest : {"", "-wal", "-shm"}) std::remove((part + rest).c_str());
        throw;
    }
    if (file_is_there(path) || std::rename(part.c_str(), path.c_str()) != 0) {
        const auto code = file_is_there(path) ? EEXIST : errno;
        std::remove(part.c_str());
        throw file_error{path, "create", std::generic_category().message(code)};
    }
}

/// Whether a file has a log that is not empty.
[[nodiscard]] inline bool has_log(const std::string& path) {
    struct stat found{};
    return ::stat((path + "-wal").c_str(), &found) == 0 && found.st_size > 0;
}

/// Throws input_error for what is not a study, and for one of another format.
template <class = instantiated_when_used>
void identify(SQLite::Database& db, const std::string& path) {
    if (db.execAndGet("PRAGMA application_id").getInt64() != application_id) throw input_error{path, "", "a study", "a database of another program"};
    const auto format = db.execAndGet("PRAGMA user_version").getInt64();
    if (format < oldest_study_format || format > study_format)
        throw input_error{path, "format", std::to_string(oldest_study_format) + " to " + std::to_string(study_format),
                          std::to_string(format) + ", of another version of verdant"};
}

/// The same. A process that died, or a disk that was full, while the log was moved into the file leaves that with more pages in its head than it has,
/// and whole in the log.
template <class = instantiated_when_used>
void identify_behind_log(SQLite::Database& db, const std::string& path) {
    try {
        identify(db, path);
    } catch (const SQLite::Exception& e) {
        if ((e.getErrorCode() & 0xff) != SQLITE_CORRUPT) throw;
    }
}

/// A trial that is done may have taken hours: it is worth a wait.
class longer_patience {
public:
    longer_patience(SQLite::Database& db, double usual) : db_{db}, usual_{usual} { db_.setBusyTimeout(busy_milliseconds(15 * usual)); }
    longer_patience(const longer_patience&) = delete;
    longer_patience& operator=(const longer_patience&) = delete;
    ~longer_patience() { sqlite3_busy_timeout(db_.getHandle(), busy_milliseconds(usual_)); }

private:
    SQLite::Database& db_;
    double usual_;
};

inline void run(SQLite::Statement& statement) {
    statement.tryReset(); // one that failed before would repeat its error
    statement.exec();
    statement.reset();
}
inline void run(SQLite::Statement& statement, std::uint64_t number) {
    statement.tryReset();
    statement.bind(1, static_cast<std::int64_t>(number));
    run(statement);
}

} // namespace verdant::detail::sqlite
