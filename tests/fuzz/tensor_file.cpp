#include "fuzz.hpp"

#include <verdant/io/torch/tensor_file.hpp>

VERDANT_FUZZ_TARGET(tensor_file) {
    static_cast<void>(verdant::io::parse_tensors(fuzz::memory(data)));
}
