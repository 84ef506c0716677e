#pragma once

#include <verdant/meta/component/sqlite.hpp>

#include <verdant/distributed/job_messages.hpp>
#include <verdant/distributed/program_identity.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/study/sqlite_errors.hpp>
#include <verdant/study/study_file.hpp>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

/// The file by which a search and its workers share jobs, beside that of the study. Bytes of jobs and results are those of job_messages.hpp.
///
/// | table | a row |
/// |---|---|
/// | jobs(number, job, active, lease, worker, until, tries, result) | a job; `lease` is that of the worker that has it, until a time; `active` where
/// the search that runs wants it |
/// | workers(id, pid, joined, seen, gone, lease) | a worker process |
/// | program(position, name, value) | what the program of the search is |
/// | leader(id, run, state, tries) | one row: the run of the search, `open`, `left` after an error, or `done`; workers that may be lost with a job |
///
/// Times are seconds since 1970. `lease` of a job is the worker's number times 2^32 and how many it had before.
namespace verdant::detail::sqlite {

/// "vdjb", where SQLite keeps what program a file belongs to.
inline constexpr std::int64_t jobs_application_id = 0x76646a62;
inline constexpr int jobs_format = 1;

/// The file of the jobs of a study.
[[nodiscard]] inline std::string jobs_file(const std::string& of) { return resolved_path(of) + "-jobs"; }

/// Waits longer and longer for what another process does: who has just begun to wait hears of it within a millisecond.
class growing_pause {
public:
    /// @param most seconds
    void pause(double most) {
        std::this_thread::sleep_for(std::chrono::duration<double>{std::min(next_, most)});
        next_ = std::min(1.5 * next_, 0.05);
    }
    void restart() noexcept { next_ = 0.001; }

private:
    double next_ = 0.001;
};

/// A statement that is prepared once, run again and again.
inline SQLite::Statement& restarted(SQLite::Statement& s) {
    s.tryReset(); // one that failed before would repeat its error
    s.clearBindings();
    return s;
}
/// Runs a statement to its end, so that its transaction is over. @return rows that it changed
inline int finish(SQLite::Statement& s) {
    const int changed = s.exec();
    s.reset();
    return changed;
}

[[nodiscard]] inline message_bytes bytes_in(const SQLite::Column& c) {
    const auto* const first = static_cast<const unsigned char*>(c.getBlob());
    return first == nullptr ? message_bytes{} : message_bytes(first, first + c.getBytes());
}
inline void bind_bytes(SQLite::Statement& s, int at, const message_bytes& bytes) {
    s.bind(at, bytes.empty() ? static_cast<const void*>("") : bytes.data(), static_cast<int>(bytes.size()));
}

/// Whether the file is one of jobs; not yet where it is empty. Throws input_error for one of another program or format.
[[nodiscard]] inline bool is_of_jobs(SQLite::Database& db, const std::string& path) {
    // In this order: the search makes tables and identity at once, perhaps between the two.
    if (db.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0) return false;
    if (db.execAndGet("PRAGMA application_id").getInt64() != jobs_application_id)
        throw input_error{path, "", "a file of jobs", "a database of another program"};
    const auto format = db.execAndGet("PRAGMA user_version").getInt();
    if (format != jobs_format)
        throw input_error{path, "format", std::to_string(jobs_format), std::to_string(format) + ", of another version of verdant"};
    return true;
}

/// The caller has a transaction open.
template <class = instantiated_when_used>
void create_job_tables(SQLite::Database& db) {
    db.exec("CREATE TABLE jobs(number INTEGER PRIMARY KEY, job BLOB NOT NULL, active INTEGER NOT NULL, lease INTEGER, worker INTEGER, until REAL, "
            "tries INTEGER NOT NULL DEFAULT 0, result BLOB)");
    db.exec("CREATE TABLE workers(id INTEGER PRIMARY KEY AUTOINCREMENT, pid INTEGER NOT NULL, joined REAL NOT NULL, seen REAL NOT NULL, gone REAL, "
            "lease REAL NOT NULL)");
    db.exec("CREATE TABLE program(position INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL)");
    db.exec("CREATE TABLE leader(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL)");
    db.exec("PRAGMA application_id = " + std::to_string(jobs_application_id));
    db.exec("PRAGMA user_version = " + std::to_string(jobs_format));
}

/// What the program of the search is.
template <class = instantiated_when_used>
[[nodiscard]] program_identity read_program(SQLite::Database& db) {
    program_identity one;
    SQLite::Statement rows{db, "SELECT name, value FROM program ORDER BY position"};
    while (rows.executeStep()) one.lines.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getString()});
    return one;
}
template <class = instantiated_when_used>
void write_program(SQLite::Database& db, const program_identity& one) {
    db.exec("DELETE FROM program");
    SQLite::Statement row{db, "INSERT INTO program VALUES(?, ?, ?)"};
    for (std::size_t i = 0; i < one.lines.size(); ++i) {
        restarted(row).bind(1, static_cast<std::int64_t>(i));
        row.bind(2, one.lines[i][0]);
        row.bind(3, one.lines[i][1]);
        finish(row);
    }
}

} // namespace verdant::detail::sqlite
