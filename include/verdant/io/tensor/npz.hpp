#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/zip_archive.hpp>
#include <verdant/io/archive/zip_writer.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/npy.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace verdant::io {

namespace detail {

/// Reads one entry of an npz archive, or notes why it is none that can be read.
inline void add_npz_entry(named_tensors& out, const zip_archive& archive, const zip_entry& entry) {
    if (!entry.name.ends_with(".npy")) return out.add_unread(entry.name, "a file that is no npy array");
    auto name = entry.name.substr(0, entry.name.size() - 4);
    const auto content = archive.share(entry);
    byte_cursor cursor{archive.name(), "entry " + entry.name, content.view()};
    const auto header = read_npy_header(cursor);
    if (header.type) out.add(std::move(name), npy_elements(header, cursor, content));
    else out.add_unread(std::move(name), "elements of type " + header.foreign + ", which are not read");
}

} // namespace detail

/// The arrays of an npz archive, named without the ending `.npy`. Arrays of texts, objects, records and complex numbers, and entries that are no
/// npy array, are left unread, by name (named_tensors::unread). Throws input_error if no entry is an npy array at all.
template <class = instantiated_when_used>
[[nodiscard]] named_tensors parse_npz(byte_source source) {
    const zip_archive archive{std::move(source)};
    named_tensors out{archive.name()};
    bool arrays = archive.entries().empty();
    for (const auto& entry : archive.entries()) {
        detail::add_npz_entry(out, archive, entry);
        arrays = arrays || entry.name.ends_with(".npy");
    }
    if (!arrays)
        throw input_error{archive.name(), "entry " + archive.entries().front().name, "arrays whose names end in .npy", "another kind of file"};
    return out;
}
VERDANT_DEFINED_ONCE(named_tensors parse_npz<>(byte_source));

/// Reads an npz file. Throws file_error or input_error.
[[nodiscard]] inline named_tensors read_npz(const std::string& path) { return parse_npz(byte_source::open(path)); }

/// The bytes of an npz archive; stored as numpy.savez does, or deflated as numpy.savez_compressed does.
template <class = instantiated_when_used>
[[nodiscard]] byte_vector to_npz(const named_tensors& tensors, zip_writer::packing how = zip_writer::packing::stored) {
    zip_writer writer;
    for (const auto& [name, value] : tensors) writer.add(name + ".npy", to_npy(value), how);
    return std::move(writer).finish();
}
VERDANT_DEFINED_ONCE(byte_vector to_npz<>(const named_tensors&, zip_writer::packing));

/// Writes an npz file, whole or not at all. Throws file_error.
inline void write_npz(const std::string& path, const named_tensors& tensors, zip_writer::packing how = zip_writer::packing::stored) {
    write_file(path, as_text(to_npz(tensors, how)));
}

} // namespace verdant::io
