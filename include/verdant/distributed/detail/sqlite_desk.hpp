#pragma once

#include <verdant/meta/component/sqlite.hpp>

#include <verdant/distributed/detail/signs_of_life.hpp>
#include <verdant/distributed/detail/sqlite_jobs.hpp>
#include <verdant/distributed/sqlite_worker_options.hpp>
#include <verdant/error.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/study/sqlite_errors.hpp>
#include <verdant/study/study_file.hpp>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace verdant::detail::sqlite {

/// A job that a worker has.
struct leased_job {
    std::uint64_t number = 0;
    std::int64_t lease = 0;
    message_bytes bytes{};
};

/// Gives the signs of a worker, on a connection and a thread of its own.
template <class Deferred = instantiated_when_used>
class basic_lease_keeper {
public:
    basic_lease_keeper(const std::string& path, const sqlite_worker_options& o, std::int64_t worker);
    /// What the worker has; empty where it has no job.
    void hold(std::string lease) { signs_.hold(std::move(lease)); }

private:
    void give(const std::string& held);

    SQLite::Database db_;
    double lease_;
    std::int64_t worker_;
    signs_of_life signs_; // the last member: its thread uses the others
};

template <class Deferred>
basic_lease_keeper<Deferred>::basic_lease_keeper(const std::string& path, const sqlite_worker_options& o, std::int64_t worker)
    : db_{path, SQLite::OPEN_READWRITE, busy_milliseconds(std::min(o.patience, o.lease / 3))}, lease_{o.lease}, worker_{worker},
      signs_{o.lease / 3, [this](const std::string& held) { give(held); }} {}

template <class Deferred>
void basic_lease_keeper<Deferred>::give(const std::string& held) {
    try {
        SQLite::Statement seen{db_, "UPDATE workers SET seen = ? WHERE id = ?"};
        seen.bind(1, wall_seconds());
        seen.bind(2, worker_);
        finish(seen);
        if (held.empty()) return;
        SQLite::Statement until{db_, "UPDATE jobs SET until = ? WHERE lease = CAST(? AS INTEGER) AND result IS NULL"};
        until.bind(1, wall_seconds() + lease_);
        until.bind(2, held);
        finish(until);
    } catch (const SQLite::Exception&) {} // once more when the next sign is due // NOLINT(bugprone-empty-catch)
}
VERDANT_DEFINED_ONCE(class basic_lease_keeper<>);

/// The jobs of a study, as a worker sees them.
template <class Deferred = instantiated_when_used>
class basic_job_desk {
public:
    basic_job_desk(const std::string& of, const sqlite_worker_options& o, program_identity program)
        : path_{jobs_file(of)}, name_{"jobs in " + path_}, options_{checked(o)}, program_{std::move(program)} {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// The next job; waits for one. Nothing where the search is done, or nobody has been searching for too long. Throws input_error where the search
    /// is that of another program.
    [[nodiscard]] std::optional<leased_job> next();

    /// Hands in what came of a job. @return whether it counts: not where the job was given to another meanwhile
    bool hand_in(const leased_job& job, const message_bytes& result);

private:
    enum class state : std::uint8_t { none, open, done };

    [[nodiscard]] static const sqlite_worker_options& checked(const sqlite_worker_options& o);

    template <class F>
    auto guarded(const char* operation, F&& f) const -> decltype(f()) {
        return sqlite::with_own_errors(path_, operation, "a file of jobs", std::forward<F>(f));
    }
    void notice(const std::string& words) const;

    /// Whether there is such a file, which may have been moved away, and another made, since it was opened.
    [[nodiscard]] bool opened();

    /// Whether somebody searches, and is the same program.
    [[nodiscard]] state look();
    /// Who searches has a lock, which ends with its process. It is asked for once in a while only, since who asks holds it for a moment.
    [[nodiscard]] bool somebody_searches();

    [[nodiscard]] bool joined() const noexcept { return keeper_.has_value(); }
    void join();
    void leave();

    /// One statement, so that nobody else takes the same.
    [[nodiscard]] std::optional<leased_job> claim();

    /// Until another process has written, at most a quarter of a lease and a quarter of a second.
    void wait_for_others();

    std::string path_, name_;
    sqlite_worker_options options_;
    program_identity program_;
    std::optional<SQLite::Database> db_{};
    std::optional<SQLite::Statement> looking_{}, version_{}, claiming_{};
    ino_t inode_ = 0;
    dev_t device_ = 0;
    std::int64_t id_ = 0, run_ = 0, claims_ = 0, seen_ = -1;
    std::optional<std::int64_t> found_run_{}; ///< that was there when this worker came; 0 where none was
    bool searches_ = false;
    double asked_ = -1;
    growing_pause wait_{};
    std::optional<basic_lease_keeper<Deferred>> keeper_{};
};
using job_desk = basic_job_desk<>;

template <class Deferred>
std::optional<leased_job> basic_job_desk<Deferred>::next() {
    wait_.restart();
    for (auto searched = steady_seconds();;) {
        const auto found = look();
        if (found == state::open) {
            searched = steady_seconds();
            join();
            if (auto got = claim()) {
                keeper_->hold(std::to_string(got->lease));
                return got;
            }
        } else if (found == state::done) {
            leave();
            return std::nullopt;
        }
        if (steady_seconds() > searched + options_.idle) {
            notice(name_ + ": no search for " + std::to_string(static_cast<int>(options_.idle)) + " seconds; this worker leaves");
            leave();
            return std::nullopt;
        }
        // Nobody says that a lease has ended: it is looked for, too.
        if (found == state::open) wait_for_others();
        else wait_.pause(0.2);
    }
}

template <class Deferred>
bool basic_job_desk<Deferred>::hand_in(const leased_job& job, const message_bytes& result) {
    const bool counts = guarded("write", [&] {
        SQLite::Statement done{*db_, "UPDATE jobs SET result = ? WHERE number = ? AND lease = ? AND result IS NULL"};
        bind_bytes(done, 1, result);
        done.bind(2, static_cast<std::int64_t>(job.number));
        done.bind(3, job.lease);
        return finish(done) == 1;
    });
    keeper_->hold({});
    if (!counts) notice(name_ + ": trial " + std::to_string(job.number) + " was given to another worker; what came of it here is dropped");
    return counts;
}

template <class Deferred>
const sqlite_worker_options& basic_job_desk<Deferred>::checked(const sqlite_worker_options& o) {
    require_not_negative("sqlite worker", "patience", o.patience);
    require_lease("sqlite worker", o.lease);
    require_not_negative("sqlite worker", "idle", o.idle);
    return o;
}

template <class Deferred>
void basic_job_desk<Deferred>::notice(const std::string& words) const {
    if (options_.notice) options_.notice(words);
}

template <class Deferred>
bool basic_job_desk<Deferred>::opened() {
    struct stat found{};
    const bool there = ::stat(path_.c_str(), &found) == 0 && found.st_size > 0;
    if (db_ && there && found.st_ino == inode_ && found.st_dev == device_) return true;
    keeper_.reset();
    looking_.reset();
    version_.reset();
    claiming_.reset();
    db_.reset();
    if (!there) return false;
    return guarded("open", [&] {
        SQLite::Database db{path_, SQLite::OPEN_READWRITE, busy_milliseconds(options_.patience)};
        if (!is_of_jobs(db, path_)) return false; // it is being made
        db.exec("PRAGMA synchronous = NORMAL");
        db_.emplace(std::move(db));
        inode_ = found.st_ino;
        device_ = found.st_dev;
        run_ = 0;
        looking_.emplace(*db_, "SELECT run, state FROM leader");
        version_.emplace(*db_, "PRAGMA data_version");
        claiming_.emplace(*db_, "UPDATE jobs SET lease = ?, worker = ?, until = ?, tries = tries + 1 WHERE number = (SELECT number FROM jobs "
                                "WHERE active AND result IS NULL AND (lease IS NULL OR until < ?) AND tries < (SELECT l.tries FROM leader l "
                                "WHERE l.run = ? AND l.state = 'open') ORDER BY number LIMIT 1) RETURNING number, job");
        return true;
    });
}

template <class Deferred>
typename basic_job_desk<Deferred>::state basic_job_desk<Deferred>::look() {
    const bool there = opened();
    if (!there && !found_run_) found_run_ = 0;
    if (!there) return state::none;
    return guarded("read", [&] {
        restarted(*looking_);
        const bool led = looking_->executeStep();
        const auto run = led ? looking_->getColumn(0).getInt64() : 0;
        const auto now = led ? looking_->getColumn(1).getString() : std::string{};
        looking_->reset();
        if (!found_run_) found_run_ = run;
        // A search that was done before this worker came is not the one that it waits for; one that has come and gone since, as of a study that was
        // finished, is.
        if (now == "done" && (joined() || run != *found_run_)) return state::done;
        if (now != "open" || !somebody_searches()) return state::none;
        if (run != run_) {
            if (const auto other = identity_difference_text<>(read_program<>(*db_), program_); !other.empty())
                throw input_error{name_, "", "the program of the search", "another one: " + other};
            run_ = run;
        }
        return state::open;
    });
}

template <class Deferred>
bool basic_job_desk<Deferred>::somebody_searches() {
    if (steady_seconds() < asked_ + 0.5) return searches_;
    searches_ = !io::detail::study_lock::if_free(path_);
    asked_ = steady_seconds();
    return searches_;
}

template <class Deferred>
void basic_job_desk<Deferred>::join() {
    if (joined()) return;
    guarded("write", [&] {
        SQLite::Statement row{*db_, "INSERT INTO workers(pid, joined, seen, lease) VALUES(?, ?, ?, ?)"};
        row.bind(1, static_cast<std::int64_t>(::getpid()));
        row.bind(2, wall_seconds());
        row.bind(3, wall_seconds());
        row.bind(4, options_.lease);
        finish(row);
        id_ = db_->getLastInsertRowid();
        keeper_.emplace(path_, options_, id_);
    });
}

template <class Deferred>
void basic_job_desk<Deferred>::leave() {
    if (!joined()) return;
    keeper_.reset();
    guarded("write", [&] {
        SQLite::Statement gone{*db_, "UPDATE workers SET gone = ? WHERE id = ?"};
        gone.bind(1, wall_seconds());
        gone.bind(2, id_);
        finish(gone);
    });
}

template <class Deferred>
std::optional<leased_job> basic_job_desk<Deferred>::claim() {
    return guarded("write", [&]() -> std::optional<leased_job> {
        const std::int64_t lease = (id_ << 32) + ++claims_;
        auto& row = restarted(*claiming_);
        row.bind(1, lease);
        row.bind(2, id_);
        row.bind(3, wall_seconds() + options_.lease);
        row.bind(4, wall_seconds());
        row.bind(5, run_);
        std::optional<leased_job> got;
        while (row.executeStep()) got = leased_job{static_cast<std::uint64_t>(row.getColumn(0).getInt64()), lease, bytes_in(row.getColumn(1))};
        row.reset();
        return got;
    });
}

template <class Deferred>
void basic_job_desk<Deferred>::wait_for_others() {
    guarded("read", [&] {
        const auto end = steady_seconds() + std::min(0.25, options_.lease / 4);
        while (steady_seconds() < end) {
            restarted(*version_).executeStep();
            const auto now = version_->getColumn(0).getInt64();
            version_->reset();
            if (std::exchange(seen_, now) != now) return;
            wait_.pause(end - steady_seconds());
        }
    });
}
VERDANT_DEFINED_ONCE(class basic_job_desk<>);

} // namespace verdant::detail::sqlite
