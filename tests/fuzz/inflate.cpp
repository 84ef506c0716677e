#include "fuzz.hpp"

#include <verdant/io/archive/deflate.hpp>

VERDANT_FUZZ_TARGET(inflate) {
    if (data.empty()) return;
    const auto size = std::uint64_t{data[0]} * 16;
    const auto content = verdant::io::inflate_raw(data.subspan(1), size, fuzz::source, "data");
    fuzz::require(content.size() == size, "what is inflated has its size");
}
