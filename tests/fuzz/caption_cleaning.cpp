#include "fuzz.hpp"

#include <verdant/tokenizer/caption_cleaning.hpp>

VERDANT_FUZZ_TARGET(caption_cleaning) {
    using enum verdant::io::caption_cleaning;
    for (const auto how : {lower, whitespace, canonicalize}) static_cast<void>(verdant::io::clean_caption(fuzz::text(data), how));
}
