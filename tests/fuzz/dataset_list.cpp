#include "fuzz.hpp"

#include <verdant/data/benchmark/benchmark_datasets.hpp>

VERDANT_FUZZ_TARGET(dataset_list) {
    for (const auto& name : verdant::io::parse_dataset_list(fuzz::text(data), fuzz::source)) fuzz::require(!name.empty(), "data sets have names");
}
