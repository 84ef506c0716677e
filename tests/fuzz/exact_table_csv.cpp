#include "fuzz.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/space/space.hpp>
#include <verdant/spaces/nas_bench_201/nas_bench_201.hpp>
#include <verdant/tabular/exact_table_csv.hpp>

#include <algorithm>

namespace {

struct little : verdant::space<verdant::param<"width", verdant::choices<8, 16, 32>>, verdant::param<"excite", verdant::flag>,
                               verdant::when<verdant::var<"excite">, verdant::param<"kind", verdant::choices<"hard", "soft">>>> {};

template <class Table>
void read_back(const Table& table) {
    for (std::size_t r = 0; r < table.size(); ++r) fuzz::require(table.row(table.points()[r]) == r, "a row is found by its point");
}

} // namespace

// Tables with a column of cells, as those of NAS-Bench-201, and others with a column for each parameter.
VERDANT_FUZZ_TARGET(exact_table_csv) {
    using namespace verdant;
    const auto table = io::parse_csv(fuzz::text(data), fuzz::source);
    if (std::find(table.columns.begin(), table.columns.end(), "cell") != table.columns.end())
        read_back(tabular::table_by_points<spaces::nas_bench_201>(
            table, "cell", [](std::string_view text, const std::string& place) { return spaces::parse_cell(text, place); }));
    else read_back(tabular::table_by_parameters<little>(table));
}
