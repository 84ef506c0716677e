#include "fuzz.hpp"

#include <verdant/io/document/json.hpp>
#include <verdant/workload/transformer/clip_json.hpp>

VERDANT_FUZZ_TARGET(clip_json) {
    const auto config = verdant::workload::clip_from_json(verdant::io::parse_json<nlohmann::json>(fuzz::text(data), fuzz::source), fuzz::source);
    fuzz::require(verdant::workload::clip_from_json(verdant::workload::to_json(config), fuzz::source) == config, "a configuration is written as it was read");
}
