// How a program that works for long ends where its user asks it to: by Ctrl-C, or by what sends SIGTERM.
#pragma once

#include <verdant/nn/processes/failed.hpp>

#include <CLI/CLI.hpp>

#include <atomic>
#include <string>
#include <string_view>

#include <signal.h>

namespace terminal {

namespace detail {

/// The signal that asked for a stop, or 0.
inline std::atomic<int> stop_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a handler of signals may do nothing else");

/// The first signal is noted; another one ends the program as it would without this.
inline void note_stop(int number) {
    stop_signal = number;
    for (const int one : {SIGINT, SIGTERM}) signal(one, SIG_DFL);
}

} // namespace detail

/// Lets the first SIGINT or SIGTERM be answered by `stop_asked`, and the second one end the program. One that the program was started to ignore, as jobs in the
/// background of a script are, stays ignored.
inline void listen_for_stop() {
    for (const int one : {SIGINT, SIGTERM}) {
        struct sigaction now{};
        if (sigaction(one, nullptr, &now) != 0 || now.sa_handler == SIG_IGN) continue;
        now = {};
        now.sa_handler = detail::note_stop;
        now.sa_flags = SA_RESTART; // reading and writing go on
        sigemptyset(&now.sa_mask);
        sigaction(one, &now, nullptr);
    }
}

/// Whether a signal asked this process to stop. Any thread may ask.
[[nodiscard]] inline bool stop_asked() noexcept { return detail::stop_signal != 0; }

/// The observer that stops a search for it.
struct stop_observer {
    [[nodiscard]] static bool stop_requested() noexcept { return stop_asked(); }
};

/// The exit status of a program that a signal stopped, as shells have it: 130 for SIGINT, 143 for SIGTERM, and for processes whose like was stopped.
[[nodiscard]] inline int stopped_status() noexcept { return 128 + (stop_asked() ? detail::stop_signal.load() : SIGTERM); }

/// What ends a program once all is kept.
/// @param going_on how to go on; one process says it
[[nodiscard]] inline verdant::nn::failed stopped(std::string_view program, std::string_view going_on, int rank = 0) {
    const auto* const by = !stop_asked() ? "" : detail::stop_signal == SIGINT ? " by SIGINT" : " by SIGTERM";
    const auto text = std::string{program} + ": stopped" + by + "; " + std::string{going_on};
    return verdant::nn::failed{{stopped_status(), rank == 0 ? text : std::string{}}, rank};
}

/// Between two pieces of work: goes no further where a stop was asked for.
inline void leave_if_asked(std::string_view program, std::string_view going_on) {
    if (stop_asked()) throw stopped(program, going_on);
}

/// Says so at the end of --help. @param piece what is finished first
inline void explain_stop(CLI::App& app, std::string_view piece) {
    app.footer("SIGINT (Ctrl-C) and SIGTERM end it after " + std::string{piece} +
               ", with what is done kept and exit status 130 or 143; a second one ends it at once.");
}

} // namespace terminal
