// Predictors that are read, and the names of result files.
#pragma once

#include "../terminal/paths.hpp"
#include "data.hpp"

#include <verdant/error.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace autobuild {

/// Makes a folder below the results. @throws file_error
inline std::string folder_in(const std::string& out, std::string_view name) {
    const auto folder = std::filesystem::path{out} / name;
    terminal::make_folder(folder);
    return folder.string();
}

/// A predictor's file without folder, ending and the word `_predictor`: what files about it begin with.
[[nodiscard]] inline std::string stem_of(const std::string& path) {
    auto stem = std::filesystem::path{path}.stem().string();
    constexpr std::string_view word = "_predictor";
    if (stem.ends_with(word)) stem.erase(stem.size() - word.size());
    return stem;
}

/// A predictor of a file of safetensors or of PyTorch. @throws file_error, input_error
[[nodiscard]] inline vd::surrogate::graph_predictor read_predictor(const std::string& path) {
    const vd::surrogate::graph_predictor p{vd::surrogate::read_graph_predictor(path, vd::io::read_tensors(path))};
    if (p.options().features != vd::surrogate::custom_features())
        throw vd::input_error{vd::surrogate::graph_options_path(path), "format", "custom, of sequences of blocks", "another"};
    return p;
}

/// The family that a predictor was trained for, which its table of moments tells. @throws input_error
[[nodiscard]] inline mbconv_family family_of(const vd::surrogate::graph_predictor& p, const std::string& path) {
    if (p.options().moment_hops == 4) return mbconv_family::mbv3;
    if (p.options().moment_hops == 5) return mbconv_family::pn;
    throw vd::input_error{path, "tensor embed_layer.moment_tsr", "moments of 4 hops (mbv3) or 5 (pn)", std::to_string(p.options().moment_hops)};
}

/// @throws input_error where a predictor was trained for another family, whose blocks mean something else to it, as far as its table of moments tells
inline void require_family(const vd::surrogate::graph_predictor& p, const std::string& path, mbconv_family asked) {
    const auto hops = p.options().moment_hops;
    if ((hops == 4 || hops == 5) && family_of(p, path) != asked)
        throw vd::input_error{path, "", "a predictor of networks of " + std::string{vd::spaces::name_of(asked)},
                              "one of " + std::string{vd::spaces::name_of(family_of(p, path))}};
}

} // namespace autobuild
