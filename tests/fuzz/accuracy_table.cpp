#include "fuzz.hpp"

#include <verdant/predictor/accuracy_table.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>

VERDANT_FUZZ_TARGET(accuracy_table) {
    const fuzz::file csv{data};
    static_cast<void>(verdant::spaces::read_accuracy_table<verdant::spaces::moofa_v3>(csv.path()));
}
