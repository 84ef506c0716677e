#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/meta/component/json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace verdant::io {

/// Whether a path is that of an index of weights that are spread over files, as Hugging Face's hub names it (`model.safetensors.index.json`).
[[nodiscard]] inline bool is_weights_index(const std::string& path) { return path.ends_with(".index.json"); }

namespace detail {

/// Reads one file of several, whatever type the reader is.
struct safetensors_shard {
    [[nodiscard]] named_tensors operator()(const std::string& path) const { return read_safetensors(path); }
};

} // namespace detail

/// The weights of a model whose files an index lists: `{"metadata": {...}, "weight_map": {"name": "model-00001-of-00002.safetensors", ...}}`, as
/// transformers writes it. The files are beside the index; each is read once, in the order of their names.
/// @param read gives the tensors of a file: `io::read_torch` for `pytorch_model.bin.index.json`
/// @throws file_error for a file that is not there; input_error where index and files do not say the same, naming the tensor
template <std::invocable<const std::string&> Read = detail::safetensors_shard>
[[nodiscard]] named_tensors read_sharded(const std::string& index, const Read& read = {}) {
    const auto root = read_json(index);
    if (!root.is_object() || !root.contains("weight_map") || !root["weight_map"].is_object() || root["weight_map"].empty())
        throw input_error{index, "weight_map", "an object of names of tensors and files", root.is_object() && root.contains("weight_map") ? "another" : "none"};
    check_members(root, index, "", std::array{"metadata", "weight_map"}); // `metadata` has sizes, which the files have too
    std::map<std::string, std::vector<std::string>> names_in;
    for (const auto& [name, file] : root["weight_map"].items()) {
        if (!file.is_string()) throw input_error{index, "weight_map, " + name, "the name of a file", file.dump()};
        const auto where = file.template get<std::string>();
        if (where.empty() || std::filesystem::path{where}.filename() != where || where == "." || where == "..")
            throw input_error{index, "weight_map, " + name, "a file beside the index", file.dump()};
        names_in[where].push_back(name);
    }
    named_tensors out{index};
    for (auto& [file, names] : names_in) {
        const auto path = (std::filesystem::path{index}.parent_path() / file).string();
        auto found = read(path);
        for (const auto& name : names)
            if (found.find(name) == nullptr) throw input_error{path, "", "a tensor named " + name + ", as " + index + " has it", "none"};
        std::sort(names.begin(), names.end());
        for (auto& [name, value] : std::move(found).entries()) {
            if (!std::binary_search(names.begin(), names.end(), name))
                throw input_error{path, "tensor " + name, "only the tensors that " + index + " lists for this file", "this one too"};
            out.add(name, std::move(value));
        }
    }
    return out;
}

} // namespace verdant::io
