#include <verdant/parallel/interrupts.hpp>

#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/study/memory_storage.hpp>

#include <atomic>
#include <cstddef>
#include <memory>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace studies;
using evolution = study<vd::nsga2<>>;

namespace {

using handler = void (*)(int);
handler now(int number) {
    struct sigaction found{};
    sigaction(number, nullptr, &found);
    return found.sa_handler;
}

// Sends the process a signal in the middle of a question.
struct interrupting {
    int number;
    std::size_t at;
    std::shared_ptr<std::atomic<std::size_t>> calls = std::make_shared<std::atomic<std::size_t>>(0);
    vd::metrics<vd::accuracy, vd::latency> operator()(const point& p) const {
        if (++*calls == at) raise(number);
        return measure(p);
    }
};

// How a process ends that does this.
template <class Do>
int status_of(const Do& act) {
    const auto child = fork();
    if (child == 0) {
        act();
        _exit(7);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

} // namespace

TEST_CASE("the first signal is noted, and handlers come back", "[parallel]") {
    for (const int number : {SIGINT, SIGTERM}) {
        const auto before = now(number);
        {
            const vd::interrupts outer{vd::interrupt_notice::silent};
            REQUIRE(now(number) != before);
            {
                const vd::interrupts inner;
                REQUIRE(!vd::interrupts::stop_requested());
                raise(number);
                REQUIRE(inner.stop_requested());
            }
            REQUIRE(outer.stop_requested());
            REQUIRE(vd::interrupts::signal_number() == number);
        }
        REQUIRE(now(number) == before);
        REQUIRE(vd::interrupts::stop_requested()); // for the exit status
        const vd::interrupts another;
        REQUIRE(!another.stop_requested());
    }
}

TEST_CASE("the second signal ends the program as it would have without", "[parallel]") {
    const auto twice = status_of([] {
        const vd::interrupts listening{vd::interrupt_notice::silent};
        raise(SIGINT);
        raise(SIGTERM);
    });
    REQUIRE((WIFSIGNALED(twice) && WTERMSIG(twice) == SIGTERM));
    const auto ignored = status_of([] {
        signal(SIGINT, SIG_IGN);
        const vd::interrupts listening{vd::interrupt_notice::silent};
        raise(SIGINT);
        raise(SIGINT);
        if (listening.stop_requested()) _exit(1);
    });
    REQUIRE((WIFEXITED(ignored) && WEXITSTATUS(ignored) == 7));
}

TEST_CASE("a search that is interrupted has a result, and goes on later bit for bit", "[parallel]") {
    const evolution::options options{.trials = 60, .seed = 3, .optimizer = {.population = 12, .offspring = 12}};
    const auto whole = evolution{measure, power}.run(options);
    for (const unsigned threads : {1U, 3U}) {
        auto with = options;
        with.threads = threads;
        vd::memory_storage kept;
        vd::interrupts interrupts{vd::interrupt_notice::silent};
        const interrupting evaluator{SIGINT, 20};
        const auto found = evolution{evaluator, power}.run(with, interrupts, kept);
        REQUIRE(found.reason() == vd::stop_reason::requested);
        REQUIRE((*evaluator.calls >= 20 && *evaluator.calls < 20 + threads)); // those under way are finished, and none is begun
        REQUIRE(kept.load()->trials.size() == *evaluator.calls);
    }
    vd::memory_storage kept;
    {
        vd::interrupts interrupts{vd::interrupt_notice::silent};
        static_cast<void>(evolution{interrupting{SIGTERM, 20}, power}.run(options, kept, interrupts));
    }
    vd::interrupts interrupts{vd::interrupt_notice::silent};
    REQUIRE(same(evolution{measure, power}.run(options, interrupts, kept), whole));
}
