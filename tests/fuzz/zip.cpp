#include "fuzz.hpp"

#include <verdant/io/archive/zip_archive.hpp>

VERDANT_FUZZ_TARGET(zip) {
    const verdant::io::zip_archive archive{fuzz::memory(data)};
    for (const auto& entry : archive.entries()) {
        fuzz::require(archive.find(entry.name) != nullptr, "every entry is found by its name");
        if (entry.size > 1U << 26) continue; // a bomb that says so: the reader asks for the memory that it is told
        try {
            fuzz::require(archive.read(entry).size() == entry.size, "an entry has its size");
        } catch (const verdant::error&) {} // the next one may be whole
    }
}
