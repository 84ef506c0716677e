#include "fuzz.hpp"

#include <verdant/io/archive/tar_stream.hpp>

VERDANT_FUZZ_TARGET(tar) {
    verdant::io::tar_stream archive{fuzz::memory(data), {.largest_file = 1U << 22}};
    while (const auto file = archive.next()) fuzz::require(!file->name.empty(), "files have names");
}
