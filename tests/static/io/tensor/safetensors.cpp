// alone: compiled with an option of its own
// Compiled with the options of scripts/demo, -O3, at which g++ 12 takes a literal before a temporary string for overlapping memory.

#include <verdant/io/tensor/safetensors.hpp>

std::string header_of(const verdant::io::safetensors_content& content) {
    const auto bytes = verdant::io::to_safetensors(content);
    return {bytes.begin(), bytes.end()};
}
