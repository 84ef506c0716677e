// Whether what a program writes to standard output arrives: a full disk, or a descriptor that its caller closed, must not look like success.
#pragma once

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace terminal {

/// Puts something where a standard descriptor is closed, so that no file that the program opens takes its number and gets what was meant for the terminal.
/// Standard output is then one that cannot be written to, which `output_failure` finds out.
inline void reserve_descriptors() {
    for (const int one : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(one, F_GETFD) != -1 || errno != EBADF) continue;
        // The lowest free number, which is this one. Nothing helps where even that fails.
        if (open("/dev/null", one == STDERR_FILENO ? O_WRONLY : O_RDONLY) != one) return;
    }
}

/// Flushes standard output, of streams and of the C library. @return why not all of it was written, or nothing
[[nodiscard]] inline std::string output_failure() {
    errno = 0;
    const bool streamed = static_cast<bool>(std::cout.flush());
    const bool flushed = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (streamed && flushed) return {};
    // An earlier failure has left no reason behind.
    return errno == 0 ? "not all was written" : std::generic_category().message(errno);
}

} // namespace terminal
