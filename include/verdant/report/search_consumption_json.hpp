#pragma once

#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/search_consumption.hpp>

#include <nlohmann/json.hpp>

namespace verdant {

/// What a search consumed, as JSON:
/// `{"seconds": s, "joules": {"processors": J, "graphics": J, "memory": J}, "kg_co2e": kg, "runs": n, "method": "..."}`; with
/// `"workers": [{"worker": "...", "joules": {...}, "kg_co2e": kg}]` where workers said what was theirs of it.
template <class = instantiated_when_used>
[[nodiscard]] nlohmann::ordered_json search_consumption_json(const search_consumption& one) {
    const auto joules_of = [](const auto& c) {
        return nlohmann::ordered_json{{"processors", c.processors.value()}, {"graphics", c.graphics.value()}, {"memory", c.memory.value()}};
    };
    nlohmann::ordered_json out{
        {"seconds", one.took.value()}, {"joules", joules_of(one)}, {"kg_co2e", one.emitted.value()}, {"runs", one.runs}, {"method", one.method}};
    for (const auto& w : one.workers) out["workers"].push_back({{"worker", w.worker}, {"joules", joules_of(w)}, {"kg_co2e", w.emitted.value()}});
    return out;
}
VERDANT_DEFINED_ONCE(nlohmann::ordered_json search_consumption_json<>(const search_consumption&));

} // namespace verdant
