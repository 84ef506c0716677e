#include <verdant/collection/collect_networks.hpp>
#include <verdant/error.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space.hpp>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vd = verdant;
using namespace vd::collection;

namespace {

struct small : vd::space<vd::param<"a", vd::range<0, 9>>, vd::param<"b", vd::range<0, 9>>> {};

collected result_of(std::size_t id, const vd::point<small>& p) {
    return std::to_string(id) + ": " + std::to_string(p.get<"a">()) + ' ' + std::to_string(p.get<"b">()) + '\n';
}
bool go_on(const collection_progress&) { return true; }

std::map<std::size_t, std::string> results_in(const std::string& folder, std::size_t ids = 1000) {
    std::map<std::size_t, std::string> out;
    for (std::size_t id = 0; id < ids; ++id) {
        const auto path = folder + "/result_" + std::to_string(id) + ".json";
        if (std::filesystem::exists(path)) out[id] = vd::io::read_file(path);
    }
    return out;
}

/// A process that collects, each architecture in a moment of random length, and notes in `log` whenever it begins one.
pid_t collector(const std::string& folder, const std::string& log, std::size_t networks, std::uint64_t seed, unsigned slowest) {
    const auto child = ::fork();
    if (child != 0) return child;
    vd::random_stream pace{seed};
    const auto measure = [&](std::size_t id, const vd::point<small>& p) {
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
        const auto line = std::to_string(id) + '\n';
        const bool noted = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
        ::close(file);
        if (!noted) ::_exit(3);
        ::usleep(static_cast<useconds_t>(pace.below(slowest)));
        return result_of(id, p);
    };
    try {
        collect_networks<small>(folder, measure, {.networks = networks, .seed = 7}, {}, go_on);
        ::_exit(0);
    } catch (...) { ::_exit(2); }
}

/// Two processes collect; one of them is killed at random moments and another takes its place.
void kill_at_random(std::size_t networks, int kills, unsigned slowest) {
    const scratch_folder here;
    const auto folder = here.file("all"), log = here.file("log");
    vd::random_stream random{1};
    std::uint64_t seeds = 100;
    std::vector<pid_t> at_work{collector(folder, log, networks, ++seeds, slowest), collector(folder, log, networks, ++seeds, slowest)};
    std::map<std::size_t, std::string> seen;
    int killed = 0;
    for (; killed < kills && seen.size() < networks; ++killed) {
        ::usleep(static_cast<useconds_t>(random.below(2 * slowest)));
        auto& victim = at_work[static_cast<std::size_t>(random.below(2))];
        REQUIRE(::kill(victim, SIGKILL) == 0);
        int status = 0;
        REQUIRE(::waitpid(victim, &status, 0) == victim);
        // Results that were there stay as they were.
        const auto now = results_in(folder);
        for (const auto& [id, text] : seen) {
            REQUIRE(now.contains(id));
            REQUIRE(now.at(id) == text);
        }
        seen = now;
        victim = collector(folder, log, networks, ++seeds, slowest);
    }
    for (const auto process : at_work) {
        int status = 0;
        REQUIRE(::waitpid(process, &status, 0) == process);
        CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
    const auto all = results_in(folder);
    REQUIRE(all.size() == networks);
    // What nobody interrupts draws the same.
    distinct_draws<small> draws{7};
    for (const auto& [id, text] : all) CHECK(text == std::get<std::string>(result_of(id, draws[id])));
    // Nothing was begun twice but for what a killed process had in hand.
    std::size_t begun = 0;
    for (const char c : vd::io::read_file(log)) begun += c == '\n' ? 1 : 0;
    CHECK(begun >= networks);
    CHECK(begun <= networks + static_cast<std::size_t>(killed));
    INFO(killed << " kills, " << begun - networks << " begun again");
}

} // namespace

TEST_CASE("a collection draws distinct architectures, keeps each, and goes on where it stopped", "[collection]") {
    const scratch_folder here;
    std::size_t measured = 0;
    const auto measure = [&measured](std::size_t id, const vd::point<small>& p) {
        ++measured;
        return result_of(id, p);
    };
    std::vector<collection_progress> reports;
    const auto until_five = [&reports](const collection_progress& p) {
        reports.push_back(p);
        return p.finished < 5;
    };
    const collect_options options{.networks = 60, .seed = 3};
    CHECK(collect_networks<small>(here.file("a"), measure, options, {{"recipe", "x"}}, until_five).finished == 5);
    CHECK(reports.size() == 5);
    CHECK(collect_networks<small>(here.file("a"), measure, options, {{"recipe", "x"}}, go_on).here == 55);
    CHECK(measured == 60);
    const auto all = results_in(here.file("a"));
    std::set<std::string> architectures;
    for (const auto& [id, text] : all) architectures.insert(text.substr(text.find(' ')));
    CHECK(architectures.size() == 60);
    // In another folder at one go they are the same.
    collect_networks<small>(here.file("b"), measure, options, {}, go_on);
    CHECK(results_in(here.file("b")) == all);
    CHECK_THROWS_WITH(collect_networks<small>(here.file("a"), measure, options, {{"recipe", "y"}}, go_on), Catch::Contains("recipe"));
    CHECK_THROWS_WITH(collect_networks<small>(here.file("a"), measure, options, {}, go_on), Catch::Contains("recipe"));
    CHECK_THROWS_WITH(collect_networks<small>(here.file("a"), measure, {.networks = 60, .seed = 4}, {{"recipe", "x"}}, go_on),
                      Catch::Contains("draws"));
    CHECK_THROWS_AS(collect_networks<small>(here.file("c"), measure, {.networks = 0}, {}, go_on), vd::input_error);
    // A hundred architectures are all that there are.
    CHECK(collect_networks<small>(here.file("a"), measure, {.networks = 100, .seed = 3}, {{"recipe", "x"}}, go_on).finished == 100);
    CHECK_THROWS_WITH(collect_networks<small>(here.file("a"), measure, {.networks = 101, .seed = 3}, {{"recipe", "x"}}, go_on),
                      Catch::Contains("seems to be 100"));
}

TEST_CASE("in the place of an architecture that is left out another one is drawn", "[collection]") {
    const scratch_folder here;
    const auto measure = [](std::size_t id, const vd::point<small>& p) -> collected {
        if (id % 3 == 1) return left_out{"too large"};
        return result_of(id, p);
    };
    const auto end = collect_networks<small>(here.file("a"), measure, {.networks = 10, .seed = 3}, {}, go_on);
    CHECK(end.finished == 10);
    CHECK(end.left_out == 5);
    CHECK(vd::io::read_file(here.file("a/left_out_4.txt")) == "too large\n");
    CHECK_FALSE(results_in(here.file("a")).contains(4));
}

TEST_CASE("an architecture whose measurement fails is not finished, and others may take it", "[collection]") {
    const scratch_folder here;
    const auto fails = [](std::size_t, const vd::point<small>&) -> collected { throw vd::error{"no"}; };
    CHECK_THROWS_AS(collect_networks<small>(here.file("a"), fails, {.networks = 2}, {}, go_on), vd::error);
    CHECK(collect_networks<small>(here.file("a"), result_of, {.networks = 2}, {}, go_on).here == 2);
}

TEST_CASE("what another has in hand is left to it, and waited for", "[collection]") {
    const scratch_folder here;
    work_folder other{here.file("a"), {{"space", std::string{vd::type_name<small>()}}, {"draws", "0"}}};
    auto claim = other.claim(1);
    REQUIRE(claim);
    CHECK_FALSE(other.claim(1));
    const auto alone = collect_networks<small>(here.file("a"), result_of, {.networks = 3, .at_end = after_the_last::leave}, {}, go_on);
    CHECK(alone.finished == 2);
    CHECK(alone.taken == 1);
    CHECK_FALSE(other.claim(0));
    int waited = 0;
    const auto after_two = [&](const collection_progress&) {
        if (++waited == 2) claim.reset();
        return true;
    };
    CHECK(collect_networks<small>(here.file("a"), result_of, {.networks = 3}, {}, after_two).finished == 3);
}

TEST_CASE("two processes, one of which is killed again and again, lose nothing and do nothing twice", "[collection]") {
    kill_at_random(40, 6, 20'000);
}

TEST_CASE("two processes survive tens of kills", "[collection][heavy]") { kill_at_random(90, 80, 60'000); }
