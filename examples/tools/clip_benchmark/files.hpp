// Folders of the files that clip_benchmark writes.
#pragma once

#include "../terminal/paths.hpp"

#include <verdant/error.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace clip_benchmark {

namespace fs = std::filesystem;
namespace vd = verdant;

/// Makes the folder that a file is to lie in.
inline void make_folder_of(const std::string& file) {
    if (const auto folder = fs::path{file}.parent_path(); !folder.empty()) terminal::make_folder(folder);
}

/// Refuses to write over what was read. @throws input_error
inline void check_not_among(const std::string& file, const std::vector<std::string>& inputs) {
    for (const auto& input : inputs)
        if (terminal::same_file(file, input)) throw vd::input_error{"--output", "", "another file than those that are read", '\'' + file + '\''};
}

} // namespace clip_benchmark
