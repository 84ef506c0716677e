#include <verdant/study/kept_session.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include "catch.hpp"
#include "laws/storage.hpp"
#include "laws/study_recorder.hpp"
#include "studies.hpp"
#include "unit/io/folder.hpp"

#include <verdant/io/file/read_file.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace studies;
using Catch::Contains;

static_assert(vd::pending_storage<vd::sqlite_storage> && vd::revising_storage<vd::sqlite_storage> && vd::evaluation_storage<vd::sqlite_storage> &&
              vd::metered_storage<vd::sqlite_storage>);

namespace {

using evolution = study<vd::nsga2<>>;
const evolution::options usual{.trials = 40, .seed = 3, .optimizer = {.population = 8}};

struct other_net : vd::space<vd::param<"layers", vd::range<1, 8>>, vd::param<"width", vd::range<1, 11>>, vd::param<"kernel", vd::choices<3, 5, 7>>> {
};
using other = vd::search<other_net, vd::maximize<vd::accuracy>, vd::exhaustive_search>;

// Names and values that a careless schema mixes up.
struct odd : vd::space<vd::param<"Select", vd::choices<"it's", "\"a\", b", "12", "">>,
                       vd::param<"number", vd::choices<0.1, 1e300, 0.30000000000000004, 3.0>>, vd::param<"NUMBER", vd::range<-2, 2>>,
                       vd::param<"on", vd::choices<false, true>>,
                       vd::when<vd::var<"on"> == vd::val<true>, vd::param<"accuracy", vd::range<0.0, 1.0, 0.1>>>> {};
using every = vd::search<odd, vd::maximize<vd::accuracy>, vd::track<vd::energy>, vd::random_search>;

std::string make(const std::string& path, const evolution::options& options = usual) {
    evolution{measure, power}.run(options, vd::sqlite_storage{path});
    return path;
}
void change(const std::string& path, const std::string& sql) {
    SQLite::Database db{path, SQLite::OPEN_READWRITE};
    db.exec(sql);
}
std::string answer(const std::string& path, const std::string& sql) {
    SQLite::Database db{path, SQLite::OPEN_READONLY};
    return db.execAndGet(sql).getString();
}

// Name and bytes of everything in a folder.
std::map<std::string, std::string> contents(const scratch_folder& folder) {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path})
        all[entry.path().filename().string()] = entry.is_regular_file() ? verdant::io::read_file(entry.path().string()) : "no file";
    return all;
}

// What a search says to a file, which it must leave as it is, with nothing made beside it.
std::string refusal(const scratch_folder& folder, const std::string& path, const evolution::options& options = usual) {
    const auto before = contents(folder);
    std::string text = "accepted";
    try {
        evolution{measure, power}.run(options, vd::sqlite_storage{path, {.patience = 0.05}});
    } catch (const vd::error& e) { text = e.what(); }
    REQUIRE(contents(folder) == before);
    REQUIRE_THAT(text, Contains(path));
    return text;
}

// A child that dies without any end of its own, in the middle of a study: a log is left beside the file.
void die_after(const std::string& path, int trials) {
    const auto child = ::fork();
    if (child == 0) {
        int left = trials;
        const auto dying = [&left](const point& p) {
            if (left-- == 0) ::kill(::getpid(), SIGKILL);
            return measure(p);
        };
        try {
            evolution{dying, power}.run(usual, vd::sqlite_storage{path});
        } catch (...) {}
        ::_exit(1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
}

} // namespace

TEST_CASE("a study in a file is the study without one, and only a file is left", "[sqlite]") {
    const scratch_folder folder;
    const evolution s{measure, power};
    const auto whole = s.run(usual);
    REQUIRE(same(s.run(usual, vd::sqlite_storage{folder.file("a.db")}), whole));
    REQUIRE(folder.entries() == 1);
    REQUIRE(same(s.run(usual, vd::sqlite_storage{folder.file("a.db")}), whole));
    REQUIRE(folder.entries() == 1);

    // One object serves several runs, and threads.
    vd::sqlite_storage file{folder.file("b.db")};
    auto options = usual;
    options.trials = 21;
    options.threads = 3;
    s.run(options, file);
    options.trials = 40;
    REQUIRE(same(s.run(options, file), whole));
}

TEST_CASE("a file keeps what every storage keeps, and its recorder what every recorder keeps", "[sqlite]") {
    const scratch_folder folder;
    laws::obeys_storage_laws([&] { return vd::sqlite_storage{folder.file("a.db")}; });
    laws::keeps_the_order_told([&] { return vd::sqlite_storage{folder.file("order.db")}; });
    struct keeper_of_file { // the file is opened with the recorder, and closed with it
        std::unique_ptr<vd::sqlite_storage> file;
        std::unique_ptr<vd::study_keeper<laws::law_session>> keeper;
        explicit keeper_of_file(const std::string& path)
            : file{std::make_unique<vd::sqlite_storage>(path)}, keeper{std::make_unique<vd::study_keeper<laws::law_session>>(*file)} {}
        std::size_t open(laws::law_session& s, const vd::nsga2<>::options& o, std::uint64_t seed, std::size_t batch) {
            return keeper->open(s, o, seed, batch);
        }
        std::size_t next(const laws::law_session& s, std::size_t n, std::size_t total, std::size_t stale) { return keeper->next(s, n, total, stale); }
        void asked(const laws::law_question& q, const vd::completion_sink<laws::law_goals>& known) { keeper->asked(q, known); }
        void completed(const laws::law_completed& done) { keeper->completed(done); }
        bool recorded(std::uint64_t number) const { return keeper->recorded(number); }
        std::size_t resumed() const { return keeper->resumed(); }
    };
    laws::obeys_study_recorder_laws([&] { return keeper_of_file{folder.file("b.db")}; }, laws::recording::lasts);
}

TEST_CASE("the tables are for any tool", "[sqlite]") {
    const scratch_folder folder;
    const auto path = make(folder.file("a.db"));
    REQUIRE(answer(path, "SELECT count(*) FROM trials WHERE latency < 0.1 AND layers IN (1, 2)") != "0");
    REQUIRE(answer(path, "SELECT group_concat(name) FROM parameters ORDER BY position") == "layers,width,kernel");
    REQUIRE(answer(path, "SELECT text FROM constraints") == "width * layers <= 40");
    REQUIRE(answer(path, "SELECT metric || ' ' || unit || ' ' || threshold FROM goals WHERE kind = 'minimize'") == "latency ms 0.3");
    REQUIRE(answer(path, "SELECT value FROM study WHERE name = 'seed'") == "3");
    REQUIRE(answer(path, "SELECT sum(points) FROM asks") == "40");
    REQUIRE(answer(path, "PRAGMA journal_mode") == "wal");
    REQUIRE(answer(path, "SELECT typeof(layers) || typeof(accuracy) FROM trials") == "integerreal");
}

TEST_CASE("a running study can be read", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("a.db");
    int seen = 0;
    const auto looking = [&](const point& p) {
        const auto there = std::stoi(answer(path, "SELECT count(*) FROM trials"));
        REQUIRE(there == seen++);
        return measure(p);
    };
    evolution{looking, power}.run(usual, vd::sqlite_storage{path});
    REQUIRE(seen == 40);
}

TEST_CASE("numbers and texts come back bit for bit", "[sqlite]") {
    static const std::vector<double> values{0.1,
                                            -0.0,
                                            5e-324,
                                            1.7976931348623157e308,
                                            std::numeric_limits<double>::infinity(),
                                            -std::numeric_limits<double>::infinity(),
                                            1.0 / 3,
                                            4503599627370497.5,
                                            3,
                                            -7};
    const every s{[](const vd::point<odd>& p, vd::random_stream& random) {
        if (random.chance(0.1)) throw std::runtime_error{std::string{"a \xff\0 b\n'", 8}};
        const auto at = static_cast<std::size_t>(random.below(values.size()));
        return vd::metrics<vd::accuracy, vd::energy>{values[at], values[(at + p.size()) % values.size()] * vd::joules{}};
    }};
    const scratch_folder folder;
    const every::options options{.trials = 200, .seed = 4, .failures_in_a_row = 0};
    const auto whole = s.run(options);
    REQUIRE(same(s.run(options, vd::sqlite_storage{folder.file("a.db")}), whole));
    const auto back = s.run(options, vd::sqlite_storage{folder.file("a.db")});
    REQUIRE(same(back, whole));
    for (std::size_t i = 0; i < whole.trials().size(); ++i) {
        const auto a = whole.trials()[i].values.si_values(), b = back.trials()[i].values.si_values();
        for (std::size_t m = 0; m < a.size(); ++m) REQUIRE(std::bit_cast<std::uint64_t>(a[m]) == std::bit_cast<std::uint64_t>(b[m]));
    }
    REQUIRE(answer(folder.file("a.db"), "SELECT group_concat(name, '|') FROM pragma_table_info('trials')") ==
            "number|status|message|origin|started|ended|seconds|told|worker|Select|number_2|NUMBER_3|on|accuracy|accuracy_2|energy");
}

TEST_CASE("what does not exist at a point is NULL; its first value is read, another one is refused", "[sqlite]") {
    const every s{[](const vd::point<odd>&) { return vd::metrics<vd::accuracy, vd::energy>{0.5, 1.0 * vd::joules{}}; }};
    const scratch_folder folder;
    const auto path = folder.file("a.db");
    const auto whole = s.run({.trials = 60, .seed = 4}, vd::sqlite_storage{path});
    REQUIRE(answer(path, "SELECT count(*) FROM trials WHERE \"on\" = 'false'") == answer(path, "SELECT count(*) FROM trials WHERE accuracy IS NULL"));
    REQUIRE(answer(path, "SELECT count(*) > 5 FROM trials WHERE accuracy IS NULL") == "1");
    REQUIRE(answer(path, "SELECT count(*) > 5 FROM trials WHERE typeof(accuracy) = 'real'") == "1");
    REQUIRE(same(s.run({.trials = 60, .seed = 4}, vd::sqlite_storage{path}), whole));
    change(path, "UPDATE trials SET accuracy = 0.0 WHERE accuracy IS NULL"); // as older versions wrote it
    REQUIRE(same(s.run({.trials = 60, .seed = 4}, vd::sqlite_storage{path}), whole));
    change(path, "UPDATE trials SET accuracy = 0.5 WHERE \"on\" = 'false'");
    REQUIRE_THROWS_WITH(s.run({.trials = 60, .seed = 4}, vd::sqlite_storage{path}),
                        Contains(path) && Contains("accuracy: expected nothing, since it exists only where on == true, found '0.5'"));
}

// As earlier versions made it.
constexpr auto to_format_2 =
    "ALTER TABLE trials DROP COLUMN told; ALTER TABLE trials DROP COLUMN worker; ALTER TABLE asks DROP COLUMN first_number;"
    "DROP TABLE pending; DROP TABLE evaluations; DROP TABLE consumption; DELETE FROM study WHERE name IN ('order', 'fidelity');"
    "UPDATE study SET value = '2' WHERE name = 'format'; PRAGMA user_version = 2";
constexpr auto to_format_1 = "ALTER TABLE trials DROP COLUMN origin; ALTER TABLE trials DROP COLUMN started; ALTER TABLE trials DROP COLUMN ended;"
                             "ALTER TABLE trials DROP COLUMN seconds; DROP TABLE start_points; DROP TABLE corrections;"
                             "UPDATE study SET value = '1' WHERE name = 'format'; PRAGMA user_version = 1";

TEST_CASE("a study of an earlier format is read, and goes on as one", "[sqlite]") {
    const auto format = GENERATE(1, 2);
    const scratch_folder folder;
    const auto path = make(folder.file("a.db"), {.trials = 20, .seed = 3, .optimizer = {.population = 8}});
    change(path, to_format_2);
    if (format == 1) change(path, to_format_1);
    const auto longer = evolution{measure, power}.run(usual, vd::sqlite_storage{path});
    REQUIRE(same(longer, evolution{measure, power}.run(usual)));
    REQUIRE((longer.trials()[3].times.known() == (format > 1) && longer.trials()[30].times.known()));
    REQUIRE(answer(path, "PRAGMA user_version") == std::to_string(format));
    REQUIRE(answer(path, "SELECT count(*) FROM trials") == "40");
    REQUIRE_THROWS_WITH(evolution(measure, power).run(usual, vd::sqlite_storage{path}, vd::start_points{longer.trials()[0].point}),
                        Contains("start point 0: not stored, but the program has layers="));
}

TEST_CASE("a study of an earlier format that is given what it has no place for becomes one of the newest, whole", "[sqlite]") {
    const auto format = GENERATE(1, 2);
    const bool corrects = GENERATE(true, false);
    const scratch_folder folder;
    const auto path = make(folder.file("a.db"));
    change(path, to_format_2);
    if (format == 1) change(path, to_format_1);
    const auto before = vd::sqlite_storage{path}.load();
    {
        vd::sqlite_storage file{path};
        vd::kept_session<evolution> session{file, usual};
        if (corrects) session.correct_failure(session.trials()[0].point, "no");
        else file.measure({.number = 3, .fidelity = 0.5, .cost = 0.5, .status = "reported", .metrics = {1, 2, 3}});
    }
    REQUIRE(answer(path, "PRAGMA user_version") == (corrects && format == 2 ? "2" : "3"));
    auto now = vd::sqlite_storage{path}.load();
    REQUIRE((now->corrections.size() == (corrects ? 1 : 0) && now->evaluations.size() == (corrects ? 0 : 1)));
    if (corrects) now->trials[0] = now->corrections[0].before;
    REQUIRE(laws::same_trials(now->trials, before->trials));
    REQUIRE(laws::same_asks(now->asks, before->asks));
    REQUIRE(laws::same_states(now->state, before->state));
    if (!corrects) REQUIRE(same(evolution{measure, power}.run(usual, vd::sqlite_storage{path}), evolution{measure, power}.run(usual)));
}

TEST_CASE("names that databases use themselves, or cut off, are told apart", "[sqlite]") {
    const std::string sixty(60, 'x');
    verdant::study_description study;
    study.parameters = {
        {"xmin", "integer", "1", ""}, {"Told", "integer", "1", ""}, {sixty + "yz1", "text", "1", ""}, {sixty + "yz12", "text", "1", ""}};
    study.metrics = {sixty + "\xc3\xa4\xc3\xb6"};
    const auto names = [&](int format) {
        std::string text;
        const verdant::detail::tables::study_tables tables{study, format};
        const auto& columns = tables[verdant::detail::tables::table_id::trials].columns;
        for (auto i = tables.before_parameters(); i < columns.size(); ++i) text += columns[i].name + ' ';
        return text;
    };
    REQUIRE(names(3) == "xmin_2 Told_2 " + sixty + "yz1 " + sixty + "y_2 " + sixty + "\xc3\xa4 ");
    REQUIRE(names(2) == "xmin Told " + sixty + "yz1 " + sixty + "yz12 " + sixty + "\xc3\xa4\xc3\xb6 ");
}

TEST_CASE("a patience that is no time is refused", "[sqlite]") {
    const scratch_folder folder;
    for (const double bad : {-1.0, std::numeric_limits<double>::quiet_NaN()})
        REQUIRE_THROWS_WITH((vd::sqlite_storage{folder.file("a.db"), {.patience = bad}}),
                            Contains("sqlite storage, patience: expected a number of 0 or more, found"));
}

TEST_CASE("when trials were evaluated, and which ones were given, comes back", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("a.db");
    const vd::start_points start{feasible(0), feasible(50)};
    const auto whole = evolution{measure, power}.run(usual, vd::sqlite_storage{path}, start);
    const auto back = evolution{measure, power}.run(usual, vd::sqlite_storage{path}, start);
    REQUIRE(same(whole, back));
    for (std::size_t i = 0; i < whole.trials().size(); ++i) {
        const auto &a = whole.trials()[i].times, &b = back.trials()[i].times;
        REQUIRE((a.known() && a.started == b.started && a.ended == b.ended));
        REQUIRE((back.trials()[i].origin == vd::trial_origin::start_point) == (i < 2));
    }
    REQUIRE(answer(path, "SELECT group_concat(number) FROM trials WHERE origin = 'start point'") == "0,1");
    REQUIRE(answer(path, "SELECT point FROM start_points WHERE position = 0") == "layers=1 width=1 kernel=3");
    // SQLite's own functions understand the times.
    REQUIRE(answer(path, "SELECT count(*) FROM trials WHERE julianday(ended) >= julianday(started) AND seconds >= 0") == "40");
}

TEST_CASE("a trial in a file that breaks a constraint is refused by that", "[sqlite]") {
    const scratch_folder folder;
    const auto path = make(folder.file("a.db"));
    change(path, "UPDATE trials SET layers = 8, width = 10 WHERE number = 3");
    REQUIRE_THAT(refusal(folder, path),
                 Contains("trial 3: expected a feasible point, found layers=8 width=10") && Contains("which breaks width * layers <= 40"));
}

TEST_CASE("a study of another space, of other goals or options is refused and stays", "[sqlite]") {
    const scratch_folder folder;
    const auto path = make(folder.file("a.db"));
    REQUIRE_THAT(refusal(folder, path, {.trials = 40, .seed = 4, .optimizer = {.population = 8}}),
                 Contains("expected the study of this program, found another one: seed: stored 3, the program has 4"));
    const auto before = contents(folder);
    REQUIRE_THROWS_WITH(other{[](const vd::point<other_net>&) { return vd::metrics<vd::accuracy>{0.5}; }}.run({}, vd::sqlite_storage{path}),
                        Contains("parameter width") && Contains("constraint width * layers <= 40") && Contains("goal minimize latency"));
    REQUIRE(contents(folder) == before);

    // The same where a killed search has left a log that holds part of it.
    const auto killed = folder.file("killed.db");
    die_after(killed, 13);
    REQUIRE(std::filesystem::file_size(killed + "-wal") > 0);
    std::filesystem::remove(killed + "-lock"); // means nothing, and a refused one removes it
    const auto file = verdant::io::read_file(killed), log = verdant::io::read_file(killed + "-wal");
    REQUIRE_THROWS_WITH(evolution(measure, power).run({.seed = 5}, vd::sqlite_storage{killed}), Contains("seed: stored 3, the program has 5"));
    REQUIRE((verdant::io::read_file(killed) == file && verdant::io::read_file(killed + "-wal") == log));
    REQUIRE(same(evolution(measure, power).run(usual, vd::sqlite_storage{killed}), evolution(measure, power).run(usual)));
}

TEST_CASE("a file that is no study is refused and stays", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("a.db");
    std::ofstream{path} << "trial,accuracy\n1,0.5\n";
    REQUIRE_THAT(refusal(folder, path), Contains("expected a study, found a file that is no database of SQLite"));
    std::ofstream{path, std::ios::trunc};
    REQUIRE_THAT(refusal(folder, path), Contains("expected a study, found an empty file"));
    std::filesystem::remove(path);
    {
        SQLite::Database db{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        db.exec("CREATE TABLE trials(number)");
    }
    REQUIRE_THAT(refusal(folder, path), Contains("expected a study, found a database of another program"));
    REQUIRE_THAT(refusal(folder, folder.path.string()), Contains("it is no regular file"));
    std::filesystem::remove(path);
    REQUIRE_THAT(refusal(folder, folder.file("no/such/a.db")), Contains("there is no folder"));
    std::ofstream{path + "-wal"} << "log";
    REQUIRE_THAT(refusal(folder, path), Contains("a.db-wal without it"));
}

TEST_CASE("a damaged file is refused and stays", "[sqlite]") {
    const scratch_folder folder;
    const auto path = make(folder.file("a.db"));
    const auto whole = verdant::io::read_file(path);
    const auto write = [&](const std::string& bytes) { std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes; };
    for (const std::size_t part : {2U, 3U, 10U}) {
        write(whole.substr(0, whole.size() * (part - 1) / part));
        REQUIRE_THAT(refusal(folder, path), Contains("expected a study, found a damaged file"));
    }
    write(whole.substr(0, 50));
    REQUIRE_THAT(refusal(folder, path), Contains("expected a study, found a"));
    // Pages of zeros: each but the first in turn.
    for (std::size_t page = 1; page < whole.size() / 4096; ++page) {
        auto bytes = whole;
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page * 4096), 4096, '\0');
        write(bytes);
        REQUIRE_THAT(refusal(folder, path), Contains("expected"));
    }
    write(whole);
    REQUIRE(same(evolution(measure, power).run(usual, vd::sqlite_storage{path}), evolution(measure, power).run(usual)));
}

TEST_CASE("tables that were tampered with are refused by their place", "[sqlite]") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"PRAGMA user_version = 4", "format: expected 1 to 3, found 4, of another version of verdant"},
        {"PRAGMA user_version = 1", "format: expected 1 as the file says, found 3"},
        {"UPDATE study SET value = '7' WHERE name = 'format'", "format: expected 1 to 3, found 7"},
        {"UPDATE trials SET origin = 'me' WHERE number = 2", "expected origin 'optimizer' or 'start point', found 'me'"},
        {"UPDATE trials SET started = '2026-02-30T00:00:00.000000Z' WHERE number = 2", "expected a time like 2026-11-28T12:00:00.000000Z"},
        {"UPDATE trials SET seconds = seconds + 1 WHERE number = 2", "expected the seconds from 'started' to 'ended'"},
        {"UPDATE trials SET seconds = NULL WHERE number = 2", "expected the seconds from 'started' to 'ended', found nothing"},
        {"INSERT INTO corrections VALUES(0, 0, 0, 700, 'failed', 'no', '')", "expected the number of a trial, found 700"},
        {"INSERT INTO corrections VALUES(0, 0, 4, 2, 'completed', NULL, '0.5 x 2')", "expected numbers, found 'x'"},
        {"INSERT INTO corrections VALUES(0, 90, 4, 2, 'failed', 'no', '')",
         "correction 0: expected one of a trial that was told, behind those before it"},
        {"INSERT INTO consumption VALUES(0, -1, 1, 1, 1, 1, 'meter', 1)",
         "table consumption, row 0: expected a number of 0 or more as took, found '-1"},
        {"INSERT INTO consumption VALUES(0, 1, 1, -2.5, 1, 1, 'meter', 1)", "expected a number of 0 or more as graphics, found '-2.5'"},
        {"INSERT INTO consumption VALUES(0, 1, 1, 1, 1, -3, 'meter', 1)", "expected a number of 0 or more as "},
        {"INSERT INTO consumption VALUES(0, 1, 1, 1, 1, 9e999, 'meter', 1)", "expected a number of 0 or more as "},
        {"UPDATE trials SET worker = 0 WHERE number = 2", "expected the number of a worker, from 1, found '0'"},
        {"UPDATE trials SET told = -1 WHERE number = 2", "expected a whole number as told, found '-1'"},
        {"UPDATE study SET value = 'any' WHERE name = 'order'", "order: expected 'generations' or 'as_completed', found 'any'"},
        {"INSERT INTO evaluations VALUES(0, 2, -1, 0, 'reported', NULL, NULL, NULL, NULL, '')", "expected a fidelity of 0 or more, found '-1'"},
        {"INSERT INTO evaluations VALUES(0, 2, 1, 1, 'done', NULL, NULL, NULL, NULL, '')",
         "expected status 'reported', 'completed', 'failed' or 'stopped', found 'done'"},
        {"INSERT INTO evaluations VALUES(0, 2, 1, 1, 'reported', NULL, NULL, NULL, NULL, '1 a')", "expected numbers, found 'a'"},
        {"UPDATE asks SET first_number = 'x' WHERE number = 1", "expected a whole number as first_number, found 'x'"},
        {"DELETE FROM study WHERE name = 'seed'", "table study: expected a row 'seed', found none"},
        {"UPDATE study SET value = '-1' WHERE name = 'seed'", "seed: expected a whole number, found '-1'"},
        {"UPDATE study SET value = '0' WHERE name = 'batch'", "batch: expected at least 1, found 0"},
        {"UPDATE parameters SET domain = '1, 2' WHERE name = 'width'", "fingerprint: expected"},
        {"DROP TABLE asks", "expected the tables of a study, found no such table: asks"},
        {"ALTER TABLE trials RENAME COLUMN accuracy TO acc", "expected"},
        {"UPDATE trials SET layers = 9 WHERE number = 5", "trial 5, layers: expected one of 1, 2, 3, 4, 5, 6, 7, 8, found '9'"},
        {"UPDATE trials SET layers = 'six' WHERE number = 5", "table trials, row 5: expected a whole number as layers, found 'six'"},
        {"UPDATE trials SET layers = NULL WHERE number = 5", "expected a whole number as layers, found nothing"},
        {"UPDATE trials SET accuracy = NULL WHERE number = 5", "table trials, row 5: expected a number as accuracy, found none"},
        {"UPDATE trials SET accuracy = 'good' WHERE number = 5", "expected a number as accuracy, found 'good'"},
        {"UPDATE trials SET status = 'done' WHERE number = 5", "expected status 'completed' or 'failed', found 'done'"},
        {"DELETE FROM trials WHERE number = 5", "trial 5: expected a trial, found none"},
        // Of the last question, which is asked again.
        {"UPDATE trials SET kernel = CASE kernel WHEN 3 THEN 7 ELSE 3 END WHERE number = (SELECT MAX(number) FROM trials)",
         "which the optimizer proposes"},
        {"DELETE FROM asks WHERE number = 1", "table asks, row 1: expected number 1, found '2'"},
        {"DELETE FROM state", "state: expected a row, found 0 rows"},
        {"UPDATE state SET random = '1 2 3'", "random stream: expected a whole number, found ''"},
        {"UPDATE state SET optimizer = 'x' || optimizer", "word 1 of the stored state: expected a number"},
    };
    for (const auto& [sql, message] : cases) {
        const scratch_folder folder;
        const auto path = make(folder.file("a.db"));
        change(path, sql);
        CAPTURE(sql);
        REQUIRE_THAT(refusal(folder, path), Contains(message));
    }
}

TEST_CASE("a file that is in use or locked is refused and stays", "[sqlite]") {
    const scratch_folder folder;
    const auto path = make(folder.file("a.db"));
    {
        vd::sqlite_storage file{path};
        REQUIRE_THAT(refusal(folder, path), Contains("it is in use by another search"));
        std::filesystem::create_symlink(path, folder.file("link.db"));
        REQUIRE_THROWS_WITH(vd::sqlite_storage{folder.file("link.db")}, Contains("a.db: it is in use by another search"));
        // By another process as well.
        const auto child = ::fork();
        if (child == 0) {
            try {
                vd::sqlite_storage other{path};
            } catch (const vd::file_error& e) {
                ::_exit(std::string_view{e.what()}.find("in use by another search") == std::string_view::npos ? 2 : 0);
            }
            ::_exit(1);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
    std::filesystem::remove(folder.file("link.db"));
    REQUIRE(folder.entries() == 1);
    {
        SQLite::Database other{path, SQLite::OPEN_READWRITE};
        other.exec("BEGIN IMMEDIATE");
        other.exec("UPDATE study SET value = 'mine' WHERE name = 'library'");
        const auto before = verdant::io::read_file(path);
        REQUIRE_THROWS_WITH(vd::sqlite_storage(path, {.patience = 0.05}), "verdant: cannot read " + path + ": another program holds a lock on it");
        REQUIRE(verdant::io::read_file(path) == before);
        other.exec("ROLLBACK");
    }
    REQUIRE_NOTHROW(vd::sqlite_storage{path});
}

TEST_CASE("a lock in the middle of a search ends it, and nothing is lost", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("a.db");
    std::optional<SQLite::Database> other;
    int calls = 0;
    const auto locking = [&](const point& p) {
        if (++calls == 20) {
            other.emplace(path, SQLite::OPEN_READWRITE);
            other->exec("BEGIN IMMEDIATE");
        }
        return measure(p);
    };
    REQUIRE_THROWS_WITH(evolution(locking, power).run(usual, vd::sqlite_storage(path, {.patience = 0.05})),
                        "verdant: cannot write " + path + ": another program holds a lock on it");
    other.reset();
    REQUIRE(answer(path, "SELECT count(*) FROM trials") == "19");
    REQUIRE(calls == 20); // what could not be kept is not begun
    REQUIRE(same(evolution(measure, power).run(usual, vd::sqlite_storage{path}), evolution(measure, power).run(usual)));
}

TEST_CASE("a lock that passes costs no trial", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("a.db");
    std::thread other;
    std::atomic<int> calls = 0;
    const auto locking = [&](const point& p) {
        if (++calls == 20) {
            std::promise<void> locked;
            other = std::thread{[&] {
                SQLite::Database mine{path, SQLite::OPEN_READWRITE};
                mine.exec("BEGIN IMMEDIATE");
                locked.set_value();
                std::this_thread::sleep_for(std::chrono::milliseconds{200}); // four times the patience
                mine.exec("ROLLBACK");
            }};
            locked.get_future().wait();
        }
        return measure(p);
    };
    const auto found = evolution(locking, power).run(usual, vd::sqlite_storage(path, {.patience = 0.05}));
    other.join();
    REQUIRE(same(found, evolution(measure, power).run(usual)));
    REQUIRE(calls == static_cast<int>(found.trials().size()));
}

TEST_CASE("a file or folder without permission to write is refused and stays", "[sqlite]") {
    const scratch_folder folder;
    const auto path = make(folder.file("a.db"));
    // By its permissions, which hold for an administrator here, too.
    REQUIRE(::chmod(path.c_str(), 0444) == 0);
    REQUIRE_THAT(refusal(folder, path), Contains("it is read-only, and a study is written to"));
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    REQUIRE(::chmod(folder.path.c_str(), 0555) == 0);
    REQUIRE_THAT(refusal(folder, path), Contains("its folder is read-only, and SQLite keeps files beside a study"));
    REQUIRE_THAT(refusal(folder, folder.file("new.db")), Contains("its folder is read-only"));
    REQUIRE(::chmod(folder.path.c_str(), 0755) == 0);
    REQUIRE_NOTHROW(vd::sqlite_storage{path});
}

TEST_CASE("names of files may hold anything, and relative paths are meant from here", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("100% of a study? #1 'x' \xc3\xa4.db");
    make(path);
    REQUIRE(same(evolution(measure, power).run(usual, vd::sqlite_storage{path}), evolution(measure, power).run(usual)));
    REQUIRE(folder.entries() == 1);
    const auto here = std::filesystem::current_path();
    std::filesystem::current_path(folder.path);
    make("b.db");
    std::filesystem::current_path(here);
    REQUIRE(folder.entries() == 2);
}

TEST_CASE("a search for all points there are is continued", "[sqlite]") {
    const scratch_folder folder;
    using all = study<vd::exhaustive_search>;
    const all::options options{.trials = std::numeric_limits<std::size_t>::max(), .batch = 50};
    const auto whole = all{measure, power}.run(options);
    REQUIRE(whole.reason() == vd::stop_reason::exhausted);
    for (int i = 0; i < 2; ++i) REQUIRE(same(all{measure, power}.run(options, vd::sqlite_storage{folder.file("a.db")}), whole));
}

TEST_CASE("a study whose log was being moved into its file when the disk was full or the process died is continued", "[sqlite]") {
    const scratch_folder folder;
    const auto path = folder.file("a.db");
    die_after(path, 38);
    // The first page goes from the log into the file, which is as far as it came: it says that there are more pages.
    auto bytes = verdant::io::read_file(path);
    const auto log = verdant::io::read_file(path + "-wal");
    const auto number = [](const std::string& text, std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(text[at + i]);
        return value;
    };
    const std::size_t page = number(log, 8);
    std::size_t first = 0;
    for (std::size_t frame = 32; frame + 24 + page <= log.size(); frame += 24 + page)
        if (number(log, frame) == 1) first = frame;
    REQUIRE(first != 0);
    bytes.replace(0, page, log, first + 24, page);
    REQUIRE(number(bytes, 28) > bytes.size() / page);
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
    REQUIRE_THROWS_AS(
        SQLite::Database("file:" + path + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI).execAndGet("SELECT count(*) FROM trials"),
        SQLite::Exception);
    REQUIRE(vd::sqlite_storage{path}.load()->trials.size() == 38);
    REQUIRE(same(evolution(measure, power).run(usual, vd::sqlite_storage{path}), evolution(measure, power).run(usual)));
}

TEST_CASE("a study that someone took out of the log mode is continued", "[sqlite]") {
    const scratch_folder folder;
    const auto path = make(folder.file("a.db"), {.trials = 16, .seed = 3, .optimizer = {.population = 8}});
    change(path, "PRAGMA journal_mode = DELETE");
    change(path, "CREATE VIEW best AS SELECT * FROM trials ORDER BY accuracy");
    REQUIRE(same(evolution(measure, power).run(usual, vd::sqlite_storage{path}), evolution(measure, power).run(usual)));
    REQUIRE(answer(path, "PRAGMA journal_mode") == "wal");
    REQUIRE(answer(path, "SELECT count(*) FROM best") == "40");
}
