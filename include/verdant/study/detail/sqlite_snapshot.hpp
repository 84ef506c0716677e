#pragma once

#include <verdant/goal/trial_times.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/study/detail/sqlite_file.hpp>

#include <sqlite3.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

/// What makes transactions in quick succession cheap.
namespace verdant::detail::sqlite {

/// Whether locks for reading may be kept: not where there is no write-ahead log, whose readers and writers do not wait for each other.
enum class read_locks : bool { given_back, kept };

/// Four of the six locks of a transaction in a write-ahead log are for reading: they say what the reader sees, and are taken and given back each
/// time. Where transactions follow one another at once, a question to the database that is not read to its end keeps them from one to the next, so
/// that a transaction has two locks. Others read and write meanwhile as they would: where they have written, or are writing, the locks are given
/// back, and the usual way is taken. The log is moved into the file as often as SQLite would (1000 pages), which only one that does not read can do.
template <class Deferred = instantiated_when_used>
class basic_held_snapshot {
public:
    /// @param db open for longer than this
    basic_held_snapshot(SQLite::Database& db, read_locks locks) : db_{db}, reading_{db, "SELECT name FROM study"}, locks_{locks} {
        sqlite3_wal_hook(
            db_.getHandle(),
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<basic_held_snapshot*>(self)->logged_ = pages;
                return SQLITE_OK;
            },
            this);
    }
    basic_held_snapshot(const basic_held_snapshot&) = delete;
    basic_held_snapshot& operator=(const basic_held_snapshot&) = delete;
    ~basic_held_snapshot() { sqlite3_wal_autocheckpoint(db_.getHandle(), most_pages); }

    /// @param statement BEGIN IMMEDIATE
    void begin(SQLite::Statement& statement) {
        if (held_) {
            try {
                return run(statement);
            } catch (const SQLite::Exception& e) {
                // Another one writes, or has: whoever reads does not wait, and does not see it.
                if ((e.getErrorCode() & 0xff) != SQLITE_BUSY) throw;
                let_go();
            }
        }
        run(statement);
    }
    /// @param statement COMMIT
    void commit(SQLite::Statement& statement) {
        const auto now = steady_seconds();
        const bool quick = locks_ == read_locks::kept && now - last_ < 0.01;
        last_ = now;
        if (quick && !held_) held_ = reading_.tryExecuteStep() == SQLITE_ROW;
        if (!quick) let_go();
        run(statement);
        if (logged_ < most_pages) return;
        let_go();
        logged_ = 0;
        // It is tried again later where others are in the way, as SQLite itself does.
        sqlite3_wal_checkpoint_v2(db_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    void let_go() {
        if (held_) reading_.tryReset();
        held_ = false;
    }

private:
    static constexpr int most_pages = 1000;

    SQLite::Database& db_;
    SQLite::Statement reading_;
    read_locks locks_;
    bool held_ = false;
    int logged_ = 0;
    double last_ = -1;
};
using held_snapshot = basic_held_snapshot<>;

} // namespace verdant::detail::sqlite
