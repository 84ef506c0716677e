// Four threads of one process, and a study in SQLite.

#include "soak_study.hpp"

#include <verdant/study/sqlite_storage.hpp>

int main(int argc, char** argv) {
    const auto run = [](const char* file, const char* path) {
        const soak::shared_log log{path};
        soak::say_who(log);
        const soak::study s{soak::train{&log}};
        auto options = soak::options();
        options.threads = 4;
        verdant::sqlite_storage kept{file};
        static_cast<void>(s.run(options, kept, soak::witness{&log}));
    };
    const auto show = [](const char* file) {
        if (const auto kept = verdant::sqlite_storage{file}.load()) soak::dump(*kept);
    };
    return soak::main_of(argc, argv, run, show);
}
