#pragma once

// Fuzz targets: each source file beside this one gives bytes from outside to one reader. `scripts/fuzz` builds a target for libFuzzer; the test
// `fuzz.replay` links all of them (with VERDANT_FUZZ_REPLAY) and runs them over the seeds. A reader may refuse what it is given by an exception of
// verdant/error.hpp. Whatever else it does is a failure: other exceptions, crashes, what the sanitizers see, hanging, memory without end.

#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace fuzz {

using bytes = std::span<const unsigned char>;
using entry = void (*)(bytes);

/// What a reader that takes a file calls it; bytes in memory have the same name.
inline constexpr std::string_view source = "input";

[[nodiscard]] inline std::string_view text(bytes data) { return {reinterpret_cast<const char*>(data.data()), data.size()}; }
[[nodiscard]] inline verdant::io::byte_source memory(bytes data) { return {std::string{source}, verdant::io::byte_vector(data.begin(), data.end())}; }

/// Ends the process, as a failure of the reader.
[[noreturn]] inline void fail(const std::string& why) {
    std::fprintf(stderr, "fuzz: %s\n", why.c_str());
    std::abort();
}
/// What must hold of everything that a reader accepts.
inline void require(bool holds, const char* what) {
    if (!holds) fail(what);
}

/// Bytes as a file, for readers that take a path; without a folder, so that nothing is left behind.
class file {
public:
    explicit file(bytes data) : descriptor_{::memfd_create("fuzz", MFD_CLOEXEC)} {
        if (descriptor_ < 0) fail("no file in memory");
        for (std::size_t done = 0; done < data.size();) {
            const auto n = ::write(descriptor_, data.data() + done, data.size() - done);
            if (n <= 0) fail("a file in memory cannot be written");
            done += static_cast<std::size_t>(n);
        }
    }
    file(const file&) = delete;
    file& operator=(const file&) = delete;
    ~file() { ::close(descriptor_); }
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

/// Runs one target on one input.
inline void run(entry target, bytes data) {
    try {
        target(data);
    } catch (const verdant::error& e) { require(std::string_view{e.what()}.starts_with("verdant: "), "an error without the library's name"); }
}

#if defined(VERDANT_FUZZ_REPLAY)
/// Enters a target into the list that `fuzz.replay` runs.
bool add(std::string_view name, entry target);
#endif

} // namespace fuzz

// NAME is that of the source file and of the folder of its seeds; the braces after it are a function of `fuzz::bytes data`.
#if defined(VERDANT_FUZZ_REPLAY)
#define VERDANT_FUZZ_TARGET(NAME)                                                                                                                    \
    namespace target_of_##NAME {                                                                                                                     \
        using namespace ::fuzz;                                                                                                                      \
        void target(bytes data);                                                                                                                     \
        const bool added = add(#NAME, &target);                                                                                                      \
    }                                                                                                                                                \
    void target_of_##NAME::target([[maybe_unused]] bytes data)
#else
#define VERDANT_FUZZ_TARGET(NAME)                                                                                                                    \
    namespace target_of_##NAME {                                                                                                                     \
        using namespace ::fuzz;                                                                                                                      \
        void target(bytes data);                                                                                                                     \
    }                                                                                                                                                \
    extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {                                                              \
        fuzz::run(&target_of_##NAME::target, {data, size});                                                                                          \
        return 0;                                                                                                                                    \
    }                                                                                                                                                \
    void target_of_##NAME::target([[maybe_unused]] bytes data)
#endif
