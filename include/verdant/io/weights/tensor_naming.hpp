#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/text/closest_name.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the names of tensors tell: whose they are, what wraps the model, and which of them a model misses.

namespace verdant::io {

/// Whose names these look like, such as `Hugging Face's CLIP`; empty where none of the known ones.
template <class Tensor>
[[nodiscard]] std::string naming_convention(const basic_named_tensors<Tensor>& tensors) {
    struct habit {
        std::string_view part, whose;
    };
    // The first that fits; those that hold parts of others stand before them.
    constexpr std::array<habit, 14> habits{{{"text_model.encoder.", "Hugging Face's CLIP"},
                                            {"vision_model.encoder.", "Hugging Face's CLIP"},
                                            {"visual.trunk.", "a CLIP with a tower of timm"},
                                            {"resblocks.", "OpenCLIP"},
                                            {"bert.", "Hugging Face's BERT"},
                                            {"vit.", "Hugging Face's ViT"},
                                            {"layers.0.self_attn.", "Hugging Face's Llama"},
                                            {"mobile_inverted_conv.", "Once-for-all"},
                                            {"inverted_bottleneck.", "Once-for-all"},
                                            {"input_stem.", "Once-for-all's ResNets"},
                                            {"exp_avg", "an optimiser's state"},
                                            {"velocity.", "an optimiser's state"},
                                            {"square.", "an optimiser's state"},
                                            {"base_acc", "an accuracy predictor"}}};
    for (const auto& h : habits)
        for (const auto& [name, value] : tensors)
            if (name.find(h.part) != name.npos) return std::string{h.whose};
    return {};
}

/// What to throw where a model misses tensors: names the first, how many more there are, one that is there instead, the nearest where one is near,
/// and whose names they seem to be. @pre there is at least one missing name
template <class Tensor>
[[nodiscard]] input_error missing_tensors(const basic_named_tensors<Tensor>& there, std::span<const std::string> missing) {
    const auto& first = missing.front();
    std::string expected = "a tensor named " + first, found = "no tensors";
    if (missing.size() > 1) expected += " and " + std::to_string(missing.size() - 1) + " more that are not there";
    if (!there.empty()) {
        std::string_view near = there.begin()->name;
        std::size_t least = 1 + first.size() / 3; // more changes than that are another name
        for (const auto& [name, value] : there)
            if (const auto changes = edit_distance(first, name); changes < least) {
                least = changes;
                near = name;
            }
        found = std::to_string(there.size()) + " tensors of other names, such as " + std::string{near};
        if (const auto whose = naming_convention(there); !whose.empty()) found += ", as " + whose + " has them";
    }
    return {there.source_name().empty() ? "checkpoint" : there.source_name(), "", expected, found};
}

namespace detail {

/// What compilers and shards of models put inside of names.
[[nodiscard]] inline std::string without_inner_wrappers(std::string name) {
    for (const std::string_view wrapper : {"_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module."})
        for (auto at = name.find(wrapper); at != name.npos; at = name.find(wrapper, at))
            if (at == 0 || name[at - 1] == '.') name.erase(at, wrapper.size());
            else at += wrapper.size();
    return name;
}

/// What stands before the names that `known` accepts, whichever prefix makes most of them known; the shortest of equals.
/// @throws input_error where two models are side by side
template <class Known>
[[nodiscard]] std::string wrapper_of(const std::vector<std::string>& names, const std::string& source, const Known& known) {
    std::map<std::string, std::size_t> counts; // ordered, so that a shorter prefix comes before those that it begins
    for (const auto& name : names)
        for (std::size_t start = 0; start != name.npos;) {
            if (known(name.substr(start))) ++counts[name.substr(0, start)];
            start = name.find('.', start);
            if (start != name.npos) ++start;
        }
    std::string best;
    std::size_t most = 0;
    for (const auto& [prefix, count] : counts)
        if (count > most) {
            most = count;
            best = prefix;
        }
    for (const auto& [prefix, count] : counts)
        if (2 * count > most && !prefix.starts_with(best) && !best.starts_with(prefix))
            throw input_error{source, "", "the weights of one model, or which to take: the key of one of them",
                              "those of several, below " + best.substr(0, best.size() - 1) + " and " + prefix.substr(0, prefix.size() - 1)};
    return best;
}

} // namespace detail

/// These tensors under the names that a model has for them: without what data-parallel training (`module.`), compilation (`_orig_mod.`), sharding and
/// programs' own classes (`model.`, `clip.model.`, ...) put before or into them. The prefix is the one that makes most names known; names without it
/// stay as they are.
/// @param known whether a model has a tensor of that name
/// @throws input_error where the weights of several models are side by side, as `model.` and `ema.`
template <class Tensor, std::predicate<const std::string&> Known>
[[nodiscard]] basic_named_tensors<Tensor> unwrapped(basic_named_tensors<Tensor> tensors, const Known& known) {
    std::vector<std::string> names;
    for (const auto& [name, value] : tensors) names.push_back(detail::without_inner_wrappers(name));
    const auto source = tensors.source_name().empty() ? std::string{"checkpoint"} : tensors.source_name();
    const auto prefix = detail::wrapper_of(names, source, known);
    basic_named_tensors<Tensor> out{source};
    std::size_t i = 0;
    for (auto& [written, value] : std::move(tensors).entries()) {
        auto& name = names[i++];
        out.add(name.starts_with(prefix) ? name.substr(prefix.size()) : std::move(name), std::move(value));
    }
    return out;
}

} // namespace verdant::io
