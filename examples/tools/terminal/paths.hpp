// What is asked of paths on command lines, and folders that are made.
#pragma once

#include <verdant/error.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>
#include <system_error>

namespace terminal {

/// A path that is not empty: an empty one would stand for the working directory here, for `/` there.
[[nodiscard]] inline CLI::Validator path() {
    return {[](const std::string& text) { return text.empty() ? std::string{"expected a path, found ''"} : std::string{}; }, ""};
}

/// The name of a file or folder within one that is given elsewhere, which it does not leave.
[[nodiscard]] inline CLI::Validator name_within() {
    return {[](const std::string& text) {
                return text.find('/') != text.npos || text == "." || text == ".." ? "expected a name without '/', found '" + text + '\''
                                                                                  : std::string{};
            },
            ""};
}

/// Makes a folder, and those that it is to lie in. @throws file_error
inline void make_folder(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) throw verdant::file_error{folder.string(), "make the folder", failure.message()};
}

} // namespace terminal
