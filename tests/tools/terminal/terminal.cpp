// What programs with a command line have in common: how they complain, what they ask of options, how they show progress.

#include <verdant/error.hpp>
#include <verdant/nn/processes/failed.hpp>

#include "catch.hpp"
#include "terminal/kept_settings.hpp"
#include "terminal/paths.hpp"
#include "terminal/program.hpp"
#include "terminal/progress.hpp"
#include "terminal/search_log.hpp"
#include "terminal/stop.hpp"
#include "terminal/validators.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <unistd.h>

using Catch::Contains;

namespace {

template <class Exception>
verdant::nn::failure failure_of(const Exception& e) {
    return terminal::failure_of(std::make_exception_ptr(e), "tool");
}

// What a program says on std::cerr.
struct heard {
    std::ostringstream text;
    std::streambuf* before = std::cerr.rdbuf(text.rdbuf());
    heard() = default;
    heard(const heard&) = delete;
    heard& operator=(const heard&) = delete;
    ~heard() { std::cerr.rdbuf(before); }
};

template <class Work>
std::pair<int, std::string> run(std::vector<std::string> words, const Work& work, terminal::speaking who = terminal::speaking::all) {
    CLI::App app{"A tool.", "tool"};
    int number = 0;
    app.add_option("--number", number, "of something")->check(terminal::whole(1, 9));
    words.insert(words.begin(), "./path/to/tool");
    std::vector<char*> arguments;
    for (auto& w : words) arguments.push_back(w.data());
    const heard said;
    const int status = terminal::run(app, static_cast<int>(arguments.size()), arguments.data(), work, who);
    return {status, said.text.str()};
}

// Shows progress into a file, at times that a test sets.
class shown_progress {
public:
    shown_progress(bool on_terminal, double total, terminal::in_logs logs, terminal::amount amount = terminal::amount::count)
        : line{"work", total, logs, amount, {file_, on_terminal, [this] { return now_; }}} {}
    shown_progress(const shown_progress&) = delete;
    shown_progress& operator=(const shown_progress&) = delete;
    ~shown_progress() {
        line.finish();
        std::fclose(file_);
    }
    void wait(double seconds) { now_ += std::chrono::duration_cast<terminal::progress::clock::duration>(std::chrono::duration<double>{seconds}); }
    std::string text() {
        std::string out;
        std::rewind(file_);
        for (int c = 0; (c = std::fgetc(file_)) != EOF;) out.push_back(static_cast<char>(c));
        return out;
    }

private:
    std::FILE* file_ = std::tmpfile();
    terminal::progress::clock::time_point now_{};

public:
    terminal::progress line;
};

} // namespace

TEST_CASE("What comes from outside has the status 2, everything else 1 and the name of the program", "[program]") {
    CHECK(failure_of(verdant::input_error{"a.csv", "line 3", "a number", "'x'"}).status == 2);
    CHECK(failure_of(verdant::input_error{"a.csv", "line 3", "a number", "'x'"}).text == "verdant: a.csv, line 3: expected a number, found 'x'");
    CHECK(failure_of(verdant::file_error{"a.csv", "open", "gone"}).status == 2);
    CHECK(failure_of(verdant::infeasible_error{"nothing fits"}).status == 2);
    CHECK(failure_of(CLI::ValidationError{"--number", "wrong"}).text == "tool: --number: wrong");
    CHECK(failure_of(CLI::ValidationError{"--number", "wrong"}).status == 2);
    CHECK(failure_of(std::runtime_error{"broken"}).status == 1);
    CHECK(failure_of(std::runtime_error{"broken"}).text == "tool: broken");
    CHECK(failure_of(std::runtime_error{"sizes differ\nException raised from f at g.cpp:3\nframe #0"}).text == "tool: sizes differ");
    CHECK(failure_of(verdant::nn::failed{{3, "said"}, 0}).status == 3);
}

TEST_CASE("A program says what is wrong in one line", "[program]") {
    const auto works = [] { return 0; };
    CHECK(run({}, works) == std::pair{0, std::string{}});
    CHECK(run({"--number", "12"}, works).first == 2);
    CHECK_THAT(run({"--number", "12"}, works).second, Contains("tool: --number: expected a whole number from 1 to 9, found '12'\n"));
    CHECK(run({}, []() -> int { throw std::runtime_error{"two\nlines"}; }) == std::pair{1, std::string{"tool: two lines\n"}});
    CHECK(run({}, []() -> int { throw verdant::nn::failed{{2, ""}, 1}; }) == std::pair{2, std::string{}}); // another process says it
}

TEST_CASE("Numbers of options are whole texts in a range", "[validators]") {
    CHECK(terminal::number_in<int>("12") == 12);
    CHECK(terminal::number_in<double>("1e-3") == 1e-3);
    for (const char* text : {"", "12x", " 12", "1.5", "99999999999999999999", "+12", "0x12"}) CHECK_FALSE(terminal::number_in<int>(text));
    CHECK(terminal::number_in<int>("012") == 12); // of files, where nothing reads it in base 8
    for (const char* text : {"012", "-01", "+01", "+-1", "++1", "+", "+x"}) CHECK_FALSE(terminal::option_number_in<int>(text));
    CHECK(terminal::option_number_in<int>("+12") == 12);
    CHECK(terminal::option_number_in<int>("0") == 0);
    CHECK(terminal::option_number_in<double>("+.5") == 0.5);
    CHECK(terminal::option_number_in<double>("00.5") == 0.5);
    CHECK(terminal::number_in<int>("0") == 0);
    CHECK(terminal::number_in<int>("-10") == -10);

    const auto complaint = [](CLI::Validator v, std::string text) { return v(text); };
    CHECK(complaint(terminal::whole(0), "9000000000").empty());
    CHECK(complaint(terminal::whole(0), "-1") == "expected a whole number of at least 0, found '-1'");
    CHECK(complaint(terminal::whole<std::uint64_t>(1), "18446744073709551615").empty());
    CHECK_FALSE(complaint(terminal::whole<std::uint64_t>(1), "0").empty());
    CHECK(complaint(terminal::whole(2, 5), "5").empty());
    CHECK(complaint(terminal::whole(2, 5), "6") == "expected a whole number from 2 to 5, found '6'");
    CHECK(complaint(terminal::number(0, 0.9), "0.9").empty());
    for (const char* text : {"0.91", "-0.1", "nan", "half"}) CHECK_FALSE(complaint(terminal::number(0, 0.9), text).empty());
    CHECK(complaint(terminal::positive(), "1e-9").empty());
    for (const char* text : {"0", "-1", "inf", "nan"})
        CHECK(complaint(terminal::positive(), text) == std::string{"expected a number above 0, found '"} + text + '\'');
    CHECK(complaint(terminal::not_negative(), "0").empty());
    CHECK_FALSE(complaint(terminal::not_negative(), "-1e-9").empty());
}

TEST_CASE("Numbers of options are decimal, also of those that ask nothing else, and of commands", "[validators]") {
    CLI::App app{"A tool.", "tool"};
    std::uint64_t seed = 1;
    std::size_t networks = 2;
    double rate = 3;
    int side = 4;
    std::vector<std::uint32_t> sizes;
    std::string name;
    auto* const command = app.add_subcommand("work", "does it");
    command->add_option("--seed", seed, "of something");
    command->add_option("--networks", networks, "how many")->check(terminal::whole<std::size_t>(1, 1000));
    command->add_option("--rate", rate, "of something");
    command->add_option("--side", side, "of something")->check(CLI::Range(1, 1000));
    command->add_option("--sizes", sizes, "of some things")->delimiter(',');
    command->add_option("--name", name, "no number");
    terminal::require_plain_numbers(app);

    app.parse("work --seed 18446744073709551615 --networks 100 --rate -1e-3 --side 10 --sizes 0,20 --name 010");
    CHECK(seed == 18446744073709551615U);
    CHECK(networks == 100);
    CHECK(rate == -1e-3);
    CHECK(side == 10);
    CHECK(sizes == std::vector<std::uint32_t>{0, 20});
    CHECK(name == "010");
    app.parse("work --seed +5 --networks +7 --rate +.5 --side +1 --sizes +3,4");
    CHECK((seed == 5 && networks == 7 && rate == 0.5 && side == 1));
    CHECK(sizes == std::vector<std::uint32_t>{3, 4});
    // CLI11 by itself makes 2^64 - 1, 2^64 - 1, 8, 64, 16, infinity, not-a-number, 16, 8 and 8 of these.
    for (const char* wrong : {"--seed -1", "--seed 18446744073709551616", "--seed 010", "--networks 0100", "--rate 0x10", "--rate 1e400",
                              "--rate nan", "--side 0x10", "--side 010", "--sizes 5,010"})
        CHECK_THROWS_AS(app.parse(std::string{"work "} + wrong), CLI::ValidationError);
    CHECK_THROWS_WITH(app.parse("work --networks 0100"), Contains("expected a whole number from 1 to 1000, found '0100', which begins with a zero"));
    CHECK_THROWS_WITH(app.parse("work --seed -1"), Contains("expected a whole number of at least 0 that 64 bits hold, found '-1'"));
}

TEST_CASE("Programs ask their numbers to be decimal", "[program]") {
    CHECK(run({"--number", "07"}, [] { return 0; }) ==
          std::pair{2, std::string{"tool: --number: expected a whole number from 1 to 9, found '07', which begins with a zero\n"}});
}

TEST_CASE("A sign of equality with nothing behind it takes no argument", "[program]") {
    CHECK(run({"--number=", "7"}, [] { return 0; }) ==
          std::pair{2, std::string{"tool: --number: expected a value behind '=', found nothing; an empty one is written --number ''\n"}});
    CHECK(run({"--number=7"}, [] { return 0; }) == std::pair{0, std::string{}});
}

TEST_CASE("What is written is no file that is read, however its path is written", "[paths]") {
    namespace fs = std::filesystem;
    const auto folder = fs::temp_directory_path() / ("verdant_other_file_" + std::to_string(::getpid()));
    fs::create_directories(folder);
    std::ofstream{folder / "table.csv"} << "a";
    fs::create_hard_link(folder / "table.csv", folder / "link.csv");
    const auto path = [&](const char* name) { return (folder / name).string(); };
    const auto refused = [&](const std::string& out, const std::vector<std::string>& others) {
        CHECK_THROWS_WITH(terminal::require_another_file("--out", out, others, "the table"),
                          "verdant: --out: expected another file than the table, found " + out);
    };
    refused(path("table.csv"), {path("table.csv")});
    refused(path("./table.csv"), {path("other.csv"), path("table.csv")});
    refused(path("link.csv"), {path("table.csv")});
    refused(path("./new.csv"), {path("new.csv")}); // neither is there yet
    refused("./nowhere_at_all.csv", {"nowhere_at_all.csv"}); // the same, relative
    std::ofstream{folder / "model.json"} << "{}";
    refused(path("model.json"), {folder.string()}); // of a folder that is read
    refused(path("./model.json"), {(folder / ".").string()});
    terminal::require_another_file("--out", path("new.json"), {folder.string()}, "the table");
    terminal::require_another_file("--out", path("answers.csv"), {folder.string()}, "the table");
    terminal::require_another_file("--out", path("new.csv"), {path("table.csv"), ""}, "the table");
    terminal::require_another_file("--out", "", {""}, "the table");
    fs::remove_all(folder);
}

TEST_CASE("Names stay within their folder, and folders that cannot be made are named", "[paths]") {
    CLI::App app{"A tool.", "tool"};
    std::string name;
    app.add_option("--name", name)->check(terminal::name_within());
    for (const char* wrong : {"a/b", "../x", "/tmp", ".", ".."}) {
        std::vector<std::string> words{wrong, "--name"}; // CLI11 takes them from the end
        CHECK_THROWS_WITH(app.parse(words), Contains("expected a name without '/', found '" + std::string{wrong} + '\''));
    }
    app.parse("--name ..a.b");
    CHECK(name == "..a.b");
    const auto file = std::filesystem::temp_directory_path() / ("terminal-paths-" + std::to_string(::getpid()));
    std::ofstream{file} << "no folder";
    CHECK_THROWS_WITH(terminal::make_folder(file / "below"), Contains("cannot make the folder " + (file / "below").string()));
    std::filesystem::remove(file);
    CHECK_NOTHROW(terminal::make_folder(file / "below"));
    CHECK(std::filesystem::is_directory(file / "below"));
    std::filesystem::remove_all(file);
}

TEST_CASE("Results go on with the settings that made them, and files are told by their bytes", "[settings]") {
    const auto folder = std::filesystem::temp_directory_path() / ("verdant_settings_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto file = folder / "settings.txt";
    const verdant::run_facts ours{{"--seed", "3"}, {"--rate", "0.5"}, {"--name", "two words"}};
    CHECK_NOTHROW(terminal::check_settings(file, ours, "another --out")); // of an earlier version
    terminal::write_settings(file, ours);
    CHECK_NOTHROW(terminal::check_settings(file, ours, "another --out"));
    CHECK_THROWS_WITH(terminal::check_settings(file, {{"--seed", "4"}, {"--rate", "0.5"}, {"--name", "one"}}, "another --out"),
                      Contains("settings.txt, --seed, --name: expected 4, one as asked for now, or another --out, found 3, two words"));
    {
        const heard said;
        const terminal::earlier_settings earlier{.unsaid = {"--weights"}, .instead = {{"--name", "--weights"}}};
        CHECK_NOTHROW(terminal::check_settings(file, {{"--seed", "3"}, {"--weights", "x"}}, "another --out", earlier));
        CHECK_THAT(said.text.str(), Contains("settings.txt is of an earlier version; taken as the same as before: --weights x\n"));
        // A name that another one took the place of is asked where that one is not said.
        CHECK_THROWS_WITH(terminal::check_settings(file, {{"--name", "one"}, {"--weights", "x"}}, "another --out", earlier), Contains(", --name: "));
        terminal::write_settings(folder / "new.txt", {{"--name", "two"}, {"--weights", "x"}});
        CHECK_NOTHROW(terminal::check_settings(folder / "new.txt", {{"--name", "one"}, {"--weights", "x"}}, "another --out", earlier));
    }
    // What no version left out is missed.
    CHECK_THROWS_WITH(terminal::check_settings(file, {{"--seed", "3"}, {"--weights", "x"}}, "another --out"),
                      Contains("settings.txt, --weights: expected x as asked for now, or another --out, found nothing"));
    std::ofstream{folder / "empty.txt"};
    CHECK_THROWS_AS(terminal::check_settings(folder / "empty.txt", ours, "another --out"), verdant::input_error);
    const auto write = [&](const char* name, const char* text) { std::ofstream{folder / name} << text; };
    const auto digest = [&] { return terminal::digest_of({(folder / "a").string(), (folder / "b").string()}); };
    write("a", "one");
    write("b", "two");
    const auto first = digest();
    CHECK(first.size() == 16);
    CHECK(digest() == first);
    write("b", "twoo");
    CHECK(digest() != first);
    write("b", "two");
    write("a", "onet"); // the same bytes in a row
    CHECK(digest() != first);
    CHECK_THROWS_AS(terminal::digest_of({(folder / "none").string()}), verdant::file_error);
    // Under another name it is the same file, but in a folder names tell files apart.
    write("c", "two");
    const auto path = [&](const char* name) { return (folder / name).string(); };
    CHECK(terminal::digest_of({path("b")}) == terminal::digest_of({path("c")}));
    CHECK(terminal::digest_of({path("b")}, terminal::hashed_names::all) != terminal::digest_of({path("c")}, terminal::hashed_names::all));
    const auto whole = terminal::digest_of({folder.string()});
    std::filesystem::rename(folder / "c", folder / "d");
    CHECK(terminal::digest_of({folder.string()}) != whole);
    terminal::write_settings(file, {{"--acc", terminal::named_digest_of({path("b")})}});
    CHECK_NOTHROW(terminal::check_settings(file, {{"--acc", terminal::named_digest_of({path("d")})}}, "another --out"));
    CHECK_THROWS_WITH(terminal::check_settings(file, {{"--acc", terminal::named_digest_of({path("a")})}}, "another --out"),
                      Contains("--acc: expected a (") && Contains("found b ("));
    std::filesystem::remove_all(folder);
}

TEST_CASE("Processes that share results have the same settings, and those of a run without results are replaced", "[settings]") {
    const auto folder = std::filesystem::temp_directory_path() / ("verdant_settings_in_use_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto file = folder / "settings.txt", results = folder / "results";
    const verdant::run_facts first{{"--seed", "3"}}, other{{"--seed", "4"}};
    using terminal::settings_in_use;
    {
        const settings_in_use held{file, results, first, "another --out"};
        CHECK_NOTHROW(settings_in_use{file, results, first, "another --out"});
        // Nothing is there yet, but somebody works on it.
        CHECK_THROWS_WITH((settings_in_use{file, results, other, "another --out"}), Contains("--seed: expected 4 as asked for now"));
    }
    CHECK_NOTHROW(settings_in_use{file, results, other, "another --out"});
    CHECK(verdant::io::read_file(file.string()) == "--seed 4\n");
    std::ofstream{results} << "1";
    CHECK_THROWS_AS((settings_in_use{file, results, first, "another --out"}), verdant::input_error);
    CHECK_NOTHROW(settings_in_use{file, results, other, "another --out"});
    std::filesystem::remove(file);
    {
        const heard said;
        CHECK_NOTHROW(settings_in_use{file, results, first, "another --out"});
        CHECK_NOTHROW(settings_in_use{file, results, first, "another --out"});
        const auto text = said.text.str();
        CHECK_THAT(text, Contains("results does not say what made it; taken as made with what is asked for now"));
        CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    }
    CHECK_THROWS_AS((settings_in_use{folder / "none" / "settings.txt", results, first, "another --out"}), verdant::file_error);
    std::filesystem::remove_all(folder);
}

TEST_CASE("Limits of time have units", "[validators]") {
    CHECK(terminal::seconds_in("90") == 90);
    CHECK(terminal::seconds_in("0.5s") == 0.5);
    CHECK(terminal::seconds_in("1.5m") == 90);
    CHECK(terminal::seconds_in("8h") == 8 * 3600);
    CHECK(terminal::seconds_in("2d") == 2 * 86'400);
    for (const char* text : {"", "h", "8hours", "0", "-3m", "nan", "inf", "1e308h", "1 h"}) CHECK_FALSE(terminal::seconds_in(text));
    double seconds = 7;
    CLI::App app;
    terminal::add_time_limit(app, seconds);
    app.parse("");
    CHECK(seconds == 7);
    app.parse("--time-limit 2m");
    CHECK(seconds == 120);
    CHECK_THROWS_WITH(app.parse("--time-limit soon"), Contains("expected a time such as 90s, 30m or 8h, found 'soon'"));
}

TEST_CASE("The first signal is noted, and a second one ends the program", "[stop]") {
    const auto handler = [](int number) {
        struct sigaction now{};
        sigaction(number, nullptr, &now);
        return now.sa_handler;
    };
    const auto before = handler(SIGTERM);
    {
        const verdant::interrupts listening{verdant::interrupt_notice::silent};
        CHECK(handler(SIGTERM) != before);
        CHECK_FALSE(terminal::stop_asked());
    }
    CHECK(handler(SIGTERM) == before);
    terminal::leave_if_asked("tool", "never");
    CHECK(terminal::stopped("tool", "another process was asked").status() == 143);

    for (const auto& [number, status, text] : {std::tuple{SIGINT, 130, "tool: stopped by SIGINT; the same command goes on"},
                                               std::tuple{SIGTERM, 143, "tool: stopped by SIGTERM; the same command goes on"}}) {
        const verdant::interrupts listening{verdant::interrupt_notice::silent};
        raise(number);
        CHECK(terminal::stop_asked());
        CHECK((handler(SIGINT) == SIG_DFL && handler(SIGTERM) == SIG_DFL)); // which end the program
        const auto ended = run({}, []() -> int {
            terminal::leave_if_asked("tool", "the same command goes on");
            return 0;
        });
        CHECK(ended == std::pair{status, std::string{text} + '\n'});
        CHECK(terminal::stopped("tool", "one process says it", 1).text().empty());
        shown_progress p{false, 1000, terminal::in_logs::minutes};
        p.line.at(1);
        p.line.at(2);
        CHECK(p.text() == "stopping after what is under way; once more ends at once\n");
    }
    const verdant::interrupts listening{verdant::interrupt_notice::silent}; // later tests see no signal
}

TEST_CASE("Times are told in words", "[progress]") {
    CHECK(terminal::time_text(0.4) == "0 s");
    CHECK(terminal::time_text(59.6) == "1 min 00 s");
    CHECK(terminal::time_text(185) == "3 min 05 s");
    CHECK(terminal::time_text(7625) == "2 h 07 min");
}

TEST_CASE("On a terminal the line is rewritten five times a second, and its end stays", "[progress]") {
    shown_progress p{true, 4, terminal::in_logs::minutes};
    p.wait(0.1);
    p.line.at(1);
    CHECK(p.text().empty());
    p.wait(0.9);
    p.line.at(2, "loss 3");
    CHECK(p.text() == "\r\033[Kwork [==========          ] 2/4  1 s left  loss 3");
    p.line.at(4); // the last one is always shown
    CHECK_THAT(p.text(), Contains("\r\033[Kwork [====================] 4/4  0 s left"));
    p.line.say("done");
    CHECK_THAT(p.text(), Contains("\r\033[Kdone\n"));
}

TEST_CASE("In a log there is a line a minute, so that short work is silent", "[progress]") {
    shown_progress p{false, 1000, terminal::in_logs::minutes};
    for (int i = 1; i <= 59; ++i) {
        p.wait(1);
        p.line.at(i);
    }
    CHECK(p.text().empty());
    p.wait(1);
    p.line.at(60);
    CHECK(p.text() == "work [=                   ] 60/1000  15 min 40 s left\n");
    p.wait(1);
    p.line.at(1000);
    CHECK_THAT(p.text(), !Contains("1000/1000"));
}

TEST_CASE("In a log there can be a line for each tenth", "[progress]") {
    shown_progress p{false, 30, terminal::in_logs::tenths};
    for (int i = 0; i < 30; ++i) p.line.advance(1);
    const auto text = p.text();
    CHECK(std::count(text.begin(), text.end(), '\n') == 10);
    CHECK_THAT(text, Contains("work [==                  ] 3/30  ") && Contains("work [====================] 30/30  "));
}

TEST_CASE("Work of earlier runs does not count, and units may be shown as a share", "[progress]") {
    shown_progress p{false, 100, terminal::in_logs::minutes, terminal::amount::share};
    p.line.skip(80);
    p.wait(60);
    p.line.advance(5);
    CHECK(p.text() == "work [=====               ] 25 %  3 min 00 s left\n");
    shown_progress silent{false, 1, terminal::in_logs::nothing};
    silent.wait(600);
    silent.line.at(1);
    silent.line.say("something");
    CHECK(silent.text().empty());
}

TEST_CASE("A search is seen in logs, a line a minute", "[progress]") {
    struct state {
        std::size_t done, total;
    };
    std::FILE* const file = std::tmpfile();
    terminal::progress::clock::time_point now{};
    {
        terminal::search_log log{{file, false, [&now] { return now; }}};
        log.started(state{0, 10});
        log.told(0, state{1, 10});
        now += std::chrono::minutes{2};
        log.told(0, state{2, 10});
        terminal::search_log on_terminal{{file, true, [&now] { return now; }}};
        on_terminal.started(state{0, 10});
        now += std::chrono::minutes{2};
        on_terminal.told(0, state{10, 10}); // progress_line is there
    }
    std::rewind(file);
    char text[200]{};
    CHECK(std::fread(text, 1, sizeof text - 1, file) > 0);
    CHECK(std::string{text} == "trials [====                ] 2/10  8 min 00 s left\n");
    std::fclose(file);
}
