#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/gzip.hpp>
#include <verdant/io/file/byte_source.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// Reads a tar archive from front to back.
namespace verdant::io {

/// A regular file in a tar archive.
struct tar_file {
    std::string name;
    byte_vector content;
};

/// Reads a tar archive, plain or gzip, from front to back: ustar (POSIX.1-1988), pax (POSIX.1-2001) and the long names of GNU tar. Folders, links and
/// devices are passed over; sparse files are refused. An archive without its end mark is truncated, which is an error.
class tar_stream {
public:
    struct options {
        std::uint64_t largest_file = std::uint64_t{1} << 30; ///< bytes; a larger one is an error
    };

    explicit tar_stream(byte_source source) : tar_stream{std::move(source), options{}} {}
    tar_stream(byte_source source, const options& chosen) : source_{std::move(source)}, options_{chosen} {
        if (is_gzip(source_)) gzip_.emplace(source_);
    }

    [[nodiscard]] const std::string& name() const noexcept { return source_.name(); }

    /// The next file, or nothing after the last. Throws input_error.
    [[nodiscard]] std::optional<tar_file> next() {
        std::string long_name;
        std::optional<std::uint64_t> long_size;
        while (!ended_) {
            std::array<unsigned char, block> header{};
            fill(header, "a header");
            if (std::all_of(header.begin(), header.end(), is_zero)) {
                ended_ = true;
                break;
            }
            check_sum(header);
            const char type = header[156] == 0 ? '0' : static_cast<char>(header[156]);
            const auto declared = number(header, 124, 12, "size");
            const bool regular = type == '0' || type == '7';
            const auto size = regular && long_size ? *long_size : declared;
            if (type == 'S' || type == 'M') fail("files that are whole", "a sparse or split one");
            if (type == 'x' || type == 'L') {
                if (size > largest_extra) fail("a long name of at most " + std::to_string(largest_extra) + " bytes", std::to_string(size));
                const auto extra = content(size);
                if (type == 'x') read_pax(as_text(extra), long_name, long_size);
                else long_name = as_text(extra).substr(0, as_text(extra).find('\0'));
            } else if (regular) {
                tar_file file{long_name.empty() ? header_name(header) : std::move(long_name), {}};
                if (size > options_.largest_file)
                    throw input_error{name(), "file " + file.name, "at most " + std::to_string(options_.largest_file) + " bytes",
                                      std::to_string(size)};
                file.content = content(size);
                return file;
            } else {
                // Links, devices and folders have no content, whatever their size says.
                if (type == 'g' || type == 'K' || !(type >= '1' && type <= '6')) skip(size);
                long_name.clear();
                long_size.reset();
                if (type == 'K') continue;
            }
        }
        return std::nullopt;
    }

private:
    static constexpr std::size_t block = 512;
    static constexpr std::uint64_t largest_extra = 1u << 20;

    [[nodiscard]] static bool is_zero(unsigned char byte) noexcept { return byte == 0; }

    /// Reads up to out.size() bytes; fewer only at the end.
    std::size_t read(std::span<unsigned char> out) {
        std::size_t got = 0;
        if (gzip_) {
            got = gzip_->read(out);
        } else {
            got = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), source_.size() - position_));
            source_.read(position_, out.subspan(0, got));
        }
        position_ += got;
        return got;
    }
    void fill(std::span<unsigned char> out, std::string_view what) {
        const auto start = position_;
        if (const auto got = read(out); got != out.size())
            throw input_error{name(), "byte " + std::to_string(start), std::to_string(out.size()) + " bytes of " + std::string{what},
                              got == 0 ? "the end of the archive without its end mark" : "the end after " + std::to_string(got)};
    }

    /// Content and the padding to a whole block. Memory grows with what is really there, not with what is declared.
    [[nodiscard]] byte_vector content(std::uint64_t size) {
        byte_vector out;
        while (out.size() < size) {
            const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(size - out.size(), 1u << 20));
            const auto have = out.size();
            if (!gzip_ && size - have > source_.size() - position_)
                fail(std::to_string(size) + " bytes of content", std::to_string(have + (source_.size() - position_)) + " before the end");
            out.resize(have + step);
            fill(std::span<unsigned char>{out}.subspan(have), "content");
        }
        std::array<unsigned char, block> padding{};
        fill(std::span<unsigned char>{padding}.subspan(0, static_cast<std::size_t>((block - size % block) % block)), "padding");
        return out;
    }
    void skip(std::uint64_t size) {
        std::array<unsigned char, block> ignored{};
        for (std::uint64_t left = (size + block - 1) / block; left != 0; --left) fill(ignored, "content");
    }

    void check_sum(std::span<const unsigned char> header) const {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < block; ++i) sum += i >= 148 && i < 156 ? std::uint64_t{' '} : header[i];
        const auto expected = number(header, 148, 8, "checksum");
        if (sum != expected) fail("a tar header with checksum " + std::to_string(sum), std::to_string(expected));
    }

    /// Octal digits between spaces or zero bytes; or, with the top bit set, big-endian (GNU, for 8 GiB and more).
    [[nodiscard]] std::uint64_t number(std::span<const unsigned char> header, std::size_t at, std::size_t length, std::string_view what) const {
        const auto field = header.subspan(at, length);
        std::uint64_t value = 0;
        if ((field[0] & 0x80) != 0) {
            if (field[0] != 0x80) fail("a " + std::string{what} + " of 0 or more", "a negative one");
            for (const auto byte : field.subspan(1)) {
                if (value >> 55 != 0) fail("a " + std::string{what} + " below 2^63", "more");
                value = value << 8 | byte;
            }
            return value;
        }
        std::size_t i = 0;
        while (i < length && field[i] == ' ') ++i;
        const auto first = i;
        for (; i < length && field[i] >= '0' && field[i] <= '7'; ++i) value = value << 3 | static_cast<std::uint64_t>(field[i] - '0');
        const bool closed = i == length || field[i] == ' ' || field[i] == 0;
        if (!closed || (i == first && what == "checksum")) fail("an octal " + std::string{what}, "other characters");
        return value;
    }

    [[nodiscard]] static std::string field_text(std::span<const unsigned char> header, std::size_t at, std::size_t length) {
        const auto text = as_text(header.subspan(at, length));
        return std::string{text.substr(0, text.find('\0'))};
    }
    [[nodiscard]] static std::string header_name(std::span<const unsigned char> header) {
        const auto base = field_text(header, 0, 100);
        // GNU tar uses the place of the prefix for times; its magic has a space there.
        const auto prefix = as_text(header.subspan(257, 6)) == std::string_view{"ustar\0", 6} ? field_text(header, 345, 155) : std::string{};
        return prefix.empty() ? base : prefix + "/" + base;
    }

    /// Records `LENGTH KEY=VALUE\n`, of which path and size count.
    void read_pax(std::string_view text, std::string& path, std::optional<std::uint64_t>& size) const {
        while (!text.empty()) {
            std::size_t length = 0;
            const auto end = std::from_chars(text.data(), text.data() + text.size(), length);
            const auto digits = static_cast<std::size_t>(end.ptr - text.data());
            if (end.ec != std::errc{} || digits == text.size() || text[digits] != ' ' || length > text.size() || length < digits + 3 ||
                text[length - 1] != '\n')
                fail("pax records", "other text");
            const auto record = text.substr(digits + 1, length - digits - 2);
            const auto equals = record.find('=');
            if (equals == std::string_view::npos) fail("a pax record with =", "one without");
            const auto value = record.substr(equals + 1);
            if (record.substr(0, equals) == "path") path = value;
            if (record.substr(0, equals) == "size") {
                std::uint64_t number = 0;
                const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
                if (read.ec != std::errc{} || read.ptr != value.data() + value.size() || number >> 62 != 0)
                    fail("a size", "'" + std::string{value.substr(0, 20)} + "'");
                size = number;
            }
            if (record.starts_with("GNU.sparse.")) fail("files that are whole", "a sparse one");
            text.remove_prefix(length);
        }
    }

    [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
        throw input_error{name(), "byte " + std::to_string(position_), expected, found};
    }

    byte_source source_;
    options options_;
    std::optional<gzip_stream> gzip_;
    std::uint64_t position_ = 0; ///< in the archive, after decompression
    bool ended_ = false;
};

} // namespace verdant::io
