#pragma once

#include <verdant/meta/component/distributed.hpp>

#include <verdant/distributed/detail/mpi_calls.hpp>
#include <verdant/goal/trial_times.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace verdant::detail {

/// Signs of life between process 0 and each of the others, by a thread, while evaluators work for hours. Where process 0 falls silent, the others end
/// themselves: nobody is left whom they could tell. Which of the others falls silent, process 0 is told when it asks.
class mpi_pulse {
public:
    /// @param letters  not owned
    /// @param silence  seconds
    mpi_pulse(mpi_letters& letters, int rank, int size, double silence)
        : letters_{letters}, rank_{rank}, silence_{silence}, heard_(static_cast<std::size_t>(size)), requests_(heard_.size(), MPI_REQUEST_NULL) {
        for (auto& when : heard_) when = steady_seconds();
        thread_ = std::thread{[this] { beat(); }};
    }
    mpi_pulse(const mpi_pulse&) = delete;
    mpi_pulse& operator=(const mpi_pulse&) = delete;
    ~mpi_pulse() {
        {
            const std::scoped_lock lock{ending_};
            ended_ = true;
        }
        wake_.notify_all();
        thread_.join();
        for (auto& last : requests_) letters_.forget_pulse(last);
    }

    /// Any other letter is a sign of life, too.
    void heard(int from) { heard_[static_cast<std::size_t>(from)] = steady_seconds(); }

    /// The first of the other processes that has been silent for too long. @pre this is process 0
    [[nodiscard]] std::optional<int> silent() const {
        for (std::size_t r = 1; r < heard_.size(); ++r)
            if (looked_ - heard_[r] > silence_) return static_cast<int>(r);
        return std::nullopt;
    }

private:
    /// What MPI refuses here it will refuse the search, which says so.
    void beat() {
        std::unique_lock lock{ending_};
        while (!ended_) {
            try {
                const int first = rank_ == 0 ? 1 : 0, last = rank_ == 0 ? static_cast<int>(heard_.size()) - 1 : 0;
                for (int r = first; r <= last; ++r) letters_.send_pulse(r, requests_[static_cast<std::size_t>(r)]);
                while (const auto sign = letters_.take(mpi_letter_kind::pulse)) heard(sign->from);
                // Only after all that came while this process was stopped has been read.
                looked_ = steady_seconds();
                if (rank_ != 0 && looked_ - heard_[0] > silence_) {
                    std::fprintf(stderr, "verdant: process 0 has given no sign of life for %g s; process %d, which evaluates for it, ends\n",
                                 silence_, rank_);
                    std::_Exit(EXIT_FAILURE);
                }
            } catch (const error&) {}
            wake_.wait_for(lock, std::chrono::duration<double>{silence_ / 4}, [&] { return ended_; });
        }
    }
    mpi_letters& letters_;
    int rank_;
    double silence_;
    std::vector<std::atomic<double>> heard_; ///< when, of each process
    std::atomic<double> looked_ = 0;
    std::vector<MPI_Request> requests_;
    bool ended_ = false;
    std::mutex ending_;
    std::condition_variable wake_;
    std::thread thread_;
};

} // namespace verdant::detail
