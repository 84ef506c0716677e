#pragma once

// What the tests that kill searches share.

#include "catch.hpp"
#include "studies.hpp"
#include "unit/io/folder.hpp"

#include <verdant/study/sqlite_storage.hpp>

#include <cstdint>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace studies {

// Takes so many microseconds, and fails now and then. Writes a byte to `out`, if it is one, when it begins.
struct slow_measure {
    unsigned microseconds;
    int out = -1;
    vd::metrics<vd::accuracy, vd::latency> operator()(const point& p, vd::random_stream& random) const {
        if (out >= 0 && ::write(out, "x", 1) != 1) ::_exit(3);
        if (microseconds > 0) ::usleep(microseconds);
        if (random.chance(0.05)) throw std::runtime_error{"no luck"};
        auto m = measure(p);
        m.set<vd::accuracy>(m.get<vd::accuracy>() + 1e-3 * random.uniform());
        return m;
    }
};

// All rows of a table, each as one text with every bit of every number, but for when a trial was, how long it took and who did it.
inline std::vector<std::string> rows(const std::string& path, const std::string& table) {
    SQLite::Database db{path, SQLite::OPEN_READONLY};
    SQLite::Statement all{db, "SELECT * FROM " + table + " ORDER BY 1"};
    std::vector<std::string> found;
    while (all.executeStep()) {
        auto& row = found.emplace_back();
        for (int c = 0; c < all.getColumnCount(); ++c) {
            const auto column = all.getColumn(c);
            if (const std::string name = column.getName(); name == "started" || name == "ended" || name == "seconds" || name == "worker") continue;
            char bits[40] = "";
            if (column.isFloat()) std::snprintf(bits, sizeof bits, "%a", column.getDouble());
            row += column.isFloat() ? std::string{bits} : column.getString();
            row += '|';
        }
    }
    return found;
}

// Runs the study in a child, which is killed after `wait` microseconds or, where that is wanted, so long after it had begun to evaluate.
template <class Study>
void run_and_kill(const typename Study::options& options, const std::string& path, unsigned microseconds, useconds_t wait, bool begins) {
    int begun[2];
    REQUIRE(::pipe(begun) == 0);
    const auto child = ::fork();
    if (child == 0) {
        int code = 1;
        try {
            Study{slow_measure{microseconds, begun[1]}, power}.run(options, vd::sqlite_storage{path});
            code = 0;
        } catch (...) {}
        ::_exit(code);
    }
    ::close(begun[1]);
    char byte = 0;
    if (begins) REQUIRE(::read(begun[0], &byte, 1) == 1);
    ::usleep(wait);
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    ::close(begun[0]);
    REQUIRE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)); // it had not ended, neither well nor with an error
}

// Ten times a child runs the study and is killed at most `longest` microseconds after it was started or, every other time, after it had begun to
// evaluate; then the rest is done here.
template <class Study>
void killed_equals_uninterrupted(const typename Study::options& options, unsigned microseconds, unsigned longest) {
    const scratch_folder folder;
    const auto path = folder.file("killed.db"), other = folder.file("whole.db");
    const Study quick{slow_measure{0}, power};
    std::mt19937_64 moments{std::random_device{}()}; // any moment must do
    std::size_t kept = 0;
    for (int kill = 0; kill < 10; ++kill) {
        const auto wait = static_cast<useconds_t>(moments() % longest);
        CAPTURE(kill, wait, kept);
        run_and_kill<Study>(options, path, microseconds, wait, kill % 2 != 0);
        if (::access(path.c_str(), F_OK) == 0) {
            const auto now = rows(path, "trials").size();
            REQUIRE(now >= kept); // nothing is lost
            kept = now;
        }
    }
    CAPTURE(kept);
    REQUIRE(kept > 0);
    REQUIRE(kept < options.trials);
    const auto whole = quick.run(options);
    REQUIRE(same(quick.run(options, vd::sqlite_storage{path}), whole));
    REQUIRE(same(quick.run(options, vd::sqlite_storage{other}), whole));
    for (const char* table : {"trials", "asks", "state"}) REQUIRE(rows(path, table) == rows(other, table));
}

} // namespace studies
