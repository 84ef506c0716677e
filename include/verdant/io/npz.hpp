#pragma once

#include <verdant/io/atomic_file.hpp>
#include <verdant/io/byte_source.hpp>
#include <verdant/io/named_tensors.hpp>
#include <verdant/io/npy.hpp>
#include <verdant/io/zip_archive.hpp>
#include <verdant/io/zip_writer.hpp>

#include <string>
#include <string_view>

namespace verdant::io {

/// All arrays of an npz archive, named without the ending `.npy`. Throws input_error.
[[nodiscard]] inline named_tensors parse_npz(byte_source source) {
    const zip_archive archive{std::move(source)};
    named_tensors out{archive.name()};
    for (const auto& entry : archive.entries()) {
        if (!entry.name.ends_with(".npy"))
            throw input_error{archive.name(), "entry " + entry.name, "arrays whose names end in .npy", "another kind of file"};
        out.add(entry.name.substr(0, entry.name.size() - 4), parse_npy(archive.read(entry), archive.name(), "entry " + entry.name));
    }
    return out;
}

/// Reads an npz file. Throws file_error or input_error.
[[nodiscard]] inline named_tensors read_npz(const std::string& path) { return parse_npz(byte_source::open(path)); }

/// The bytes of an npz archive; stored as numpy.savez does, or deflated as numpy.savez_compressed does.
[[nodiscard]] inline byte_vector to_npz(const named_tensors& tensors, zip_writer::packing how = zip_writer::packing::stored) {
    zip_writer writer;
    for (const auto& [name, value] : tensors) writer.add(name + ".npy", to_npy(value), how);
    return std::move(writer).finish();
}

/// Writes an npz file, whole or not at all. Throws file_error.
inline void write_npz(const std::string& path, const named_tensors& tensors, zip_writer::packing how = zip_writer::packing::stored) {
    write_file(path, as_text(to_npz(tensors, how)));
}

} // namespace verdant::io
