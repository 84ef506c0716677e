// A search, four worker processes and a server of PostgreSQL, any of which may be the one that is killed. The server's data lie beside the study's
// name.

#include "../unit/study/postgres/postgres_server.hpp"
#include "soak_study.hpp"

#include <verdant/distributed/postgres_dispatcher.hpp>
#include <verdant/distributed/serve_postgres.hpp>
#include <verdant/study/postgres/postgres_storage.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace {

void run(const char* file, const char* path) {
    const soak::shared_log log{path};
    const auto folder = std::string{file} + ".pg";
    postgres_server server{folder.c_str()};
    const soak::study s{soak::train{&log}};
    const verdant::postgres_options silent{.patience = 100, .notice = [](const std::string&) {}};
    std::vector<pid_t> workers;
    for (int i = 0; i < 4; ++i) {
        const auto child = ::fork();
        if (child != 0) {
            workers.push_back(child);
            continue;
        }
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        soak::say_who(log);
        try {
            verdant::serve_postgres(s, server.address(), "soak", {.connection = silent, .lease = 1, .idle = 60});
        } catch (...) { ::_exit(1); }
        ::_exit(0);
    }
    log.line("process " + std::to_string(server.process()));
    soak::say_who(log);
    std::atomic<bool> ended = false;
    std::thread watch{[&] {
        while (!ended) {
            if (server.has_ended()) {
                ::usleep(300'000); // until its processes see that it is gone
                server.start();
            }
            ::usleep(20'000);
        }
    }};
    std::string failure;
    try {
        verdant::postgres_storage kept{server.address(), "soak", silent};
        verdant::postgres_dispatcher dispatcher{server.address(), "soak", s, {.connection = silent}};
        static_cast<void>(s.run(soak::options(), kept, dispatcher, soak::witness{&log}));
    } catch (const std::exception& e) { failure = e.what(); }
    for (const auto child : workers) ::waitpid(child, nullptr, 0);
    ended = true;
    watch.join();
    if (!failure.empty()) throw std::runtime_error{failure};
}

void show(const char* file) {
    const auto folder = std::string{file} + ".pg";
    if (!std::filesystem::exists(folder)) return;
    postgres_server server{folder.c_str()};
    verdant::postgres_storage kept{server.address(), "soak"};
    if (const auto study = kept.load()) soak::dump(*study);
}

} // namespace

int main(int argc, char** argv) { return soak::main_of(argc, argv, run, show); }
