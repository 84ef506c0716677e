#pragma once

#include <verdant/meta/component/sqlite.hpp>

#include <verdant/distributed/detail/board_dispatcher.hpp>
#include <verdant/distributed/detail/sqlite_jobs.hpp>
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
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace verdant::detail::sqlite {

/// The jobs of a study, as the search sees them.
template <class Deferred = instantiated_when_used>
class basic_job_board {
public:
    /// Takes up what an earlier run of the same program left: jobs that are wanted again keep their leases and results.
    /// @param patience seconds to wait for a lock @param notice is told what the search waits for
    basic_job_board(const std::string& of, double patience, std::size_t tries, std::function<void(const std::string&)> notice,
                    const program_identity& program);
    basic_job_board(const basic_job_board&) = delete;
    basic_job_board& operator=(const basic_job_board&) = delete;
    ~basic_job_board() = default;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::size_t tries() const noexcept { return tries_; }

    /// Offers jobs. One that is there with the same bytes keeps what came of it.
    void post(const std::vector<std::pair<std::uint64_t, message_bytes>>& jobs);

    /// Results that came, waiting for some at most so many seconds. They stay in the file until the next call: by then the search has kept them.
    [[nodiscard]] std::vector<job_result> take(double seconds);

    /// Lets nobody begin a job. @return how many are under way
    std::size_t withhold();
    void forget(const std::vector<std::uint64_t>& jobs);
    void offer_again(const std::vector<std::uint64_t>& jobs);

    /// Workers that gave a sign within their lease.
    [[nodiscard]] std::size_t workers();

    /// Ends the run. @param state `done`: workers leave; `left`: they wait for the next run
    void end(const std::string& state);
    void notice(const std::string& words) const;

private:
    /// Workers that look whether anybody searches hold the lock for a moment.
    [[nodiscard]] static io::detail::study_lock reserved(const std::string& path, double patience);

    template <class F>
    auto guarded(const char* operation, F&& f) const -> decltype(f()) {
        return sqlite::with_own_errors(path_, operation, "a file of jobs", std::forward<F>(f));
    }
    /// All of it, or nothing; and results that the search has kept are forgotten.
    template <class Act>
    void write(Act act) {
        guarded("write", [&] {
            SQLite::Transaction all{*db_, SQLite::TransactionBehavior::IMMEDIATE};
            for_each("DELETE FROM jobs WHERE number = ?", given_);
            act();
            all.commit();
        });
        given_.clear();
    }
    void for_each(const char* sql, const std::vector<std::uint64_t>& numbers);

    /// Whether another connection has written since this was last asked.
    [[nodiscard]] bool changed();
    [[nodiscard]] bool give_up();
    [[nodiscard]] std::vector<job_result> results();
    [[nodiscard]] std::size_t number_in(const char* sql) { return static_cast<std::size_t>(db_->execAndGet(sql).getInt64()); }

    std::string path_, name_;
    std::size_t tries_;
    std::function<void(const std::string&)> notice_;
    io::detail::study_lock lock_;
    std::optional<SQLite::Database> db_{};
    std::optional<SQLite::Statement> results_{}, version_{};
    std::int64_t seen_ = -1;
    std::vector<std::uint64_t> given_{}; ///< results that were taken and are in the file still
};
using job_board = basic_job_board<>;

template <class Deferred>
basic_job_board<Deferred>::basic_job_board(const std::string& of, double patience, std::size_t tries, std::function<void(const std::string&)> notice,
                                           const program_identity& program)
    : path_{jobs_file(of)}, name_{"jobs in " + path_}, tries_{tries}, notice_{std::move(notice)}, lock_{reserved(path_, patience)} {
    require_not_negative("sqlite dispatcher", "patience", patience);
    require_count("sqlite dispatcher", "tries", tries, 1);
    guarded("create", [&] {
        db_.emplace(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, busy_milliseconds(patience));
        const bool there = is_of_jobs(*db_, path_);
        db_->exec("PRAGMA journal_mode = WAL");
        db_->exec("PRAGMA synchronous = NORMAL");
        SQLite::Transaction all{*db_, SQLite::TransactionBehavior::IMMEDIATE};
        if (!there) create_job_tables<>(*db_);
        if (!there || read_program<>(*db_) != program) {
            db_->exec("DELETE FROM jobs");
            write_program<>(*db_, program);
        }
        db_->exec("UPDATE jobs SET active = 0");
        db_->exec("INSERT INTO leader VALUES(1, 1, 'open', " + std::to_string(tries) +
                  ") ON CONFLICT (id) DO UPDATE SET run = run + 1, state = 'open', tries = excluded.tries");
        all.commit();
        results_.emplace(*db_, "SELECT number, coalesce(worker, 0), result, tries FROM jobs WHERE active AND result IS NOT NULL ORDER BY number");
        version_.emplace(*db_, "PRAGMA data_version");
    });
}

template <class Deferred>
void basic_job_board<Deferred>::post(const std::vector<std::pair<std::uint64_t, message_bytes>>& jobs) {
    write([&] {
        SQLite::Statement row{*db_, "INSERT INTO jobs(number, job, active) VALUES(?, ?, 1) ON CONFLICT (number) DO UPDATE SET active = 1, "
                                    "job = excluded.job, lease = iif(job = excluded.job, lease, NULL), "
                                    "worker = iif(job = excluded.job, worker, NULL), until = iif(job = excluded.job, until, NULL), "
                                    "result = iif(job = excluded.job, result, NULL), tries = iif(job = excluded.job, tries, 0)"};
        for (const auto& [number, job] : jobs) {
            restarted(row).bind(1, static_cast<std::int64_t>(number));
            bind_bytes(row, 2, job);
            finish(row);
        }
    });
}

template <class Deferred>
std::vector<job_result> basic_job_board<Deferred>::take(double seconds) {
    if (!given_.empty()) write([] {});
    const auto end = steady_seconds() + seconds;
    auto found = results();
    for (growing_pause wait; found.empty() && steady_seconds() < end;) {
        wait.pause(end - steady_seconds());
        if (changed()) found = results();
    }
    // Nobody takes, and so nobody gives up, what has cost as many workers as allowed.
    if (found.empty() && seconds > 0 && give_up()) found = results();
    for (const auto& r : found) given_.push_back(r.number);
    return found;
}

template <class Deferred>
std::size_t basic_job_board<Deferred>::withhold() {
    std::size_t under_way = 0;
    write([&] {
        SQLite::Statement some{*db_, "UPDATE jobs SET active = 0 WHERE active AND result IS NULL AND (lease IS NULL OR until < ?)"};
        some.bind(1, wall_seconds());
        finish(some);
        under_way = number_in("SELECT count(*) FROM jobs WHERE active AND result IS NULL");
    });
    return under_way;
}

template <class Deferred>
void basic_job_board<Deferred>::forget(const std::vector<std::uint64_t>& jobs) {
    write([&] { for_each("DELETE FROM jobs WHERE number = ?", jobs); });
}

template <class Deferred>
void basic_job_board<Deferred>::offer_again(const std::vector<std::uint64_t>& jobs) {
    write([&] { for_each("UPDATE jobs SET active = 1 WHERE number = ?", jobs); });
}

template <class Deferred>
std::size_t basic_job_board<Deferred>::workers() {
    return guarded("read", [&] {
        SQLite::Statement there{*db_, "SELECT count(*) FROM workers WHERE gone IS NULL AND seen > ? - lease"};
        there.bind(1, wall_seconds());
        there.executeStep();
        return static_cast<std::size_t>(there.getColumn(0).getInt64());
    });
}

template <class Deferred>
void basic_job_board<Deferred>::end(const std::string& state) {
    write([&] {
        if (state == "done") db_->exec("DELETE FROM jobs");
        SQLite::Statement now{*db_, "UPDATE leader SET state = ?"};
        now.bind(1, state);
        finish(now);
    });
}

template <class Deferred>
void basic_job_board<Deferred>::notice(const std::string& words) const {
    if (notice_) notice_(words);
}

template <class Deferred>
io::detail::study_lock basic_job_board<Deferred>::reserved(const std::string& path, double patience) {
    // One that is empty is of a search that was killed before it wrote.
    if (struct stat found{}; ::stat(path.c_str(), &found) != 0 || found.st_size > 0) require_writable(path);
    const auto end = steady_seconds() + std::max(patience, 0.2);
    for (growing_pause wait; steady_seconds() < end; wait.pause(0.05))
        if (auto lock = io::detail::study_lock::if_free(path)) return std::move(*lock);
    return io::detail::study_lock{path};
}

template <class Deferred>
void basic_job_board<Deferred>::for_each(const char* sql, const std::vector<std::uint64_t>& numbers) {
    if (numbers.empty()) return;
    SQLite::Statement row{*db_, sql};
    for (const auto n : numbers) {
        restarted(row).bind(1, static_cast<std::int64_t>(n));
        finish(row);
    }
}

template <class Deferred>
bool basic_job_board<Deferred>::changed() {
    return guarded("read", [&] {
        restarted(*version_).executeStep();
        const auto now = version_->getColumn(0).getInt64();
        version_->reset();
        return std::exchange(seen_, now) != now;
    });
}

template <class Deferred>
bool basic_job_board<Deferred>::give_up() {
    return guarded("write", [&] {
        SQLite::Statement some{*db_, "SELECT count(*) FROM jobs WHERE active AND result IS NULL AND lease IS NOT NULL AND until < ? AND tries >= ?"};
        some.bind(1, wall_seconds());
        some.bind(2, static_cast<std::int64_t>(tries_));
        some.executeStep();
        if (some.getColumn(0).getInt() == 0) return false;
        some.reset();
        SQLite::Statement lost{*db_,
                               "UPDATE jobs SET result = x'' WHERE active AND result IS NULL AND lease IS NOT NULL AND until < ? AND tries >= ?"};
        lost.bind(1, wall_seconds());
        lost.bind(2, static_cast<std::int64_t>(tries_));
        return finish(lost) > 0;
    });
}

template <class Deferred>
std::vector<job_result> basic_job_board<Deferred>::results() {
    return guarded("read", [&] {
        std::vector<job_result> all;
        restarted(*results_);
        while (results_->executeStep()) {
            all.push_back({static_cast<std::uint64_t>(results_->getColumn(0).getInt64()),
                           static_cast<std::uint32_t>(results_->getColumn(1).getInt64()), bytes_in(results_->getColumn(2))});
            const auto tries = static_cast<std::uint32_t>(std::max<std::int64_t>(results_->getColumn(3).getInt64(), 0));
            all.back().lost = all.back().bytes.empty() ? tries : tries - std::min<std::uint32_t>(tries, 1); // whoever handed it in was not
        }
        results_->reset();
        return all;
    });
}
VERDANT_DEFINED_ONCE(class basic_job_board<>);

} // namespace verdant::detail::sqlite
