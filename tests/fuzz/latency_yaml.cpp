#include "fuzz.hpp"

#include <verdant/workload/latency/latency_yaml.hpp>

VERDANT_FUZZ_TARGET(latency_yaml) {
    const auto table = verdant::workload::parse_latency_yaml(std::string{fuzz::text(data)}, std::string{fuzz::source});
    static_cast<void>(verdant::workload::parse_latency_yaml(verdant::workload::latency_yaml(table), std::string{fuzz::source}));
}
