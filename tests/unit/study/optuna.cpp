#include "catch.hpp"
#include "kept_study.hpp"

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/optuna_export.hpp>
#include <verdant/study/optuna_import.hpp>
#include <verdant/study/optuna_study.hpp>
#include <verdant/study/sqlite_study.hpp>

#include <SQLiteCpp/Database.h>

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace vd = verdant;
using Catch::Contains;

struct folder {
    std::string path = (std::filesystem::temp_directory_path() / ("verdant-optuna-" + std::to_string(getpid()))).string();
    folder() { std::filesystem::create_directory(path); }
    ~folder() { std::filesystem::remove_all(path); }
    [[nodiscard]] std::string operator/(const std::string& name) const { return path + '/' + name; }
};

/// As `kept::study`, with an infinite latency, values as their domains have them, and a pending trial.
vd::stored_study ours() {
    auto s = kept::study();
    for (auto& t : s.trials)
        if (t.parameters[3] == "0.30000000000000004") t.parameters[3] = "0.3";
    s.trials[2].metrics[1] = std::numeric_limits<double>::infinity();
    return s;
}

bool has_optuna() {
    return std::system("/usr/bin/python3 -c 'import optuna, sys; sys.exit(not optuna.__version__.startswith(\"3.\"))' 2>/dev/null") == 0;
}

/// Runs a program of Python, and gives what it prints.
std::string python(const folder& at, const std::string& program) {
    vd::io::write_file(at / "program.py", program);
    REQUIRE(std::system(("cd " + at.path + " && /usr/bin/python3 -W ignore program.py > said 2> error || { cat error >&2; exit 1; }").c_str()) == 0);
    return vd::io::read_file(at / "said");
}

} // namespace

TEST_CASE("whole studies go to a file of SQLite and come back", "[sqlite_study]") {
    const folder at;
    auto study = kept::study();
    study.pending.push_back({20, study.trials[1].parameters});
    vd::write_sqlite_study(at / "s.db", study);
    const auto again = vd::read_sqlite_study(at / "s.db");
    REQUIRE(again.trials.size() == study.trials.size());
    for (std::size_t i = 0; i < study.trials.size(); ++i) CHECK(kept::same(again.trials[i], study.trials[i]));
    CHECK(again.pending.size() == 1);
    CHECK_THROWS_AS(vd::write_sqlite_study(at / "s.db", study), vd::file_error);
    CHECK_THROWS_AS(vd::read_sqlite_study(at / "none.db"), vd::file_error);
    CHECK_THROWS_AS(vd::read_sqlite_study(at.path), vd::file_error);
    vd::io::write_file(at / "text.db", "no database, and long enough to be none for certain");
    CHECK_THROWS_WITH(vd::read_sqlite_study(at / "text.db"), Contains("no database of SQLite"));
    for (const auto& left : std::filesystem::directory_iterator{at.path}) CHECK(left.path().string().find(".part") == std::string::npos);
}

TEST_CASE("a study is read from a folder that is read-only", "[sqlite_study]") {
    const folder at;
    const auto path = at / "s 1?.db";
    vd::write_sqlite_study(path, kept::study());
    SQLite::Database{path, SQLite::OPEN_READWRITE}.exec("PRAGMA journal_mode = WAL"); // as searches leave it
    std::filesystem::permissions(at.path, std::filesystem::perms{0555});
    const auto child = ::fork();
    if (child == 0) {
        int code = 1;
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(3); // the administrator may write everywhere
        try {
            code = vd::read_sqlite_study(path).trials.size() == 20 ? 0 : 2;
        } catch (const vd::error& e) { std::cerr << e.what() << '\n'; }
        ::_exit(code);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    std::filesystem::permissions(at.path, std::filesystem::perms{0755});
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

TEST_CASE("a study goes to Optuna's tables and comes back with the same numbers", "[optuna]") {
    const folder at;
    auto study = ours();
    study.pending.push_back({20, study.trials[1].parameters});
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    CHECK(vd::optuna_study_names(at / "o.db") == std::vector<std::string>{"mine"});
    const auto theirs = vd::read_optuna_study(at / "o.db", "mine");
    CHECK(theirs.objectives == std::vector<std::string>{"accuracy", "latency"});
    const auto found = vd::import_optuna_study(theirs, study.description, "o.db");
    CHECK(found.unfinished == 1);
    REQUIRE(found.study.trials.size() == study.trials.size());
    for (std::size_t i = 0; i < study.trials.size(); ++i) {
        auto expected = study.trials[i], came = found.study.trials[i];
        expected.origin = came.origin; // what Optuna's tables do not say
        expected.times.worker = came.times.worker = 0;
        CHECK(kept::same(came, expected));
    }
    const auto alone = vd::import_optuna_study(theirs, "o.db").study.description;
    CHECK(alone.metrics == std::vector<std::string>{"accuracy", "latency", "constraint_0"});
    REQUIRE(alone.parameters.size() == 4);
    CHECK(alone.parameters[1].domain == "2, 4, 6");
    CHECK(alone.parameters[3].condition == "suggested");
}

TEST_CASE("what of Optuna does not fit is named", "[optuna]") {
    const folder at;
    const auto study = ours();
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    const auto refused = [&](const std::string& change, const std::string& said) {
        std::filesystem::copy_file(at / "o.db", at / "changed.db", std::filesystem::copy_options::overwrite_existing);
        SQLite::Database{at / "changed.db", SQLite::OPEN_READWRITE}.exec(change);
        CHECK_THROWS_WITH(vd::import_optuna_study(vd::read_optuna_study(at / "changed.db", "mine"), study.description, "o.db"), Contains(said));
    };
    CHECK_THROWS_WITH(vd::read_optuna_study(at / "o.db", "other"), Contains("study other: expected a study of that name, found mine"));
    refused("UPDATE version_info SET schema_version = 11", "schema version: expected 12, that of Optuna 3, found 11");
    refused("UPDATE study_directions SET direction = 'MINIMIZE'", "objective 0: expected maximize accuracy, found MINIMIZE");
    refused("UPDATE trial_params SET param_name = 'width' WHERE param_name = 'depth'", "parameter width");
    refused("UPDATE trial_params SET param_value = 3 WHERE param_name = 'depth' AND trial_id = 5",
            "trial 4, depth: expected one of 2, 4, 6, found '3'");
    refused("UPDATE trial_params SET param_value = 9 WHERE param_name = 'act' AND trial_id = 5",
            "trial 4, act: expected the place of a choice, found 9");
    refused("UPDATE trial_params SET param_value = 0.5 WHERE param_name = 'act' AND trial_id = 5",
            "trial 4, act: expected the place of a choice, found 0.5");
    refused("UPDATE trial_params SET param_value = 4.5 WHERE param_name = 'depth' AND trial_id = 5",
            "trial 4, depth: expected a whole number, found 4.5");
    refused("UPDATE trial_params SET distribution_json = '{' WHERE trial_id = 5", "parameter depth: expected a distribution in JSON, found {");
    // Python writes numbers that JSON does not have; versions of SQLite differ in what they take them for.
    for (const std::string word : {"NaN", "Infinity", "-Infinity"}) {
        refused(R"(UPDATE trial_params SET distribution_json = '{"name": "CategoricalDistribution", "attributes": {"choices": ["NaN \" Infinity", )" +
                    word + "]}}' WHERE param_name = 'act'",
                "parameter act: expected a distribution of finite numbers, texts, truth values and null, found one with " + word +
                    ", which no domain has");
        refused(R"(UPDATE trial_params SET distribution_json = '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.1, "high": )" +
                    word + ", \"log\": false}}' WHERE param_name = 'rate'",
                "parameter rate: expected a distribution of finite numbers, texts, truth values and null, found one with " + word);
        refused("UPDATE trial_user_attributes SET value_json = '{\"energy\": " + word + "}' WHERE key = 'metrics_si' AND trial_id = 5",
                "trial 4, metrics_si: expected numbers, infinite ones as 'inf' and '-inf', found " + word);
    }
    refused("UPDATE trial_user_attributes SET value_json = 'NaN' WHERE key = 'energy' AND trial_id = 5",
            "trial 4, metric energy: expected a number, found NaN");
    refused("DELETE FROM trial_user_attributes WHERE key = 'metrics_si'; UPDATE trial_user_attributes SET value_json = 'NaN' WHERE key = 'energy' "
            "AND trial_id = 5",
            "trial 4, metric energy: expected a number, found NaN");
    refused("DELETE FROM trial_user_attributes WHERE key = 'metrics_si'; UPDATE trial_values SET value = 5e-324 WHERE trial_id = 5 AND objective = 0",
            "trial 4, metric accuracy: expected a number that SI units have, too, found 5e-324");
    refused("UPDATE trial_values SET value_type = 'INF_POS', value = NULL WHERE trial_id = 5 AND objective = 0",
            "metrics_si: expected what the trial's value says");
    refused("UPDATE trial_params SET param_value = NULL WHERE param_name = 'act' AND trial_id = 5",
            "trial 4, act: expected a number as its value, found none");
    refused("UPDATE trial_params SET distribution_json = replace(distribution_json, '6', '8') WHERE param_name = 'depth' AND trial_id = 5",
            "one distribution in all trials");
    refused("UPDATE trials SET state = 'DONE' WHERE trial_id = 5", "found DONE");
    refused("UPDATE trials SET datetime_start = 'now' WHERE trial_id = 5", "'now'");
    refused("UPDATE trial_values SET value = 7 WHERE trial_id = 5 AND objective = 0", "metrics_si: expected what the trial's value says");
    refused("DELETE FROM trial_values WHERE trial_id = 5 AND objective = 1", "expected 2 values, found 1");
    refused("DROP TABLE trial_values", "expected the tables of Optuna's studies");
    // What would be another study without a word: choices that differ in their types only, limits that are not numbers.
    refused(
        R"(UPDATE trial_params SET distribution_json = '{"name": "CategoricalDistribution", "attributes": {"choices": ["None", 1, null]}}' WHERE param_name = 'act')",
        "parameter act: expected choices that differ as text, found two that are None");
    refused("UPDATE trial_system_attributes SET value_json = '[NaN]' WHERE key = 'constraints' AND trial_id = 5",
            "trial 4, constraints: expected numbers, found [NaN]");
    refused("UPDATE trial_params SET param_value = 2 WHERE param_name = 'depth' AND trial_id = 1; DELETE FROM trial_params WHERE param_name = 'rate' "
            "AND trial_id = 2",
            "trial 1, rate: expected a value, since it exists there, found none");
    auto uneven = study;
    uneven.description.goals.erase(uneven.description.goals.begin(), uneven.description.goals.begin() + 2);
    CHECK_THROWS_WITH(vd::write_optuna_study(at / "x.db", uneven, "x", "kept"), Contains("expected an objective, which Optuna needs"));
    CHECK_FALSE(std::filesystem::exists(at / "x.db"));
}

TEST_CASE("a trial of Optuna that was tried again counts as what came of it then", "[optuna]") {
    const folder at;
    const auto study = ours();
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    auto theirs = vd::read_optuna_study(at / "o.db", "mine");
    theirs.trials[3].state = "PRUNED";
    CHECK(vd::import_optuna_study(theirs, study.description, "o.db").pruned == 1);
    auto again = theirs.trials[3];
    for (const std::string state : {"FAIL", "COMPLETE", "PRUNED", "COMPLETE"}) {
        again.number = theirs.trials.size();
        again.state = state;
        again.values = state == "COMPLETE" ? std::vector{50.0 + static_cast<double>(again.number), 2.5} : std::vector<double>{};
        again.exact = {{"energy", 1}};
        theirs.trials.push_back(again);
    }
    const auto found = vd::import_optuna_study(theirs, study.description, "o.db");
    CHECK((found.repeated == 4 && found.pruned == 0 && found.study.trials.size() == 20));
    const auto& t = found.study.trials[3];
    CHECK((t.completed && t.number == 3 && t.message.empty()));
    CHECK(t.metrics == std::vector<double>{71 * 0.01, 2.5 * 0.001, 1}); // of the first that was completed
}

TEST_CASE("trials of Optuna that ended before they began have no end", "[optuna]") {
    const folder at;
    const auto study = ours();
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    auto theirs = vd::read_optuna_study(at / "o.db", "mine");
    theirs.trials[2].times.ended = theirs.trials[2].times.started - 3500; // local time was set back by an hour
    const auto found = vd::import_optuna_study(theirs, study.description, "o.db");
    CHECK(found.set_back == 1);
    CHECK((found.study.trials[2].times.started == theirs.trials[2].times.started && std::isnan(found.study.trials[2].times.ended)));
    CHECK(found.study.trials[1].times.ended == study.trials[1].times.ended);
    // One that was tried again has the times of then.
    auto again = theirs.trials[2];
    theirs.trials[2].state = "FAIL";
    again.number = theirs.trials.back().number + 1;
    again.times.ended = again.times.started + 1;
    theirs.trials.push_back(again);
    CHECK(vd::import_optuna_study(theirs, study.description, "o.db").set_back == 0);
}

TEST_CASE("a constraint of Optuna that a trial breaks is not forgotten where no goal is a limit", "[optuna]") {
    const folder at;
    const auto study = ours();
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    const auto theirs = vd::read_optuna_study(at / "o.db", "mine");
    auto without = study.description;
    without.goals[2].kind = "track";
    CHECK_THROWS_WITH(vd::import_optuna_study(theirs, without, "o.db"),
                      Contains("trial 17, constraints: expected at most 0, since no goal is a limit, found 0.1"));
}

TEST_CASE("infinite limits and attributes of Optuna are read", "[optuna]") {
    const folder at;
    const auto study = ours();
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    SQLite::Database{at / "o.db", SQLite::OPEN_READWRITE}.exec(
        "UPDATE trial_system_attributes SET value_json = '[Infinity]' WHERE key = 'constraints' AND trial_id <> 5;"
        "UPDATE trial_system_attributes SET value_json = '[-Infinity]' WHERE key = 'constraints' AND trial_id = 5;"
        "DELETE FROM trial_user_attributes WHERE key = 'metrics_si';"
        "UPDATE trial_user_attributes SET value_json = 'Infinity' WHERE key = 'energy' AND trial_id = 6;"
        "INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES (6, 'words', '\"Infinity\"')");
    const auto theirs = vd::read_optuna_study(at / "o.db", "mine");
    const auto alone = vd::import_optuna_study(theirs, "o.db").study;
    CHECK(alone.trials[0].metrics[2] == std::numeric_limits<double>::infinity());
    CHECK(alone.trials[4].metrics[2] == -std::numeric_limits<double>::infinity());
    CHECK(vd::import_optuna_study(theirs, study.description, "o.db").study.trials[5].metrics[2] == std::numeric_limits<double>::infinity());
}

TEST_CASE("values that are infinite or 0 in their unit only come back from Optuna's tables", "[optuna]") {
    const folder at;
    auto study = ours();
    study.description.goals[2].factor = 3.6e6;
    study.trials[0].metrics = {0.5, 1e306, 1e-320};
    study.trials[1].metrics = {0.5, -1e306, 5e-324};
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    const auto again = vd::import_optuna_study(vd::read_optuna_study(at / "o.db", "mine"), study.description, "o.db").study;
    REQUIRE(again.trials.size() == study.trials.size());
    for (std::size_t i = 0; i < study.trials.size(); ++i) CHECK(again.trials[i].metrics == study.trials[i].metrics);
    study.trials[1].metrics[0] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(vd::write_optuna_study(at / "n.db", study, "mine", "kept"),
                      Contains("kept, trial 1, metric accuracy: expected a number, found NaN"));
}

TEST_CASE("times that nobody knows come back unknown from Optuna's tables, which have some everywhere", "[optuna]") {
    const folder at;
    auto study = ours();
    constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();
    study.trials[0].times = {unknown, unknown, 1};
    study.trials[1].times.started = unknown;
    study.trials[3].times.ended = unknown; // a failed one
    study.pending.push_back({20, study.trials[1].parameters});
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    SQLite::Database file{at / "o.db", SQLite::OPEN_READWRITE};
    CHECK(
        file.execAndGet("SELECT count(*) FROM trials WHERE datetime_start IS NULL OR (datetime_complete IS NULL) <> (state = 'RUNNING')").getInt() ==
        0);
    CHECK(file.execAndGet("SELECT datetime_start || ' ' || datetime_complete FROM trials WHERE number = 0").getString() ==
          "1970-01-01 00:00:00.000000 1970-01-01 00:00:00.000000");
    const auto again = vd::import_optuna_study(vd::read_optuna_study(at / "o.db", "mine"), study.description, "o.db").study;
    for (std::size_t i = 0; i < study.trials.size(); ++i) {
        CAPTURE(i);
        CHECK(std::isnan(again.trials[i].times.started) == (i < 2));
        CHECK(std::isnan(again.trials[i].times.ended) == (i == 0 || i == 3));
        if (i > 3) CHECK(again.trials[i].times.ended == study.trials[i].times.ended);
    }
    file.exec("UPDATE trial_system_attributes SET value_json = '[\"never\"]' WHERE key = 'verdant:unknown_times'");
    CHECK_THROWS_WITH(vd::read_optuna_study(at / "o.db", "mine"),
                      Contains("trial 0, verdant:unknown_times: expected 'started' and 'ended', found 'never'"));
}

TEST_CASE("metrics with the names of attributes go to Optuna and come back", "[optuna]") {
    const folder at;
    auto study = ours();
    study.description.metrics = {"worker", "origin", "metrics_si"};
    for (std::size_t g = 0; g < 3; ++g) study.description.goals[g].metric = study.description.metrics[g];
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    const auto again = vd::import_optuna_study(vd::read_optuna_study(at / "o.db", "mine"), study.description, "o.db").study;
    REQUIRE(again.trials.size() == study.trials.size());
    for (std::size_t i = 0; i < study.trials.size(); ++i) CHECK(again.trials[i].metrics == study.trials[i].metrics);
}

TEST_CASE("Optuna opens our studies with equal values, states, distributions, constraints and best trials", "[optuna][peer]") {
    if (!has_optuna()) {
        std::cout << "skipped: Optuna 3 is not installed (Debian: python3-optuna)\n";
        return;
    }
    const folder at;
    auto study = ours();
    study.pending.push_back({20, study.trials[1].parameters});
    vd::write_optuna_study(at / "o.db", study, "mine", "kept");
    const auto said = python(at, R"(
import optuna
s = optuna.load_study(study_name='mine', storage='sqlite:///o.db')
print([d.name for d in s.directions], s.user_attrs['objectives'], s.user_attrs['seed'])
for t in s.trials:
    print(t.number, t.state.name, repr(t.values), {k: t.params[k] for k in sorted(t.params)}, t.system_attrs.get('constraints'), t.user_attrs.get('message'), t.duration)
t = s.trials[1]
print(*[str(t.distributions[k]) for k in sorted(t.distributions)], sep='\n')
print(sorted(t.number for t in s.best_trials))
s.add_trial(optuna.trial.create_trial(params=t.params, distributions=t.distributions, values=[50, 3]))
s.tell(s.ask(t.distributions), [1, 2])
print(len(optuna.load_study(study_name='mine', storage='sqlite:///o.db').trials))
optuna.copy_study(from_study_name='mine', from_storage='sqlite:///o.db', to_storage='sqlite:///c.db')
print('copied', len(optuna.load_study(study_name='mine', storage='sqlite:///c.db').trials))
)");
    CHECK_THAT(said, Contains("['MAXIMIZE', 'MINIMIZE'] ['accuracy', 'latency'] 7\n"));
    CHECK_THAT(said, Contains("1 COMPLETE [61.0, 2.2] {'act': 'relu', 'depth': 2, 'on': True, 'rate': 0.1} [-1.9] None 0:00:01.500000\n"));
    CHECK_THAT(said, Contains("2 COMPLETE [62.0, inf]"));
    CHECK_THAT(said, Contains("3 FAIL None {'act': 'relu', 'depth': 2, 'on': True, 'rate': 0.3} None diverged at <step> 3 & \"stopped\""));
    CHECK_THAT(said, Contains("4 COMPLETE [60.0, 2.0] {'act': 'it\\'s </script> <b> \"x\"', 'depth': 2, 'on': False} [-2] None"));
    CHECK_THAT(said, Contains("20 RUNNING None"));
    CHECK_THAT(said, Contains("IntDistribution(high=6, log=False, low=2, step=2)") &&
                         Contains("FloatDistribution(high=0.3, log=False, low=0.1, step=0.1)") &&
                         Contains("CategoricalDistribution(choices=(False, True))"));
    CHECK_THAT(said, Contains("\n[0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]\n")); // Optuna 3.1 does not regard constraints here
    CHECK_THAT(said, Contains("\n[0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]\n")); // Optuna 3.1 does not regard constraints here
    CHECK_THAT(said, Contains("\n23\ncopied 23\n"));
}

TEST_CASE("Optuna copies our studies, whatever of their times is known", "[optuna][peer]") {
    if (!has_optuna()) {
        std::cout << "skipped: Optuna 3 is not installed (Debian: python3-optuna)\n";
        return;
    }
    const folder at;
    auto study = ours();
    constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();
    study.trials[0].times = {unknown, unknown, 1};
    study.trials[1].times.started = unknown;
    study.trials[3].times.ended = unknown;
    study.pending.push_back({20, study.trials[1].parameters});
    vd::write_optuna_study(at / "some.db", study, "mine", "kept");
    for (auto& t : study.trials) t.times = {};
    vd::write_optuna_study(at / "none.db", study, "mine", "kept");
    const auto said = python(at, R"(
import optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
for name in ('some', 'none'):
    optuna.copy_study(from_study_name='mine', from_storage=f'sqlite:///{name}.db', to_storage=f'sqlite:///{name}-copy.db')
    copied = optuna.load_study(study_name='mine', storage=f'sqlite:///{name}-copy.db').trials
    print(name, len(copied), *[t.system_attrs.get('verdant:unknown_times') for t in copied[:4]], copied[1].duration)
)");
    CHECK(said == "some 21 ['started', 'ended'] ['started'] None ['ended'] 0:00:00\n"
                  "none 21 ['started', 'ended'] ['started', 'ended'] ['started', 'ended'] ['started', 'ended'] 0:00:00\n");
    for (const auto* name : {"some-copy.db", "none-copy.db"}) {
        const auto again = vd::import_optuna_study(vd::read_optuna_study(at / name, "mine"), study.description, name).study;
        REQUIRE(again.trials.size() == 20);
        CHECK((std::isnan(again.trials[0].times.started) && std::isnan(again.trials[0].times.ended)));
    }
}

TEST_CASE("studies that Optuna wrote are imported where their domains fit", "[optuna][peer]") {
    if (!has_optuna()) {
        std::cout << "skipped: Optuna 3 is not installed (Debian: python3-optuna)\n";
        return;
    }
    const folder at;
    const auto said = python(at, R"(
import optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
s = optuna.create_study(storage='sqlite:///t.db', study_name='theirs', directions=['maximize', 'minimize'], sampler=optuna.samplers.NSGAIISampler(seed=3, constraints_func=lambda t: t.user_attrs['c']))
def f(t):
    d = t.suggest_int('depth', 2, 6, step=2)
    a = t.suggest_categorical('act', ['relu', 'it\'s </script> <b> "x"'])
    on = t.suggest_categorical('on', [False, True])
    r = t.suggest_float('rate', 0.1, 0.3, step=0.1) if on else 0
    t.set_user_attr('c', (d - 5,))
    t.set_user_attr('energy', 0.5 * d)
    if d == 6 and a != 'relu': raise optuna.TrialPruned()
    return d + r, d * 1.5
s.optimize(f, n_trials=40)
optuna.create_study(storage='sqlite:///t.db', study_name='continuous').optimize(lambda t: t.suggest_float('x', 0, 1), n_trials=2)
done = [t for t in s.trials if t.state.name == 'COMPLETE']
seen = {}
for t in done: seen.setdefault(tuple(sorted(t.params.items())), t)
print(len(seen))
print(sum(t.values[0] for t in seen.values()))
)");
    CHECK(vd::optuna_study_names(at / "t.db") == std::vector<std::string>{"theirs", "continuous"});
    const auto theirs = vd::read_optuna_study(at / "t.db", "theirs");
    const auto free = vd::import_optuna_study(theirs, "t.db");
    std::size_t measured = 0;
    double sum = 0;
    for (const auto& t : free.study.trials)
        if (t.completed) sum += t.metrics[0], ++measured;
    CHECK(std::to_string(measured) == said.substr(0, said.find('\n')));
    CHECK(sum == Approx(std::stod(said.substr(said.find('\n')))));
    CHECK(free.study.trials.size() + free.repeated == 40);
    CHECK(free.study.description.metrics.back() == "constraint_0");
    // Pruned points break a constraint of our space, of which the study is no part then.
    CHECK_THROWS_WITH(vd::import_optuna_study(theirs, kept::description(), "t.db"), Contains("within the constraint act == relu || depth < 6"));
    auto wider = kept::description();
    wider.constraints.clear();
    const auto fitted = vd::import_optuna_study(theirs, wider, "t.db");
    for (const auto& t : fitted.study.trials) {
        if (!t.completed) continue;
        CHECK(t.metrics[2] == 0.5 * std::stod(t.parameters[0]));
        CHECK(t.metrics[1] == std::stod(t.parameters[0]) * 1.5 * 0.001);
        break;
    }
    CHECK_THROWS_WITH(vd::import_optuna_study(vd::read_optuna_study(at / "t.db", "continuous"), "t.db"),
                      Contains("parameter x: expected a distribution with a step"));
}
