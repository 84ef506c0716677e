#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/distributed/detail/evaluating_study.hpp>
#include <verdant/distributed/detail/postgres_board.hpp>
#include <verdant/distributed/job_messages.hpp>
#include <verdant/distributed/postgres_worker_options.hpp>
#include <verdant/distributed/program_identity.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/search/dispatcher.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Searches that evaluate in worker processes on any machine, which share a database of PostgreSQL.
namespace verdant {

/// The dispatcher for workers that join and leave while the search runs. They are `serve_postgres` of the same program:
///
///     if (argc == 3) { serve_postgres(s, argv[2], "chip"); return 0; } // ./my_search --worker postgresql://...
///     postgres_storage kept{argv[1], "chip"};
///     postgres_dispatcher workers{argv[1], "chip", s};
///     const auto found = s.run({.trials = 1000}, kept, workers);
///
/// Whoever is idle takes the next job. A worker that is silent past its lease has its job given to another, and what it says later is dropped; a job that has cost
/// `tries` workers fails its trial. A search that died and is run again takes up what its workers go on with. Trials have the number of their worker
/// in the table `workers` as `times.worker`. Workers wait for the search, and the search for workers. They leave when this object is destroyed, unless by an exception:
/// then they wait for the next run.
///
/// Where evaluators take batches, a worker gives them one point at a time.
///
/// Errors: file_error where the database cannot be reached or another search has the jobs; input_error for results that cannot be read.
template <class Space, class Goals>
class postgres_dispatcher {
public:
    /// @param conninfo as libpq takes it @param name the one that workers know it by @param s the search, for what program it is
    template <class Study>
    postgres_dispatcher(const std::string& conninfo, const std::string& name, const Study& s, const postgres_dispatcher_options& o = {})
        : board_{conninfo, name, o, detail::identity_of_study<Study>(s)}, exceptions_{std::uncaught_exceptions()} {}
    postgres_dispatcher(const postgres_dispatcher&) = delete;
    postgres_dispatcher& operator=(const postgres_dispatcher&) = delete;
    ~postgres_dispatcher() {
        try {
            board_.end(std::uncaught_exceptions() > exceptions_ ? "left" : "done");
        } catch (...) {} // workers leave when they have waited long enough // NOLINT(bugprone-empty-catch)
    }

    void submit(std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>&) {
        if (jobs.empty()) return;
        std::vector<std::pair<std::uint64_t, message_bytes>> posted;
        for (const auto& one : jobs) {
            posted.emplace_back(one.number, bytes_of_job(one));
            pending_.push_back(one.number);
        }
        board_.post(posted);
    }

    void collect(const completion_sink<Goals>& done) {
        if (pending_.empty()) return;
        if (std::exchange(withheld_, false)) board_.offer_again(pending_);
        for (bool under_way = true;;) {
            if (done.stopped()) {
                withheld_ = true;
                under_way = board_.withhold() > 0;
            }
            const auto found = board_.take(under_way ? 0.25 : 0);
            for (const auto& one : found) give(one, done);
            if (!found.empty() || !under_way) return;
            if (!withheld_ && more_are_there()) return; // a search that keeps all workers busy has further jobs for them
            watch();
        }
    }

    void cancel() {
        try {
            board_.forget(pending_);
        } catch (...) {} // they are not active in the next run // NOLINT(bugprone-empty-catch)
        pending_.clear();
    }

    [[nodiscard]] std::size_t pending() const noexcept { return pending_.size(); }
    /// Workers that are there, as was last looked, at most a second ago; 1 where there are none yet.
    [[nodiscard]] std::size_t workers() const {
        if (detail::steady_seconds() > looked_ + 1) look();
        return told_ = std::max<std::size_t>(1, workers_);
    }

private:
    /// What no member has, between them, is zero, so that equal jobs have equal bytes.
    [[nodiscard]] static message_bytes bytes_of_job(const job<Space>& one) {
        message_bytes bytes = write_jobs<Space>({&one, 1});
        std::vector<unsigned char> covered(sizeof one);
        const auto cover = [&](const auto& member) {
            const auto at = static_cast<std::size_t>(reinterpret_cast<const unsigned char*>(&member) - reinterpret_cast<const unsigned char*>(&one));
            std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(at), sizeof member, static_cast<unsigned char>(1));
        };
        cover(one.point);
        cover(one.number);
        cover(one.seed);
        cover(one.fidelity);
        cover(one.reached);
        for (std::size_t i = 0; i < bytes.size(); ++i)
            if (covered[i] == 0) bytes[i] = 0;
        return bytes;
    }

    void give(const detail::postgres::job_result& one, const completion_sink<Goals>& done) {
        const auto at = std::find(pending_.begin(), pending_.end(), one.number);
        if (at == pending_.end()) return; // of an earlier run, and not wanted
        completed_job<Goals> what{.number = one.number};
        if (one.bytes.empty()) {
            what.outcome.fail(std::to_string(board_.tries()) + " workers were lost while they evaluated it");
        } else {
            auto read = read_completed<Goals>({one.bytes.data(), one.bytes.size()}, board_.name());
            if (read.size() != 1 || read[0].number != one.number)
                throw input_error{board_.name(), "table jobs, row " + std::to_string(one.number), "the result of its trial", "that of others"};
            what = std::move(read[0]);
        }
        what.outcome.times.worker = one.worker;
        pending_.erase(at);
        heard_ = detail::steady_seconds();
        done(std::move(what));
    }

    /// Whether more workers are there than the search was last told of, if it asks.
    [[nodiscard]] bool more_are_there() const {
        const auto told = told_;
        return told > 0 && workers() > told;
    }
    void look() const {
        workers_ = board_.workers();
        looked_ = detail::steady_seconds();
    }
    /// Says so, once, where there is nobody to wait for.
    void watch() {
        if (detail::steady_seconds() < std::max(heard_, looked_) + 20) return;
        look();
        if (workers_ == 0 && !std::exchange(said_, true)) board_.notice(board_.name() + ": no worker is there; the search waits for one");
        if (workers_ > 0) said_ = false;
    }

    mutable detail::postgres::job_board board_;
    int exceptions_;
    std::vector<std::uint64_t> pending_{};
    bool withheld_ = false, said_ = false;
    mutable std::size_t workers_ = 0, told_ = 0; ///< as last seen; and as the search was told, 0 where it has not asked
    mutable double looked_ = 0;
    double heard_ = detail::steady_seconds();
};

template <class Study>
postgres_dispatcher(const std::string&, const std::string&, const Study&, const postgres_dispatcher_options& = {})
    -> postgres_dispatcher<typename Study::space_type, typename Study::goals_type>;

} // namespace verdant
