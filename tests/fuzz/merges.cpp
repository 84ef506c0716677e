#include "fuzz.hpp"

#include <verdant/tokenizer/bpe_merges.hpp>
#include <verdant/tokenizer/tokenizer.hpp>

VERDANT_FUZZ_TARGET(merges) {
    const auto merges = verdant::io::parse_merges(fuzz::text(data), std::string{fuzz::source}, 500);
    fuzz::require(verdant::io::parse_merges(verdant::io::merges_text(merges), std::string{fuzz::source}, 500) == merges, "merges are written as they were read");
    const verdant::io::clip_tokenizer tokenizer{merges};
    fuzz::require(tokenizer.row("a photo of two cats").size() == 77, "a row has the length of the context");
}
