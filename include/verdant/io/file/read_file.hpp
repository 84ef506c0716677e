#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/utf8.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string>
#include <system_error>

namespace verdant::io {

/// All bytes of a file. Throws file_error where it cannot be opened or read.
template <class = instantiated_when_used>
[[nodiscard]] std::string read_file(const std::string& path) {
    auto* const file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) throw file_error{path, "open", std::generic_category().message(errno)};
    std::string bytes;
    char block[1U << 14U];
    for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, file)) != 0;) bytes.append(block, n);
    const auto code = std::ferror(file) != 0 ? errno : 0;
    std::fclose(file);
    if (code != 0) throw file_error{path, "read", std::generic_category().message(code)};
    return bytes;
}
VERDANT_DEFINED_ONCE(std::string read_file<>(const std::string&));

/// The text of a file that people edit: its bytes without a byte order mark. Throws file_error.
template <class = instantiated_when_used>
[[nodiscard]] std::string read_text_file(const std::string& path) {
    auto bytes = read_file(path);
    bytes.erase(0, bytes.size() - without_byte_order_mark(bytes).size());
    return bytes;
}
VERDANT_DEFINED_ONCE(std::string read_text_file<>(const std::string&));

} // namespace verdant::io
