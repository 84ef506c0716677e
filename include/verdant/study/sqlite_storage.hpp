#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/detail/sqlite_file.hpp>
#include <verdant/study/detail/sqlite_log_file.hpp>
#include <verdant/study/detail/sqlite_snapshot.hpp>
#include <verdant/study/detail/study_rows.hpp>
#include <verdant/study/detail/study_tables.hpp>
#include <verdant/study/sqlite_errors.hpp>
#include <verdant/study/sqlite_tables.hpp>
#include <verdant/study/study_file.hpp>
#include <verdant/study/study_keeper.hpp>

#include <sqlite3.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Studies kept in a SQLite file.
namespace verdant {

/// A storage: a study in one file of SQLite (write-ahead log), with tables that any tool can read while the search runs (see
/// detail/study_tables.hpp).
///
///     vd::sqlite_storage file{"study.db"};
///     const auto found = study{measure}.run({.trials = 600, .seed = 3}, file);
///
/// What was kept survives the end of the process, however it comes; after a loss of power the last trials may be missing, never parts of one, and
/// none where `options.durable` is set.
/// Beside the file there may be `-wal`, `-shm` and `-lock` as long as it is in use or when the process was killed. The first belongs to the study:
/// move or copy it along. One object at a time, of all processes, uses a file. A file that is refused stays as it is.
///
/// Errors: file_error where the file is in use, locked by another program, read-only, or cannot be read or written; input_error where it is not a
/// study, is damaged or of another format.
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
    basic_sqlite_storage(const std::string& path, const options& o);

    basic_sqlite_storage(const basic_sqlite_storage&) = delete;
    basic_sqlite_storage& operator=(const basic_sqlite_storage&) = delete;
    ~basic_sqlite_storage();

    [[nodiscard]] std::string name() const { return path_; }

    [[nodiscard]] std::optional<stored_study> load();

    /// The file appears with the whole description or not at all.
    void create(const study_description& description);

    /// A question is kept with what comes next, in one transaction: nothing depends on it before a trial does, and a search that ends before asks it
    /// again. The first one is kept at once, unless trials are told as they are completed.
    void begin(const stored_ask& ask, const stored_state& state);

    /// Is written with what comes next, since a transaction of its own would cost as much as that of a trial; where trials are told generation by
    /// generation, when it is looked for: such a search asks its last question again. A study of an earlier format has no place for pending trials.
    void submit(const stored_pending& one);

    void add(const stored_trial& t);

    void replace(const stored_trial& t);

    /// A study of format 1, which has no place for corrections, becomes one of format 3.
    void revise(const stored_trial& t, const stored_correction& one);

    /// A study of an earlier format, which has no place for evaluations, becomes one of format 3.
    void measure(const stored_evaluation& one);

    /// A study of an earlier format, which has no place for it, becomes one of format 3.
    void consumed(std::uint64_t run, const search_consumption& one);

private:
    [[nodiscard]] static const options& checked(const options& o);

    [[nodiscard]] static io::detail::study_lock reserved(const std::string& path);

    /// Refuses what is not a study without a change to the file: first through a connection that takes no locks and writes nothing.
    void inspect();

    void verify(SQLite::Database& db);

    void open();

    /// Whether closing the file leaves the log alone instead of moving it into the file.
    void keep_log(bool keep) { sqlite3_db_config(db_->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr); }

    void prepare_to_write();

    /// Calls `fill` within a transaction: all that it writes is kept, or nothing.
    template <class Fill>
    void write(Fill fill) {
        guarded("write", [&] {
            prepare_to_write();
            snapshot_->begin(*begin_);
            try {
                write_questions(*rows_);
                fill(*rows_);
                snapshot_->commit(*commit_);
            } catch (...) {
                snapshot_->let_go();
                static_cast<void>(db_->tryExec("ROLLBACK"));
                throw;
            }
            const bool asked = !asked_.empty();
            asked_.clear();
            state_changed_ = false;
            if (!asks_while_pending()) {
                some_pending_ = some_pending_ && !asked;
                return;
            }
            some_pending_ = some_pending_ || !submitted_.empty();
            submitted_.clear();
        });
    }

    [[nodiscard]] bool asks_while_pending() const { return description_.order == "as_completed"; }
    /// Questions that are held back, and where trials are told as they are completed, pending ones.
    void write_questions(detail::sqlite::table_rows& rows);
    void write_held();

    void write_submitted(detail::sqlite::table_rows& rows) const;

    void put(detail::sqlite::table_rows& rows, const stored_trial& t);

    [[nodiscard]] std::uint64_t next_row(detail::tables::table_id table);

    /// Makes a study of an earlier format one of the newest.
    void migrate();

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
    std::optional<stored_state> state_{}; ///< nothing until there is a question: what is in the file stays
    bool state_changed_ = false; ///< or not written yet
    bool some_pending_ = false; ///< whether the table of pending trials may have rows
    int format_ = detail::tables::study_format; ///< a study of an earlier one goes on as such, as long as it needs no more
    std::optional<SQLite::Statement> begin_{}, commit_{}, end_pending_{}, drop_pending_{}, drop_trial_{};
    std::optional<detail::sqlite::table_rows> rows_{};
    std::optional<detail::sqlite::held_snapshot> snapshot_{};
};

/// A study in one file of SQLite, as programs name it.
using sqlite_storage = basic_sqlite_storage<>;

template <class Deferred>
basic_sqlite_storage<Deferred>::basic_sqlite_storage(const std::string& path, const options& o)
    : path_{detail::resolved_path(path)}, options_{checked(o)}, lock_{reserved(path_)} {
    if (detail::file_is_there(path_)) {
        inspect();
    } else {
        for (const char* rest : {"-wal", "-journal"})
            if (detail::file_is_there(path_ + rest))
                throw input_error{path_, "", "no " + path_ + rest + " without it", "one: move it away, or bring back the study that it belongs to"};
    }
}

template <class Deferred>
basic_sqlite_storage<Deferred>::~basic_sqlite_storage() {
    try {
        if (!asked_.empty()) write_held();
    } catch (...) {} // NOLINT(bugprone-empty-catch): nothing depends on a question without a trial
}

template <class Deferred>
std::optional<stored_study> basic_sqlite_storage<Deferred>::load() {
    if (!db_) return std::nullopt;
    if (!asked_.empty() || (asks_while_pending() && !submitted_.empty())) write_held();
    if (!submitted_.empty()) {
        write([&](detail::sqlite::table_rows& rows) { write_submitted(rows); });
        some_pending_ = true;
        submitted_.clear();
    }
    if (found_) return std::exchange(found_, std::nullopt); // as it was when it was opened, and nobody else writes to it
    if (snapshot_) snapshot_->let_go();
    return guarded("read", [&] { return detail::sqlite::read_study(*db_, path_); });
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::create(const study_description& description) {
    guarded("create", [&] {
        detail::sqlite::create_study(path_, description);
        open();
        description_ = description;
        format_ = detail::tables::study_format;
    });
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::begin(const stored_ask& ask, const stored_state& state) {
    asked_.push_back(ask);
    if (state_ != state) {
        state_ = state;
        state_changed_ = true;
    }
    if (asks_while_pending()) return;
    submitted_.clear();
    if (!rows_) write_held(); // the first one at once: whatever is wrong with the file is known before anything is evaluated
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::submit(const stored_pending& one) {
    if (format_ > 2) submitted_.push_back(one);
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::add(const stored_trial& t) {
    guarded("write", [&] {
        prepare_to_write();
        const detail::sqlite::longer_patience work_is_done{*db_, options_.patience};
        std::erase_if(submitted_, [&](const stored_pending& one) { return one.number == t.number; });
        write([&](detail::sqlite::table_rows& rows) {
            detail::tables::write_trial(rows.row(detail::tables::table_id::trials), description_, format_, t);
            if (some_pending_) detail::sqlite::run(*end_pending_, t.number);
        });
    });
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::replace(const stored_trial& t) {
    write([&](detail::sqlite::table_rows& rows) { put(rows, t); });
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::revise(const stored_trial& t, const stored_correction& one) {
    if (format_ < 2) migrate();
    write([&](detail::sqlite::table_rows& rows) {
        detail::tables::write_correction(rows.row(detail::tables::table_id::corrections), next_row(detail::tables::table_id::corrections), one);
        put(rows, t);
    });
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::measure(const stored_evaluation& one) {
    if (format_ < 3) migrate();
    guarded("write", [&] {
        prepare_to_write();
        const detail::sqlite::longer_patience work_is_done{*db_, options_.patience};
        write([&](detail::sqlite::table_rows& rows) {
            detail::tables::write_evaluation(rows.row(detail::tables::table_id::evaluations), next_row(detail::tables::table_id::evaluations), one);
        });
    });
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::consumed(std::uint64_t run, const search_consumption& one) {
    if (format_ < 3) migrate();
    write([&](detail::sqlite::table_rows& rows) { detail::tables::write_consumption(rows.row(detail::tables::table_id::consumption), run, one); });
}

template <class Deferred>
const typename basic_sqlite_storage<Deferred>::options& basic_sqlite_storage<Deferred>::checked(const options& o) {
    require_not_negative("sqlite storage", "patience", o.patience);
    return o;
}

template <class Deferred>
io::detail::study_lock basic_sqlite_storage<Deferred>::reserved(const std::string& path) {
    detail::require_writable(path);
    return io::detail::study_lock{path};
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::inspect() {
    guarded("read", [&] {
        const bool logged = detail::sqlite::has_log(path_);
        {
            SQLite::Database db{detail::sqlite_address(path_) + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI};
            if (logged) detail::sqlite::identify_behind_log(db, path_);
            else {
                detail::sqlite::identify(db, path_);
                verify(db);
            }
        }
        open();
        // What only the log holds is seen by an ordinary connection alone. It leaves the log as it is unless the study is accepted and written to.
        if (logged) {
            detail::sqlite::identify(*db_, path_);
            verify(*db_);
        }
        SQLite::Transaction probe{*db_, SQLite::TransactionBehavior::IMMEDIATE}; // locked by another program?
    });
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::verify(SQLite::Database& db) {
    const auto health = db.execAndGet("PRAGMA quick_check(1)").getString();
    if (health != "ok") throw input_error{path_, "", "a study", "a damaged file: " + health};
    found_ = detail::sqlite::read_study(db, path_);
    description_ = found_->description;
    some_pending_ = !found_->pending.empty();
    format_ = db.execAndGet("PRAGMA user_version").getInt();
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::open() {
    db_.emplace(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, detail::sqlite::busy_milliseconds(options_.patience),
                detail::sqlite::joined_log_files());
    keep_log(detail::sqlite::has_log(path_));
    // In a write-ahead log this loses nothing when a process dies, and trials at most when the power fails.
    db_->exec(options_.durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::prepare_to_write() {
    if (rows_) return;
    found_.reset();
    keep_log(false);
    // Someone may have switched it off, to have a single file.
    const bool logs = db_->execAndGet("PRAGMA journal_mode = WAL").getString() == "wal"; // not where programs cannot share memory by files
    begin_.emplace(*db_, "BEGIN IMMEDIATE");
    commit_.emplace(*db_, "COMMIT");
    if (format_ > 2) {
        end_pending_.emplace(*db_, "DELETE FROM pending WHERE number = ?");
        drop_pending_.emplace(*db_, "DELETE FROM pending");
    }
    drop_trial_.emplace(*db_, "DELETE FROM trials WHERE number = ?");
    snapshot_.emplace(*db_, logs ? detail::sqlite::read_locks::kept : detail::sqlite::read_locks::given_back);
    rows_.emplace(*db_, detail::tables::study_tables{description_, format_}); // last: it says that all is prepared
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::write_questions(detail::sqlite::table_rows& rows) {
    for (const auto& one : asked_) detail::tables::write_ask(rows.row(detail::tables::table_id::asks), format_, one);
    if (state_changed_) detail::tables::write_state(rows.row(detail::tables::table_id::state), *state_);
    if (asks_while_pending()) write_submitted(rows);
    else if (some_pending_ && !asked_.empty()) detail::sqlite::run(*drop_pending_);
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::write_held() {
    write([](detail::sqlite::table_rows&) {});
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::write_submitted(detail::sqlite::table_rows& rows) const {
    for (const auto& one : submitted_) detail::tables::write_pending(rows.row(detail::tables::table_id::pending), description_, one);
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::put(detail::sqlite::table_rows& rows, const stored_trial& t) {
    detail::sqlite::run(*drop_trial_, t.number);
    detail::tables::write_trial(rows.row(detail::tables::table_id::trials), description_, format_, t);
}

template <class Deferred>
std::uint64_t basic_sqlite_storage<Deferred>::next_row(detail::tables::table_id table) {
    const std::string name{detail::tables::study_tables{description_, format_}[table].name};
    return static_cast<std::uint64_t>(db_->execAndGet("SELECT coalesce(max(position) + 1, 0) FROM " + name).getInt64());
}

template <class Deferred>
void basic_sqlite_storage<Deferred>::migrate() {
    guarded("write", [&] {
        prepare_to_write();
        const auto kept = detail::sqlite::read_study(*db_, path_);
        snapshot_.reset();
        rows_.reset(); // their statements are of the old tables
        drop_trial_.reset();
        SQLite::Transaction all{*db_, SQLite::TransactionBehavior::IMMEDIATE};
        detail::sqlite::migrate(*db_, kept, format_);
        all.commit();
        format_ = detail::tables::study_format;
        description_ = kept.description;
    });
}
VERDANT_DEFINED_ONCE(class basic_sqlite_storage<>);

} // namespace verdant
