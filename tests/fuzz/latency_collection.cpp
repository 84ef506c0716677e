#include "fuzz.hpp"

#include <verdant/workload/latency/latency_collection.hpp>

// A table that is being measured, with which measuring goes on.
VERDANT_FUZZ_TARGET(latency_collection) {
    const fuzz::file file{data};
    const verdant::workload::latency_collection collection{file.path(), {.space = "moofa_v3", .device = "a, b", .threads = 2, .batch = 1}};
    for (const auto& [resolution, table] : collection.tables())
        for (const auto& [key, entry] : table.entries()) fuzz::require(collection.has(resolution, key), "a layer that was read is there");
}
