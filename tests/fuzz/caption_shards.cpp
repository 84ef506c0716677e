#include "fuzz.hpp"

#include <verdant/data/captions/caption_samples.hpp>

VERDANT_FUZZ_TARGET(caption_shards) {
    const fuzz::file shard{data};
    const auto samples = verdant::io::caption_samples::of_shards(std::array{shard.path()});
    for (std::size_t i = 0; i < samples.size(); ++i) static_cast<void>(samples.image(i));
}
