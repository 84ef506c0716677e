#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/zip_archive.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/npy.hpp>
#include <verdant/io/tensor/npz.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/meta/defined_once.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

/// Reads tensors from a file of any known kind, which is told by its content.
namespace verdant::io {

namespace detail {

[[nodiscard]] inline bool is_npy_entry(const zip_entry& entry) { return entry.name.ends_with(".npy"); }

[[nodiscard]] inline bool is_data_pickle(const zip_entry& entry) { return entry.name == "data.pkl" || entry.name.ends_with("/data.pkl"); }

enum class tensor_file_kind { torch, npz, npy, safetensors };

/// What kind of file this is, told by its content. Throws input_error if it is none.
[[nodiscard]] inline tensor_file_kind kind_of_tensor_file(const byte_source& source) {
    if (zip_archive::looks_like_one(source)) {
        const zip_archive archive{source};
        const auto& entries = archive.entries();
        const bool npz = std::any_of(entries.begin(), entries.end(), is_npy_entry) && std::none_of(entries.begin(), entries.end(), is_data_pickle);
        return npz ? tensor_file_kind::npz : tensor_file_kind::torch;
    }
    if (source.starts_with("\x93NUMPY")) return tensor_file_kind::npy;
    // A safetensors file begins with the length of its header, which begins with a brace; the length may have any bytes.
    if (source.size() > 8 && source.read(8, 1)[0] == '{') return tensor_file_kind::safetensors;
    for (const std::string_view pickle : {"\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"})
        if (source.starts_with(pickle)) return tensor_file_kind::torch;
    throw input_error{source.name(), "byte 0", "a checkpoint of PyTorch, safetensors, npz or npy", source.size() == 0 ? "nothing" : "other bytes"};
}

} // namespace detail

/// Reads the tensors of a file of any kind that this library knows, told apart by content: checkpoints of PyTorch (their weights, see
/// torch_checkpoint::state_dict), npz, npy (one tensor without name), else safetensors. Throws input_error.
template <class Checkpoint = torch_checkpoint>
[[nodiscard]] named_tensors parse_tensors(const byte_source& source) {
    switch (detail::kind_of_tensor_file(source)) {
    case detail::tensor_file_kind::torch: return Checkpoint{source}.state_dict();
    case detail::tensor_file_kind::npz: return parse_npz(source);
    case detail::tensor_file_kind::safetensors: return parse_safetensors(source).tensors;
    case detail::tensor_file_kind::npy: break;
    }
    named_tensors out{source.name()};
    out.add("", parse_npy(source.share_all(), source.name()));
    return out;
}
VERDANT_DEFINED_ONCE(named_tensors parse_tensors<torch_checkpoint>(const byte_source&));

/// Reads the tensors of a file of any kind. Throws file_error or input_error.
template <class Checkpoint = torch_checkpoint>
[[nodiscard]] named_tensors read_tensors(const std::string& path) {
    return parse_tensors<Checkpoint>(byte_source::open(path));
}
VERDANT_DEFINED_ONCE(named_tensors read_tensors<torch_checkpoint>(const std::string&));

/// Names, types and axes of the same tensors. Of checkpoints and safetensors, only what describes the tensors is read, so that the dimensions of
/// a model cost neither time nor memory for its weights; those of NumPy's files are read whole. Throws input_error.
template <class Checkpoint = torch_checkpoint>
[[nodiscard]] named_shapes parse_shapes(const byte_source& source) {
    switch (detail::kind_of_tensor_file(source)) {
    case detail::tensor_file_kind::torch: return Checkpoint{source}.state_shapes();
    case detail::tensor_file_kind::safetensors: return parse_safetensors_shapes(source);
    case detail::tensor_file_kind::npz:
    case detail::tensor_file_kind::npy: break;
    }
    return shapes_of(parse_tensors<Checkpoint>(source));
}
VERDANT_DEFINED_ONCE(named_shapes parse_shapes<torch_checkpoint>(const byte_source&));

/// Reads names, types and axes of the tensors of a file of any kind. Throws file_error or input_error.
template <class Checkpoint = torch_checkpoint>
[[nodiscard]] named_shapes read_shapes(const std::string& path) {
    return parse_shapes<Checkpoint>(byte_source::open(path));
}
VERDANT_DEFINED_ONCE(named_shapes read_shapes<torch_checkpoint>(const std::string&));

} // namespace verdant::io
