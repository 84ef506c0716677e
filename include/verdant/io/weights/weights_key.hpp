#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/torch/pickle_object.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/closest_name.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

// Files that hold several sets of weights: a model and its moving average, a teacher, an optimiser's state.

namespace verdant::io {

namespace detail {

[[nodiscard]] inline bool has_entries(const pickle_object& value) { return value.kind() == pickle_kind::dict || value.kind() == pickle_kind::record; }

/// Whether tensors stand in a dictionary itself, under names.
[[nodiscard]] inline bool holds_tensors(const pickle_object& value) {
    if (!has_entries(value)) return false;
    const auto& all = value.entries();
    return std::any_of(all.begin(), all.end(),
                       [](const auto& one) { return one.first.kind() == pickle_kind::text && one.second.kind() == pickle_kind::tensor; });
}

/// Paths, joined by dots, to the dictionaries that hold tensors, in the order of the file; those within such a dictionary are parts of it. A
/// dictionary that stands in several places counts at the first: a file of a few hundred bytes may have 2^40 paths.
/// @param seen dictionaries that were met before
inline void collect_sets(const pickle_object& value, const std::string& path, std::unordered_set<const void*>& seen, std::vector<std::string>& out) {
    if (!has_entries(value) || !seen.insert(value.node().get()).second) return;
    for (const auto& [key, inner] : value.entries()) {
        // Moments of an optimiser are no weights, whatever they are called.
        if (key.kind() != pickle_kind::text || key.text().starts_with("optim")) continue;
        const auto here = path.empty() ? key.text() : path + "." + key.text();
        if (!holds_tensors(inner)) collect_sets(inner, here, seen, out);
        else if (seen.insert(inner.node().get()).second) out.push_back(here);
    }
}

/// What a path of keys leads to, or null; keys may hold dots themselves.
[[nodiscard]] inline const pickle_object* value_at(const pickle_object& from, std::string_view path) {
    if (!has_entries(from)) return nullptr;
    if (const auto* const found = from.find(path)) return found;
    for (auto dot = path.find('.'); dot != path.npos; dot = path.find('.', dot + 1))
        if (const auto* const inner = from.find(path.substr(0, dot)))
            if (const auto* const found = value_at(*inner, path.substr(dot + 1))) return found;
    return nullptr;
}

[[noreturn]] inline void refuse_key(const std::string& source, std::string_view key, const std::vector<std::string>& there) {
    throw input_error{source, "", there.empty() ? "weights below a key" : "one of the keys of weights " + name_list(there),
                      '\'' + std::string{key} + '\'' + did_you_mean(key, there)};
}

} // namespace detail

/// The tensors below a key of names that dots join, such as `ema.`, without it. @throws input_error that lists the keys, where there are none
template <class = instantiated_when_used>
[[nodiscard]] named_tensors tensors_below(named_tensors tensors, std::string_view key) {
    const auto prefix = std::string{key} + ".";
    named_tensors out{tensors.source_name()};
    std::vector<std::string> keys;
    for (auto& [name, value] : std::move(tensors).entries()) {
        if (name.starts_with(prefix)) out.add(name.substr(prefix.size()), std::move(value));
        else if (auto first = name.substr(0, name.find('.')); std::find(keys.begin(), keys.end(), first) == keys.end())
            keys.push_back(std::move(first));
    }
    if (out.empty()) detail::refuse_key(out.source_name(), key, keys);
    return out;
}
VERDANT_DEFINED_ONCE(named_tensors tensors_below<>(named_tensors, std::string_view));

/// The weights of a checkpoint of PyTorch, of which there may be several sets. Without a key they are those below `state_dict`, else those of the
/// root, else those of the only dictionary of tensors, wherever it is.
/// @param key of the dictionary: `model`, `ema`, `state_dict`, ...; a path of keys is joined by dots
/// @throws input_error that lists the keys, where there are several sets and no key, or none below the key
template <class Checkpoint = torch_checkpoint>
[[nodiscard]] named_tensors weights_of(const Checkpoint& file, std::string_view key = {}) {
    const auto& root = file.root();
    std::vector<std::string> sets;
    std::unordered_set<const void*> seen;
    if (root.kind() == pickle_kind::dict) detail::collect_sets(root, "", seen, sets);
    if (key.empty()) {
        const bool plain = root.kind() != pickle_kind::dict || root.find("state_dict") != nullptr || detail::holds_tensors(root);
        if (plain || sets.empty()) return file.state_dict();
        if (sets.size() > 1) throw input_error{file.name(), "", "one set of weights, or the key of one of them", "several, below " + name_list(sets)};
        key = sets.front();
    }
    const auto* const value = detail::value_at(root, key);
    if (value == nullptr || !detail::has_entries(*value)) detail::refuse_key(file.name(), key, sets);
    auto out = file.tensors_below(*value);
    if (out.empty()) detail::refuse_key(file.name(), key, sets);
    return out;
}

/// The weights of a file of any kind that `read_tensors` knows. See `weights_of` and `tensors_below`. @throws file_error, input_error
template <class Checkpoint = torch_checkpoint>
[[nodiscard]] named_tensors read_weights(const std::string& path, std::string_view key = {}) {
    const auto source = byte_source::open(path);
    if (detail::kind_of_tensor_file(source) == detail::tensor_file_kind::torch) return weights_of(Checkpoint{source}, key);
    auto all = parse_tensors<Checkpoint>(source);
    return key.empty() ? std::move(all) : tensors_below(std::move(all), key);
}

} // namespace verdant::io
