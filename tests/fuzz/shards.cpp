#include "fuzz.hpp"

#include <verdant/data/captions/shards.hpp>

VERDANT_FUZZ_TARGET(shards) {
    verdant::io::shard_reader shard{fuzz::memory(data), {.largest_file = 1U << 22}};
    while (const auto sample = shard.next()) fuzz::require(!sample->files.empty(), "samples have files");
}
