#include "postgres_rows.hpp"
#include "fuzz.hpp"

#include <verdant/distributed/detail/postgres_board.hpp>
#include <verdant/distributed/detail/postgres_jobs.hpp>
#include <verdant/distributed/job_messages.hpp>
#include <verdant/distributed/program_identity.hpp>
#include <verdant/study/detail/study_reader.hpp>
#include <verdant/study/detail/study_tables.hpp>
#include <verdant/study/postgres/postgres_connection.hpp>
#include <verdant/study/postgres/postgres_tables.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace of_server = verdant::detail::postgres;

/// What libpq would hold of these rows: as many columns as were asked for.
of_server::answer answer_of(const std::vector<postgres_rows::cells>& rows, std::size_t columns) {
    of_server::answer made{PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK)};
    char name[] = "column";
    std::vector<PGresAttDesc> described(columns);
    for (auto& d : described) d.name = name;
    if (PQsetResultAttrs(made.get(), static_cast<int>(columns), described.data()) == 0) fuzz::fail("no columns");
    for (std::size_t r = 0; r < rows.size(); ++r)
        for (std::size_t c = 0; c < columns; ++c) {
            auto cell = c < rows[r].size() ? rows[r][c] : std::nullopt;
            if (PQsetvalue(made.get(), static_cast<int>(r), static_cast<int>(c), cell ? cell->data() : nullptr,
                           cell ? static_cast<int>(cell->size()) : -1) == 0)
                fuzz::fail("no rows");
        }
    return made;
}

/// Tables as a server keeps them: in the order of their keys, each of these once.
class kept_tables final : public of_server::table_source {
public:
    explicit kept_tables(postgres_rows::tables rows) : rows_{std::move(rows)} {}
    void read(const of_server::study_table& table, of_server::row_taker& to) override {
        auto& rows = rows_[std::string{table.name}];
        const bool numbers = table.columns.front().type == of_server::column_type::key;
        const auto key = [&](const postgres_rows::cells& row) {
            std::int64_t number = 0;
            auto text = row.empty() || !row[0] ? std::string{} : *row[0];
            if (numbers) std::from_chars(text.data(), text.data() + text.size(), number);
            return std::pair{number, numbers ? std::string{} : std::move(text)};
        };
        std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
        rows.erase(std::unique(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }), rows.end());
        of_server::text_row row{table};
        row.rows = answer_of(rows, table.columns.size());
        for (row.at = 0; row.at < row.rows.rows(); ++row.at) to.take(row);
    }

private:
    postgres_rows::tables rows_;
};

verdant::stored_study study_of(const postgres_rows::tables& rows) {
    kept_tables from{rows};
    return verdant::detail::tables::basic_study_reader<>{from, std::string{fuzz::source}}.read();
}

template <class What>
void unless_refused(const What& what) {
    try {
        what();
    } catch (const verdant::input_error& e) {
        fuzz::require(std::string_view{e.what()}.starts_with("verdant: "), "an error without the library's name");
    }
}

} // namespace

VERDANT_FUZZ_TARGET(postgres_rows) {
    const std::string called{fuzz::source};
    const auto rows = ::postgres_rows::read(fuzz::text(data));
    const auto of = [&](const char* table, std::size_t columns) {
        const auto at = rows.find(table);
        return answer_of(at == rows.end() ? std::vector<::postgres_rows::cells>{} : at->second, columns);
    };
    unless_refused([&] {
        // What was read is written as rows that are read as the same.
        const auto once = ::postgres_rows::text_of(study_of(rows));
        const auto again = ::postgres_rows::text_of(study_of(::postgres_rows::read(once)));
        fuzz::require(once == again, "a study changed");
    });
    unless_refused([&] {
        const auto job = of("job", 3);
        if (job.rows() == 0) return;
        const auto leased = of_server::leased_job_in<>(job, called);
        fuzz::require(of_server::bytes_of<>(of_server::bytes_text(leased.bytes), called) == leased.bytes, "bytes changed");
        for (const auto& one : verdant::read_jobs<::postgres_rows::net>(leased.bytes, called)) static_cast<void>(one.point.feasible());
    });
    unless_refused([&] {
        for (const auto& one : of_server::results_in<>(of("result", 3), called))
            if (!one.bytes.empty()) static_cast<void>(verdant::read_completed<::postgres_rows::goals>(one.bytes, called));
    });
    const auto program = of_server::program_in<>(of("program", 2));
    static_cast<void>(verdant::identity_difference_text<>(program, {}));
    static_cast<void>(verdant::identity_difference_text<>({}, program));
}
