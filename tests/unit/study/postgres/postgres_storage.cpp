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
#include <vector>

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
    for (const auto* name : {"", "pg_mine", "public", "Information_Schema", "\xff"})
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
