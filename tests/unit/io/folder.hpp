#pragma once

#include <filesystem>
#include <string>

#include <unistd.h>

/// A new folder that goes with its scope.
struct scratch_folder {
    scratch_folder() {
        auto name = (std::filesystem::temp_directory_path() / "verdant-test-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~scratch_folder() { std::filesystem::remove_all(path); }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return (path / name).string(); }
    [[nodiscard]] std::size_t entries() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{path}, std::filesystem::directory_iterator{}));
    }

    std::filesystem::path path;
};
