// A search and four worker processes that share a file of SQLite, any of which may be the one that is killed.

#include "soak_study.hpp"

#include <verdant/distributed/serve_sqlite.hpp>
#include <verdant/distributed/sqlite_dispatcher.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include <string>
#include <vector>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace {

void run(const char* file, const char* path) {
    const soak::shared_log log{path};
    const soak::study s{soak::train{&log}};
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
            verdant::serve_sqlite(s, file, {.lease = 1, .idle = 60, .notice = [](const std::string&) {}});
        } catch (...) { ::_exit(1); }
        ::_exit(0);
    }
    soak::say_who(log);
    {
        verdant::sqlite_storage kept{file};
        verdant::sqlite_dispatcher dispatcher{file, s};
        static_cast<void>(s.run(soak::options(), kept, dispatcher, soak::witness{&log}));
    }
    for (const auto child : workers) ::waitpid(child, nullptr, 0);
}

void show(const char* file) {
    if (const auto kept = verdant::sqlite_storage{file}.load()) soak::dump(*kept);
}

} // namespace

int main(int argc, char** argv) { return soak::main_of(argc, argv, run, show); }
