#include "fuzz.hpp"

#include <verdant/io/document/csv.hpp>

VERDANT_FUZZ_TARGET(csv) {
    const auto table = verdant::io::parse_csv(fuzz::text(data), fuzz::source);
    const auto again = verdant::io::parse_csv(verdant::io::csv_text(table), fuzz::source);
    fuzz::require(again.columns == table.columns && again.rows == table.rows, "a table is written as it was read");
}
