#include "fuzz.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/surrogate/forest/forest_json.hpp>

#include <span>
#include <vector>

// Forests, and distributional trees where there is a member `mean`.
VERDANT_FUZZ_TARGET(forest_json) {
    namespace surrogate = verdant::surrogate;
    const auto json = verdant::io::parse_json(fuzz::text(data), fuzz::source);
    const auto ask = [](const auto& model) {
        if (model.features() > 1U << 20U) return; // a row of that many features is a question of memory alone
        const std::vector<float> row(model.features(), 1);
        static_cast<void>(model.predict_uncertain(std::span{row}));
    };
    if (json.is_object() && json.contains("mean")) {
        const auto model = surrogate::distributional_trees_from(json, fuzz::source);
        fuzz::require(surrogate::distributional_trees_from(nlohmann::json::parse(surrogate::distributional_trees_json(model).dump()), fuzz::source) == model, "distributional trees are written as they were read");
        return ask(model);
    }
    const auto model = surrogate::forest_from(json, fuzz::source);
    fuzz::require(surrogate::forest_from(nlohmann::json::parse(surrogate::forest_json(model).dump()), fuzz::source) == model, "forests are written as they were read");
    ask(model);
}
