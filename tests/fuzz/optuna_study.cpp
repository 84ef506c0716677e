#include "fuzz.hpp"

#include <verdant/study/optuna_import.hpp>
#include <verdant/study/optuna_study.hpp>

#include <cstdio>
#include <fstream>
#include <string>

VERDANT_FUZZ_TARGET(optuna_study) {
    static const auto path = "/tmp/verdant-fuzz-optuna-" + std::to_string(::getpid()) + ".db";
    struct remover {
        ~remover() {
            for (const auto* rest : {"", "-wal", "-shm", "-journal"}) std::remove((path + rest).c_str());
        }
    } const afterwards;
    std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
    for (const auto& name : verdant::optuna_study_names(path))
        static_cast<void>(verdant::import_optuna_study(verdant::read_optuna_study(path, name), fuzz::source));
}
