#pragma once

#include <verdant/error.hpp>
#include <verdant/io/byte_source.hpp>
#include <verdant/io/named_tensors.hpp>
#include <verdant/io/npy.hpp>
#include <verdant/io/npz.hpp>
#include <verdant/io/safetensors.hpp>
#include <verdant/io/torch_checkpoint.hpp>
#include <verdant/io/zip_archive.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace verdant::io {

namespace detail {

[[nodiscard]] inline bool is_npy_entry(const zip_entry& entry) { return entry.name.ends_with(".npy"); }

} // namespace detail

/// Reads the tensors of a file of any kind that this library knows, told apart by content: checkpoints of PyTorch (their weights, see
/// torch_checkpoint::state_dict), npz, npy (one tensor without name), else safetensors. Throws input_error.
template <class Checkpoint = torch_checkpoint>
[[nodiscard]] named_tensors parse_tensors(const byte_source& source) {
    if (zip_archive::looks_like_one(source)) {
        const zip_archive archive{source};
        const bool npz = !archive.entries().empty() && std::all_of(archive.entries().begin(), archive.entries().end(), detail::is_npy_entry);
        return npz ? parse_npz(source) : Checkpoint{source}.state_dict();
    }
    if (source.starts_with("\x93NUMPY")) {
        named_tensors out{source.name()};
        out.add("", parse_npy(source.read_all(), source.name()));
        return out;
    }
    // A safetensors file begins with the length of its header, which begins with a brace; the length may have any bytes.
    if (source.size() > 8 && source.read(8, 1)[0] == '{') return parse_safetensors(source).tensors;
    if (source.starts_with("\x80\x02")) return Checkpoint{source}.state_dict();
    throw input_error{source.name(), "byte 0", "a checkpoint of PyTorch, safetensors, npz or npy", source.size() == 0 ? "nothing" : "other bytes"};
}

/// Reads the tensors of a file of any kind. Throws file_error or input_error.
template <class Checkpoint = torch_checkpoint>
[[nodiscard]] named_tensors read_tensors(const std::string& path) {
    return parse_tensors<Checkpoint>(byte_source::open(path));
}

} // namespace verdant::io
