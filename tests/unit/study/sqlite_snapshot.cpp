#include <verdant/study/sqlite_storage.hpp>

#include "catch.hpp"
#include "laws/storage.hpp"
#include "unit/io/folder.hpp"

#include <verdant/optimizer/random.hpp>

#include <SQLiteCpp/Database.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace vd = verdant;

namespace {

vd::study_description described(const std::string& order) {
    auto d = vd::describe_study<laws::law_space, laws::law_goals, vd::random_search>(laws::law_goals::limits(), {}, 5, 4);
    d.order = order;
    return d;
}
vd::stored_trial trial(std::uint64_t number) { return {number, {"2", "1", "0"}, true, {0.1, 0.2}, "", vd::trial_origin::optimizer, {}}; }
std::int64_t count(const std::string& path, const std::string& table) {
    return SQLite::Database{path}.execAndGet("SELECT count(*) FROM " + table).getInt64();
}

} // namespace

TEST_CASE("transactions in quick succession see what other programs write, and are seen by them", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("s.db");
    {
        vd::sqlite_storage kept{path};
        kept.create(described("generations"));
        kept.begin({0, 0, 4, 10, 0}, {.random = {1, 2, 3, 4}});
        SQLite::Database other{path, SQLite::OPEN_READWRITE};
        other.exec("CREATE TABLE notes(n)");
        for (std::uint64_t n = 0; n < 40; ++n) {
            kept.add(trial(n));
            REQUIRE(other.execAndGet("SELECT count(*) FROM trials").getInt64() == static_cast<std::int64_t>(n) + 1);
            if (n % 4 == 0) other.exec("INSERT INTO notes VALUES(1)"); // so that what the storage last saw is old
            if (n == 20) other.exec("PRAGMA wal_checkpoint(PASSIVE)");
        }
    }
    REQUIRE(count(path, "trials") == 40);
    REQUIRE(count(path, "notes") == 10);
    REQUIRE(vd::sqlite_storage{path}.load()->trials.size() == 40);
}

TEST_CASE("the log of transactions in quick succession is moved into the file as it goes", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("s.db");
    vd::sqlite_storage kept{path};
    kept.create(described("generations"));
    kept.begin({0, 0, 4, 10, 0}, {.random = {1, 2, 3, 4}});
    for (std::uint64_t n = 0; n < 2500; ++n) kept.add(trial(n));
    // 1000 pages, those of one transaction more, and heads of 24 bytes.
    REQUIRE(std::filesystem::file_size(path + "-wal") < 1100 * (4096 + 24));
}

TEST_CASE("locks for reading are kept between transactions in quick succession, and only there", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("s.db");
    vd::sqlite_storage kept{path};
    kept.create(described("generations"));
    kept.begin({0, 0, 4, 10, 0}, {.random = {1, 2, 3, 4}});
    SQLite::Database other{path, SQLite::OPEN_READWRITE};
    // Whether somebody reads: the log cannot begin anew as long as there is one.
    const auto is_read = [&] { return other.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)").getInt() == 1; };
    std::uint64_t n = 0;
    bool seen = false;
    while (!seen && n < 1000) { // a busy machine may have 10 ms between some of them
        kept.add(trial(n++));
        kept.add(trial(n++));
        seen = is_read();
    }
    REQUIRE(seen);
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{15});
        kept.add(trial(n++));
        REQUIRE_FALSE(is_read());
    }
    kept.add(trial(n++));
    REQUIRE(other.execAndGet("SELECT count(*) FROM trials").getInt64() == static_cast<std::int64_t>(n));
}

TEST_CASE("a page of the log of a study is one call of the system", "[sqlite]") {
    const auto calls = [] { // that write, of this process
        std::ifstream file{"/proc/self/io"};
        std::uint64_t count = 0;
        for (std::string word; file >> word;)
            if (word == "syscw:") file >> count;
        return count;
    };
    if (calls() == 0) {
        WARN("the system does not count them");
        return;
    }
    const scratch_folder folder;
    vd::sqlite_storage kept{folder.file("s.db")};
    kept.create(described("generations"));
    kept.begin({0, 0, 4, 10, 0}, {.random = {1, 2, 3, 4}});
    kept.add(trial(0));
    const auto before = calls();
    for (std::uint64_t n = 1; n <= 200; ++n) kept.add(trial(n));
    REQUIRE(calls() - before < 300); // a page a trial, and now and then one more
}

TEST_CASE("a question is kept with its first trial, and by itself where the storage is closed", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("s.db");
    for (const std::string order : {"generations", "as_completed"}) {
        std::filesystem::remove(path);
        const vd::stored_state first{.random = {1, 2, 3, 4}, .optimizer = "0 first"}, second{.random = {5, 6, 7, 8}, .optimizer = "1 second"};
        auto one = trial(0), two = trial(1);
        if (order == "as_completed") one.told = 0, two.told = 1;
        {
            vd::sqlite_storage kept{path};
            kept.create(described(order));
            kept.begin({0, 0, 2, 10, 0}, first);
            REQUIRE(count(path, "asks") == (order == "generations" ? 1 : 0)); // one that is killed now asks it again
            kept.submit({0, one.parameters});
            kept.submit({1, two.parameters});
            kept.add(one);
            REQUIRE(count(path, "asks") == 1);
        }
        {
            // A study that is gone on with tells of its last question without asking anew: the state before it stays.
            vd::sqlite_storage kept{path};
            REQUIRE(laws::same_states(kept.load()->state, first));
            kept.add(two);
        }
        {
            vd::sqlite_storage kept{path};
            const auto found = kept.load();
            REQUIRE(laws::same_states(found->state, first));
            REQUIRE(found->trials.size() == 2);
            kept.replace(two);
            kept.begin({1, 2, 2, 10, 2}, second);
            REQUIRE(count(path, "asks") == 1); // as long as none of its trials is kept
            REQUIRE(laws::same_states(kept.load()->state, second));
        }
        const auto found = vd::sqlite_storage{path}.load();
        REQUIRE(found->asks.size() == 2);
        REQUIRE(laws::same_states(found->state, second));
    }
}
