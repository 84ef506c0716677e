#include "fuzz.hpp"

#include <verdant/data/benchmark/benchmark_json.hpp>

VERDANT_FUZZ_TARGET(benchmark_json) {
    static_cast<void>(verdant::io::parse_benchmark_result(fuzz::text(data), std::string{fuzz::source}));
}
