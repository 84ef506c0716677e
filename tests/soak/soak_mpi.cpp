// Four processes of MPI, and a study in SQLite.

#include "soak_study.hpp"

#include <verdant/distributed/mpi_dispatcher.hpp>
#include <verdant/distributed/mpi_processes.hpp>
#include <verdant/study/sqlite_storage.hpp>

int main(int argc, char** argv) {
    const auto run = [](const char* file, const char* path) {
        const verdant::mpi_processes processes;
        const soak::shared_log log{path};
        soak::say_who(log);
        const soak::study s{soak::train{&log}};
        verdant::mpi_dispatcher workers{processes, s};
        if (workers.serve()) return;
        verdant::sqlite_storage kept{file};
        static_cast<void>(s.run(soak::options(), kept, workers, soak::witness{&log}));
    };
    const auto show = [](const char* file) {
        if (const auto kept = verdant::sqlite_storage{file}.load()) soak::dump(*kept);
    };
    return soak::main_of(argc, argv, run, show);
}
