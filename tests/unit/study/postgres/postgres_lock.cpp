// The lock of a study, by a connection that is not one: what servers do rarely, such as giving a number again.

#include <verdant/study/postgres/postgres_lock.hpp>

#include "catch.hpp"
#include "postgres_server.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace {
struct no_server;
}

// A connection to a server that says what the test wants.
template <>
class verdant::detail::postgres::basic_connection<no_server> {
public:
    struct said {
        std::string sql;
        parameters values;
    };
    answer run(const std::string& sql, const parameters& values = {}) {
        statements.push_back({sql, values});
        auto* const result = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
        char name[] = "lock", taken[] = "t", refused[] = "f";
        PGresAttDesc column{name, 0, 0, 0, 16, 1, -1};
        PQsetResultAttrs(result, 1, &column);
        PQsetvalue(result, 0, 0, refusals > 0 ? refused : taken, 1);
        if (sql.starts_with("SELECT pg_try_advisory_lock") && refusals > 0) --refusals;
        return answer{result};
    }
    [[nodiscard]] int server_process() const { return process; }
    [[nodiscard]] std::uint64_t session() const { return number; }
    [[nodiscard]] const postgres_options& options() const { return options_; }
    static void sleep(double) {}

    int process = 7, refusals = 0;
    std::uint64_t number = 1;
    std::vector<said> statements{};

private:
    postgres_options options_{};
};

namespace {
namespace pg = verdant::detail::postgres;
} // namespace

TEST_CASE("a new session has to take the lock again, also where the server gives it the number of the old one", "[postgres]") {
    pg::basic_connection<no_server> db;
    pg::basic_session_lock<no_server> lock{"verdant study chip"};
    lock.take(db, "chip", 0);
    REQUIRE(db.statements.size() == 1);
    REQUIRE_FALSE(lock.keep(db, "chip"));
    REQUIRE(db.statements.size() == 1);

    db.number = 2; // after a restart of the server
    REQUIRE(lock.keep(db, "chip"));
    REQUIRE(db.statements.size() == 2);
    REQUIRE(db.statements.back().values == pg::parameters{lock.key()});
    REQUIRE_FALSE(lock.keep(db, "chip"));
}

TEST_CASE("of sessions that were cut off the one is ended that has this lock", "[postgres]") {
    pg::basic_connection<no_server> db;
    pg::basic_session_lock<no_server> lock{"verdant study chip"};
    lock.take(db, "chip", 0);
    db.number = 2;
    db.process = 8;
    db.refusals = 1;
    REQUIRE(lock.keep(db, "chip"));
    REQUIRE(db.statements.size() == 4);
    const auto& ending = db.statements[2];
    REQUIRE_THAT(ending.sql, Catch::Contains("pg_terminate_backend") && Catch::Contains("classid") && Catch::Contains("objid"));
    REQUIRE(ending.values == pg::parameters{"7", lock.key()});
}

TEST_CASE("a server ends the session that has the lock, and none with other locks", "[postgres][heavy]") {
    if (postgres_server::programs().empty()) {
        WARN("no server of PostgreSQL is installed");
        return;
    }
    const postgres_server server;
    const auto connected = [&](pg::connection& db) -> pg::connection& {
        db.persistently("open", [](bool) {});
        return db;
    };
    pg::connection one{server.address(), {.patience = 0.3}, {}}, two{server.address(), {}, {}}, three{server.address(), {}, {}};
    REQUIRE(one.session() == 0);
    REQUIRE(connected(one).session() == 1);
    connected(two);
    connected(three);

    pg::session_lock lock{"verdant study chip"};
    lock.take(one, "chip", 0);
    lock.take(two, "chip", 10); // `one` counts as cut off
    REQUIRE_THROWS_AS(one.run("SELECT 1"), pg::lost_connection);

    // The number of the session is that of another study now, and another program has ours.
    two.run("SELECT pg_advisory_unlock($1::bigint)", {lock.key()});
    pg::session_lock other{"verdant study pump"}, ours{"verdant study chip"};
    other.take(two, "pump", 0);
    ours.take(three, "chip", 0);
    one.disconnect();
    REQUIRE(connected(one).session() == 2);
    REQUIRE_THROWS_WITH(lock.keep(one, "chip"), Catch::Contains("another program has it open"));
    REQUIRE(two.run("SELECT 1").rows() == 1);
    REQUIRE(three.run("SELECT 1").rows() == 1);
}
