#include <verdant/study/kept_session.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/study/postgres/postgres_storage.hpp>

#include "catch.hpp"
#include "laws/storage.hpp"
#include "laws/study_recorder.hpp"
#include "unit/study/postgres/postgres_server.hpp"
#include "unit/study/studies.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <signal.h>

using namespace studies;
using Catch::Contains;

static_assert(vd::pending_storage<vd::postgres_storage> && vd::revising_storage<vd::postgres_storage> &&
              vd::evaluation_storage<vd::postgres_storage> && vd::metered_storage<vd::postgres_storage>);

namespace {

using evolution = study<vd::nsga2<>>;
const evolution::options usual{.trials = 40, .seed = 3, .optimizer = {.population = 8}};

std::vector<std::string> words;
const vd::postgres_options listening{.patience = 20, .notice = [](const std::string& text) { words.push_back(text); }};

bool no_server() {
    if (!postgres_server::programs().empty()) return false;
    WARN("left out: no server of PostgreSQL is installed (Debian: postgresql)");
    return true;
}

std::string refusal(const std::string& address, const std::string& name, const evolution::options& options = usual) {
    try {
        vd::postgres_storage kept{address, name, {.patience = 0.2, .notice = [](const std::string&) {}}};
        evolution{measure, power}.run(options, kept);
    } catch (const vd::error& e) { return e.what(); }
    return "accepted";
}

} // namespace

TEST_CASE("what a connection string says is told without its password, and another text is refused", "[postgres]") {
    using vd::detail::postgres::database_name;
    REQUIRE(database_name("postgresql://me:secret@db.example:5433/studies?sslmode=require") == "studies at db.example:5433");
    REQUIRE(database_name("host=/run/postgresql dbname=a password=secret") == "a at /run/postgresql");
    REQUIRE(database_name("") == "the default database");
    REQUIRE_THROWS_WITH(database_name("postgresql://me:secret@[x"), Contains("postgres, connection string: expected") && !Contains("secret"));
    REQUIRE_THROWS_WITH((vd::postgres_storage{"host=/nowhere password=secret", "a"}),
                        Contains("the default database at /nowhere") && !Contains("secret"));
    for (const auto* name : {"", "pg_mine", "public", "Information_Schema", "$user", "\xff"})
        REQUIRE_THROWS_WITH((vd::postgres_storage{"", name}), Contains("postgres, name of a study: expected"));
    REQUIRE_THROWS_WITH((vd::postgres_storage{"", std::string(64, 'a')}), Contains("1 to 63 bytes"));
    REQUIRE_THROWS_WITH((vd::postgres_storage{"", "a", {.patience = -1}}), Contains("postgres, patience"));
    REQUIRE_THROWS_WITH((vd::postgres_storage{"", "a", {.silence = 0}}), Contains("postgres, silence"));
}

TEST_CASE("texts that PostgreSQL refuses come back", "[postgres]") {
    using namespace vd::detail::postgres;
    using namespace std::string_literals;
    for (const auto& text : {""s, "a"s, "\xff"s, "a\0b"s, "\\x"s, "\\x00"s, "\\xg"s, "\xc3\xa4"s, "\\"s})
        REQUIRE(text_of_kept(kept_text(text)) == text);
    REQUIRE(kept_text("a") == "a");
    REQUIRE(kept_text("\xff") == "\\xff");
    REQUIRE(text_of_kept("\\xfg") == "\\xfg");
}

TEST_CASE("a database keeps what every storage keeps, and any tool reads it", "[postgres]") {
    if (no_server()) return;
    postgres_server server;
    laws::obeys_storage_laws([&] { return vd::postgres_storage{server.address(), "laws"}; });
    laws::keeps_the_order_told([&] { return vd::postgres_storage{server.address(), "a \"study\" of it's own"}; });

    const auto whole = evolution{measure, power}.run(usual);
    {
        vd::postgres_storage kept{server.address(), "chip"};
        REQUIRE(same(evolution{measure, power}.run({.trials = 21, .seed = 3, .optimizer = {.population = 8}}, kept),
                     evolution{measure, power}.run({.trials = 21, .seed = 3, .optimizer = {.population = 8}})));
        REQUIRE_THAT(refusal(server.address(), "chip"), Contains("chip in postgres at " + server.folder) && Contains("another program has it open"));
    }
    vd::postgres_storage kept{server.address(), "chip"};
    REQUIRE(same(evolution{measure, power}.run(usual, kept), whole));
    REQUIRE(server.ask("SELECT count(*) FROM chip.trials WHERE latency < 1 AND layers IN (1, 2)") != "0");
    REQUIRE(server.ask("SELECT string_agg(column_name, '|' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = 'chip' "
                       "AND table_name = 'trials'") ==
            "number|status|message|origin|started|ended|seconds|told|worker|layers|width|kernel|accuracy|latency|energy");
    REQUIRE(server.ask("SELECT count(*) FROM chip.trials WHERE ended::timestamptz >= started::timestamptz") == "40");
}

TEST_CASE("what is no study, or not as one is left, is refused and stays", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    const auto make = [&](const std::string& name) {
        vd::postgres_storage kept{server.address(), name};
        evolution{measure, power}.run(usual, kept);
    };
    server.ask("CREATE SCHEMA mine; CREATE TABLE mine.things(a int)");
    REQUIRE_THAT(refusal(server.address(), "mine"),
                 Contains("mine in postgres at") && Contains("expected a study, found a schema of another program"));
    REQUIRE_THAT(refusal(server.address("dbname=nothing"), "a"), Contains("nothing at") && Contains("no connection: "));
    REQUIRE_THAT(refusal("host=" + server.folder + " user=nobody_at_all dbname=postgres password=secret", "a"),
                 Contains("no connection: ") && !Contains("secret"));
    make("other");
    auto options = usual;
    options.seed = 4;
    REQUIRE_THAT(refusal(server.address(), "other", options), Contains("seed: stored 3"));
    const std::vector<std::pair<std::string, std::string>> cases{
        {"UPDATE t.study SET value = $$2$$ WHERE name = $$format$$", "format: expected 3, found 2"},
        {"UPDATE t.study SET value = $$4$$ WHERE name = $$format$$", "format: expected 1 to 3, found 4"},
        {"DELETE FROM t.study WHERE name = $$seed$$", "table study: expected a row 'seed', found none"},
        {"DROP TABLE t.asks", "expected the tables of a study, found relation \"asks\" does not exist"},
        {"ALTER TABLE t.trials RENAME COLUMN told TO said", "expected the tables of a study, found column \"told\" does not exist"},
        {"UPDATE t.trials SET status = $$done$$ WHERE number = 5", "table trials, row 5: expected status 'completed' or 'failed', found 'done'"},
        {"ALTER TABLE t.trials ALTER COLUMN layers TYPE text; UPDATE t.trials SET layers = $$six$$ WHERE number = 5",
         "row 5: expected a whole number as layers, found 'six'"},
        {"UPDATE t.trials SET accuracy = NULL WHERE number = 5", "expected a number as accuracy, found none"},
        {"UPDATE t.trials SET started = $$noon$$ WHERE number = 5", "expected a time like 2026-11-28T12:00:00.000000Z, found 'noon'"},
        {"DELETE FROM t.trials WHERE number = 5", "trial 5: expected a trial, found none"},
        {"UPDATE t.state SET random = $$1 2 3$$", "random stream: expected a whole number, found ''"},
        {"INSERT INTO t.pending SELECT 900, 1, 1, 3; UPDATE t.parameters SET domain = $$1$$ WHERE name = $$width$$", "fingerprint: expected"},
    };
    for (const auto& [sql, message] : cases) {
        make("t");
        server.ask(sql);
        CAPTURE(sql);
        const auto before = server.ask("SELECT count(*) FROM t.trials");
        REQUIRE_THAT(refusal(server.address(), "t"), Contains("t in postgres at ") && Contains(message));
        REQUIRE(server.ask("SELECT count(*) FROM t.trials") == before);
        server.ask("DROP SCHEMA t CASCADE");
    }
}

TEST_CASE("a database that is read-only, locked, full or in another encoding says so, and nothing is lost", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    const auto whole = evolution{measure, power}.run(usual);
    REQUIRE_THAT(refusal(server.address("options=-cdefault_transaction_read_only=on"), "a"),
                 Contains("the database is read-only, and a study is written to"));
    server.ask("CREATE DATABASE latin ENCODING LATIN1 LOCALE $$C$$ TEMPLATE template0");
    REQUIRE_THAT(refusal(server.address("dbname=latin"), "a"), Contains("the database has the encoding LATIN1; a study needs UTF8"));
    server.ask("CREATE ROLE guest LOGIN");
    REQUIRE_THAT(refusal("host=" + server.folder + " user=guest dbname=postgres", "a"), Contains("permission denied for database postgres"));
    // In the middle of a search: the tenth trial finds the database so.
    const auto stopped_by = [&](const std::string& before, const std::string& after, const std::string& message) {
        int calls = 0;
        const auto meddling = [&](const point& p) {
            if (++calls == 10) server.ask(before);
            return measure(p);
        };
        {
            vd::postgres_storage kept{server.address(), "a", {.patience = 0.5, .notice = [](const std::string&) {}}};
            CAPTURE(before);
            REQUIRE_THROWS_WITH(evolution(meddling, power).run(usual, kept), Contains("postgres at ") && Contains(message));
        }
        server.ask(after);
        vd::postgres_storage kept{server.address(), "a"};
        REQUIRE(kept.load()->trials.size() == 9);
        REQUIRE(same(evolution{measure, power}.run(usual, kept), whole));
        server.ask("DROP SCHEMA a CASCADE");
    };
    stopped_by("ALTER TABLE a.trials ADD CONSTRAINT no CHECK (number < 9)", "ALTER TABLE a.trials DROP CONSTRAINT no", "violates check constraint");
    stopped_by("ALTER TABLE a.trials RENAME TO gone", "ALTER TABLE a.gone RENAME TO trials", "the tables of a study");
    // As a full disk says it.
    stopped_by("CREATE FUNCTION a.full() RETURNS trigger AS $f$ BEGIN RAISE EXCEPTION USING ERRCODE = $$disk_full$$, MESSAGE = $$no space left$$; "
               "END $f$ LANGUAGE plpgsql; "
               "CREATE TRIGGER t BEFORE INSERT ON a.trials FOR EACH ROW EXECUTE FUNCTION a.full()",
               "DROP TRIGGER t ON a.trials", "the server has no room: no space left");
}

TEST_CASE("a lock of a database that passes costs no trial", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    int calls = 0;
    std::thread holder;
    const auto meddling = [&](const point& p) {
        if (++calls == 10) {
            holder = std::thread{[&] { server.ask("BEGIN; LOCK TABLE a.trials; SELECT pg_sleep(4); COMMIT"); }};
            vd::detail::postgres::connection::sleep(0.5);
        }
        return measure(p);
    };
    vd::postgres_storage kept{server.address(), "a", listening};
    REQUIRE(same(evolution{meddling, power}.run(usual, kept), evolution{measure, power}.run(usual)));
    holder.join();
}

TEST_CASE("a server that restarts in the middle of a search is come back to, with a word, and nothing is kept twice", "[postgres][heavy]") {
    if (no_server()) return;
    postgres_server server;
    words.clear();
    int calls = 0;
    const auto meddling = [&](const point& p) {
        ++calls;
        if (calls == 5) server.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = $$tester$$");
        if (calls == 10 || calls == 20) {
            server.stop(calls == 10 ? SIGKILL : SIGINT);
            server.start();
        }
        return measure(p);
    };
    vd::postgres_storage kept{server.address("password=secret"), "a", listening};
    REQUIRE(same(evolution{meddling, power}.run(usual, kept), evolution{measure, power}.run(usual)));
    REQUIRE(calls == 40);
    REQUIRE(words.size() >= 6);
    REQUIRE_THAT(words.front(), Contains("the connection is lost, trying again") && Contains("postgres at " + server.folder) && !Contains("secret"));
    REQUIRE_THAT(words.back(), Contains("the connection is back"));
    REQUIRE(server.ask("SELECT count(*), count(DISTINCT number) FROM a.trials") == "40|40");
    // Somebody else has gone on with it meanwhile.
    server.ask("UPDATE a.study SET value = $$another$$ WHERE name = $$holder$$");
    server.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = $$tester$$");
    REQUIRE_THROWS_WITH(kept.measure({.number = 1, .status = "reported"}),
                        Contains("another program has gone on with it while the connection was lost"));
}
