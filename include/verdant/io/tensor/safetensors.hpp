#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/safetensors_header.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/utf8.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Tensors in safetensors files.
namespace verdant::io {

/// What a safetensors file holds: its tensors in the order of their data, and its free-text metadata.
struct safetensors_content {
    named_tensors tensors;
    std::vector<std::pair<std::string, std::string>> metadata;
};

namespace detail {

/// The header of a safetensors file, its tensors in the order of their data, which fill the file behind it.
struct safetensors_layout {
    safetensors_directory header;
    std::uint64_t start = 0; ///< of the data in the file
};

/// Reads and checks everything but the data. Throws input_error where they would not fit what the header says of them.
[[nodiscard]] inline safetensors_layout read_safetensors_layout(const byte_source& source) {
    const auto head = source.read(0, 8, "the header length");
    const auto size = byte_cursor{source.name(), "", head}.little<std::uint64_t>("header length");
    if (size > source.size() - 8)
        throw input_error{source.name(), "byte 0", "a header of at most " + std::to_string(source.size() - 8) + " bytes", std::to_string(size)};
    const auto content = source.read(8, size, "the header");
    auto header = safetensors_header{as_text(content), source.name()}.read();
    std::sort(header.tensors.begin(), header.tensors.end(), stored_before);
    const std::uint64_t start = 8 + size, data_size = source.size() - start;
    std::uint64_t at = 0;
    for (const auto& one : header.tensors) {
        const auto place = "tensor " + one.name;
        if (one.begin != at) throw input_error{source.name(), place, "data from offset " + std::to_string(at), std::to_string(one.begin)};
        if (one.end < one.begin || one.end > data_size)
            throw input_error{source.name(), place, "an end between " + std::to_string(one.begin) + " and " + std::to_string(data_size),
                              std::to_string(one.end)};
        const auto count = element_count(one.shape);
        if (!one.foreign.empty()) {
            at = one.end;
            continue;
        }
        if (!count || *count * size_of(one.type) != one.end - one.begin)
            throw input_error{source.name(), place, "the elements of shape " + shape_text(one.shape) + " of " + std::string{name_of(one.type)},
                              std::to_string(one.end - one.begin) + " bytes"};
        at = one.end;
    }
    if (at != data_size) throw input_error{source.name(), "", "data of " + std::to_string(at) + " bytes", std::to_string(data_size)};
    return {std::move(header), start};
}

[[nodiscard]] inline std::string unread_elements(std::string_view type) { return "elements of type " + std::string{type} + ", which are not read"; }

} // namespace detail

/// Parses the safetensors format (huggingface/safetensors, README "Format"): eight bytes of header length, a JSON header, the data without
/// gaps or overlaps. Tensors share the bytes of a source in memory, see byte_source::share. Those of 4 to 8 bits and complex ones are left
/// unread, by name (named_tensors::unread). Throws input_error.
template <class = instantiated_when_used>
[[nodiscard]] safetensors_content parse_safetensors(const byte_source& source) {
    auto [header, start] = detail::read_safetensors_layout(source);
    named_tensors tensors{source.name()};
    for (auto& one : header.tensors) {
        if (!one.foreign.empty()) {
            tensors.add_unread(std::move(one.name), detail::unread_elements(one.foreign));
            continue;
        }
        auto data = source.share(start + one.begin, one.end - one.begin, "tensor " + one.name);
        if constexpr (std::endian::native == std::endian::big) {
            byte_vector turned{data.view().begin(), data.view().end()};
            swap_byte_order(turned, size_of(one.type));
            data = std::move(turned);
        }
        tensors.add(std::move(one.name), {one.type, std::move(one.shape), std::move(data)});
    }
    return {std::move(tensors), std::move(header.metadata)};
}
VERDANT_DEFINED_ONCE(safetensors_content parse_safetensors<>(const byte_source&));

/// Types and axes of the tensors of a safetensors file, in the order of their data, which are not read. Throws input_error, as well where the
/// file is too short for the data.
template <class = instantiated_when_used>
[[nodiscard]] named_shapes parse_safetensors_shapes(const byte_source& source) {
    auto layout = detail::read_safetensors_layout(source);
    named_shapes out{source.name()};
    for (auto& one : layout.header.tensors)
        if (one.foreign.empty()) out.add(std::move(one.name), {one.type, std::move(one.shape)});
        else out.add_unread(std::move(one.name), detail::unread_elements(one.foreign));
    return out;
}
VERDANT_DEFINED_ONCE(named_shapes parse_safetensors_shapes<>(const byte_source&));

/// Reads the tensors of a safetensors file. Throws file_error or input_error.
[[nodiscard]] inline named_tensors read_safetensors(const std::string& path) { return parse_safetensors(byte_source::open(path)).tensors; }

namespace detail {

/// A name or text as the header holds it. Throws verdant::error where it could not be read again.
[[nodiscard]] inline std::string safetensors_text(std::string_view text) {
    if (!is_utf8(text)) throw error{"safetensors holds names and texts in UTF-8; " + json_quoted(text) + " is not"};
    return json_quoted(text);
}

/// The JSON header of a safetensors file, without the padding behind it.
[[nodiscard]] inline std::string safetensors_header_text(const io::safetensors_content& content) {
    std::string text = "{";
    const auto add = [&text](std::string_view more) { text.append(more); };
    const auto separate = [&text, &add](char opening) {
        if (text.back() != opening) add(",");
    };
    if (!content.metadata.empty()) {
        add("\"__metadata__\":{");
        for (const auto& [key, value] : content.metadata) {
            separate('{');
            add(safetensors_text(key));
            add(":");
            add(safetensors_text(value));
        }
        add("}");
    }
    std::uint64_t at = 0;
    for (const auto& [name, value] : content.tensors) {
        if (name == "__metadata__") throw error{"safetensors keeps its free text under the name __metadata__; give that tensor another name"};
        separate('{');
        if (value.shape().size() > 64) throw error{"tensor " + name + " has more than the 64 axes that are read again"};
        add(safetensors_text(name));
        add(":{\"dtype\":\"");
        add(facts(value.type()).safetensors);
        add("\",\"shape\":[");
        for (const auto length : value.shape()) {
            separate('[');
            add(std::to_string(length));
        }
        add("],\"data_offsets\":[");
        add(std::to_string(at));
        add(",");
        at += value.content().size();
        add(std::to_string(at));
        add("]}");
    }
    add("}");
    return text;
}

} // namespace detail

/// The bytes of a safetensors file: tensors in the given order, the header padded with spaces so that the data start at a multiple of 8.
/// Throws verdant::error for what could not be read again: a tensor named `__metadata__`, and names and texts that are not UTF-8.
template <class = instantiated_when_used>
[[nodiscard]] byte_vector to_safetensors(const safetensors_content& content) {
    auto header = detail::safetensors_header_text(content);
    header.append((8 - header.size() % 8) % 8, ' ');
    std::uint64_t at = 0;
    for (const auto& entry : content.tensors) at += entry.value.content().size();
    byte_vector out;
    out.reserve(8 + header.size() + static_cast<std::size_t>(at));
    append_little<std::uint64_t>(out, header.size());
    out.insert(out.end(), header.begin(), header.end());
    for (const auto& [name, value] : content.tensors) {
        const auto start = out.size();
        out.insert(out.end(), value.content().begin(), value.content().end());
        if constexpr (std::endian::native == std::endian::big) swap_byte_order(std::span<unsigned char>{out}.subspan(start), size_of(value.type()));
    }
    return out;
}
VERDANT_DEFINED_ONCE(byte_vector to_safetensors<>(const safetensors_content&));

/// Writes a safetensors file, whole or not at all. Throws file_error.
inline void write_safetensors(const std::string& path, const named_tensors& tensors) { write_file(path, as_text(to_safetensors({tensors, {}}))); }

} // namespace verdant::io
