#include <verdant/distributed/postgres_dispatcher.hpp>
#include <verdant/distributed/serve_postgres.hpp>

#include "catch.hpp"
#include "laws/dispatcher.hpp"
#include "unit/distributed/cutting_proxy.hpp"
#include "unit/distributed/worker_crew.hpp"
#include "unit/study/postgres/postgres_server.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
#include <verdant/study/postgres/postgres_storage.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
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
const vd::postgres_options quiet{.patience = 30, .notice = [](const std::string&) {}};

bool no_server() {
    if (!postgres_server::programs().empty()) return false;
    WARN("left out: no server of PostgreSQL is installed (Debian: postgresql)");
    return true;
}

// A joule more each time it is asked.
struct ticking_meter {
    double so_far = 0;
    vd::search_consumption consumption() { return {.processors = ++so_far * vd::joules{}, .method = "ticks"}; }
};
struct still_meter {
    vd::search_consumption consumption() const { return {.method = "none"}; }
};

struct crew : worker_crew {
    template <class Study>
    crew(const Study& s, const std::string& address, const std::string& name, std::size_t n, double lease = 5)
        : worker_crew{n, [&s, address, name, lease] {
                          ticking_meter meter;
                          return vd::serve_postgres(s, address, name, meter, {.connection = quiet, .lease = lease, .idle = 20});
                      }} {}
};

template <class Result>
bool same(const Result& a, const Result& b) {
    return a.trials() == b.trials() && a.front() == b.front() && a.reason() == b.reason();
}

void pause(double seconds) { vd::detail::postgres::connection::sleep(seconds); }

} // namespace

TEST_CASE("workers that share a database are a dispatcher, and find what one process finds", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    const evolution s{laws::law_accuracy{}, laws::law_latency{}};
    {
        crew workers{s, server.address(), "laws", 2};
        vd::postgres_dispatcher d{server.address(), "laws", s, {.connection = quiet}};
        laws::obeys_dispatcher_laws(d);
        pause(1.1); // it looks once a second
        CAPTURE(workers.failure);
        REQUIRE(d.workers() == 2);
    }
    const auto alone = s.run(usual);
    for (const std::size_t n : {1U, 4U}) {
        const auto name = "chip " + std::to_string(n);
        crew workers{s, server.address(), name, n};
        {
            vd::postgres_storage kept{server.address(), name, quiet};
            vd::postgres_dispatcher d{server.address(), name, s, {.connection = quiet}};
            still_meter meter;
            const auto found = s.run(usual, kept, d, meter);
            REQUIRE(same(found, alone));
            REQUIRE(found.consumption()->energy().value() >= 30); // a tick for each trial; those of threads of one process are of one worker
            REQUIRE(found.consumption()->workers.size() == 1);
            REQUIRE(kept.load()->consumption.size() == 2);
            for (const auto& t : found.trials()) REQUIRE((t.times.worker >= 1 && t.times.worker <= n && t.times.known()));
        }
        workers.wait(); // they leave with the search
        REQUIRE(workers.evaluated() == 30);
        REQUIRE(workers.failure.empty());
    }
    REQUIRE(server.ask("SELECT count(*) FROM \"chip 4\".trials WHERE worker BETWEEN 1 AND 4") == "30");
    REQUIRE(server.ask("SELECT count(*) FROM \"chip 4\".workers WHERE gone IS NOT NULL AND seen >= joined") == "4");
    REQUIRE(server.ask("SELECT count(*) FROM \"chip 4\".jobs") == "0");
}

TEST_CASE("a worker of another program is refused with what differs", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    const evolution s{laws::law_accuracy{}, laws::law_latency{}};
    const evolution other_evaluators{laws::law_latency{}, laws::law_accuracy{}};
    struct other_space : vd::space<vd::param<"width", vd::choices<2, 4>>> {};
    const vd::search<other_space, vd::maximize<vd::accuracy>, vd::random_search> elsewhere{
        [](const vd::point<other_space>&) { return vd::metrics<vd::accuracy>{0.5}; }};
    const law_search<vd::random_search> other_optimizer{laws::law_accuracy{}, laws::law_latency{}}; // which is nothing to workers
    vd::postgres_dispatcher d{server.address(), "chip", s, {.connection = quiet}};
    const vd::postgres_worker_options brief{.connection = quiet, .idle = 0.3};
    REQUIRE_THROWS_WITH(vd::serve_postgres(other_evaluators, server.address(), "chip", brief),
                        Contains("jobs of chip in postgres at") && Contains("expected the program of the search, found another one: evaluator 0: "));
    REQUIRE_THROWS_WITH(vd::serve_postgres(elsewhere, server.address(), "chip", brief), Contains("parameter width: ") && Contains("goal "));
    server.ask("UPDATE chip.program SET value = value || $$0$$ WHERE name = $$build$$");
    REQUIRE_THROWS_WITH(vd::serve_postgres(s, server.address(), "chip", brief), Contains("another one: build: "));
    REQUIRE_THROWS_WITH((vd::postgres_dispatcher{server.address(), "chip", s, {.connection = quiet}}), Contains("another program has it open"));
    REQUIRE_THROWS_WITH(vd::serve_postgres(s, server.address(), "chip", {.lease = 0}), Contains("postgres worker, lease"));
    REQUIRE_THROWS_WITH(vd::serve_postgres(s, server.address(), "chip", {.lease = 1e12, .idle = 0}),
                        Contains("postgres worker, lease: expected seconds above 0, at most 10^9, found 1e+12"));
    // Nobody searches.
    REQUIRE(vd::serve_postgres(other_optimizer, server.address(), "nothing", brief).evaluated == 0);
}

TEST_CASE("a worker that is killed has its trial given to another, and one that kills its workers fails", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    // The first child dies in its third trial; a trial of eight heads kills whoever evaluates it.
    static std::atomic<int> left{1'000'000};
    static bool deadly = false;
    const auto dying = [](const laws::law_point& p) {
        if (--left == 0 || (deadly && p.get<"width">() == 12)) ::kill(::getpid(), SIGKILL);
        return vd::metrics<vd::accuracy>{static_cast<double>(p.get<"width">())};
    };
    const evolution s{dying, laws::law_latency{}};
    deadly = true;
    const auto worker = [&](int dies_at) {
        const auto child = ::fork();
        if (child != 0) return child;
        left = dies_at;
        try {
            vd::serve_postgres(s, server.address(), "chip", {.connection = quiet, .lease = 0.5, .idle = 30});
        } catch (...) { ::_exit(1); }
        ::_exit(0);
    };
    std::vector<pid_t> children;
    for (const int dies_at : {3, 1'000'000, 1'000'000, 1'000'000, 1'000'000, 1'000'000, 1'000'000, 1'000'000}) children.push_back(worker(dies_at));
    {
        vd::postgres_dispatcher d{server.address(), "chip", s, {.connection = quiet, .tries = 2}};
        const auto found = s.run({.trials = 12, .seed = 3, .optimizer = {.population = 4}}, d);
        REQUIRE(found.trials().size() == 12);
        for (const auto& t : found.trials()) {
            REQUIRE((t.completed() || t.message == "2 workers were lost while they evaluated it"));
            REQUIRE((t.completed() || t.point.get<"width">() == 12));
        }
    }
    for (const auto child : children) ::waitpid(child, nullptr, 0);
}

TEST_CASE("a worker that was cut off for longer than its lease comes back, and its late result is dropped", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    cutting_proxy proxy{server.folder};
    std::atomic<bool> hold{false}, held{false};
    std::atomic<int> calls{0};
    const auto slow = [&](const laws::law_point& p) {
        ++calls;
        if (hold.exchange(false)) {
            held = true;
            while (held) pause(0.01);
        }
        return vd::metrics<vd::accuracy>{static_cast<double>(p.get<"width">())};
    };
    const evolution s{slow, laws::law_latency{}};
    const auto alone = s.run(usual);
    calls = 0;
    hold = true;
    const auto far = proxy.address() + " user=tester dbname=postgres";
    crew away{s, far, "chip", 1, 0.6};
    std::thread director{[&] {
        while (!held) pause(0.01);
        proxy.cut();
        pause(2);
        proxy.mend();
        held = false;
    }};
    std::thread here{[&] {
        while (!held) pause(0.01);
        vd::serve_postgres(s, server.address(), "chip", {.connection = quiet, .lease = 0.6, .idle = 20});
    }};
    std::vector<evolution::trial_type> found;
    {
        vd::postgres_storage kept{server.address(), "chip", quiet};
        vd::postgres_dispatcher d{server.address(), "chip", s, {.connection = quiet}};
        found = s.run(usual, kept, d).trials();
        pause(3.5); // the one who comes back hands in before the search is done
    }
    director.join();
    here.join();
    away.wait();
    REQUIRE(away.failure.empty());
    REQUIRE(found == alone.trials());
    REQUIRE(away.served[0].dropped == 1);
    REQUIRE(calls == 31);
    REQUIRE(server.ask("SELECT count(*), count(DISTINCT number) FROM chip.trials") == "30|30");
}

TEST_CASE("a server that is killed and restarted costs no trial", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    std::atomic<int> calls{0};
    const auto counted = [&](const laws::law_point& p) {
        ++calls;
        pause(0.02);
        return vd::metrics<vd::accuracy>{static_cast<double>(p.get<"width">())};
    };
    const evolution s{counted, laws::law_latency{}};
    const auto alone = s.run(usual);
    calls = 0;
    crew workers{s, server.address(), "chip", 4, 2};
    std::thread director{[&] {
        for (const int how : {SIGKILL, SIGINT}) {
            const int before = calls;
            while (calls < before + 7) pause(0.01);
            server.stop(how);
            pause(0.3);
            server.start();
        }
    }};
    {
        vd::postgres_storage kept{server.address(), "chip", quiet};
        vd::postgres_dispatcher d{server.address(), "chip", s, {.connection = quiet}};
        REQUIRE(same(s.run(usual, kept, d), alone));
    }
    director.join();
    workers.wait();
    REQUIRE(workers.failure.empty());
    REQUIRE(calls <= 30 + 8); // those in flight, twice
    REQUIRE(server.ask("SELECT count(*), count(DISTINCT number) FROM chip.trials") == "30|30");
}

TEST_CASE("a search that is killed is taken up with what its workers go on with", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    const auto log = server.folder + "/evaluated";
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
    const auto lead = [&] {
        const auto child = ::fork();
        if (child != 0) return child;
        try {
            vd::postgres_storage kept{server.address(), "chip", quiet};
            vd::postgres_dispatcher d{server.address(), "chip", s, {.connection = quiet}};
            s.run(usual, kept, d);
        } catch (...) { ::_exit(1); }
        ::_exit(0);
    };
    const auto leader = lead();
    crew workers{s, server.address(), "chip", 4};
    const auto evaluated = [&] { return std::filesystem::exists(log) ? std::filesystem::file_size(log) : 0; };
    while (evaluated() < 10) pause(0.01);
    ::kill(leader, SIGKILL);
    ::waitpid(leader, nullptr, 0);
    pause(0.3);
    {
        vd::postgres_storage kept{server.address(), "chip", quiet};
        const auto before = kept.load()->trials.size();
        REQUIRE((before > 0 && before < 30));
        vd::postgres_dispatcher d{server.address(), "chip", s, {.connection = quiet}};
        REQUIRE(same(s.run(usual, kept, d), alone));
    }
    workers.wait();
    REQUIRE(evaluated() == 30); // not even those in flight twice
}

TEST_CASE("a search that is told as trials are completed keeps workers busy that come later, and is taken up when it dies", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    const laws::law_point slow{};
    const auto log = server.folder + "/evaluated";
    const auto evaluated = [&] { return std::filesystem::exists(log) ? std::filesystem::file_size(log) : 0; };
    const auto counted = [&](const laws::law_point& p) {
        // The slow one is the first that is asked for, and ends when others have done a part of the rest.
        for (int i = 0; p == slow && evaluated() < 8 && i < 3000; ++i) pause(0.01);
        pause(0.03);
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
        if (::write(file, p == slow ? "0" : "x", 1) != 1) throw vd::error{"no log"};
        ::close(file);
        return vd::metrics<vd::accuracy>{static_cast<double>(p.get<"width">())};
    };
    const evolution s{counted, laws::law_latency{}};
    auto options = usual;
    options.order = vd::tell_order::as_completed;
    const vd::start_points<laws::law_space> first{slow};
    const auto lead = [&] {
        const auto child = ::fork();
        if (child != 0) return child;
        try {
            vd::postgres_storage kept{server.address(), "chip", quiet};
            vd::postgres_dispatcher d{server.address(), "chip", s, {.connection = quiet}};
            s.run(options, kept, d, first);
        } catch (...) { ::_exit(1); }
        ::_exit(0);
    };
    const auto leader = lead();
    crew one{s, server.address(), "chip", 1};
    pause(1); // it has the only job that there is
    crew later{s, server.address(), "chip", 3};
    while (evaluated() < 12) pause(0.01);
    ::kill(leader, SIGKILL);
    ::waitpid(leader, nullptr, 0);
    pause(0.3);
    struct listener {
        std::vector<std::uint64_t> order{};
        void told(const evolution::trial_type& t, const vd::search_state&) { order.push_back(t.number); }
    };
    listener now, again;
    {
        vd::postgres_storage kept{server.address(), "chip", quiet};
        const auto before = kept.load()->trials.size();
        REQUIRE((before > 0 && before < 30));
        vd::postgres_dispatcher d{server.address(), "chip", s, {.connection = quiet}};
        REQUIRE(s.run(options, kept, d, first, now).trials().size() == 30);
    }
    one.wait();
    later.wait();
    REQUIRE(one.failure.empty());
    REQUIRE(later.failure.empty());
    REQUIRE(evaluated() == 30); // none twice
    std::ifstream file{log};
    const std::string order{std::istreambuf_iterator<char>{file}, {}};
    REQUIRE(order.find('0') >= 8);
    REQUIRE(now.order.size() == 30);
    REQUIRE(std::find(now.order.begin(), now.order.end(), 0) >= now.order.begin() + 8);
    vd::postgres_storage kept{server.address(), "chip", quiet};
    REQUIRE(s.run(options, kept, first, again).trials().size() == 30);
    REQUIRE(again.order == now.order);
    REQUIRE(evaluated() == 30);
}

TEST_CASE("workers of a study that is finished already are sent home", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    const evolution s{laws::law_accuracy{}, laws::law_latency{}};
    const auto search = [&] {
        vd::postgres_storage kept{server.address(), "chip", quiet};
        vd::postgres_dispatcher d{server.address(), "chip", s, {.connection = quiet}};
        REQUIRE(s.run(usual, kept, d).trials().size() == 30);
    };
    {
        crew workers{s, server.address(), "chip", 1};
        search();
    }
    crew workers{s, server.address(), "chip", 2}; // which wait 20 seconds for a search
    pause(2);
    const auto since = vd::detail::steady_seconds();
    search(); // it asks them for nothing
    workers.wait();
    REQUIRE(vd::detail::steady_seconds() < since + 10);
    REQUIRE(workers.failure.empty());
    REQUIRE(workers.evaluated() == 0);
}
