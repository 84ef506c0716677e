#pragma once

#include <verdant/error.hpp>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

/// What can be said of the file of a study without a look into it.
namespace verdant::detail {

/// The path without symbolic links, or nothing and an error number.
[[nodiscard]] inline std::optional<std::string> canonical_path(const std::string& path) {
    struct release {
        void operator()(char* text) const { std::free(text); } // NOLINT(cppcoreguidelines-no-malloc): realpath allocates so
    };
    const std::unique_ptr<char, release> whole{::realpath(path.c_str(), nullptr)};
    return whole ? std::optional<std::string>{whole.get()} : std::nullopt;
}

[[nodiscard]] inline std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

[[nodiscard]] inline bool file_is_there(const std::string& path) {
    struct stat found{};
    return ::lstat(path.c_str(), &found) == 0;
}

/// The path of a file as SQLite takes it with parameters behind it.
[[nodiscard]] inline std::string sqlite_address(const std::string& path) {
    constexpr const char* digits = "0123456789ABCDEF";
    std::string text = "file:";
    for (const char c : path) {
        const auto u = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '-' || c == '_') text += c;
        else text += {'%', digits[u / 16], digits[u % 16]};
    }
    return text;
}

/// Symbolic links lead to the same study, and so to the same lock. Throws file_error where there is no such folder.
[[nodiscard]] inline std::string resolved_path(const std::string& path) {
    if (const auto whole = canonical_path(path)) return *whole;
    if (errno != ENOENT) throw file_error{path, "open", std::generic_category().message(errno)};
    const auto folder = folder_of(path);
    const auto whole = canonical_path(folder);
    struct stat found{};
    if (!whole || ::stat(whole->c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) throw file_error{path, "open", "there is no folder " + folder};
    return (*whole == "/" ? "" : *whole) + '/' + path.substr(path.rfind('/') + 1);
}

/// Whether a file or folder is protected against writing. The administrator may write everything, so that the system does not say; something without
/// any permission to write is meant to stay as it is, whoever asks.
[[nodiscard]] inline bool read_only(const std::string& path, const struct stat& found) {
    return (found.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0 || ::access(path.c_str(), W_OK) != 0;
}

/// Refuses a file that no study can be, and one that cannot be written to, so that nothing is made beside it. Throws file_error and input_error.
inline void require_writable(const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) == 0) {
        if (!S_ISREG(found.st_mode)) throw file_error{path, "open", "it is no regular file"};
        if (read_only(path, found)) throw file_error{path, "open", "it is read-only, and a study is written to"};
        if (found.st_size == 0) throw input_error{path, "", "a study", "an empty file"};
    }
    const auto folder = folder_of(path);
    if (::stat(folder.c_str(), &found) == 0 && read_only(folder, found))
        throw file_error{path, "open", "its folder is read-only, and SQLite keeps files beside a study"};
}

} // namespace verdant::detail
