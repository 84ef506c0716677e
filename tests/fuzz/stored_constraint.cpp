#include "fuzz.hpp"
#include "kept_study.hpp"

#include <verdant/study/stored_constraint.hpp>

VERDANT_FUZZ_TARGET(stored_constraint) {
    const auto d = kept::description();
    for (const auto& t : kept::study().trials) static_cast<void>(verdant::constraint_holds(d.parameters, fuzz::text(data), t.parameters));
}
