#include "fuzz.hpp"

#include <verdant/io/tensor/npy.hpp>

VERDANT_FUZZ_TARGET(npy) {
    const auto tensor = verdant::io::parse_npy(verdant::io::byte_vector(data.begin(), data.end()), std::string{fuzz::source});
    fuzz::require(verdant::io::parse_npy(verdant::io::to_npy(tensor), std::string{fuzz::source}) == tensor, "a tensor is written as it was read");
}
