#include "fuzz.hpp"

#include <verdant/io/tensor/safetensors.hpp>

VERDANT_FUZZ_TARGET(safetensors) {
    const auto content = verdant::io::parse_safetensors(fuzz::memory(data));
    const auto again = verdant::io::parse_safetensors({std::string{fuzz::source}, verdant::io::to_safetensors(content)});
    fuzz::require(again.tensors == content.tensors && again.metadata == content.metadata, "tensors are written as they were read");
    fuzz::require(verdant::io::parse_safetensors_shapes(fuzz::memory(data)) == verdant::io::shapes_of(content.tensors), "shapes are those of the tensors");
}
