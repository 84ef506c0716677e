// Folders of the files that clip_benchmark writes.
#pragma once

#include <verdant/error.hpp>

#include <filesystem>
#include <string>
#include <system_error>

namespace clip_benchmark {

namespace fs = std::filesystem;
namespace vd = verdant;

/// Makes the folder that a file is to lie in.
inline void make_folder_of(const std::string& file) {
    const auto folder = fs::path{file}.parent_path();
    std::error_code failure;
    if (!folder.empty()) fs::create_directories(folder, failure);
    if (failure) throw vd::file_error{folder.string(), "make the folder", failure.message()};
}

} // namespace clip_benchmark
