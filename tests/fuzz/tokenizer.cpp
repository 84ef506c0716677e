#include "fuzz.hpp"

#include <verdant/tokenizer/tokenizer.hpp>

VERDANT_FUZZ_TARGET(tokenizer) {
    static const verdant::io::clip_tokenizer tokenizer{{{"a", "b</w>"}, {"c", "a"}, {"ca", "t</w>"}, {"t", "h"}, {"th", "e</w>"}}};
    const auto caption = fuzz::text(data);
    for (const auto id : tokenizer.encode(caption))
        fuzz::require(id >= 0 && static_cast<std::size_t>(id) < tokenizer.vocabulary_size(), "tokens are of the vocabulary");
    static_cast<void>(tokenizer.decode(tokenizer.row(caption)));
}
