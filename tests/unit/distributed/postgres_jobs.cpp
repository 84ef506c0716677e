#include "catch.hpp"

#include <verdant/distributed/detail/postgres_board.hpp>
#include <verdant/distributed/detail/postgres_jobs.hpp>
#include <verdant/study/postgres/postgres_connection.hpp>

#include <cstdint>
#include <string>
#include <vector>

// Rows of the table of jobs as libpq holds them, without a server.

namespace {

namespace pg = verdant::detail::postgres;
using Catch::Contains;

pg::answer answer_of(const std::vector<std::string>& row) {
    pg::answer made{PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK)};
    char name[] = "column";
    std::vector<PGresAttDesc> described(row.size());
    for (auto& d : described) d.name = name;
    REQUIRE(PQsetResultAttrs(made.get(), static_cast<int>(row.size()), described.data()) != 0);
    for (std::size_t c = 0; c < row.size(); ++c) {
        auto cell = row[c];
        const bool null = cell == "NULL";
        REQUIRE(PQsetvalue(made.get(), 0, static_cast<int>(c), null ? nullptr : cell.data(), null ? -1 : static_cast<int>(cell.size())) != 0);
    }
    return made;
}

} // namespace

TEST_CASE("rows of jobs are read, and refused where a number or bytes are none", "[postgres]") {
    const auto job = pg::leased_job_in<>(answer_of({"7", "12", "\\x00ff"}), "jobs");
    CHECK(job.number == 7);
    CHECK(job.lease == "12");
    CHECK(job.bytes == std::vector<unsigned char>{0, 255});
    const auto done = pg::results_in<>(answer_of({"9223372036854775807", "4294967295", "\\x"}), "jobs");
    REQUIRE(done.size() == 1);
    CHECK(done[0].number == 9223372036854775807U);
    CHECK(done[0].worker == 4294967295U);
    CHECK(done[0].bytes.empty());
    CHECK_THROWS_WITH(pg::leased_job_in<>(answer_of({"-1", "1", "\\x"}), "jobs"),
                      Contains("jobs, table jobs: expected a whole number from 0 to 9223372036854775807, found '-1'"));
    CHECK_THROWS_WITH(pg::leased_job_in<>(answer_of({"1", "NULL", "\\x"}), "jobs"), Contains("expected a whole number"));
    CHECK_THROWS_WITH(pg::leased_job_in<>(answer_of({"1", "1", "00"}), "jobs"), Contains("table jobs: expected bytes, found '00'"));
    CHECK_THROWS_WITH(pg::results_in<>(answer_of({"1", "4294967296", "\\x"}), "jobs"),
                      Contains("a whole number from 0 to 4294967295, found '4294967296'"));
    CHECK_THROWS_WITH(pg::results_in<>(answer_of({"9x", "1", "\\x"}), "jobs"), Contains("found '9x'"));
    CHECK_THROWS_WITH(pg::results_in<>(answer_of({"1", "1", "\\x0g"}), "jobs"), Contains("expected bytes"));
}
