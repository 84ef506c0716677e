#include "fuzz.hpp"

#include <verdant/io/tensor/idx.hpp>

VERDANT_FUZZ_TARGET(idx) {
    static_cast<void>(verdant::io::parse_idx(data, std::string{fuzz::source}));
}
