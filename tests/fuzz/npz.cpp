#include "fuzz.hpp"

#include <verdant/io/tensor/npz.hpp>

VERDANT_FUZZ_TARGET(npz) {
    static_cast<void>(verdant::io::parse_npz(fuzz::memory(data)));
}
