#include <verdant/distributed/serve_sqlite.hpp>
#include <verdant/distributed/sqlite_dispatcher.hpp>

#include "catch.hpp"
#include "laws/dispatcher.hpp"
#include "unit/distributed/worker_crew.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vd = verdant;
using Catch::Contains;

namespace {

template <class Optimizer>
using law_search =
    vd::search<laws::law_space, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::subject_to<vd::latency, vd::at_most<9>>, Optimizer>;
using evolution = law_search<vd::nsga2<>>;
const evolution::options usual{.trials = 30, .seed = 3, .optimizer = {.population = 8}};

void pause(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>{seconds}); }
void say_nothing(const std::string&) {}

struct folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("verdant-jobs-" + std::to_string(::getpid()));
    folder() { std::filesystem::create_directories(path); }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() { std::filesystem::remove_all(path); }
    std::string operator/(const std::string& name) const { return (path / name).string(); }
};

vd::sqlite_worker_options worker_options(double lease = 5, double idle = 20) { return {.lease = lease, .idle = idle, .notice = say_nothing}; }

struct crew : worker_crew {
    template <class Study>
    crew(const Study& s, const std::string& file, std::size_t n)
        : worker_crew{n, [&s, file] { return vd::serve_sqlite(s, file, worker_options()); }} {}
};

template <class Study>
pid_t worker_process(const Study& s, const std::string& file, double lease) {
    const auto child = ::fork();
    if (child != 0) return child;
    try {
        vd::serve_sqlite(s, file, worker_options(lease));
    } catch (...) { ::_exit(1); }
    ::_exit(0);
}

struct vacant_meter {
    vd::search_consumption consumption() const { return {.method = "none"}; }
};

// A joule more each time it is asked.
struct ticking_meter {
    double so_far = 0;
    vd::search_consumption consumption() { return {.processors = ++so_far * vd::joules{}, .method = "ticks"}; }
};

template <class Result>
bool same(const Result& a, const Result& b) {
    return a.trials() == b.trials() && a.front() == b.front() && a.reason() == b.reason();
}

std::int64_t number_in(const std::string& file, const std::string& sql) {
    SQLite::Database db{file, SQLite::OPEN_READONLY};
    return db.execAndGet(sql).getInt64();
}

} // namespace

TEST_CASE("workers that share a file are a dispatcher, and find what one process finds", "[sqlite]") {
    const folder here;
    const evolution s{laws::law_accuracy{}, laws::law_latency{}};
    {
        crew workers{s, here / "laws.db", 2};
        vd::sqlite_dispatcher d{here / "laws.db", s};
        while (d.workers() < 2) pause(0.05); // where more come, it returns without a result, for the search to ask for more
        laws::obeys_dispatcher_laws(d);
    }
    const auto alone = s.run(usual);
    for (const std::size_t n : {1U, 4U}) {
        const auto file = here / ("chip " + std::to_string(n) + ".db");
        crew workers{s, file, n};
        {
            vd::sqlite_storage kept{file};
            vd::sqlite_dispatcher d{file, s};
            vacant_meter meter;
            const auto found = s.run(usual, kept, d, meter);
            REQUIRE(same(found, alone));
            for (const auto& t : found.trials()) REQUIRE((t.times.worker >= 1 && t.times.worker <= n && t.times.known()));
            // What they consumed nobody here knows, and the result does not pass over it.
            REQUIRE_THAT(found.consumption()->method, Contains("none; workers in other processes are not counted"));
        }
        workers.wait(); // they leave with the search, those that have come
        REQUIRE(workers.evaluated() == 30);
        REQUIRE(workers.failure == "");
        REQUIRE(number_in(file + "-jobs", "SELECT count(*) FROM jobs") == 0);
        REQUIRE(number_in(file + "-jobs", "SELECT count(*) FROM workers WHERE gone IS NULL OR seen < joined") == 0);
    }
}

TEST_CASE("workers that share a file say what they consume", "[sqlite]") {
    const folder here;
    const auto file = here / "metered.db";
    const evolution s{laws::law_accuracy{}, laws::law_latency{}};
    worker_crew workers{1, [&s, file] {
                            ticking_meter meter;
                            return vd::serve_sqlite(s, file, meter, worker_options());
                        }};
    vd::sqlite_storage kept{file};
    {
        vd::sqlite_dispatcher d{file, s};
        vacant_meter meter;
        const auto found = s.run(usual, kept, d, meter);
        REQUIRE(found.consumption()->energy().value() == 30); // a tick for each trial
        REQUIRE(found.consumption()->workers.size() == 1);
        char host[256]{};
        REQUIRE(::gethostname(host, sizeof host - 1) == 0);
        REQUIRE(found.consumption()->workers[0].worker == std::string{host} + ' ' + std::to_string(::getpid()));
        REQUIRE(found.consumption()->method == "none; workers in other processes by meters of their own, while they evaluated");
        REQUIRE(kept.load()->consumption.size() == 2);
        REQUIRE_THAT(kept.load()->consumption[1].method, Contains("; ticks"));
    }
    workers.wait();
    REQUIRE(workers.failure == "");
}

TEST_CASE("trials of workers that share a file are told as they are completed, in an order that is kept", "[sqlite]") {
    const folder here;
    const evolution s{laws::law_accuracy{}, laws::law_latency{}};
    auto options = usual;
    options.order = vd::tell_order::as_completed;
    crew workers{s, here / "study.db", 3};
    {
        vd::sqlite_dispatcher d{here / "study.db", s};
        vd::sqlite_storage kept{here / "study.db"};
        const auto found = s.run(options, kept, d);
        REQUIRE(found.trials().size() == 30);
    }
    workers.wait();
    REQUIRE(workers.failure == "");
    REQUIRE(workers.evaluated() == 30);
    vd::sqlite_storage kept{here / "study.db"};
    options.trials = 40;
    const auto more = s.run(options, kept);
    REQUIRE(more.trials().size() == 40);
}

TEST_CASE("a worker of another program, and a file of another one, are refused", "[sqlite]") {
    const folder here;
    const auto file = here / "study.db";
    const evolution s{laws::law_accuracy{}, laws::law_latency{}};
    const evolution other_evaluators{laws::law_latency{}, laws::law_accuracy{}};
    struct other_space : vd::space<vd::param<"width", vd::choices<2, 4>>> {};
    const vd::search<other_space, vd::maximize<vd::accuracy>, vd::random_search> elsewhere{
        [](const vd::point<other_space>&) { return vd::metrics<vd::accuracy>{0.5}; }};
    const auto brief = worker_options(5, 0.3);
    // Nobody searches: nothing is made.
    REQUIRE(vd::serve_sqlite(s, file, brief).evaluated == 0);
    REQUIRE(std::filesystem::is_empty(here.path));
    {
        vd::sqlite_dispatcher d{file, s};
        REQUIRE_THROWS_WITH(vd::serve_sqlite(other_evaluators, file, brief),
                            Contains("jobs in ") && Contains("study.db-jobs") &&
                                Contains("expected the program of the search, found another one: evaluator 0: "));
        REQUIRE_THROWS_WITH(vd::serve_sqlite(elsewhere, file, brief), Contains("parameter width: ") && Contains("goal "));
        SQLite::Database{file + "-jobs", SQLite::OPEN_READWRITE}.exec("UPDATE program SET value = value || '0' WHERE name = 'build'");
        REQUIRE_THROWS_WITH(vd::serve_sqlite(s, file, brief), Contains("another one: build: "));
        REQUIRE_THROWS_WITH((vd::sqlite_dispatcher{file, s, {.patience = 0}}), Contains("it is in use by another search"));
    }
    // A search that has ended is nobody who searches.
    REQUIRE(vd::serve_sqlite(s, file, brief).evaluated == 0);
    REQUIRE_THROWS_WITH(vd::serve_sqlite(s, file, {.lease = 0}), Contains("sqlite worker, lease"));
    // Longer than clocks can wait: it gave signs without a pause.
    REQUIRE_THROWS_WITH(vd::serve_sqlite(s, file, {.lease = 1e12, .idle = 0}),
                        Contains("sqlite worker, lease: expected seconds above 0, at most 10^9, found 1e+12"));
    REQUIRE_THROWS_WITH((vd::sqlite_dispatcher{file, s, {.tries = 0}}), Contains("sqlite dispatcher, tries"));
    REQUIRE_THROWS_WITH((vd::sqlite_dispatcher{here / "nowhere/study.db", s}), Contains("there is no folder "));

    std::ofstream{here / "text.db-jobs"} << "this is no database, however long one reads in it, and reads";
    SQLite::Database{here / "other.db-jobs", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec("CREATE TABLE t(x)");
    SQLite::Database{here / "newer.db-jobs", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec(
        "PRAGMA application_id = 0x76646a62; PRAGMA user_version = 9; CREATE TABLE t(x)");
    for (const auto& [name, said] : {std::pair{"text.db", "expected a file of jobs, found a file that is no database of SQLite"},
                                     std::pair{"other.db", "expected a file of jobs, found a database of another program"},
                                     std::pair{"newer.db", "format: expected 1, found 9, of another version of verdant"}}) {
        REQUIRE_THROWS_WITH((vd::sqlite_dispatcher{here / name, s}), Contains(said));
        REQUIRE_THROWS_WITH(vd::serve_sqlite(s, here / name, brief), Contains(said));
    }
    // Of a search that was killed before it wrote.
    std::ofstream{here / "empty.db-jobs"};
    REQUIRE(vd::serve_sqlite(s, here / "empty.db", brief).evaluated == 0);
    const vd::sqlite_dispatcher taken{here / "empty.db", s};
    REQUIRE(taken.pending() == 0);
}

TEST_CASE("a worker process that is killed has its trial given to another, and one that kills its workers fails", "[sqlite][heavy]") {
    const folder here;
    // A trial of this width kills whoever evaluates it.
    const auto deadly = [](const laws::law_point& p) {
        if (p.get<"width">() == 12) ::kill(::getpid(), SIGKILL);
        return vd::metrics<vd::accuracy>{static_cast<double>(p.get<"width">())};
    };
    const evolution s{deadly, laws::law_latency{}};
    std::vector<pid_t> children;
    for (int i = 0; i < 8; ++i) children.push_back(worker_process(s, here / "study.db", 0.5));
    {
        vd::sqlite_dispatcher d{here / "study.db", s, {.tries = 2}};
        vacant_meter meter;
        const auto found = s.run({.trials = 12, .seed = 3, .optimizer = {.population = 4}}, d, meter);
        REQUIRE(found.trials().size() == 12);
        REQUIRE_THAT(found.consumption()->method, Contains("workers were lost, and what they consumed"));
        std::size_t lost = 0;
        for (const auto& t : found.trials()) {
            REQUIRE(t.completed() == (t.point.get<"width">() != 12));
            REQUIRE((t.completed() || t.message == "2 workers were lost while they evaluated it"));
            lost += t.completed() ? 0 : 2;
        }
        REQUIRE(lost < 8);
        REQUIRE(lost > 0);
    }
    for (const auto child : children) ::waitpid(child, nullptr, 0);
}

TEST_CASE("a worker process that stood still for longer than its lease comes back, and its late result is dropped", "[sqlite][heavy]") {
    const folder here;
    const auto log = here / "evaluated";
    const auto counted = [&](const laws::law_point& p) {
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
        if (::write(file, "x", 1) != 1) throw vd::error{"no log"};
        ::close(file);
        pause(0.1);
        return vd::metrics<vd::accuracy>{static_cast<double>(p.get<"width">())};
    };
    const evolution s{counted, laws::law_latency{}};
    const auto evaluated = [&] { return std::filesystem::exists(log) ? std::filesystem::file_size(log) : 0; };
    const auto alone = s.run(usual);
    std::filesystem::remove(log);
    const auto still = worker_process(s, here / "study.db", 0.6);
    pid_t other = 0;
    std::thread director{[&] {
        while (evaluated() < 3) pause(0.005);
        ::kill(still, SIGSTOP); // in the midst of a trial
        other = worker_process(s, here / "study.db", 0.6);
        while (evaluated() < 15) pause(0.005);
        ::kill(still, SIGCONT);
    }};
    {
        vd::sqlite_storage kept{here / "study.db"};
        vd::sqlite_dispatcher d{here / "study.db", s};
        REQUIRE(same(s.run(usual, kept, d), alone));
    }
    director.join();
    for (const auto child : {still, other}) {
        int status = 0;
        ::waitpid(child, &status, 0);
        REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
    REQUIRE(evaluated() == 31);
    REQUIRE(number_in(here / "study.db", "SELECT count(*) FROM trials") == 30);
}

TEST_CASE("a search that is killed is taken up with what the workers of its file go on with", "[sqlite][heavy]") {
    const folder here;
    const auto log = here / "evaluated";
    const auto counted = [&](const laws::law_point& p) {
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
        if (::write(file, "x", 1) != 1) throw vd::error{"no log"};
        ::close(file);
        pause(0.05);
        return vd::metrics<vd::accuracy>{static_cast<double>(p.get<"width">())};
    };
    const evolution s{counted, laws::law_latency{}};
    const auto alone = s.run(usual);
    std::filesystem::remove(log);
    const auto search = [&] {
        vd::sqlite_storage kept{here / "study.db"};
        vd::sqlite_dispatcher d{here / "study.db", s};
        return s.run(usual, kept, d);
    };
    const auto leader = ::fork();
    if (leader == 0) {
        try {
            search();
        } catch (...) { ::_exit(1); }
        ::_exit(0);
    }
    crew workers{s, here / "study.db", 4};
    const auto evaluated = [&] { return std::filesystem::exists(log) ? std::filesystem::file_size(log) : 0; };
    while (evaluated() < 10) pause(0.01);
    ::kill(leader, SIGKILL);
    ::waitpid(leader, nullptr, 0);
    pause(0.3);
    const auto before = number_in(here / "study.db", "SELECT count(*) FROM trials");
    REQUIRE((before > 0 && before < 30));
    REQUIRE(same(search(), alone));
    workers.wait();
    REQUIRE(workers.failure == "");
    REQUIRE(evaluated() == 30); // not even those in flight twice
}
