#pragma once

#include <verdant/error.hpp>

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace verdant::io {

/// A file to whose end records are added while others read it, such as a log. Each is one call of the system, so that the end of the process leaves
/// it whole or, where the disk was full, not there; the end of the machine may leave a part of the last one, which `cut` removes. A pipe or a device
/// is written to and has no beginning. All members throw file_error.
class appended_file {
public:
    /// Opens or makes it. Throws where another object of this or another process has it open.
    explicit appended_file(std::string path) : path_{std::move(path)}, descriptor_{::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)} {
        if (descriptor_ < 0 && errno == ENXIO) descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
        if (descriptor_ < 0) fail("open");
        struct stat there{};
        if (::fstat(descriptor_, &there) != 0) close_and_fail("open");
        regular_ = S_ISREG(there.st_mode);
        if (!regular_ || ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
        if (errno != EWOULDBLOCK) close_and_fail("lock");
        ::close(descriptor_);
        throw file_error{path_, "open", "another program writes to it"};
    }
    appended_file(const appended_file&) = delete;
    appended_file& operator=(const appended_file&) = delete;
    ~appended_file() { ::close(descriptor_); }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// All that is there.
    [[nodiscard]] std::string text() const {
        std::string all;
        if (!regular_) return all;
        char part[1 << 16];
        for (;;) {
            const auto n = ::pread(descriptor_, part, sizeof part, static_cast<off_t>(all.size()));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) fail("read");
            if (n == 0) return all;
            all.append(part, static_cast<std::size_t>(n));
        }
    }

    /// Keeps so many bytes of what is there.
    void cut(std::size_t size) {
        if (regular_ && ::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) fail("write");
    }

    /// Adds a record, whole or not at all.
    void append(std::string_view record) {
        struct stat there{};
        if (::fstat(descriptor_, &there) != 0) fail("write");
        for (auto rest = record; !rest.empty();) {
            const auto n = ::write(descriptor_, rest.data(), rest.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) {
                const auto code = errno;
                if (regular_ && ::ftruncate(descriptor_, there.st_size) != 0) errno = code;
                errno = code;
                fail("write");
            }
            rest.remove_prefix(static_cast<std::size_t>(n));
        }
    }

private:
    [[noreturn]] void fail(const char* operation) const { throw file_error{path_, operation, std::generic_category().message(errno)}; }
    [[noreturn]] void close_and_fail(const char* operation) const {
        const auto code = errno;
        ::close(descriptor_);
        errno = code;
        fail(operation);
    }

    std::string path_;
    int descriptor_;
    bool regular_ = false;
};

} // namespace verdant::io
