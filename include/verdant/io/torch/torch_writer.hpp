#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/zip_writer.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/strided_copy.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/utf8.hpp>

#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// Writes checkpoints that `torch.load` reads.
namespace verdant::io {

namespace detail {

/// Writes the pickle of a state_dict, as `torch.save(dict(model.state_dict()), ...)` writes it: a dictionary from
/// names to tensors over storages 0, 1, ... (`torch::pickle_load` of LibTorch reads plain dictionaries only).
class state_dict_pickler {
public:
    /// @param key where it is not empty, the dictionary is the value of this key in another one
    [[nodiscard]] byte_vector write(const named_tensors& tensors, std::string_view key) && {
        op("\x80\x02}(");
        if (!key.empty()) {
            text(key);
            op("}(");
        }
        std::size_t index = 0;
        for (const auto& [name, value] : tensors) {
            text(name);
            tensor(value, index++);
        }
        op(key.empty() ? "u." : "uu.");
        return std::move(out_);
    }

private:
    void op(std::string_view code) { out_.insert(out_.end(), code.begin(), code.end()); }
    void global(std::string_view module, std::string_view name) { op("c" + std::string{module} + "\n" + std::string{name} + "\n"); }
    void text(std::string_view value) {
        if (value.size() > std::numeric_limits<std::uint32_t>::max()) throw error{"a name is too long for a checkpoint"};
        if (!is_utf8(value)) throw error{"checkpoints of PyTorch hold names in UTF-8; one is not"};
        op("X");
        append_little<std::uint32_t>(out_, static_cast<std::uint32_t>(value.size()));
        op(value);
    }
    void integer(std::uint64_t value) {
        if (value <= 0x7fffffff) {
            op("J");
            append_little<std::uint32_t>(out_, static_cast<std::uint32_t>(value));
        } else {
            op(std::string_view{"\x8a\x08", 2});
            append_little<std::uint64_t>(out_, value);
        }
    }
    void tuple(const tensor_shape& values) {
        op("(");
        for (const auto value : values) integer(value);
        op("t");
    }
    void tensor(const tensor_data& value, std::size_t index) {
        const auto storage = facts(value.type()).storage;
        if (storage.empty()) throw error{"PyTorch checkpoints have no storage class for " + std::string{name_of(value.type())}};
        global("torch._utils", "_rebuild_tensor_v2");
        op("((");
        text("storage");
        global("torch", storage);
        text(std::to_string(index));
        text("cpu");
        integer(value.size());
        op("tQ");
        integer(0);
        tuple(value.shape());
        tuple(row_major_strides(value.shape()));
        op("\x89");
        global("collections", "OrderedDict");
        op(")RtR");
    }

    byte_vector out_;
};

} // namespace detail

/// The bytes of a checkpoint in the zip format of PyTorch 1.6 and later, which `torch.load` and LibTorch's
/// `torch::pickle_load` read as a dictionary of tensors. Every tensor
/// gets a storage of its own. Throws verdant::error for unsigned 16- to 64-bit integers, which have no storage class.
/// @param key where it is not empty, the root is a dictionary in which this key has the tensors, as scripts of training save `{"state_dict": ...}`
template <class = instantiated_when_used>
[[nodiscard]] byte_vector to_torch(const named_tensors& tensors, const std::string& folder = "archive", std::string_view key = {}) {
    zip_writer writer;
    const auto stored = zip_writer::packing::stored;
    writer.add(folder + "/data.pkl", detail::state_dict_pickler{}.write(tensors, key), stored, 64);
    writer.add(folder + "/byteorder", to_bytes(std::endian::native == std::endian::little ? "little" : "big"), stored, 64);
    std::size_t index = 0;
    for (const auto& [name, value] : tensors) writer.add(folder + "/data/" + std::to_string(index++), value.content(), stored, 64);
    writer.add(folder + "/version", to_bytes("3\n"), stored, 64);
    return std::move(writer).finish();
}
VERDANT_DEFINED_ONCE(byte_vector to_torch<>(const named_tensors&, const std::string&, std::string_view));

/// Writes a checkpoint of PyTorch, whole or not at all. Throws file_error.
inline void write_torch(const std::string& path, const named_tensors& tensors, std::string_view key = {}) {
    write_file(path, as_text(to_torch(tensors, "archive", key)));
}

} // namespace verdant::io
