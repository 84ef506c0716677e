#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/weights/tensor_naming.hpp>

#include "catch.hpp"

#include <set>
#include <string>
#include <vector>

namespace io = verdant::io;

namespace {

io::named_shapes named(const std::vector<std::string>& names) {
    io::named_shapes out{"a.pt"};
    for (const auto& n : names) out.add(n, {io::dtype::f32, {1}});
    return out;
}
std::vector<std::string> names_of(const io::named_shapes& all) {
    std::vector<std::string> out;
    for (const auto& [name, value] : all) out.push_back(name);
    return out;
}
std::string missing(const std::vector<std::string>& there, const std::vector<std::string>& names) {
    return io::missing_tensors(named(there), names).what();
}

} // namespace

TEST_CASE("what is missing is told by what is there", "[io]") {
    CHECK(missing({}, {"proj"}) == "verdant: a.pt: expected a tensor named proj, found no tensors");
    CHECK(missing({"first", "pros"}, {"proj"}) == "verdant: a.pt: expected a tensor named proj, found 2 tensors of other names, such as pros");
    CHECK(missing({"first", "second"}, {"visual.conv1.weight", "x", "y"}) ==
          "verdant: a.pt: expected a tensor named visual.conv1.weight and 2 more that are not there, found 2 tensors of other names, such as first");
    CHECK(missing({"text_model.encoder.layers.0.mlp.fc1.bias"}, {"ln_final.bias"}) ==
          "verdant: a.pt: expected a tensor named ln_final.bias, found 1 tensors of other names, such as text_model.encoder.layers.0.mlp.fc1.bias, as "
          "Hugging Face's CLIP has them");
    CHECK(io::naming_convention(named({"model.layers.0.self_attn.q_proj.weight"})) == "Hugging Face's Llama");
    CHECK(io::naming_convention(named({"blocks.1.mobile_inverted_conv.x"})) == "Once-for-all");
    CHECK(io::naming_convention(named({"visual.transformer.resblocks.0.ln_1.weight"})) == "OpenCLIP");
    CHECK(io::naming_convention(named({"state.0.exp_avg"})) == "an optimiser's state");
    CHECK(io::naming_convention(named({"a"})).empty());
}

TEST_CASE("wrappers of a model are taken off, whatever they are called", "[io]") {
    const std::set<std::string> known{"a.weight", "b.weight", "layers.0.c"};
    const auto unwrapped = [&known](const std::vector<std::string>& names) {
        return names_of(io::unwrapped(named(names), [&known](const std::string& n) { return known.contains(n); }));
    };
    const std::vector<std::string> plain{"a.weight", "b.weight", "layers.0.c"};
    CHECK(unwrapped(plain) == plain);
    for (const auto* prefix : {"module.", "_orig_mod.", "model.", "module._orig_mod.", "clip.model.module."}) {
        CAPTURE(prefix);
        std::vector<std::string> wrapped;
        for (const auto& n : plain) wrapped.push_back(prefix + n);
        CHECK(unwrapped(wrapped) == plain);
    }
    CHECK(unwrapped({"a.weight", "_orig_mod.b.weight", "layers._checkpoint_wrapped_module.0.c"}) == plain);
    CHECK(unwrapped({"layers._fsdp_wrapped_module.0.c"}) == std::vector<std::string>{"layers.0.c"});
    // What has no wrapper keeps its name, as does what only sounds like one.
    CHECK(unwrapped({"model.a.weight", "model.b.weight", "steps"}) == std::vector<std::string>{"a.weight", "b.weight", "steps"});
    CHECK(unwrapped({"my_orig_mod.x", "a.weight"}) == std::vector<std::string>{"my_orig_mod.x", "a.weight"});
    CHECK(unwrapped({}).empty());
    CHECK_THROWS_WITH(unwrapped({"ema.a.weight", "ema.b.weight", "model.a.weight", "model.b.weight"}),
                      "verdant: a.pt: expected the weights of one model, or which to take: the key of one of them, found those of several, below ema and "
                      "model");
}
