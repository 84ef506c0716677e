// How a program that works for long ends where its user asks it to: by Ctrl-C, or by what sends SIGTERM.
#pragma once

#include <verdant/nn/processes/failed.hpp>
#include <verdant/parallel/interrupts.hpp>

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>

#include <signal.h>

namespace terminal {

/// From here on to the end of the program the first SIGINT or SIGTERM is answered by `stop_asked`, and the second one ends the program. Searches take
/// `verdant::interrupts` for an observer, which hears the same signal.
inline void listen_for_stop() {
    static const verdant::interrupts listening{verdant::interrupt_notice::silent}; // lines of progress say it
}

/// Whether a signal asked this process to stop. Any thread may ask.
[[nodiscard]] inline bool stop_asked() noexcept { return verdant::interrupts::stop_requested(); }

/// The exit status of a program that a signal stopped, as shells have it: 130 for SIGINT, 143 for SIGTERM, and for processes whose like was stopped.
[[nodiscard]] inline int stopped_status() noexcept { return 128 + (stop_asked() ? verdant::interrupts::signal_number() : SIGTERM); }

/// What ends a program once all is kept.
/// @param going_on how to go on; one process says it
[[nodiscard]] inline verdant::nn::failed stopped(std::string_view program, std::string_view going_on, int rank = 0) {
    const auto* const by = !stop_asked() ? "" : verdant::interrupts::signal_number() == SIGINT ? " by SIGINT" : " by SIGTERM";
    const auto text = std::string{program} + ": stopped" + by + "; " + std::string{going_on};
    return verdant::nn::failed{{stopped_status(), rank == 0 ? text : std::string{}}, rank};
}

/// Between two pieces of work: goes no further where a stop was asked for.
inline void leave_if_asked(std::string_view program, std::string_view going_on) {
    if (stop_asked()) throw stopped(program, going_on);
}

/// Says so at the end of --help.
/// @param piece   what is finished first
/// @param outcome what comes of the rest
inline void explain_stop(CLI::App& app, std::string_view piece, std::string_view outcome = "what is done kept") {
    app.footer("SIGINT (Ctrl-C) and SIGTERM end it after " + std::string{piece} + ", with " + std::string{outcome} +
               " and exit status 130 or 143; a second one ends it at once.");
}

} // namespace terminal
