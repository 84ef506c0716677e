#include "fuzz.hpp"

#include <verdant/io/document/json.hpp>
#include <verdant/surrogate/kernel/support_vector_json.hpp>

#include <span>
#include <vector>

VERDANT_FUZZ_TARGET(support_vectors) {
    namespace surrogate = verdant::surrogate;
    const auto model = surrogate::support_vectors_from(verdant::io::parse_json(fuzz::text(data), fuzz::source), fuzz::source);
    fuzz::require(surrogate::support_vectors_from(nlohmann::json::parse(surrogate::support_vectors_json(model).dump()), fuzz::source) == model, "support vectors are written as they were read");
    const std::vector<float> row(model.features(), 1);
    static_cast<void>(model.predict(std::span{row}));
}
