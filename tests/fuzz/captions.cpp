#include "fuzz.hpp"

#include <verdant/data/captions/caption_table.hpp>

VERDANT_FUZZ_TARGET(captions) {
    verdant::io::passed_over odd;
    const auto rows = verdant::io::parse_captions(fuzz::text(data), "folder/table.tsv", {}, &odd);
    for (const auto& row : rows) fuzz::require(!row.path.empty(), "images have paths");
    // Where every row counts, the same rows come, or none.
    fuzz::require(verdant::io::parse_captions(fuzz::text(data), "folder/table.tsv").size() == rows.size(), "only odd rows are passed over");
}
