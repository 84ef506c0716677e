#pragma once

#include <verdant/error.hpp>
#include <verdant/text/number.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace verdant::detail {

/// Throws input_error for a lease that is not above 0, and for one of more than 10^9 s, for which clocks that count nanoseconds cannot wait.
/// @param source who takes it @param lease seconds
inline void require_lease(std::string_view source, double lease) {
    if (!(lease > 0 && lease <= 1e9)) throw input_error{source, "lease", "seconds above 0, at most 10^9", exact_text(lease)};
}

/// Says again and again, on a thread of its own, that a worker is alive, and what it has.
class signs_of_life {
public:
    /// @param period seconds between two signs @param give gives one; is told what `hold` said last, empty where the worker has nothing. What it
    /// throws ends the program
    signs_of_life(double period, std::function<void(const std::string&)> give)
        : period_{period}, give_{std::move(give)}, thread_{[this] { run(); }} {}
    signs_of_life(const signs_of_life&) = delete;
    signs_of_life& operator=(const signs_of_life&) = delete;
    ~signs_of_life() {
        {
            const std::scoped_lock lock{mutex_};
            ended_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }
    /// What the worker has.
    void hold(std::string what) {
        const std::scoped_lock lock{mutex_};
        held_ = std::move(what);
    }

private:
    void run() {
        std::unique_lock lock{mutex_};
        for (;;) {
            wake_.wait_for(lock, std::chrono::duration<double>{period_}, [&] { return ended_; });
            if (ended_) return;
            const auto held = held_;
            lock.unlock();
            give_(held);
            lock.lock();
        }
    }

    double period_;
    std::function<void(const std::string&)> give_;
    std::string held_{};
    std::mutex mutex_{};
    std::condition_variable wake_{};
    bool ended_ = false;
    std::thread thread_; // the last member: it uses the others
};

} // namespace verdant::detail
