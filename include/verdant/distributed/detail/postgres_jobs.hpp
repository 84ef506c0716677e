#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/distributed/job_messages.hpp>
#include <verdant/distributed/program_identity.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/study/postgres/postgres_connection.hpp>
#include <verdant/study/postgres/postgres_name.hpp>
#include <verdant/study/postgres/postgres_text.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// The tables by which a search and its workers share jobs, in the schema of the study. Bytes of jobs and results are those of job_messages.hpp.
///
/// | table | a row |
/// |---|---|
/// | jobs(number, job, active, lease, worker, until, tries, result) | a job; `lease` is that of the worker that has it, until a time; `active` where
/// the search that runs wants it |
/// | workers(id, host, pid, joined, seen, gone, lease) | a worker process |
/// | program(position, name, value) | what the program of the search is |
/// | leader(id, run, state, tries) | one row: the run of the search, `open`, `left` after an error, or `done`; workers that may be lost with a job |
namespace verdant::detail::postgres {

/// Where who listens hears of new jobs, and of results.
[[nodiscard]] inline std::string channel(std::string_view what, const std::string& study) {
    return "verdant_" + std::string{what} + '_' + std::to_string(fnv1a::of(study));
}

/// How connections of searches and workers begin.
[[nodiscard]] inline std::vector<std::string> first_statements_listening(const std::string& study, std::string_view to) {
    auto all = first_statements<>(study);
    all.push_back("LISTEN " + channel(to, study));
    return all;
}

template <class = instantiated_when_used>
void create_job_tables(connection& db, const std::string& study) {
    db.run_all("CREATE SCHEMA IF NOT EXISTS " + schema_of(study));
    db.run_all("CREATE TABLE IF NOT EXISTS jobs(number bigint PRIMARY KEY, job bytea NOT NULL, active boolean NOT NULL, lease bigint, worker bigint, "
               "until timestamptz, tries integer NOT NULL DEFAULT 0, result bytea)");
    db.run_all(
        "CREATE TABLE IF NOT EXISTS workers(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, host text NOT NULL, pid bigint NOT NULL, "
        "joined timestamptz NOT NULL DEFAULT now(), seen timestamptz NOT NULL DEFAULT now(), gone timestamptz, lease double precision NOT NULL)");
    db.run_all("CREATE TABLE IF NOT EXISTS program(position bigint PRIMARY KEY, name text NOT NULL, value text NOT NULL)");
    db.run_all("CREATE TABLE IF NOT EXISTS leader(id integer PRIMARY KEY, run bigint NOT NULL, state text NOT NULL, tries integer NOT NULL)");
    db.run_all("CREATE SEQUENCE IF NOT EXISTS leases");
}

/// The program that rows of names and values describe.
template <class = instantiated_when_used>
[[nodiscard]] program_identity program_in(const answer& rows) {
    program_identity one;
    for (int i = 0; i < rows.rows(); ++i)
        one.lines.push_back({text_of_kept(std::string{rows.text(i, 0)}), text_of_kept(std::string{rows.text(i, 1)})});
    return one;
}
/// What the program of the search is.
template <class = instantiated_when_used>
[[nodiscard]] program_identity read_program(connection& db) {
    return program_in<>(db.run("SELECT name, value FROM program ORDER BY position"));
}
template <class = instantiated_when_used>
void write_program(connection& db, const program_identity& one) {
    db.run("DELETE FROM program");
    for (std::size_t i = 0; i < one.lines.size(); ++i)
        db.run("INSERT INTO program VALUES($1::bigint, $2::text, $3::text)",
               {std::to_string(i), kept_text(one.lines[i][0]), kept_text(one.lines[i][1])});
}

/// Bytes of a message as a text for a statement, and back. Throws input_error for another text.
[[nodiscard]] inline std::string bytes_text(const message_bytes& bytes) {
    return hexadecimal({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}
template <class = instantiated_when_used>
[[nodiscard]] message_bytes bytes_of(std::string_view text, const std::string& source) {
    const auto bytes = from_hexadecimal(text);
    if (!bytes) throw input_error{source, "table jobs", "bytes", '\'' + std::string{text.substr(0, 20)} + '\''};
    return {bytes->begin(), bytes->end()};
}

/// A number of a row of jobs. Throws input_error for what is not one of 0 or more, as a search and its workers never write it.
template <class = instantiated_when_used>
[[nodiscard]] std::uint64_t natural_in(const answer& rows, int row, int column, std::uint64_t most, const std::string& source) {
    const auto digits = rows.text(row, column);
    std::uint64_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (rows.null(row, column) || digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || value > most)
        throw input_error{source, "table jobs", "a whole number from 0 to " + std::to_string(most), '\'' + std::string{digits.substr(0, 20)} + '\''};
    return value;
}

/// A job that a worker has.
struct leased_job {
    std::uint64_t number = 0;
    std::string lease{};
    message_bytes bytes{};
};

/// The job of the first row: number, lease and bytes.
template <class = instantiated_when_used>
[[nodiscard]] leased_job leased_job_in(const answer& rows, const std::string& source) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    static_cast<void>(natural_in<>(rows, 0, 1, most, source));
    return {natural_in<>(rows, 0, 0, most, source), std::string{rows.text(0, 1)}, bytes_of<>(rows.text(0, 2), source)};
}

} // namespace verdant::detail::postgres
