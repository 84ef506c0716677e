#include "fuzz.hpp"

#include <verdant/data/benchmark/benchmark_table.hpp>
#include <verdant/io/document/csv.hpp>

VERDANT_FUZZ_TARGET(benchmark_table) {
    static_cast<void>(verdant::io::results_of(verdant::io::parse_csv(fuzz::text(data), fuzz::source)));
}
