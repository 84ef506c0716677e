#include <verdant/study/detail/sqlite_log_file.hpp>

#include "catch.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace {

namespace sqlite = verdant::detail::sqlite;

/// A file that notes what it is asked, and fails when it is told to.
struct noting_file {
    sqlite3_file base;
};
struct note {
    std::string what{};
    std::int64_t at = 0;
    std::string bytes{};
    friend bool operator==(const note&, const note&) = default;
};
std::vector<note> notes;
int answer = SQLITE_OK;

const sqlite3_io_methods& noting_methods() {
    static const sqlite3_io_methods all = [] {
        sqlite3_io_methods m{};
        m.iVersion = 1;
        m.xClose = [](sqlite3_file*) {
            notes.push_back({"close"});
            return SQLITE_OK;
        };
        m.xRead = [](sqlite3_file*, void*, int, sqlite3_int64 from) {
            notes.push_back({"read", from});
            return answer;
        };
        m.xWrite = [](sqlite3_file*, const void* data, int length, sqlite3_int64 to) {
            notes.push_back({"write", to, std::string{static_cast<const char*>(data), static_cast<std::size_t>(length)}});
            return answer;
        };
        m.xTruncate = [](sqlite3_file*, sqlite3_int64 length) {
            notes.push_back({"truncate", length});
            return answer;
        };
        m.xSync = [](sqlite3_file*, int) {
            notes.push_back({"sync"});
            return answer;
        };
        m.xFileSize = [](sqlite3_file*, sqlite3_int64* length) {
            notes.push_back({"size"});
            *length = 7;
            return answer;
        };
        m.xLock = [](sqlite3_file*, int) { return SQLITE_OK; };
        m.xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; };
        m.xCheckReservedLock = [](sqlite3_file*, int*) { return SQLITE_OK; };
        m.xFileControl = [](sqlite3_file*, int, void*) {
            notes.push_back({"control"});
            return SQLITE_NOTFOUND;
        };
        m.xSectorSize = [](sqlite3_file*) { return 512; };
        m.xDeviceCharacteristics = [](sqlite3_file*) { return 3; };
        return m;
    }();
    return all;
}

/// A file of `log_file_system` over noting ones.
class opened_file {
public:
    explicit opened_file(int flags) {
        real_.iVersion = 1;
        real_.szOsFile = sizeof(noting_file);
        real_.mxPathname = 100;
        real_.zName = "verdant-noting";
        real_.xOpen = [](sqlite3_vfs*, const char*, sqlite3_file* file, int, int*) {
            file->pMethods = answer == SQLITE_OK ? &noting_methods() : nullptr;
            return answer;
        };
        notes.clear();
        made_ = new sqlite::log_file_system{&real_, "verdant-log-test"};
        auto* vfs = sqlite3_vfs_find(made_->name());
        REQUIRE((vfs != nullptr && std::string{vfs->zName} == "verdant-log-test"));
        memory_.resize(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
        result = vfs->xOpen(vfs, "log", file(), flags, nullptr);
    }
    opened_file(const opened_file&) = delete;
    opened_file& operator=(const opened_file&) = delete;
    ~opened_file() {
        delete made_;
        CHECK(sqlite3_vfs_find("verdant-log-test") == nullptr);
    }
    [[nodiscard]] sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
    [[nodiscard]] const sqlite3_io_methods& use() { return *file()->pMethods; }
    [[nodiscard]] int write(const std::string& bytes, std::int64_t to) {
        return use().xWrite(file(), bytes.data(), static_cast<int>(bytes.size()), to);
    }
    int result = SQLITE_OK;

private:
    sqlite3_vfs real_{};
    sqlite::log_file_system* made_ = nullptr;
    std::vector<std::max_align_t> memory_;
};

const std::string head(24, 'h'), page(4096, 'p'), long_page(8192, 'l');

} // namespace

TEST_CASE("a page of a log and its head are written by one call", "[sqlite]") {
    opened_file log{SQLITE_OPEN_WAL};
    REQUIRE(log.result == SQLITE_OK);
    REQUIRE(log.write(std::string(32, 'w'), 0) == SQLITE_OK); // that of the whole log
    for (const std::int64_t at : {32, 32 + 4120}) {
        REQUIRE(log.write(head, at) == SQLITE_OK);
        REQUIRE(log.write(page, at + 24) == SQLITE_OK);
    }
    REQUIRE(notes == std::vector<note>{{"write", 0, std::string(32, 'w')}, {"write", 32, head + page}, {"write", 4152, head + page}});
    REQUIRE(log.use().xSectorSize(log.file()) == 512);
    REQUIRE(log.use().xDeviceCharacteristics(log.file()) == 3);
    REQUIRE(log.use().xClose(log.file()) == SQLITE_OK);
}

TEST_CASE("the head of a page of a log is written before anything else happens to the log", "[sqlite]") {
    opened_file log{SQLITE_OPEN_WAL};
    const auto written_before = [&](const char* what, const auto& call) {
        REQUIRE(log.write(std::string(8, 'w'), 32) == SQLITE_OK); // which ends where the head goes
        notes.clear();
        REQUIRE(log.write(head, 40) == SQLITE_OK);
        REQUIRE(notes.empty());
        call();
        REQUIRE(notes.size() >= 2);
        REQUIRE(notes[0] == note{"write", 40, head});
        REQUIRE(notes[1].what == what);
        REQUIRE(notes.size() == 2);
    };
    char byte = 0;
    sqlite3_int64 length = 0;
    written_before("read", [&] { REQUIRE(log.use().xRead(log.file(), &byte, 1, 3) == SQLITE_OK); });
    written_before("sync", [&] { REQUIRE(log.use().xSync(log.file(), 0) == SQLITE_OK); });
    written_before("truncate", [&] { REQUIRE(log.use().xTruncate(log.file(), 5) == SQLITE_OK); });
    written_before("size", [&] { REQUIRE((log.use().xFileSize(log.file(), &length) == SQLITE_OK && length == 7)); });
    written_before("control", [&] { REQUIRE(log.use().xFileControl(log.file(), 1, nullptr) == SQLITE_NOTFOUND); });
    written_before("write", [&] { REQUIRE(log.write(page, 41 + 24) == SQLITE_OK); }); // elsewhere
    written_before("write", [&] { REQUIRE(log.write(long_page, 40 + 24) == SQLITE_OK); }); // longer than there is room for
    written_before("write", [&] {
        REQUIRE(log.write(head, 80) == SQLITE_OK); // another head, elsewhere
        REQUIRE(log.use().xSync(log.file(), 0) == SQLITE_OK);
        REQUIRE(notes.back().what == "sync");
        notes.pop_back();
    });
    written_before("close", [&] { REQUIRE(log.use().xClose(log.file()) == SQLITE_OK); });
}

TEST_CASE("a head that is written again waits for nothing: no page follows it", "[sqlite]") {
    opened_file log{SQLITE_OPEN_WAL};
    char bytes[24];
    sqlite3_int64 length = 0;
    const auto at_once = [&](const auto& call) {
        REQUIRE(log.write(std::string(8, 'w'), 32) == SQLITE_OK);
        call();
        notes.clear();
        REQUIRE(log.write(head, 40) == SQLITE_OK);
        REQUIRE(notes == std::vector<note>{{"write", 40, head}});
    };
    at_once([&] { REQUIRE(log.use().xRead(log.file(), bytes, 24, 40) == SQLITE_OK); });
    at_once([&] { REQUIRE(log.use().xSync(log.file(), 0) == SQLITE_OK); });
    at_once([&] { REQUIRE(log.use().xTruncate(log.file(), 40) == SQLITE_OK); });
    at_once([&] { REQUIRE(log.use().xFileSize(log.file(), &length) == SQLITE_OK); });
    at_once([&] { REQUIRE(log.write(std::string(8, 'w'), 0) == SQLITE_OK); });
}

TEST_CASE("what was committed is in the files, also where pages were in the log before they were changed again", "[sqlite]") {
    const std::filesystem::path path = "log_file_spilled.db", copy = "log_file_copied.db";
    const auto remove = [](const std::filesystem::path& p) {
        for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(p.string() + end);
    };
    remove(path);
    remove(copy);
    const auto open = [](const std::filesystem::path& p, const char* vfs) {
        sqlite3* db = nullptr;
        REQUIRE(sqlite3_open_v2(p.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs) == SQLITE_OK);
        return db;
    };
    const auto run = [](sqlite3* db, const std::string& sql) {
        INFO(sql);
        REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    };
    const std::string joined = sqlite::joined_log_files();
    auto* db = open(path, joined.empty() ? nullptr : joined.c_str());
    run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = 20; PRAGMA wal_autocheckpoint = 0;"
            "CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (0, 'first')");
    for (int round = 1; round <= 5; ++round) {
        run(db, "BEGIN; UPDATE t SET v = 'round " + std::to_string(round) +
                    "' WHERE k = 0;"
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
                    " INSERT INTO t SELECT " +
                    std::to_string(1000 * round) +
                    " + i, hex(randomblob(900)) FROM n;"
                    "UPDATE t SET v = v || ', again' WHERE k = 0; COMMIT");
        // As a process that dies leaves them.
        for (const auto* end : {"", "-wal"})
            std::filesystem::copy_file(path.string() + end, copy.string() + end, std::filesystem::copy_options::overwrite_existing);
        auto* after = open(copy, nullptr);
        sqlite3_stmt* found = nullptr;
        REQUIRE(sqlite3_prepare_v2(after, "SELECT count(*), (SELECT v FROM t WHERE k = 0) FROM t", -1, &found, nullptr) == SQLITE_OK);
        REQUIRE(sqlite3_step(found) == SQLITE_ROW);
        CHECK(sqlite3_column_int(found, 0) == 1 + 300 * round);
        CHECK(std::string{reinterpret_cast<const char*>(sqlite3_column_text(found, 1))} == "round " + std::to_string(round) + ", again");
        sqlite3_finalize(found);
        sqlite3_close(after);
        remove(copy);
    }
    sqlite3_close(db);
    remove(path);
}

TEST_CASE("a log that cannot be written says so, and tries nothing later", "[sqlite]") {
    opened_file log{SQLITE_OPEN_WAL};
    for (const bool page_comes : {true, false}) {
        REQUIRE(log.write(std::string(8, 'w'), 32) == SQLITE_OK);
        notes.clear();
        REQUIRE(log.write(head, 40) == SQLITE_OK);
        answer = SQLITE_FULL;
        REQUIRE((page_comes ? log.write(page, 64) : log.use().xSync(log.file(), 0)) == SQLITE_FULL);
        answer = SQLITE_OK;
        REQUIRE(notes.size() == 1); // no sync of a log without its head
        REQUIRE(log.use().xSync(log.file(), 0) == SQLITE_OK);
        REQUIRE(notes.size() == 2);
    }
    REQUIRE(log.write(std::string(8, 'w'), 32) == SQLITE_OK);
    REQUIRE(log.write(head, 40) == SQLITE_OK);
    answer = SQLITE_FULL;
    REQUIRE(log.use().xClose(log.file()) == SQLITE_FULL);
    REQUIRE(notes.back().what == "close");
    answer = SQLITE_OK;
}

TEST_CASE("a log that cannot be opened is none", "[sqlite]") {
    answer = SQLITE_FULL;
    opened_file log{SQLITE_OPEN_WAL};
    answer = SQLITE_OK;
    REQUIRE(log.result == SQLITE_FULL);
    REQUIRE(log.file()->pMethods == nullptr);
}

TEST_CASE("files that are no logs are those of the system", "[sqlite]") {
    opened_file database{SQLITE_OPEN_MAIN_DB};
    REQUIRE(database.result == SQLITE_OK);
    REQUIRE(database.file()->pMethods == &noting_methods());
}
