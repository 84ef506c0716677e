#pragma once

#include <verdant/error.hpp>

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/// A lock on a file, which the system lifts when the process dies.
namespace verdant::io::detail {

/// Reserves a file for this object: no other object of this or another process can hold its lock at the same time. The lock is on a file of its own
/// beside it, `FILE-lock`, since closing any descriptor of a database gives up the locks that SQLite holds on it. The system ends it with the
/// process, however that dies; a lock file that is left behind then means nothing.
class study_lock {
public:
    /// Throws file_error where the file is reserved already, and where the lock file cannot be made.
    /// @param user what holds it, for that error
    explicit study_lock(const std::string& file, std::string_view user = "search") : path_{file + "-lock"} {
        if (!take()) throw file_error{file, "open", "it is in use by another " + std::string{user}};
    }
    /// The lock, or none where the file is reserved already. Throws file_error where the lock file cannot be made.
    [[nodiscard]] static std::optional<study_lock> if_free(const std::string& file) {
        study_lock lock{file + "-lock", not_taken_yet{}};
        if (!lock.take()) return std::nullopt;
        return lock;
    }
    study_lock(study_lock&& other) noexcept : path_{std::move(other.path_)}, descriptor_{std::exchange(other.descriptor_, -1)} {}
    study_lock& operator=(study_lock&&) = delete;
    ~study_lock() {
        if (descriptor_ < 0) return;
        ::unlink(path_.c_str());
        ::close(descriptor_);
    }

private:
    struct not_taken_yet {};
    study_lock(std::string path, not_taken_yet) : path_{std::move(path)} {}

    /// Whether the lock could be taken.
    [[nodiscard]] bool take() {
        for (;;) {
            descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
            if (descriptor_ < 0) throw file_error{path_, "create", std::generic_category().message(errno)};
            if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
                const auto code = errno;
                ::close(std::exchange(descriptor_, -1));
                if (code == EWOULDBLOCK) return false;
                throw file_error{path_, "lock", std::generic_category().message(code)};
            }
            // The one who held it before removes the file at the end: a lock on what has no name any more keeps nobody out.
            struct stat held{}, named{};
            if (::fstat(descriptor_, &held) == 0 && ::stat(path_.c_str(), &named) == 0 && held.st_ino == named.st_ino && held.st_dev == named.st_dev)
                return true;
            ::close(std::exchange(descriptor_, -1));
        }
    }

    std::string path_;
    int descriptor_ = -1;
};

} // namespace verdant::io::detail
