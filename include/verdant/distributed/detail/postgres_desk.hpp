#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/distributed/detail/postgres_jobs.hpp>
#include <verdant/distributed/detail/signs_of_life.hpp>
#include <verdant/distributed/postgres_worker_options.hpp>
#include <verdant/error.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/study/postgres/postgres_connection.hpp>
#include <verdant/study/postgres/postgres_lock.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <unistd.h>

namespace verdant::detail::postgres {

/// Gives the signs of a worker, on a connection and a thread of its own.
template <class Deferred = instantiated_when_used>
class basic_lease_keeper {
public:
    basic_lease_keeper(const std::string& conninfo, const std::string& of, const postgres_worker_options& o, std::string worker);
    /// What the worker has; empty where it has no job.
    void hold(std::string lease) { signs_.hold(std::move(lease)); }

private:
    /// What this connection loses, the other one says.
    [[nodiscard]] static postgres_options silent(postgres_options o);
    void give(const std::string& held);

    connection db_;
    double lease_;
    std::string worker_;
    signs_of_life signs_; // the last member: its thread uses the others
};

template <class Deferred>
basic_lease_keeper<Deferred>::basic_lease_keeper(const std::string& conninfo, const std::string& of, const postgres_worker_options& o,
                                                 std::string worker)
    : db_{conninfo, silent(o.connection), first_statements<>(of)}, lease_{o.lease}, worker_{std::move(worker)},
      signs_{o.lease / 3, [this](const std::string& held) { give(held); }} {}

template <class Deferred>
postgres_options basic_lease_keeper<Deferred>::silent(postgres_options o) {
    o.patience = 0;
    o.silence = std::min(o.silence, 10.0);
    o.notice = [](const std::string&) {};
    return o;
}

template <class Deferred>
void basic_lease_keeper<Deferred>::give(const std::string& held) {
    try {
        db_.persistently("write", [&](bool) {
            db_.run("UPDATE workers SET seen = now() WHERE id = $1::bigint", {worker_});
            if (held.empty()) return;
            db_.run("UPDATE jobs SET until = now() + $1::double precision * interval '1 second' WHERE lease = $2::bigint AND result IS NULL",
                    {exact_text(lease_), held});
        });
    } catch (const error&) {} // once more when the next sign is due // NOLINT(bugprone-empty-catch)
}
VERDANT_DEFINED_ONCE(class basic_lease_keeper<>);

/// The jobs of a study, as a worker sees them.
template <class Deferred = instantiated_when_used>
class basic_job_desk {
public:
    basic_job_desk(const std::string& conninfo, const std::string& of, const postgres_worker_options& o, program_identity program);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// The next job; waits for one. Nothing where the search is done, or nobody has been searching for too long. Throws input_error where the search
    /// is that of another program.
    [[nodiscard]] std::optional<leased_job> next();

    /// Hands in what came of a job. @return whether it counts: not where the job was given to another meanwhile
    bool hand_in(const leased_job& job, const message_bytes& result);

private:
    enum class state : std::uint8_t { none, open, done };

    [[nodiscard]] static const postgres_worker_options& checked_worker(const postgres_worker_options& o);

    /// Whether somebody searches, and is the same program.
    [[nodiscard]] state look();
    /// Who searches has a lock, which ends with its process.
    [[nodiscard]] bool somebody_searches();

    [[nodiscard]] bool joined() const noexcept { return keeper_.has_value(); }
    void join();
    void leave();

    [[nodiscard]] std::optional<leased_job> claim();

    std::string conninfo_, study_;
    postgres_worker_options options_;
    program_identity program_;
    connection db_;
    std::string name_, id_{}, run_{};
    std::optional<std::string> found_run_{}; ///< that was there when this worker came; empty where none was
    std::optional<basic_lease_keeper<Deferred>> keeper_{};
};
using job_desk = basic_job_desk<>;

template <class Deferred>
basic_job_desk<Deferred>::basic_job_desk(const std::string& conninfo, const std::string& of, const postgres_worker_options& o,
                                         program_identity program)
    : conninfo_{conninfo}, study_{checked_name(of)}, options_{checked_worker(o)}, program_{std::move(program)},
      db_{conninfo, o.connection, first_statements_listening(study_, "jobs")}, name_{"jobs of " + study_ + " in " + db_.name()} {
    db_.call(name_);
}

template <class Deferred>
std::optional<leased_job> basic_job_desk<Deferred>::next() {
    for (auto searched = steady_seconds();;) {
        std::optional<leased_job> got;
        state found = state::none;
        db_.persistently("read", [&](bool) {
            if (joined() && (got = claim())) return; // the usual case, by one message
            found = look();
            if (found != state::open) return;
            join();
            if (!(got = claim()) && db_.wait(std::min(1.0, options_.lease / 4))) got = claim();
        });
        if (got) {
            keeper_->hold(got->lease);
            return got;
        }
        if (found == state::done) {
            leave();
            return std::nullopt;
        }
        if (found == state::open) searched = steady_seconds();
        else basic_connection<Deferred>::sleep(0.2);
        if (steady_seconds() > searched + options_.idle) {
            db_.notice(name_ + ": no search for " + std::to_string(static_cast<int>(options_.idle)) + " seconds; this worker leaves");
            leave();
            return std::nullopt;
        }
    }
}

template <class Deferred>
bool basic_job_desk<Deferred>::hand_in(const leased_job& job, const message_bytes& result) {
    bool counts = false;
    db_.persistently("write", [&](bool again) {
        counts = db_.run("WITH done AS (UPDATE jobs SET result = $1::bytea WHERE number = $2::bigint AND lease = $3::bigint AND result IS NULL "
                         "RETURNING 1) "
                         "SELECT pg_notify($4::text, '') FROM done",
                         {bytes_text(result), std::to_string(job.number), job.lease, channel("results", study_)})
                     .rows() == 1;
        // Of an attempt of which nobody knows how it ended.
        if (!counts && again)
            counts =
                db_.run("SELECT 1 FROM jobs WHERE number = $1::bigint AND lease = $2::bigint", {std::to_string(job.number), job.lease}).rows() == 1;
    });
    keeper_->hold({});
    if (!counts) db_.notice(name_ + ": trial " + std::to_string(job.number) + " was given to another worker; what came of it here is dropped");
    return counts;
}

template <class Deferred>
const postgres_worker_options& basic_job_desk<Deferred>::checked_worker(const postgres_worker_options& o) {
    static_cast<void>(checked(o.connection));
    require_lease("postgres worker", o.lease);
    require_not_negative("postgres worker", "idle", o.idle);
    return o;
}

template <class Deferred>
typename basic_job_desk<Deferred>::state basic_job_desk<Deferred>::look() {
    std::string run, now;
    if (db_.run("SELECT to_regclass('leader') IS NULL").text(0, 0) != "t")
        if (const auto leader = db_.run("SELECT run, state FROM leader"); leader.rows() > 0) {
            run = leader.text(0, 0);
            now = leader.text(0, 1);
        }
    if (!found_run_) found_run_ = run;
    // A search that was done before this worker came is not the one that it waits for; one that has come and gone since, as of a study that was
    // finished, is.
    if (now == "done" && (joined() || run != *found_run_)) return state::done;
    if (now != "open" || !somebody_searches()) return state::none;
    if (run != run_) {
        if (const auto other = identity_difference_text<>(read_program<>(db_), program_); !other.empty())
            throw input_error{name_, "", "the program of the search", "another one: " + other};
        run_ = run;
    }
    return state::open;
}

template <class Deferred>
bool basic_job_desk<Deferred>::somebody_searches() {
    const session_lock lock{"verdant jobs " + study_};
    if (db_.run("SELECT pg_try_advisory_lock_shared($1::bigint)", {lock.key()}).text(0, 0) != "t") return true;
    db_.run("SELECT pg_advisory_unlock_shared($1::bigint)", {lock.key()});
    return false;
}

template <class Deferred>
void basic_job_desk<Deferred>::join() {
    if (joined()) return;
    char host[256]{};
    ::gethostname(host, sizeof host - 1);
    const auto row = db_.run("INSERT INTO workers(host, pid, lease) VALUES($1::text, $2::bigint, $3::double precision) RETURNING id",
                             {kept_text(host), std::to_string(::getpid()), exact_text(options_.lease)});
    id_ = row.text(0, 0);
    keeper_.emplace(conninfo_, study_, options_, id_);
}

template <class Deferred>
void basic_job_desk<Deferred>::leave() {
    if (!joined()) return;
    keeper_.reset();
    db_.persistently("write", [&](bool) { db_.run("UPDATE workers SET gone = now() WHERE id = $1::bigint", {id_}); });
}

template <class Deferred>
std::optional<leased_job> basic_job_desk<Deferred>::claim() {
    const auto row = db_.run("UPDATE jobs SET lease = nextval('leases'), worker = $1::bigint, until = now() + $2::double precision * interval '1 "
                             "second', tries = tries + 1 "
                             "WHERE number = (SELECT number FROM jobs WHERE active AND result IS NULL AND (lease IS NULL OR until < now()) "
                             "AND tries < (SELECT l.tries FROM leader l WHERE l.run = $3::bigint AND l.state = 'open') ORDER BY number LIMIT 1 "
                             "FOR UPDATE SKIP LOCKED) RETURNING number, lease, job",
                             {id_, exact_text(options_.lease), run_});
    if (row.rows() == 0) return std::nullopt;
    return leased_job_in<>(row, name_);
}
VERDANT_DEFINED_ONCE(class basic_job_desk<>);

} // namespace verdant::detail::postgres
