#pragma once

#include <verdant/text/python_float.hpp>
#include <verdant/text/sha512.hpp>

#include <span>
#include <string>

namespace verdant::graph {

/// What AutoBuild tells sub-graphs apart by: SHA-512, in hexadecimal digits, of all features one after the other as Python writes them
/// (AutoBuild: ge_utils/subgraph_extraction.py). Edges do not count.
[[nodiscard]] inline std::string feature_hash(std::span<const float> features) {
    sha512 hash;
    for (const float value : features) hash.add(python_float_text(value));
    return hash.hex();
}

} // namespace verdant::graph
