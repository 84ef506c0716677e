#pragma once

#include <verdant/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace verdant::io {

/// What files hold.
using byte_vector = std::vector<unsigned char>;

/// Bytes that can be read at any offset: a regular file that stays open, or memory under a name. Copies share the file or the memory, and
/// several threads may read at once. Nothing is allocated for sizes that a file merely declares: a read beyond the end throws first.
class byte_source {
public:
    /// Opens a regular file. Throws file_error if it cannot be opened or is a folder, a pipe or a device.
    [[nodiscard]] static byte_source open(const std::string& path) {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor < 0) throw file_error{path, "open", std::strerror(errno)};
        byte_source source{path};
        source.file_ = std::make_shared<file>(descriptor);
        struct stat status{};
        if (::fstat(descriptor, &status) != 0) throw file_error{path, "open", std::strerror(errno)};
        if (!S_ISREG(status.st_mode)) throw file_error{path, "open", "not a regular file"};
        source.size_ = static_cast<std::uint64_t>(status.st_size);
        return source;
    }

    /// Bytes in memory; `name` stands for the file in errors.
    byte_source(std::string name, byte_vector content)
        : name_{std::move(name)}, size_{content.size()}, memory_{std::make_shared<const byte_vector>(std::move(content))} {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// Fills `out` from `offset` on. Throws input_error if the source ends before, with `what` as the thing that is cut off.
    void read(std::uint64_t offset, std::span<unsigned char> out, std::string_view what = "data") const {
        check(offset, out.size(), what);
        if (out.empty()) return;
        if (memory_) {
            std::memcpy(out.data(), memory_->data() + offset, out.size());
            return;
        }
        for (std::size_t done = 0; done < out.size();) {
            const auto got = ::pread(file_->descriptor, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) throw file_error{name_, "read", std::strerror(errno)};
            if (got == 0) throw file_error{name_, "read", "it became shorter while it was read"};
            done += static_cast<std::size_t>(got);
        }
    }

    /// `size` bytes from `offset` on; the bounds are checked before anything is allocated.
    [[nodiscard]] byte_vector read(std::uint64_t offset, std::uint64_t size, std::string_view what = "data") const {
        check(offset, size, what);
        byte_vector out(static_cast<std::size_t>(size));
        read(offset, std::span<unsigned char>{out}, what);
        return out;
    }

    [[nodiscard]] byte_vector read_all() const { return read(0, size_); }

    /// True if the source begins with these bytes.
    [[nodiscard]] bool starts_with(std::string_view magic) const {
        if (size_ < magic.size()) return false;
        const auto head = read(0, magic.size());
        return std::equal(head.begin(), head.end(), magic.begin(), [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); });
    }

private:
    struct file {
        explicit file(int opened) : descriptor{opened} {}
        file(const file&) = delete;
        file& operator=(const file&) = delete;
        ~file() { ::close(descriptor); }
        int descriptor;
    };

    explicit byte_source(std::string name) : name_{std::move(name)} {}

    void check(std::uint64_t offset, std::uint64_t size, std::string_view what) const {
        if (offset <= size_ && size <= size_ - offset) return;
        throw input_error{name_, "byte " + std::to_string(offset), std::to_string(size) + " bytes of " + std::string{what},
                          offset < size_ ? std::to_string(size_ - offset) + " before the end" : "the end of the file at " + std::to_string(size_)};
    }

    std::string name_;
    std::uint64_t size_ = 0;
    std::shared_ptr<const file> file_;
    std::shared_ptr<const byte_vector> memory_;
};

/// The bytes of a text.
[[nodiscard]] inline byte_vector to_bytes(std::string_view text) { return {text.begin(), text.end()}; }

/// The bytes as characters, unchanged; valid as long as they are.
[[nodiscard]] inline std::string_view as_text(std::span<const unsigned char> data) noexcept {
    return {reinterpret_cast<const char*>(data.data()), data.size()};
}

} // namespace verdant::io
