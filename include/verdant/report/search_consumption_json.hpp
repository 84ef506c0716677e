#pragma once

#include <verdant/meta/component/json.hpp>
#include <verdant/search/search_consumption.hpp>

#include <nlohmann/json.hpp>

namespace verdant {

/// What a search consumed, as JSON: `{"seconds": s, "joules": {"processors": J, "graphics": J, "memory": J}, "kg_co2e": kg, "runs": n, "method": "..."}`.
[[nodiscard]] inline nlohmann::ordered_json search_consumption_json(const search_consumption& one) {
    return {{"seconds", one.took.value()},
            {"joules", {{"processors", one.processors.value()}, {"graphics", one.graphics.value()}, {"memory", one.memory.value()}}},
            {"kg_co2e", one.emitted.value()},
            {"runs", one.runs},
            {"method", one.method}};
}

} // namespace verdant
