#include "fuzz.hpp"

#include <verdant/workload/latency/latency_csv.hpp>

VERDANT_FUZZ_TARGET(latency_csv) {
    static_cast<void>(verdant::workload::parse_latency_csv(fuzz::text(data), std::string{fuzz::source}));
}
