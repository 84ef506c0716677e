#include "fuzz.hpp"

#include <verdant/pruning/importance_csv.hpp>

VERDANT_FUZZ_TARGET(importance_csv) {
    const fuzz::file csv{data};
    for (const auto& part : verdant::supernet::importance_parts)
        try {
            for (const auto& m : verdant::supernet::read_measurements(csv.path(), part)) fuzz::require(m.layer >= 0 && m.unit >= 0, "numbers of units");
        } catch (const verdant::error&) {} // that of another part
}
