// What is asked of paths on command lines, and folders that are made.
#pragma once

#include <verdant/error.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

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

/// Whether two paths, which need not be there, are of one file: by any spelling and by links.
[[nodiscard]] inline bool same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code none, also_none;
    if (std::filesystem::equivalent(a, b, none)) return true;
    // A relative path of which nothing exists would stay as it is.
    const auto first = std::filesystem::weakly_canonical(std::filesystem::absolute(a), none),
               second = std::filesystem::weakly_canonical(std::filesystem::absolute(b), also_none);
    return !none && !also_none && first == second;
}

/// Refuses to write over what is read, or to write two results into one file. @param option that names the output; an empty one is not asked for
/// @param others    paths of which it is to be none; of a folder, none of its JSON files either, which are what programs read of one
/// @param than what they are, such as `the study`
/// @throws input_error
inline void require_another_file(const std::string& option, const std::string& out, const std::vector<std::string>& others, const std::string& than) {
    if (out.empty()) return;
    std::error_code none;
    const bool in_folder = std::filesystem::path{out}.extension() == ".json" && std::filesystem::exists(out, none);
    for (const auto& other : others) {
        if (other.empty()) continue;
        const bool within = in_folder && std::filesystem::is_directory(other, none) && same_file(std::filesystem::absolute(out).parent_path(), other);
        if (within || same_file(out, other)) throw verdant::input_error{option, "", "another file than " + than, out};
    }
}

/// Makes a folder, and those that it is to lie in. @throws file_error
inline void make_folder(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) throw verdant::file_error{folder.string(), "make the folder", failure.message()};
}

} // namespace terminal
