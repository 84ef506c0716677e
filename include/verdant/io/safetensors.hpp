#pragma once

#include <verdant/error.hpp>
#include <verdant/io/atomic_file.hpp>
#include <verdant/io/byte_cursor.hpp>
#include <verdant/io/byte_source.hpp>
#include <verdant/io/named_tensors.hpp>
#include <verdant/io/safetensors_header.hpp>
#include <verdant/io/tensor_data.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::io {

/// What a safetensors file holds: its tensors in the order of their data, and its free-text metadata.
struct safetensors_content {
    named_tensors tensors;
    std::vector<std::pair<std::string, std::string>> metadata;
};

/// Parses the safetensors format (huggingface/safetensors, README "Format"): eight bytes of header length, a JSON header, the data without
/// gaps or overlaps. Throws input_error.
[[nodiscard]] inline safetensors_content parse_safetensors(const byte_source& source) {
    const auto head = source.read(0, 8, "the header length");
    const auto size = byte_cursor{source.name(), "", head}.little<std::uint64_t>("header length");
    if (size > source.size() - 8)
        throw input_error{source.name(), "byte 0", "a header of at most " + std::to_string(source.size() - 8) + " bytes", std::to_string(size)};
    const auto content = source.read(8, size, "the header");
    auto header = detail::safetensors_header{as_text(content), source.name()}.read();
    std::sort(header.tensors.begin(), header.tensors.end(), detail::stored_before);
    const std::uint64_t start = 8 + size, data_size = source.size() - start;
    std::uint64_t at = 0;
    named_tensors tensors{source.name()};
    for (auto& one : header.tensors) {
        const auto place = "tensor " + one.name;
        if (one.begin != at) throw input_error{source.name(), place, "data from offset " + std::to_string(at), std::to_string(one.begin)};
        if (one.end < one.begin || one.end > data_size)
            throw input_error{source.name(), place, "an end between " + std::to_string(one.begin) + " and " + std::to_string(data_size),
                              std::to_string(one.end)};
        const auto count = element_count(one.shape);
        if (!count || *count * size_of(one.type) != one.end - one.begin)
            throw input_error{source.name(), place, "the elements of shape " + shape_text(one.shape) + " of " + std::string{name_of(one.type)},
                              std::to_string(one.end - one.begin) + " bytes"};
        auto data = source.read(start + one.begin, one.end - one.begin, place);
        if constexpr (std::endian::native == std::endian::big) swap_byte_order(data, size_of(one.type));
        tensors.add(std::move(one.name), {one.type, std::move(one.shape), std::move(data)});
        at = one.end;
    }
    if (at != data_size) throw input_error{source.name(), "", "data of " + std::to_string(at) + " bytes", std::to_string(data_size)};
    return {std::move(tensors), std::move(header.metadata)};
}

/// Reads the tensors of a safetensors file. Throws file_error or input_error.
[[nodiscard]] inline named_tensors read_safetensors(const std::string& path) { return parse_safetensors(byte_source::open(path)).tensors; }

} // namespace verdant::io

namespace verdant::io::detail {

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
            add(json_quoted(key));
            add(":");
            add(json_quoted(value));
        }
        add("}");
    }
    std::uint64_t at = 0;
    for (const auto& [name, value] : content.tensors) {
        separate('{');
        add(json_quoted(name));
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

} // namespace verdant::io::detail

namespace verdant::io {

/// The bytes of a safetensors file: tensors in the given order, the header padded with spaces so that the data start at a multiple of 8.
[[nodiscard]] inline byte_vector to_safetensors(const safetensors_content& content) {
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

/// Writes a safetensors file, whole or not at all. Throws file_error.
inline void write_safetensors(const std::string& path, const named_tensors& tensors) { write_file(path, as_text(to_safetensors({tensors, {}}))); }

} // namespace verdant::io
