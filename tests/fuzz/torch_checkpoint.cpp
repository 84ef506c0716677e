#include "fuzz.hpp"

#include <verdant/io/torch/torch_checkpoint.hpp>

VERDANT_FUZZ_TARGET(torch_checkpoint) {
    const verdant::io::torch_checkpoint checkpoint{fuzz::memory(data)};
    const auto all = checkpoint.tensors_below(checkpoint.root());
    const auto shapes = checkpoint.shapes_below(checkpoint.root());
    fuzz::require(shapes.size() == all.size() && shapes.unread().size() == all.unread().size(), "shapes are those of the tensors");
    static_cast<void>(checkpoint.state_dict());
}
