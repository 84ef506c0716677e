#include "fuzz.hpp"

#include <verdant/predictor/accuracy_json.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>

VERDANT_FUZZ_TARGET(accuracy_json) {
    const fuzz::file json{data};
    for (const auto& r : verdant::spaces::read_accuracy_json<verdant::spaces::moofa_v3>(json.path()))
        fuzz::require(r.accuracy >= 0 && r.accuracy <= 1, "accuracies are shares");
}
