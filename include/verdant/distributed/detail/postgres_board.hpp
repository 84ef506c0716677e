#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/distributed/detail/board_dispatcher.hpp>
#include <verdant/distributed/detail/postgres_jobs.hpp>
#include <verdant/distributed/postgres_worker_options.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/study/postgres/postgres_connection.hpp>
#include <verdant/study/postgres/postgres_lock.hpp>
#include <verdant/study/postgres/postgres_tables.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace verdant::detail::postgres {

/// The results of rows of number, worker and bytes.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<job_result> results_in(const answer& rows, const std::string& source) {
    std::vector<job_result> all;
    for (int i = 0; i < rows.rows(); ++i)
        all.push_back({natural_in<>(rows, i, 0, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()), source),
                       static_cast<std::uint32_t>(natural_in<>(rows, i, 1, std::numeric_limits<std::uint32_t>::max(), source)),
                       bytes_of<>(rows.text(i, 2), source)});
    return all;
}

/// The jobs of a study, as the search sees them.
template <class Deferred = instantiated_when_used>
class basic_job_board {
public:
    /// Takes up what an earlier run of the same program left: jobs that are wanted again keep their leases and results.
    basic_job_board(const std::string& conninfo, const std::string& of, postgres_dispatcher_options o, const program_identity& program);
    basic_job_board(const basic_job_board&) = delete;
    basic_job_board& operator=(const basic_job_board&) = delete;
    ~basic_job_board() = default;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::size_t tries() const noexcept { return options_.tries; }

    /// Offers jobs. One that is there with the same bytes keeps what came of it.
    void post(const std::vector<std::pair<std::uint64_t, message_bytes>>& jobs);

    /// Results that came, waiting for some at most so many seconds. They stay in the database until the next call: by then the search has kept them.
    [[nodiscard]] std::vector<job_result> take(double seconds);

    /// Lets nobody begin a job. @return how many are under way
    std::size_t withhold();
    void forget(const std::vector<std::uint64_t>& jobs);
    void offer_again(const std::vector<std::uint64_t>& jobs);

    /// Workers that gave a sign within their lease.
    [[nodiscard]] std::size_t workers();

    /// Ends the run. @param state `done`: workers leave; `left`: they wait for the next run
    void end(const std::string& state);
    void notice(const std::string& words) const { db_.notice(words); }

private:
    template <class Act>
    void persistently(const char* operation, Act act) {
        db_.persistently(operation, [&](bool) {
            lock_.keep(db_, name_);
            act();
        });
    }
    void notify() { db_.run("SELECT pg_notify($1::text, '')", {channel("jobs", study_)}); }
    void forget_given();
    /// What has cost as many workers as allowed gets no further one.
    void give_up();
    [[nodiscard]] std::vector<job_result> results();
    [[nodiscard]] std::size_t number_in(const std::string& sql);
    [[nodiscard]] static std::string array(const std::vector<std::uint64_t>& numbers);

    std::string study_;
    postgres_dispatcher_options options_;
    connection db_;
    std::string name_;
    session_lock lock_{"verdant jobs " + study_};
    std::vector<std::uint64_t> given_{}; ///< results that were taken and are in the database still
};
using job_board = basic_job_board<>;

template <class Deferred>
basic_job_board<Deferred>::basic_job_board(const std::string& conninfo, const std::string& of, postgres_dispatcher_options o,
                                           const program_identity& program)
    : study_{checked_name(of)}, options_{std::move(o)}, db_{conninfo, checked(options_.connection), first_statements_listening(study_, "results")},
      name_{"jobs of " + study_ + " in " + db_.name()} {
    db_.call(name_);
    require_count("postgres dispatcher", "tries", options_.tries, 1);
    db_.transaction("open", [&](bool) {
        lock_.take(db_, name_, 2);
        static_cast<void>(study_is_there<>(db_, study_, name_));
        create_job_tables<>(db_, study_);
        if (read_program<>(db_) != program) {
            db_.run("DELETE FROM jobs");
            write_program<>(db_, program);
        }
        db_.run("UPDATE jobs SET active = false");
        db_.run("INSERT INTO leader VALUES(1, 1, 'open', $1::int) ON CONFLICT (id) DO UPDATE SET run = leader.run + 1, state = 'open', tries = "
                "excluded.tries",
                {std::to_string(options_.tries)});
        notify();
    });
}

template <class Deferred>
void basic_job_board<Deferred>::post(const std::vector<std::pair<std::uint64_t, message_bytes>>& jobs) {
    std::string numbers, bytes;
    for (const auto& [number, job] : jobs) {
        numbers += (numbers.empty() ? "{" : ",") + std::to_string(number);
        bytes += (bytes.empty() ? "{\"\\" : ",\"\\") + bytes_text(job) + '"';
    }
    persistently("write", [&] {
        forget_given();
        db_.run("WITH posted AS (INSERT INTO jobs(number, job, active) SELECT n, j, true FROM unnest($1::bigint[], $2::bytea[]) AS t(n, j) "
                "ON CONFLICT (number) DO UPDATE SET active = true, job = excluded.job, "
                "lease = CASE WHEN jobs.job = excluded.job THEN jobs.lease END, worker = CASE WHEN jobs.job = excluded.job THEN jobs.worker END, "
                "until = CASE WHEN jobs.job = excluded.job THEN jobs.until END, result = CASE WHEN jobs.job = excluded.job THEN jobs.result END, "
                "tries = CASE WHEN jobs.job = excluded.job THEN jobs.tries ELSE 0 END) SELECT pg_notify($3::text, '')",
                {numbers + '}', bytes + '}', channel("jobs", study_)});
    });
}

template <class Deferred>
std::vector<job_result> basic_job_board<Deferred>::take(double seconds) {
    std::vector<job_result> found;
    persistently("read", [&] {
        forget_given();
        found = results();
        if (!found.empty() || seconds <= 0) return;
        if (!db_.wait(seconds)) give_up();
        found = results();
    });
    for (const auto& r : found) given_.push_back(r.number);
    return found;
}

template <class Deferred>
std::size_t basic_job_board<Deferred>::withhold() {
    std::size_t under_way = 0;
    persistently("write", [&] {
        db_.run("UPDATE jobs SET active = false WHERE active AND result IS NULL AND (lease IS NULL OR until < now())");
        under_way = number_in("SELECT count(*) FROM jobs WHERE active AND result IS NULL");
    });
    return under_way;
}

template <class Deferred>
void basic_job_board<Deferred>::forget(const std::vector<std::uint64_t>& jobs) {
    persistently("write", [&] { db_.run("DELETE FROM jobs WHERE number = ANY($1::bigint[])", {array(jobs)}); });
}

template <class Deferred>
void basic_job_board<Deferred>::offer_again(const std::vector<std::uint64_t>& jobs) {
    persistently("write", [&] {
        db_.run("UPDATE jobs SET active = true WHERE number = ANY($1::bigint[])", {array(jobs)});
        notify();
    });
}

template <class Deferred>
std::size_t basic_job_board<Deferred>::workers() {
    std::size_t there = 0;
    persistently("read",
                 [&] { there = number_in("SELECT count(*) FROM workers WHERE gone IS NULL AND seen > now() - lease * interval '1 second'"); });
    return there;
}

template <class Deferred>
void basic_job_board<Deferred>::end(const std::string& state) {
    persistently("write", [&] {
        forget_given();
        if (state == "done") db_.run("DELETE FROM jobs");
        db_.run("UPDATE leader SET state = $1::text", {state});
        notify();
    });
}

template <class Deferred>
void basic_job_board<Deferred>::forget_given() {
    if (given_.empty()) return;
    db_.run("DELETE FROM jobs WHERE number = ANY($1::bigint[])", {array(given_)});
    given_.clear();
}

template <class Deferred>
void basic_job_board<Deferred>::give_up() {
    db_.run("UPDATE jobs SET result = '' WHERE active AND result IS NULL AND lease IS NOT NULL AND until < now() AND tries >= $1::int",
            {std::to_string(options_.tries)});
}

template <class Deferred>
std::vector<job_result> basic_job_board<Deferred>::results() {
    const auto rows = db_.run("SELECT number, coalesce(worker, 0), result, tries FROM jobs WHERE active AND result IS NOT NULL ORDER BY number");
    auto all = results_in<>(rows, name_);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto tries = static_cast<std::uint32_t>(natural_in<>(rows, static_cast<int>(i), 3, std::numeric_limits<std::int32_t>::max(), name_));
        all[i].lost = all[i].bytes.empty() ? tries : tries - std::min<std::uint32_t>(tries, 1); // whoever handed it in was not
    }
    return all;
}

template <class Deferred>
std::size_t basic_job_board<Deferred>::number_in(const std::string& sql) {
    return static_cast<std::size_t>(std::strtoull(std::string{db_.run(sql).text(0, 0)}.c_str(), nullptr, 10));
}

template <class Deferred>
std::string basic_job_board<Deferred>::array(const std::vector<std::uint64_t>& numbers) {
    std::string text = "{";
    for (const auto n : numbers) text += (text.size() == 1 ? "" : ",") + std::to_string(n);
    return text + '}';
}
VERDANT_DEFINED_ONCE(class basic_job_board<>);

} // namespace verdant::detail::postgres
