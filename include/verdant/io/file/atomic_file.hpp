#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace verdant::io {

/// A file that appears under its name whole or not at all: it is written under a temporary name in the same folder, and `commit` flushes it to
/// the disk and renames it. Without `commit`, the destructor removes it; a file that was there before stays as it was.
/// All members throw file_error. A symbolic link is replaced, not followed; a device, a pipe or a folder is refused, also at the end of a link.
class atomic_file {
public:
    explicit atomic_file(std::string path) : path_{std::move(path)}, temporary_{temporary_name(path_)} {
        struct stat there{};
        if (::stat(path_.c_str(), &there) == 0 && !S_ISREG(there.st_mode))
            throw file_error{path_, "write", "something else than a regular file is there, which a file written whole would replace"};
        file_ = std::fopen(temporary_.c_str(), "wbx");
        if (file_ == nullptr) fail("create");
    }
    atomic_file(const atomic_file&) = delete;
    atomic_file& operator=(const atomic_file&) = delete;
    ~atomic_file() { discard(); }

    void write(std::string_view bytes) {
        if (file_ == nullptr) throw file_error{path_, "write", "it is closed"};
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail("write");
    }

    /// Puts the file under its name. Nothing can be written afterwards.
    void commit() {
        if (file_ == nullptr) throw file_error{path_, "write", "it is closed"};
        if (std::fflush(file_) != 0 || ::fsync(::fileno(file_)) != 0) fail("write");
        auto* const file = file_;
        file_ = nullptr;
        if (std::fclose(file) != 0 || std::rename(temporary_.c_str(), path_.c_str()) != 0) fail("write");
    }

private:
    /// Unique among threads and processes of a machine.
    [[nodiscard]] static std::string temporary_name(const std::string& path) {
        static std::atomic<unsigned> count{0};
        return path + ".part-" + std::to_string(::getpid()) + '-' + std::to_string(count++);
    }
    [[noreturn]] void fail(const char* operation) {
        const auto code = errno;
        // Where it could not be created, what is under the temporary name is not ours.
        if (std::string_view{operation} != "create") {
            if (file_ == nullptr) std::remove(temporary_.c_str());
            discard();
        }
        throw file_error{path_, operation, std::generic_category().message(code)};
    }
    void discard() noexcept {
        if (file_ == nullptr) return;
        std::fclose(file_);
        file_ = nullptr;
        std::remove(temporary_.c_str());
    }

    std::string path_, temporary_;
    std::FILE* file_ = nullptr;
};

/// Writes a whole file, or leaves what was there. Throws file_error.
template <class = instantiated_when_used>
void write_file(const std::string& path, std::string_view bytes) {
    atomic_file file{path};
    file.write(bytes);
    file.commit();
}
VERDANT_DEFINED_ONCE(void write_file<>(const std::string&, std::string_view));

} // namespace verdant::io
