#include "fuzz.hpp"

#include <verdant/surrogate/ensemble/model_file.hpp>

#include <vector>

VERDANT_FUZZ_TARGET(model_file) {
    const auto model = verdant::surrogate::parse_regressor(fuzz::text(data), fuzz::source);
    if (model.features() < 1000) static_cast<void>(model.predict_uncertain(std::vector<float>(model.features())));
}
