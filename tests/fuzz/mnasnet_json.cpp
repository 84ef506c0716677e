#include "fuzz.hpp"

#include <verdant/spaces/mnasnet/mnasnet_json.hpp>

VERDANT_FUZZ_TARGET(mnasnet_json) {
    const auto parsed = nlohmann::json::parse(fuzz::text(data), nullptr, false);
    if (parsed.is_discarded()) return;
    const auto p = verdant::spaces::mnasnet_from_json(parsed, fuzz::source);
    fuzz::require(p.feasible(), "what was read is a point of the space");
    for (const auto& form : {verdant::spaces::dictionary_json(p), verdant::spaces::rows_json(p), verdant::spaces::lists_json(p), verdant::spaces::indices_json(p)})
        fuzz::require(verdant::spaces::mnasnet_from_json(nlohmann::json::parse(form.dump()), fuzz::source) == p, "every form leads back to the point");
}
