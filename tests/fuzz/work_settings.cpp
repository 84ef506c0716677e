#include "fuzz.hpp"

#include <verdant/collection/work_folder.hpp>
#include <verdant/io/document/csv.hpp>

// With which settings a collection was begun.
VERDANT_FUZZ_TARGET(work_settings) {
    const verdant::collection::work_settings settings{{"recipe", "p*"}, {"networks", "12"}, {"data", "pictures, 32 pixels"}};
    const auto begun = verdant::io::parse_csv(fuzz::text(data), fuzz::source);
    verdant::collection::detail::require_same(begun, settings);
    fuzz::require(begun.rows.size() >= settings.size(), "settings that are not there are not the same");
}
