#include "fuzz.hpp"

#include <verdant/io/archive/gzip.hpp>

VERDANT_FUZZ_TARGET(gzip) {
    static_cast<void>(verdant::io::gunzip(fuzz::memory(data), 1U << 22));
}
