#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/appended_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/report/csv_tail.hpp>
#include <verdant/report/json_log.hpp>
#include <verdant/report/report.hpp>
#include <verdant/study/memory_storage.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace studies;
using Catch::Contains;
using nlohmann::ordered_json;

namespace {

using evolution = study<vd::nsga2<>>;
const evolution::options usual{.trials = 40, .seed = 3, .optimizer = {.population = 8, .offspring = 8}};

struct folder {
    std::filesystem::path path;
    folder() {
        std::string name = (std::filesystem::temp_directory_path() / "verdant-logs-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~folder() { std::filesystem::remove_all(path); }
    std::string file(const char* name) const { return (path / name).string(); }
};

void put(const std::string& path, std::string_view text) { std::ofstream{path, std::ios::binary} << text; }

vd::metrics<vd::accuracy, vd::latency> odd(const point& p) {
    if (p.get<"kernel">() == 5) throw std::runtime_error{"no \"luck\",\nat all"};
    return measure(p);
}

std::vector<ordered_json> lines_of(const std::string& path) {
    std::vector<ordered_json> all;
    const auto text = vd::io::read_file(path);
    REQUIRE((text.empty() || text.back() == '\n'));
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) all.push_back(ordered_json::parse(text.substr(at, text.find('\n', at) - at)));
    return all;
}

template <class Tail>
void run(const std::string& path, std::size_t trials, vd::memory_storage& kept) {
    Tail tail{path};
    auto options = usual;
    options.trials = trials;
    static_cast<void>(evolution{odd, power}.run(options, tail, kept));
}

} // namespace

TEST_CASE("a CSV tail holds the trials as the report does, line by line", "[report]") {
    const folder here;
    const auto path = here.file("trials.csv");
    vd::csv_tail<evolution> tail{path};
    struct {
        std::string path;
        void told(const evolution::trial_type&, const vd::search_state& state) const {
            REQUIRE(vd::io::read_csv(path).rows.size() == state.done); // whoever reads meanwhile
        }
    } reader{path};
    const vd::start_points first{feasible(20)};
    const auto found = evolution{odd, power}.run(usual, tail, reader, first);
    REQUIRE(vd::io::read_file(path) == vd::io::csv_text(vd::report_of(found.trials(), {.times = true})));
    REQUIRE_THROWS_WITH(vd::csv_tail<evolution>{path}, Contains("another program writes to it"));
}

TEST_CASE("what is beyond the unit of a metric stands in tail and log as it was measured", "[report]") {
    const folder here;
    vd::csv_tail<evolution> tail{here.file("tail")};
    vd::json_log<evolution> log{here.file("log")};
    const auto far = [](const point&) -> vd::metrics<vd::accuracy, vd::latency> { return {0.5, 1e306 * vd::seconds{}}; };
    auto options = usual;
    options.trials = 3;
    static_cast<void>(evolution{far, power}.run(options, tail, log));
    const auto table = vd::io::read_csv(here.file("tail"));
    const auto column = table.column("latency [ms]");
    REQUIRE(table.rows.size() == 3);
    for (const auto& row : table.rows) CHECK(row[column] == "1e+306 SI");
    // Who reads the column as numbers hears of it.
    CHECK_THROWS_AS(table.number(0, column), vd::input_error);
    for (const auto& line : lines_of(here.file("log")))
        if (line["event"] == "trial") {
            CHECK(line["metrics"]["latency"].is_null());
            CHECK(line["metrics_si"]["latency"] == 1e306);
        }
}

TEST_CASE("a CSV tail goes on without doubling, whatever a kill left of it", "[report]") {
    const folder here;
    vd::memory_storage kept, also;
    run<vd::csv_tail<evolution>>(here.file("whole.csv"), 40, kept);
    const auto whole = vd::io::read_file(here.file("whole.csv"));
    run<vd::csv_tail<evolution>>(here.file("whole.csv"), 40, kept);
    REQUIRE(vd::io::read_file(here.file("whole.csv")) == whole);
    for (std::size_t bytes = 0; bytes <= whole.size(); bytes += bytes < 200 ? 7 : 211) {
        put(here.file("part.csv"), std::string_view{whole}.substr(0, bytes));
        auto as_it_was = kept;
        run<vd::csv_tail<evolution>>(here.file("part.csv"), 40, as_it_was);
        REQUIRE(vd::io::read_file(here.file("part.csv")) == whole);
    }
}

TEST_CASE("one tail and one log serve several runs without doubling, and refuse another search", "[report]") {
    const folder here;
    vd::csv_tail<evolution> tail{here.file("tail")};
    vd::json_log<evolution> log{here.file("log")};
    const evolution search{odd, power};
    vd::memory_storage kept;
    for (const std::size_t trials : {20U, 40U, 40U}) {
        auto options = usual;
        options.trials = trials;
        static_cast<void>(search.run(options, kept, tail, log));
        REQUIRE(vd::io::read_csv(here.file("tail")).rows.size() == trials);
        const auto lines = lines_of(here.file("log"));
        REQUIRE(static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](const ordered_json& one) { return one["event"] == "trial"; })) == trials);
    }
    auto other = usual;
    other.seed = 4;
    REQUIRE_THROWS_WITH(search.run(other, tail), Contains("that of this search"));
    REQUIRE_THROWS_WITH(search.run(other, log), Contains("that of this search"));
}

TEST_CASE("a trial that is told with other values has another row and another line", "[report]") {
    const folder here;
    vd::memory_storage kept;
    run<vd::csv_tail<evolution>>(here.file("tail"), 8, kept);
    run<vd::json_log<evolution>>(here.file("log"), 8, kept);
    auto corrected = *kept.load();
    const auto at = static_cast<std::size_t>(std::find_if(corrected.trials.begin(), corrected.trials.end(), [](const auto& t) { return t.completed; }) - corrected.trials.begin());
    corrected.trials[at].metrics[0] = 0.125;
    for (int again = 0; again < 2; ++again) {
        vd::memory_storage also{corrected};
        run<vd::csv_tail<evolution>>(here.file("tail"), 8, also);
        also = vd::memory_storage{corrected};
        run<vd::json_log<evolution>>(here.file("log"), 8, also);
        REQUIRE(vd::io::read_csv(here.file("tail")).rows.size() == 9);
        const auto lines = lines_of(here.file("log"));
        REQUIRE(std::count_if(lines.begin(), lines.end(), [](const ordered_json& one) { return one["event"] == "trial"; }) == 9);
    }
}

TEST_CASE("a CSV tail of another search is refused, and stays as it is", "[report]") {
    const folder here;
    const auto refused = [&](std::string_view text, const char* why) {
        put(here.file("x.csv"), text);
        REQUIRE_THROWS_WITH(vd::csv_tail<evolution>{here.file("x.csv")}, Contains(why));
        REQUIRE(vd::io::read_file(here.file("x.csv")) == text);
    };
    refused("some notes", "the columns of this search");
    refused("some notes\nof a person\n", "'trial'");
    vd::memory_storage kept;
    run<vd::csv_tail<evolution>>(here.file("y.csv"), 8, kept);
    auto text = vd::io::read_file(here.file("y.csv"));
    const auto header = text.substr(0, text.find('\n') + 1);
    refused(header.substr(0, header.size() - 1) + ",more\n", "another one, 'more'");
    refused(header + "0,1\n", "fields");
    text[text.find('\n') + 1] = 'x';
    refused(text, "the number of a trial");

    vd::csv_tail<evolution> tail{here.file("y.csv")};
    auto other = usual;
    other.seed = 4;
    REQUIRE_THROWS_WITH((evolution{odd, power}.run(other, tail)), Contains("that of this search"));
    REQUIRE_THROWS_AS(vd::csv_tail<evolution>{here.file("none/x.csv")}, vd::file_error);
    REQUIRE_THROWS_AS(vd::csv_tail<evolution>{here.path.string()}, vd::file_error);
}

TEST_CASE("a JSON log has a line for each event", "[report]") {
    const folder here;
    vd::json_log<evolution> log{here.file("log.jsonl")};
    const auto found = evolution{odd, power}.run(usual, log);
    const auto lines = lines_of(here.file("log.jsonl"));
    REQUIRE(lines.size() == 43);
    REQUIRE(lines[0]["parameters"] == ordered_json{"layers", "width", "kernel"});
    REQUIRE((lines[0]["event"] == "study" && lines[0]["metrics"]["latency"] == "ms"));
    REQUIRE((lines[1]["event"] == "run" && lines[1]["total"] == 40 && lines[1]["resumed"] == 0));
    const auto json = vd::study_json(found, usual);
    for (std::size_t i = 0; i < 40; ++i) {
        auto line = lines[i + 2];
        REQUIRE((line["event"] == "trial" && line["done"] == i + 1));
        for (const char* name : {"event", "done", "failed"}) line.erase(name);
        REQUIRE(line == json["trials"][i]);
    }
    REQUIRE((lines[42]["event"] == "end" && lines[42]["stopped"] == "trials" && lines[42]["front"] == json["front"]));
    REQUIRE(lines[42]["hypervolume_si"] == json["hypervolume_si"]);
}

TEST_CASE("a JSON log goes on without doubling, whatever a kill left of it", "[report]") {
    const folder here;
    vd::memory_storage kept;
    run<vd::json_log<evolution>>(here.file("whole"), 40, kept);
    const auto whole = vd::io::read_file(here.file("whole"));
    for (std::size_t bytes = 0; bytes <= whole.size(); bytes += bytes < 300 ? 13 : 411) {
        put(here.file("part"), std::string_view{whole}.substr(0, bytes));
        auto as_it_was = kept;
        run<vd::json_log<evolution>>(here.file("part"), 40, as_it_was);
        std::vector<ordered_json> trials, expected;
        for (auto& one : lines_of(here.file("part")))
            if (one["event"] == "trial") trials.push_back(std::move(one));
        for (auto& one : lines_of(here.file("whole")))
            if (one["event"] == "trial") expected.push_back(std::move(one));
        REQUIRE(trials == expected);
    }
}

TEST_CASE("a JSON log of another search is refused, and stays as it is", "[report]") {
    const folder here;
    const auto refused = [&](const std::string& text, const char* why) {
        put(here.file("x"), text);
        REQUIRE_THROWS_WITH(vd::json_log<evolution>{here.file("x")}, Contains(why));
        REQUIRE(vd::io::read_file(here.file("x")) == text);
    };
    vd::memory_storage kept;
    run<vd::json_log<evolution>>(here.file("y"), 8, kept);
    const auto text = vd::io::read_file(here.file("y"));
    const auto begin = text.substr(0, text.find('\n') + 1);
    refused("some notes", "something else");
    refused("some notes\n", "line 1");
    refused("{\"event\": \"study\"}\n", "line 1, format");
    refused("[]\n", "an object with a text 'event'");
    refused(begin + "{\"event\": 3}\n", "line 2");
    refused(begin + "{\"event\": \"trial\", \"trial\": -1, \"point\": {}}\n", "a trial with its number");
    refused(begin + "{\"event\": \"trial\", \"trial\": 1}\n", "a trial with its number");
    vd::json_log<evolution> log{here.file("y")};
    auto other = usual;
    other.seed = 4;
    REQUIRE_THROWS_WITH((evolution{odd, power}.run(other, log)), Contains("that of this search"));
}

TEST_CASE("where the disk is full an appended file keeps whole records, and says so", "[io]") {
    vd::io::appended_file full{"/dev/full"};
    REQUIRE_THROWS_AS(full.append("a record\n"), vd::file_error);
    REQUIRE(full.text().empty());
}

TEST_CASE("what a killed search has written is whole, and is gone on with", "[report]") {
    const folder here;
    for (int kill_after = 5; kill_after <= 45; kill_after += 10) {
        const auto tail_path = here.file(("tail" + std::to_string(kill_after)).c_str()), log_path = here.file(("log" + std::to_string(kill_after)).c_str());
        const auto child = fork();
        if (child == 0) {
            vd::csv_tail<evolution> tail{tail_path};
            vd::json_log<evolution> log{log_path};
            const auto slow = [](const point& p) {
                usleep(500);
                return measure(p);
            };
            auto longer = usual;
            longer.trials = 80;
            static_cast<void>(evolution{slow, power}.run(longer, tail, log));
            for (;;) pause(); // until it is killed
        }
        // Until so many trials are there.
        const auto lines = [&] {
            const auto text = std::filesystem::exists(tail_path) ? vd::io::read_file(tail_path) : std::string{};
            return std::count(text.begin(), text.end(), '\n');
        };
        for (int i = 0; i < 20000 && lines() < kill_after; ++i) usleep(300);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        const auto written = vd::io::read_file(tail_path);
        REQUIRE((!written.empty() && written.back() == '\n'));
        REQUIRE(vd::io::read_csv(tail_path).rows.size() + 1 >= static_cast<std::size_t>(kill_after));
        REQUIRE(lines_of(log_path).size() >= static_cast<std::size_t>(kill_after));
        const vd::csv_tail<evolution> tail{tail_path};
        const vd::json_log<evolution> log{log_path};
    }
}
