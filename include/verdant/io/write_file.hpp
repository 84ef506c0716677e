#pragma once

#include <verdant/error.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace verdant::io {

/// Writes a file as a whole or not at all: the bytes go to a temporary file in the same folder, are flushed to the disk, and then take the
/// name. Throws file_error, and leaves what was there before, if any step fails.
inline void write_file(const std::string& path, std::span<const unsigned char> content) {
    std::string temporary = path + ".XXXXXX";
    const int descriptor = ::mkstemp(temporary.data());
    if (descriptor < 0) throw file_error{path, "write", std::strerror(errno)};
    int failure = 0;
    for (std::size_t done = 0; done < content.size() && failure == 0;) {
        const auto put = ::write(descriptor, content.data() + done, content.size() - done);
        if (put >= 0) done += static_cast<std::size_t>(put);
        else if (errno != EINTR) failure = errno;
    }
    if (failure == 0 && (::fchmod(descriptor, 0644) != 0 || ::fsync(descriptor) != 0)) failure = errno;
    if (::close(descriptor) != 0 && failure == 0) failure = errno;
    if (failure == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) failure = errno;
    if (failure == 0) return;
    ::unlink(temporary.c_str());
    throw file_error{path, "write", std::strerror(failure)};
}

} // namespace verdant::io
