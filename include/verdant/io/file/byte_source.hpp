#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/shared_bytes.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace verdant::io {

/// Bytes that can be read at any offset: a regular file that stays open, one that is mapped, or memory under a name. Copies share the file or
/// the memory, and several threads may read at once. Nothing is allocated for sizes that a file merely declares: a read beyond the end throws
/// first. A file that another replaces by renaming stays readable as it was when it was opened.
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

    /// Opens a regular file and maps it: what is read of it and shared costs address space and the system's cache, which other processes that map
    /// the file share, and no memory of its own. Only for files that nobody shortens or overwrites in place while any of their bytes are in use:
    /// shortening ends the program with SIGBUS, overwriting changes bytes that count as unchangeable. `write_file` replaces by renaming, which is
    /// safe. Throws as `open` does.
    [[nodiscard]] static byte_source map(const std::string& path) {
        auto source = open(path);
        if (source.size_ != 0) {
            auto* const first = ::mmap(nullptr, static_cast<std::size_t>(source.size_), PROT_READ, MAP_PRIVATE, source.file_->descriptor, 0);
            if (first == MAP_FAILED) throw file_error{path, "map", std::strerror(errno)};
            const std::span view{static_cast<const unsigned char*>(first), static_cast<std::size_t>(source.size_)};
            source.memory_ = {std::make_shared<const mapping>(view), view};
        }
        source.file_ = nullptr;
        return source;
    }

    /// Bytes in memory; `name` stands for the file in errors.
    byte_source(std::string name, shared_bytes content) : name_{std::move(name)}, size_{content.size()}, memory_{std::move(content)} {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// Fills `out` from `offset` on. Throws input_error if the source ends before, with `what` as the thing that is cut off.
    void read(std::uint64_t offset, std::span<unsigned char> out, std::string_view what = "data") const {
        check(offset, out.size(), what);
        if (out.empty()) return;
        if (!file_) {
            std::memcpy(out.data(), memory_.data() + offset, out.size());
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

    /// The same bytes as `read` gives, shared: those of memory and of a mapped file are not copied and keep it alive, those of a file that is merely
    /// open are read into a buffer of their own.
    [[nodiscard]] shared_bytes share(std::uint64_t offset, std::uint64_t size, std::string_view what = "data") const {
        check(offset, size, what);
        if (!file_) return memory_.slice(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
        return shared_bytes::filled_by(static_cast<std::size_t>(size), [&](std::span<unsigned char> out) { read(offset, out, what); });
    }

    [[nodiscard]] shared_bytes share_all() const { return share(0, size_); }

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

    struct mapping {
        explicit mapping(std::span<const unsigned char> mapped) : view{mapped} {}
        mapping(const mapping&) = delete;
        mapping& operator=(const mapping&) = delete;
        ~mapping() { ::munmap(const_cast<unsigned char*>(view.data()), view.size()); }
        std::span<const unsigned char> view;
    };

    explicit byte_source(std::string name) : name_{std::move(name)} {}

    void check(std::uint64_t offset, std::uint64_t size, std::string_view what) const {
        if (offset <= size_ && size <= size_ - offset) return;
        throw input_error{name_, "byte " + std::to_string(offset), std::to_string(size) + " bytes of " + std::string{what},
                          offset < size_ ? std::to_string(size_ - offset) + " before the end" : "the end of the file at " + std::to_string(size_)};
    }

    std::string name_;
    std::uint64_t size_ = 0;
    std::shared_ptr<const file> file_; ///< none: the bytes are in memory_
    shared_bytes memory_;
};

/// The bytes of a text.
[[nodiscard]] inline byte_vector to_bytes(std::string_view text) { return {text.begin(), text.end()}; }

/// The bytes as characters, unchanged; valid as long as they are.
[[nodiscard]] inline std::string_view as_text(std::span<const unsigned char> data) noexcept {
    return {reinterpret_cast<const char*>(data.data()), data.size()};
}

} // namespace verdant::io
