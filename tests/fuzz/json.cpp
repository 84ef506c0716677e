#include "fuzz.hpp"

#include <verdant/io/document/json.hpp>

VERDANT_FUZZ_TARGET(json) {
    const auto value = verdant::io::parse_json<nlohmann::json>(fuzz::text(data), fuzz::source);
    fuzz::require(verdant::io::parse_json<nlohmann::json>(value.dump(), fuzz::source) == value, "JSON is written as it was read");
}
