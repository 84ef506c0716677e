#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/sqlite_errors.hpp>
#include <verdant/study/sqlite_tables.hpp>
#include <verdant/study/study_file.hpp>
#include <verdant/study/study_keeper.hpp>

#include <sqlite3.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

/// Studies kept in a SQLite file.
namespace verdant {

/// A storage: a study in one file of SQLite (write-ahead log), with tables that any tool can read while the search runs (see detail/study_tables.hpp).
///
///     vd::sqlite_storage file{"study.db"};
///     const auto found = study{measure}.run({.trials = 600, .seed = 3}, file);
///
/// What was kept survives the end of the process, however it comes; after a loss of power the last trials may be missing, never parts of one, and none
/// where `options.durable` is set.
/// Beside the file there may be `-wal`, `-shm` and `-lock` as long as it is in use or when the process was killed. The first belongs to the study:
/// move or copy it along. One object at a time, of all processes, uses a file. A file that is refused stays as it is.
///
/// Errors: file_error where the file is in use, locked by another program, read-only, or cannot be read or written; input_error where it is not a study,
/// is damaged or of another format.
template <class = instantiated_when_used>
class basic_sqlite_storage {
public:
    struct options {
        double patience = 2; ///< seconds to wait where another program holds a lock on the file; fifteen times as long before a trial is given up
        bool durable = false; ///< whether what is kept survives a loss of power, too: the disk is waited for, some milliseconds a trial
    };

    /// Opens the study, or prepares to make one where there is no file.
    explicit basic_sqlite_storage(const std::string& path) : basic_sqlite_storage{path, options{}} {}
    /// Throws input_error for a patience that is negative or no number.
    basic_sqlite_storage(const std::string& path, const options& o)
        : path_{detail::resolved_path(path)}, options_{checked(o)}, lock_{reserved(path_)} {
        if (detail::file_is_there(path_)) {
            inspect();
        } else {
            for (const char* rest : {"-wal", "-journal"})
                if (detail::file_is_there(path_ + rest))
                    throw input_error{path_, "", "no " + path_ + rest + " without it",
                                      "one: move it away, or bring back the study that it belongs to"};
        }
    }

    basic_sqlite_storage(const basic_sqlite_storage&) = delete;
    basic_sqlite_storage& operator=(const basic_sqlite_storage&) = delete;
    ~basic_sqlite_storage() {
        try {
            if (!asked_.empty()) write_held();
        } catch (...) {} // NOLINT(bugprone-empty-catch): nothing depends on a question without a trial
    }

    [[nodiscard]] std::string name() const { return path_; }

    [[nodiscard]] std::optional<stored_study> load() {
        if (!db_) return std::nullopt;
        if (asks_while_pending() && (!asked_.empty() || !submitted_.empty())) write_held();
        if (!submitted_.empty()) {
            write([&](detail::sqlite::table_rows& rows) { write_submitted(rows); });
            some_pending_ = true;
            submitted_.clear();
        }
        if (found_) return std::exchange(found_, std::nullopt); // as it was when it was opened, and nobody else writes to it
        return guarded("read", [&] { return detail::sqlite::read_study(*db_, path_); });
    }

    /// The file appears with the whole description or not at all.
    void create(const study_description& description) {
        guarded("create", [&] {
            const auto part = path_ + ".part-" + std::to_string(::getpid());
            std::remove(part.c_str());
            try {
                SQLite::Database db{part, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
                db.exec("PRAGMA application_id = " + std::to_string(detail::sqlite::application_id));
                db.exec("PRAGMA user_version = " + std::to_string(detail::tables::study_format));
                db.exec("PRAGMA journal_mode = WAL");
                const detail::tables::study_tables tables{description};
                SQLite::Transaction all{db};
                detail::sqlite::create_tables(db, tables);
                detail::sqlite::table_rows rows{db, tables};
                detail::tables::write_description(rows, description);
                all.commit();
            } catch (...) {
                for (const char* rest : {"", "-wal", "-shm"}) std::remove((part + rest).c_str());
                throw;
            }
            if (detail::file_is_there(path_) || std::rename(part.c_str(), path_.c_str()) != 0) {
                const auto code = detail::file_is_there(path_) ? EEXIST : errno;
                std::remove(part.c_str());
                throw file_error{path_, "create", std::generic_category().message(code)};
            }
            open();
            description_ = description;
            format_ = detail::tables::study_format;
        });
    }

    /// In a study whose trials are told as they are completed, a question is kept with what comes next, in one transaction: nothing depends on it before a trial
    /// does, and a search that ends before asks it again.
    void begin(const stored_ask& ask, const stored_state& state) {
        if (asks_while_pending()) {
            asked_.push_back(ask);
            state_changed_ = state_changed_ || state.random != state_.random || state.repeated != state_.repeated || state.stale != state_.stale ||
                             state.optimizer != state_.optimizer;
            if (state_changed_) state_ = state;
            return;
        }
        write([&](detail::sqlite::table_rows& rows) {
            detail::tables::write_ask(rows.row(detail::tables::table_id::asks), format_, ask);
            detail::tables::write_state(rows.row(detail::tables::table_id::state), state);
            if (some_pending_) run(*drop_pending_);
        });
        some_pending_ = false;
        submitted_.clear();
    }

    /// Is written with what comes next, since a transaction of its own would cost as much as that of a trial; where trials are told generation by
    /// generation, when it is looked for: such a search asks its last question again. A study of an earlier format has no place for pending trials.
    void submit(const stored_pending& one) {
        if (format_ > 2) submitted_.push_back(one);
    }

    void add(const stored_trial& t) {
        guarded("write", [&] {
            prepare_to_write();
            const longer_patience work_is_done{*db_, options_.patience};
            std::erase_if(submitted_, [&](const stored_pending& one) { return one.number == t.number; });
            write([&](detail::sqlite::table_rows& rows) {
                detail::tables::write_trial(rows.row(detail::tables::table_id::trials), description_, format_, t);
                if (some_pending_) run(*end_pending_, t.number);
            });
        });
    }

    void replace(const stored_trial& t) {
        write([&](detail::sqlite::table_rows& rows) { put(rows, t); });
    }

    /// A study of format 1, which has no place for corrections, becomes one of format 3.
    void revise(const stored_trial& t, const stored_correction& one) {
        if (format_ < 2) migrate();
        write([&](detail::sqlite::table_rows& rows) {
            detail::tables::write_correction(rows.row(detail::tables::table_id::corrections), next_row(detail::tables::table_id::corrections), one);
            put(rows, t);
        });
    }

    /// A study of an earlier format, which has no place for evaluations, becomes one of format 3.
    void measure(const stored_evaluation& one) {
        if (format_ < 3) migrate();
        guarded("write", [&] {
            prepare_to_write();
            const longer_patience work_is_done{*db_, options_.patience};
            write([&](detail::sqlite::table_rows& rows) {
                detail::tables::write_evaluation(rows.row(detail::tables::table_id::evaluations), next_row(detail::tables::table_id::evaluations),
                                                 one);
            });
        });
    }

    /// A study of an earlier format, which has no place for it, becomes one of format 3.
    void consumed(std::uint64_t run, const search_consumption& one) {
        if (format_ < 3) migrate();
        write(
            [&](detail::sqlite::table_rows& rows) { detail::tables::write_consumption(rows.row(detail::tables::table_id::consumption), run, one); });
    }

private:
    [[nodiscard]] static const options& checked(const options& o) {
        require_not_negative("sqlite storage", "patience", o.patience);
        return o;
    }

    [[nodiscard]] static io::detail::study_lock reserved(const std::string& path) {
        detail::require_writable(path);
        return io::detail::study_lock{path};
    }

    /// Refuses what is no study without a change to the file: first through a connection that takes no locks and writes nothing.
    void inspect() {
        guarded("read", [&] {
            const bool logged = has_log();
            {
                SQLite::Database db{detail::sqlite_address(path_) + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI};
                if (logged) identify_behind_log(db);
                else {
                    identify(db);
                    verify(db);
                }
            }
            open();
            // What only the log holds is seen by an ordinary connection alone. It leaves the log as it is unless the study is accepted and written to.
            if (logged) {
                identify(*db_);
                verify(*db_);
            }
            SQLite::Transaction probe{*db_, SQLite::TransactionBehavior::IMMEDIATE}; // locked by another program?
        });
    }

    [[nodiscard]] bool has_log() const {
        struct stat found{};
        return ::stat((path_ + "-wal").c_str(), &found) == 0 && found.st_size > 0;
    }

    /// A process that died, or a disk that was full, while the log was moved into the file leaves that with more pages in its head than it has, and whole in the log.
    void identify_behind_log(SQLite::Database& db) const {
        try {
            identify(db);
        } catch (const SQLite::Exception& e) {
            if ((e.getErrorCode() & 0xff) != SQLITE_CORRUPT) throw;
        }
    }
    void identify(SQLite::Database& db) const {
        if (db.execAndGet("PRAGMA application_id").getInt64() != detail::sqlite::application_id)
            throw input_error{path_, "", "a study", "a database of another program"};
        const auto format = db.execAndGet("PRAGMA user_version").getInt64();
        if (format < detail::tables::oldest_study_format || format > detail::tables::study_format)
            throw input_error{path_, "format",
                              std::to_string(detail::tables::oldest_study_format) + " to " + std::to_string(detail::tables::study_format),
                              std::to_string(format) + ", of another version of verdant"};
    }

    void verify(SQLite::Database& db) {
        const auto health = db.execAndGet("PRAGMA quick_check(1)").getString();
        if (health != "ok") throw input_error{path_, "", "a study", "a damaged file: " + health};
        found_ = detail::sqlite::read_study(db, path_);
        description_ = found_->description;
        some_pending_ = !found_->pending.empty();
        format_ = db.execAndGet("PRAGMA user_version").getInt();
    }

    /// A trial that is done may have taken hours: it is worth a wait.
    class longer_patience {
    public:
        longer_patience(SQLite::Database& db, double usual) : db_{db}, usual_{usual} { db_.setBusyTimeout(milliseconds(15 * usual)); }
        longer_patience(const longer_patience&) = delete;
        longer_patience& operator=(const longer_patience&) = delete;
        ~longer_patience() { sqlite3_busy_timeout(db_.getHandle(), milliseconds(usual_)); }

    private:
        SQLite::Database& db_;
        double usual_;
    };
    [[nodiscard]] static int milliseconds(double seconds) { return seconds > 0 ? static_cast<int>(std::min(1000 * seconds, 2e9)) : 0; }

    void open() {
        db_.emplace(path_, SQLite::OPEN_READWRITE, milliseconds(options_.patience));
        keep_log(has_log());
        // In a write-ahead log this loses nothing when a process dies, and trials at most when the power fails.
        db_->exec(options_.durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    }

    /// Whether closing the file leaves the log alone instead of moving it into the file.
    void keep_log(bool keep) { sqlite3_db_config(db_->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr); }

    void prepare_to_write() {
        if (rows_) return;
        found_.reset();
        keep_log(false);
        // Someone may have switched it off, to have a single file.
        db_->exec("PRAGMA journal_mode = WAL");
        begin_.emplace(*db_, "BEGIN IMMEDIATE");
        commit_.emplace(*db_, "COMMIT");
        if (format_ > 2) {
            end_pending_.emplace(*db_, "DELETE FROM pending WHERE number = ?");
            drop_pending_.emplace(*db_, "DELETE FROM pending");
        }
        drop_trial_.emplace(*db_, "DELETE FROM trials WHERE number = ?");
        rows_.emplace(*db_, detail::tables::study_tables{description_, format_});
    }

    static void run(SQLite::Statement& statement) {
        statement.tryReset(); // one that failed before would repeat its error
        statement.exec();
        statement.reset();
    }
    static void run(SQLite::Statement& statement, std::uint64_t number) {
        statement.tryReset();
        statement.bind(1, static_cast<std::int64_t>(number));
        run(statement);
    }

    /// Calls `fill` within a transaction: all that it writes is kept, or nothing.
    template <class Fill>
    void write(Fill fill) {
        guarded("write", [&] {
            prepare_to_write();
            run(*begin_);
            try {
                write_questions(*rows_);
                fill(*rows_);
                run(*commit_);
            } catch (...) {
                static_cast<void>(db_->tryExec("ROLLBACK"));
                throw;
            }
            asked_.clear();
            state_changed_ = false;
            if (!asks_while_pending()) return;
            some_pending_ = some_pending_ || !submitted_.empty();
            submitted_.clear();
        });
    }

    [[nodiscard]] bool asks_while_pending() const { return description_.order == "as_completed"; }
    /// What is held back of a study whose trials are told as they are completed.
    void write_questions(detail::sqlite::table_rows& rows) const {
        if (!asks_while_pending()) return;
        for (const auto& one : asked_) detail::tables::write_ask(rows.row(detail::tables::table_id::asks), format_, one);
        if (state_changed_) detail::tables::write_state(rows.row(detail::tables::table_id::state), state_);
        write_submitted(rows);
    }
    void write_held() {
        write([](detail::sqlite::table_rows&) {});
    }

    void write_submitted(detail::sqlite::table_rows& rows) const {
        for (const auto& one : submitted_) detail::tables::write_pending(rows.row(detail::tables::table_id::pending), description_, one);
    }

    void put(detail::sqlite::table_rows& rows, const stored_trial& t) {
        run(*drop_trial_, t.number);
        detail::tables::write_trial(rows.row(detail::tables::table_id::trials), description_, format_, t);
    }

    [[nodiscard]] std::uint64_t next_row(detail::tables::table_id table) {
        const std::string name{detail::tables::study_tables{description_, format_}[table].name};
        return static_cast<std::uint64_t>(db_->execAndGet("SELECT coalesce(max(position) + 1, 0) FROM " + name).getInt64());
    }

    /// Makes a study of an earlier format one of the newest.
    void migrate() {
        guarded("write", [&] {
            prepare_to_write();
            const auto kept = detail::sqlite::read_study(*db_, path_);
            rows_.reset(); // their statements are of the old tables
            drop_trial_.reset();
            SQLite::Transaction all{*db_, SQLite::TransactionBehavior::IMMEDIATE};
            detail::sqlite::migrate(*db_, kept, format_);
            all.commit();
            format_ = detail::tables::study_format;
            description_ = kept.description;
        });
    }

    template <class F>
    auto guarded(const char* operation, F&& f) const -> decltype(f()) {
        return detail::sqlite::with_own_errors(path_, operation, "a study", std::forward<F>(f));
    }

    std::string path_;
    options options_;
    io::detail::study_lock lock_;
    std::optional<SQLite::Database> db_{};
    std::optional<stored_study> found_{}; ///< what was read to see whether it is a study; for `load`
    study_description description_{};
    std::vector<stored_pending> submitted_{}; ///< not written yet
    std::vector<stored_ask> asked_{}; ///< the same of questions, and the state before the last
    stored_state state_{};
    bool state_changed_ = true; ///< or not written yet
    bool some_pending_ = false; ///< whether the table of pending trials may have rows
    int format_ = detail::tables::study_format; ///< a study of an earlier one goes on as such, as long as it needs no more
    std::optional<SQLite::Statement> begin_{}, commit_{}, end_pending_{}, drop_pending_{}, drop_trial_{};
    std::optional<detail::sqlite::table_rows> rows_{};
};

/// A study in one file of SQLite, as programs name it.
using sqlite_storage = basic_sqlite_storage<>;

} // namespace verdant
