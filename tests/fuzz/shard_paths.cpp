#include "fuzz.hpp"

#include <verdant/data/captions/shard_paths.hpp>

VERDANT_FUZZ_TARGET(shard_paths) {
    if (data.size() > 64) return; // a million paths of any length are allowed
    static_cast<void>(verdant::io::joined_parts(fuzz::text(data)));
    static_cast<void>(verdant::io::expanded_paths(std::string{fuzz::text(data)}));
}
