#include "fuzz.hpp"

#include <verdant/study/sqlite_storage.hpp>

#include <cstdio>
#include <fstream>

VERDANT_FUZZ_TARGET(sqlite_study) {
    struct folder {
        folder() {
            if (::mkdtemp(path.data()) == nullptr) fuzz::fail("no folder");
        }
        ~folder() {
            clear();
            ::rmdir(path.c_str());
        }
        void clear() const {
            for (const auto* rest : {"", "-wal", "-shm", "-lock", "-journal"}) std::remove((file() + rest).c_str());
        }
        [[nodiscard]] std::string file() const { return path + "/study.db"; }
        std::string path = "/tmp/verdant-fuzz-XXXXXX";
    };
    static const folder at;
    at.clear();
    std::ofstream{at.file(), std::ios::binary}.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
    verdant::sqlite_storage storage{at.file(), {.patience = 0}};
    static_cast<void>(storage.load());
}
