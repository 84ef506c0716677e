#include "fuzz.hpp"

#include <verdant/surrogate/forest/xgboost_json.hpp>

#include <vector>

VERDANT_FUZZ_TARGET(xgboost_json) {
    const auto model = verdant::surrogate::parse_xgboost_json(fuzz::text(data), fuzz::source);
    fuzz::require(verdant::surrogate::parse_xgboost_json(verdant::surrogate::xgboost_json(model), fuzz::source) == model, "a model is written as it was read");
    if (model.trees.features() < 1000) static_cast<void>(model.trees.predict(std::vector<float>(model.trees.features())));
}
