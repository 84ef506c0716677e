#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/file_lock.hpp>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <sys/stat.h>

/// The folder that the evaluators of a search keep checkpoints in.
namespace verdant::detail {

/// Makes a folder, and those above it; nothing where it is there. Throws file_error where that is not possible.
inline void make_folder(const std::string& path) {
    for (auto end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const auto part = path.substr(0, end);
        if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST) throw file_error{part, "make the folder", std::strerror(errno)};
        if (end == std::string::npos) return;
    }
}

/// Reserves the folder for one run, of whatever object or process: trials of two have the same numbers, and one would go on from what the other
/// trained.
class checkpoint_lock {
public:
    /// Makes the folder. Throws file_error where another run is using it, and where it cannot be made or locked.
    /// @param folder empty where there is none: then there is nothing to reserve
    explicit checkpoint_lock(const std::string& folder) {
        if (folder.empty()) return;
        make_folder(folder);
        if (auto lock = io::detail::study_lock::if_free(folder + "/run")) lock_.emplace(std::move(*lock));
        else throw file_error{folder, "keep checkpoints in", "another run of a search is using it; give each run a folder of its own"};
    }

private:
    std::optional<io::detail::study_lock> lock_;
};

} // namespace verdant::detail
