#include "fuzz.hpp"

#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/tabular/record_json.hpp>
#include <verdant/tabular/record_schema.hpp>

VERDANT_FUZZ_TARGET(record_json) {
    using namespace verdant;
    const auto parsed = io::parse_json<nlohmann::ordered_json>(fuzz::text(data), fuzz::source);
    const auto schema = tabular::open_schema();
    const auto record = tabular::record_from_json<spaces::mnasnet>(parsed, 3, fuzz::source, schema);
    fuzz::require(record.architecture.feasible(), "what was read is a point of the space");
    fuzz::require(tabular::record_from_json<spaces::mnasnet>(tabular::record_json(record, schema), 3, fuzz::source, schema) == record, "what was read is written and read back");
}
