#include "fuzz.hpp"

#include <verdant/carbon/intensity.hpp>
#include <verdant/units.hpp>

VERDANT_FUZZ_TARGET(intensity) {
    const auto carbon = verdant::to_si(verdant::carbon::parse_intensity(fuzz::text(data)));
    fuzz::require(carbon >= 0, "an intensity is not negative");
}
