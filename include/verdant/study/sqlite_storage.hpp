#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/meta/component/sqlite.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/sqlite_schema.hpp>
#include <verdant/study/study_keeper.hpp>
#include <verdant/text/utc.hpp>

#include <sqlite3.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

/// Studies kept in a SQLite file.
namespace verdant {

/// A storage: a study in one file of SQLite (write-ahead log), with tables that any tool can read while the search runs (see sqlite_schema.hpp).
///
///     vd::sqlite_storage file{"study.db"};
///     const auto found = study{measure}.run({.trials = 600, .seed = 3}, file);
///
/// What was kept survives the end of the process, however it comes; after a loss of power the last trials may be missing, never parts of one.
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
    };

    /// Opens the study, or prepares to make one where there is no file.
    explicit basic_sqlite_storage(const std::string& path) : basic_sqlite_storage{path, options{}} {}
    /// Throws input_error for a patience that is negative or no number.
    basic_sqlite_storage(const std::string& path, const options& o) : path_{resolved(path)}, options_{checked(o)}, lock_{reserve(path_)} {
        if (exists(path_)) {
            inspect();
        } else {
            for (const char* rest : {"-wal", "-journal"})
                if (exists(path_ + rest))
                    throw input_error{path_, "", "no " + path_ + rest + " without it",
                                      "one: move it away, or bring back the study that it belongs to"};
        }
    }

    [[nodiscard]] std::string name() const { return path_; }

    [[nodiscard]] std::optional<stored_study> load() {
        if (!db_) return std::nullopt;
        return guarded("read", [&] { return detail::sqlite::study_reader{*db_, path_}.read(); });
    }

    /// The file appears with the whole description or not at all.
    void create(const study_description& description) {
        guarded("create", [&] {
            const auto part = path_ + ".part-" + std::to_string(::getpid());
            std::remove(part.c_str());
            try {
                SQLite::Database db{part, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
                db.exec("PRAGMA application_id = " + std::to_string(detail::sqlite::application_id));
                db.exec("PRAGMA user_version = " + std::to_string(detail::sqlite::format));
                db.exec("PRAGMA journal_mode = WAL");
                SQLite::Transaction all{db};
                detail::sqlite::write_description(db, description);
                all.commit();
            } catch (...) {
                for (const char* rest : {"", "-wal", "-shm"}) std::remove((part + rest).c_str());
                throw;
            }
            if (exists(path_) || std::rename(part.c_str(), path_.c_str()) != 0) {
                const auto code = exists(path_) ? EEXIST : errno;
                std::remove(part.c_str());
                throw file_error{path_, "create", std::generic_category().message(code)};
            }
            open();
        });
    }

    void begin(const stored_ask& ask, const stored_state& state) {
        guarded("write", [&] {
            prepare_to_write();
            std::string words;
            for (const auto w : state.random) words += (words.empty() ? "" : " ") + std::to_string(w);
            SQLite::Transaction both{*db_, SQLite::TransactionBehavior::IMMEDIATE};
            SQLite::Statement question{*db_, "INSERT INTO asks VALUES(?, ?, ?, ?)"};
            detail::sqlite::insert(question, ask.number, ask.first_trial, ask.points, ask.wanted);
            SQLite::Statement row{*db_, "INSERT OR REPLACE INTO state VALUES(1, ?, ?, ?, ?)"};
            row.bind(1, words);
            detail::sqlite::bind(row, 2, state.repeated);
            detail::sqlite::bind(row, 3, state.stale);
            if (state.optimizer) row.bind(4, *state.optimizer);
            row.exec();
            both.commit();
        });
    }

    void replace(const stored_trial& t) {
        guarded("write", [&] {
            prepare_to_write();
            SQLite::Transaction both{*db_, SQLite::TransactionBehavior::IMMEDIATE};
            SQLite::Statement old{*db_, "DELETE FROM trials WHERE number = ?"};
            detail::sqlite::bind(old, 1, t.number);
            old.exec();
            add(t);
            both.commit();
        });
    }

    /// Throws input_error for a study of format 1, which has no place for corrections.
    void revise(const stored_trial& t, const stored_correction& one) {
        guarded("write", [&] {
            prepare_to_write();
            if (format_ < 2)
                throw input_error{path_, "correction", "a study of format 2, which keeps corrections",
                                  "one of format " + std::to_string(format_) + ", begun by an earlier version"};
            SQLite::Transaction all{*db_, SQLite::TransactionBehavior::IMMEDIATE};
            const auto position = db_->execAndGet("SELECT count(*) FROM corrections").getInt64();
            SQLite::Statement row{*db_, "INSERT INTO corrections VALUES(?, ?, ?, ?, ?, ?, ?)"};
            detail::sqlite::insert(row, static_cast<std::uint64_t>(position), one.ask, one.told, one.before.number,
                                   std::string{one.before.completed ? "completed" : "failed"}, one.before.message,
                                   detail::sqlite::metrics_text(one.before.metrics));
            SQLite::Statement old{*db_, "DELETE FROM trials WHERE number = ?"};
            detail::sqlite::bind(old, 1, t.number);
            old.exec();
            add(t);
            all.commit();
        });
    }

    void add(const stored_trial& t) {
        guarded("write", [&] {
            prepare_to_write();
            const longer_patience work_is_done{*db_, options_.patience};
            auto& row = *add_;
            try {
                row.reset();
            } catch (const SQLite::Exception&) {} // it repeats the error of a write that failed before
            row.clearBindings();
            detail::sqlite::bind(row, 1, t.number);
            row.bind(2, t.completed ? "completed" : "failed");
            if (!t.completed) row.bind(3, t.message);
            if (format_ > 1) bind_origin_and_times(row, t);
            int at = 1 + detail::sqlite::columns_before_parameters(format_);
            for (std::size_t p = 0; p < t.parameters.size(); ++p, ++at) bind_value(row, at, p, t.parameters[p]);
            for (const auto m : t.metrics) row.bind(at++, m);
            row.exec();
            row.reset();
        });
    }

private:
    [[nodiscard]] static const options& checked(const options& o) {
        require_not_negative("sqlite storage", "patience", o.patience);
        return o;
    }

    /// Symbolic links lead to the same study, and so to the same lock. Throws file_error where there is no such folder.
    [[nodiscard]] static std::string resolved(const std::string& path) {
        if (const auto whole = canonical(path)) return *whole;
        if (errno != ENOENT) throw file_error{path, "open", std::generic_category().message(errno)};
        const auto folder = folder_of(path);
        const auto whole = canonical(folder);
        struct stat found{};
        if (!whole || ::stat(whole->c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) throw file_error{path, "open", "there is no folder " + folder};
        return (*whole == "/" ? "" : *whole) + '/' + path.substr(path.rfind('/') + 1);
    }
    /// The path without symbolic links, or nothing and an error number.
    [[nodiscard]] static std::optional<std::string> canonical(const std::string& path) {
        struct release {
            void operator()(char* text) const { std::free(text); } // NOLINT(cppcoreguidelines-no-malloc): realpath allocates so
        };
        const std::unique_ptr<char, release> whole{::realpath(path.c_str(), nullptr)};
        return whole ? std::optional<std::string>{whole.get()} : std::nullopt;
    }
    [[nodiscard]] static std::string folder_of(const std::string& path) {
        const auto slash = path.rfind('/');
        return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    }
    [[nodiscard]] static bool exists(const std::string& path) {
        struct stat found{};
        return ::lstat(path.c_str(), &found) == 0;
    }

    /// Whether a file or folder is protected against writing. The administrator may write everything, so that the system does not say; something without
    /// any permission to write is meant to stay as it is, whoever asks.
    [[nodiscard]] static bool read_only(const std::string& path, const struct stat& found) {
        return (found.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0 || ::access(path.c_str(), W_OK) != 0;
    }

    /// What can be said without a look into the file comes first, so that nothing is made beside one that is refused.
    [[nodiscard]] static io::detail::study_lock reserve(const std::string& path) {
        struct stat found{};
        if (::stat(path.c_str(), &found) == 0) {
            if (!S_ISREG(found.st_mode)) throw file_error{path, "open", "it is no regular file"};
            if (read_only(path, found)) throw file_error{path, "open", "it is read-only, and a study is written to"};
            if (found.st_size == 0) throw input_error{path, "", "a study", "an empty file"};
        }
        const auto folder = folder_of(path);
        if (::stat(folder.c_str(), &found) == 0 && read_only(folder, found))
            throw file_error{path, "open", "its folder is read-only, and SQLite keeps files beside a study"};
        return io::detail::study_lock{path};
    }

    /// Refuses what is no study without a change to the file: first through a connection that takes no locks and writes nothing.
    void inspect() {
        guarded("read", [&] {
            const bool logged = has_log();
            {
                SQLite::Database db{address() + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI};
                identify(db);
                if (!logged) verify(db);
            }
            open();
            // What only the log holds is seen by an ordinary connection alone. It leaves the log as it is unless the study is accepted and written to.
            if (logged) verify(*db_);
            SQLite::Transaction probe{*db_, SQLite::TransactionBehavior::IMMEDIATE}; // locked by another program?
        });
    }

    [[nodiscard]] bool has_log() const {
        struct stat found{};
        return ::stat((path_ + "-wal").c_str(), &found) == 0 && found.st_size > 0;
    }

    void identify(SQLite::Database& db) const {
        if (db.execAndGet("PRAGMA application_id").getInt64() != detail::sqlite::application_id)
            throw input_error{path_, "", "a study", "a database of another program"};
        const auto format = db.execAndGet("PRAGMA user_version").getInt64();
        if (format < detail::sqlite::oldest_format || format > detail::sqlite::format)
            throw input_error{path_, "format", std::to_string(detail::sqlite::oldest_format) + " to " + std::to_string(detail::sqlite::format),
                              std::to_string(format) + ", of another version of verdant"};
    }

    void verify(SQLite::Database& db) const {
        const auto health = db.execAndGet("PRAGMA quick_check(1)").getString();
        if (health != "ok") throw input_error{path_, "", "a study", "a damaged file: " + health};
        static_cast<void>(detail::sqlite::study_reader{db, path_}.read());
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
        db_->exec("PRAGMA synchronous = NORMAL");
    }

    /// Whether closing the file leaves the log alone instead of moving it into the file.
    void keep_log(bool keep) { sqlite3_db_config(db_->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr); }

    void prepare_to_write() {
        if (add_) return;
        keep_log(false);
        // Someone may have switched it off, to have a single file.
        db_->exec("PRAGMA journal_mode = WAL");
        // Where there is no text for the value of a conditional parameter, there is no value: NULL.
        SQLite::Statement columns{*db_, "SELECT kind, condition != '' FROM parameters ORDER BY position"};
        kinds_.clear(), conditional_.clear();
        while (columns.executeStep()) {
            kinds_.push_back(columns.getColumn(0).getString());
            conditional_.push_back(columns.getColumn(1).getInt() != 0);
        }
        const auto metrics = db_->execAndGet("SELECT count(*) FROM metrics").getInt64();
        format_ = db_->execAndGet("PRAGMA user_version").getInt64(); // a study of an earlier one goes on as such
        std::string marks = "?";
        for (int i = 1; i < detail::sqlite::columns_before_parameters(format_); ++i) marks += ", ?";
        for (std::size_t i = 0; i < kinds_.size() + static_cast<std::size_t>(metrics); ++i) marks += ", ?";
        add_.emplace(*db_, "INSERT INTO trials VALUES(" + marks + ')');
    }

    static void bind_origin_and_times(SQLite::Statement& row, const stored_trial& t) {
        row.bind(4, std::string{trial_origin_text(t.origin)});
        const double started = t.times.started, ended = t.times.ended;
        if (started == started) row.bind(5, utc_text(started));
        if (ended == ended) row.bind(6, utc_text(ended));
        if (t.times.known()) row.bind(7, t.times.duration().value());
    }

    void bind_value(SQLite::Statement& row, int at, std::size_t parameter, const std::string& text) const {
        if (text.empty() && conditional_[parameter]) {
            row.bind(at);
        } else if (kinds_[parameter] == "integer") {
            std::int64_t value = 0;
            std::from_chars(text.data(), text.data() + text.size(), value);
            row.bind(at, value);
        } else if (kinds_[parameter] == "real") {
            double value = 0;
            std::from_chars(text.data(), text.data() + text.size(), value);
            row.bind(at, value);
        } else {
            row.bind(at, text);
        }
    }

    /// The file as SQLite takes it with parameters.
    [[nodiscard]] std::string address() const {
        constexpr const char* digits = "0123456789ABCDEF";
        std::string text = "file:";
        for (const char c : path_) {
            const auto u = static_cast<unsigned char>(c);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '-' || c == '_') text += c;
            else text += {'%', digits[u / 16], digits[u % 16]};
        }
        return text;
    }

    /// Turns errors of SQLite into ours.
    template <class F>
    auto guarded(const char* operation, F&& f) const -> decltype(f()) {
        try {
            return f();
        } catch (const SQLite::Exception& e) {
            switch (e.getErrorCode() & 0xff) { // without what extended codes add
            case SQLITE_BUSY:
            case SQLITE_LOCKED: throw file_error{path_, operation, "another program holds a lock on it"};
            case SQLITE_NOTADB: throw input_error{path_, "", "a study", "a file that is no database of SQLite"};
            case SQLITE_CORRUPT: throw input_error{path_, "", "a study", std::string{"a damaged file: "} + e.what()};
            case SQLITE_ERROR: throw input_error{path_, "", "the tables of a study", e.what()}; // one of them is missing
            default: throw file_error{path_, operation, e.what()};
            }
        }
    }

    std::string path_;
    options options_;
    io::detail::study_lock lock_;
    std::optional<SQLite::Database> db_{};
    std::optional<SQLite::Statement> add_{};
    std::int64_t format_ = detail::sqlite::format;
    std::vector<std::string> kinds_{};
    std::vector<bool> conditional_{};
};

/// A study in one file of SQLite, as programs name it.
using sqlite_storage = basic_sqlite_storage<>;

} // namespace verdant
