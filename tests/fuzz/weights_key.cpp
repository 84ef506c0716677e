#include "fuzz.hpp"

#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/weights/weights_key.hpp>

#include <string_view>

// The first byte says which key is asked for, the rest is a checkpoint.
VERDANT_FUZZ_TARGET(weights_key) {
    if (data.empty()) return;
    constexpr std::string_view keys[]{"", "model", "ema", "state_dict", "model.net", "a.b.c.d"};
    const verdant::io::torch_checkpoint checkpoint{fuzz::memory(data.subspan(1))};
    const auto all = verdant::io::weights_of(checkpoint, keys[data[0] % std::size(keys)]);
    fuzz::require(!all.empty(), "a set of weights has tensors");
}
