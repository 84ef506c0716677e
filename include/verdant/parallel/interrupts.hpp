#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include <signal.h>
#include <unistd.h>

/// How a program that works for long ends where its user asks it to: by Ctrl-C, or by what sends SIGTERM.
namespace verdant {

/// Whether the first signal is answered in the terminal.
enum class interrupt_notice : std::uint8_t {
    on_terminals, ///< a line on standard error, where that is a terminal
    silent,       ///< the program says it
};

/// While one is there, the first SIGINT or SIGTERM is noted and nothing else: the program finishes what is under way. The second one ends the program
/// as it would have without. Handlers that were there before come back with the destructor of the last of several, which share what they note. A
/// signal that the program was started to ignore, as jobs in the background of a script are, stays ignored.
///
/// It is an observer of searches, `vd::interrupts interrupts; study{...}.run(options, storage, interrupts)`: running trials are finished, none is
/// begun, and there is a result, whose reason is `requested`. A storage keeps each trial as it ends, so that the second signal loses nothing but what
/// was under way. Loops of one's own ask `stop_requested()`. The terminal sends Ctrl-C to all processes of its group: processes that evaluators start
/// are to ignore it.
class interrupts {
public:
    explicit interrupts(interrupt_notice notice = interrupt_notice::on_terminals) {
        const std::lock_guard hold{listening().mutex};
        if (listening().objects++ > 0) return;
        noted = 0;
        speaks = notice == interrupt_notice::on_terminals && isatty(STDERR_FILENO) != 0;
        for (int i = 0; i < 2; ++i) {
            listening().replaced[i] = sigaction(numbers[i], nullptr, &listening().before[i]) == 0 && listening().before[i].sa_handler != SIG_IGN;
            if (!listening().replaced[i]) continue;
            struct sigaction now{};
            now.sa_handler = note;
            now.sa_flags = SA_RESTART; // reading and writing go on
            sigemptyset(&now.sa_mask);
            for (const int other : numbers) sigaddset(&now.sa_mask, other); // one handler at a time
            sigaction(numbers[i], &now, nullptr);
        }
    }
    interrupts(const interrupts&) = delete;
    interrupts& operator=(const interrupts&) = delete;
    ~interrupts() {
        const std::lock_guard hold{listening().mutex};
        if (--listening().objects > 0) return;
        for (int i = 0; i < 2; ++i)
            if (listening().replaced[i]) sigaction(numbers[i], &listening().before[i], nullptr);
    }

    /// Whether a signal came since the first of the objects that are there, or were there last, was made. Any thread may ask.
    [[nodiscard]] static bool stop_requested() noexcept { return noted.load() != 0; }
    /// That signal, SIGINT or SIGTERM, or 0. Shells have 128 and the number of the signal for the exit status of a program that it ended.
    [[nodiscard]] static int signal_number() noexcept { return noted.load(); }

private:
    static constexpr int numbers[] = {SIGINT, SIGTERM};
    static inline std::atomic<int> noted = 0;
    static inline std::atomic<bool> speaks = false;
    static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free, "a handler of signals may use no other");

    struct state {
        std::mutex mutex;
        int objects = 0;
        bool replaced[2]{};
        struct sigaction before[2]{};
    };
    [[nodiscard]] static state& listening() {
        static state one;
        return one;
    }

    /// Calls nothing that a handler of signals may not (POSIX, signal-safety). The next signal finds the default: it ends the program.
    static void note(int number) {
        noted = number;
        struct sigaction once_more{};
        once_more.sa_handler = SIG_DFL;
        for (const int one : numbers) {
            struct sigaction now{};
            if (sigaction(one, nullptr, &now) == 0 && now.sa_handler == note) sigaction(one, &once_more, nullptr);
        }
        if (!speaks) return;
        constexpr char words[] = "\nstopping after what is under way; once more ends at once\n";
        if (write(STDERR_FILENO, words, sizeof words - 1) < 0) return; // nothing is to be done about it
    }
};

} // namespace verdant
