#pragma once

#include <verdant/distributed/job_messages.hpp>
#include <verdant/error.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/search/dispatcher.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Searches whose jobs lie where any number of workers take them: what is the same wherever that is.
namespace verdant::detail {

/// A result that came; without bytes where as many workers as allowed were lost with the job.
struct job_result {
    std::uint64_t number = 0;
    std::uint32_t worker = 0;
    message_bytes bytes{};
    std::uint32_t lost = 0; ///< workers that were lost with the job before
};

/// The dispatcher over a board of jobs, as the search sees it.
/// @tparam Board `post(jobs)`, `take(seconds)`, `withhold()`, `forget(numbers)`, `offer_again(numbers)`, `workers()`, `end(state)`, `tries()`,
/// `name()`, `notice(words)`
template <class Space, class Goals, class Board>
class board_dispatcher {
public:
    board_dispatcher(const board_dispatcher&) = delete;
    board_dispatcher& operator=(const board_dispatcher&) = delete;

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
        if (steady_seconds() > looked_ + 1) look();
        return told_ = std::max<std::size_t>(1, workers_);
    }

protected:
    template <class... Arguments>
    explicit board_dispatcher(std::in_place_t, Arguments&&... arguments)
        : board_{std::forward<Arguments>(arguments)...}, exceptions_{std::uncaught_exceptions()} {}
    /// Workers leave, unless an exception ends the search: then they wait for the next run.
    ~board_dispatcher() {
        try {
            board_.end(std::uncaught_exceptions() > exceptions_ ? "left" : "done");
        } catch (...) {} // workers leave when they have waited long enough // NOLINT(bugprone-empty-catch)
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

    void give(const job_result& one, const completion_sink<Goals>& done) {
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
        what.outcome.elsewhere = !one.bytes.empty();
        what.outcome.lost = one.lost;
        pending_.erase(at);
        heard_ = steady_seconds();
        done(std::move(what));
    }

    /// Whether more workers are there than the search was last told of, if it asks.
    [[nodiscard]] bool more_are_there() const {
        const auto told = told_;
        return told > 0 && workers() > told;
    }
    void look() const {
        workers_ = board_.workers();
        looked_ = steady_seconds();
    }
    /// Says so, once, where there is nobody to wait for.
    void watch() {
        if (steady_seconds() < std::max(heard_, looked_) + 20) return;
        look();
        if (workers_ == 0 && !std::exchange(said_, true)) board_.notice(board_.name() + ": no worker is there; the search waits for one");
        if (workers_ > 0) said_ = false;
    }

    mutable Board board_;
    int exceptions_;
    std::vector<std::uint64_t> pending_{};
    bool withheld_ = false, said_ = false;
    mutable std::size_t workers_ = 0, told_ = 0; ///< as last seen; and as the search was told, 0 where it has not asked
    mutable double looked_ = 0;
    double heard_ = steady_seconds();
};

} // namespace verdant::detail
