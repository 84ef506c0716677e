#include "fuzz.hpp"

#include <verdant/surrogate/forest/xgboost_ubjson.hpp>

#include <vector>

VERDANT_FUZZ_TARGET(xgboost_ubjson) {
    const auto model = verdant::surrogate::parse_xgboost_ubjson(data, fuzz::source);
    const auto again = verdant::surrogate::xgboost_ubjson(model);
    fuzz::require(verdant::surrogate::parse_xgboost(again, fuzz::source) == model, "a model is written as it was read");
    if (model.trees.features() < 1000) static_cast<void>(model.trees.predict(std::vector<float>(model.trees.features())));
}
