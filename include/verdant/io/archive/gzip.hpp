#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/deflate.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace verdant::io {

/// Reads a gzip file from front to back, member after member; checksums and lengths are checked by zlib.
class gzip_stream {
public:
    explicit gzip_stream(byte_source source) : source_{std::move(source)}, engine_{15 + 16} {}

    [[nodiscard]] const std::string& name() const noexcept { return source_.name(); }

    /// Fills `out` as far as there is data; less than its size only at the end. Throws input_error for corrupt or truncated data.
    std::size_t read(std::span<unsigned char> out) {
        std::size_t done = 0;
        while (done < out.size() && !finished_) {
            if (position_ == buffer_.size()) refill();
            const auto step = engine_.run(std::span<const unsigned char>{buffer_}.subspan(position_), out.subspan(done));
            position_ += step.consumed;
            done += step.produced;
            if (step.corrupt) throw input_error{name(), place(), "gzip data", engine_.message()};
            if (!step.ended) continue;
            // Another member may follow; zero bytes after the last one are padding, as gzip has it.
            skip_padding();
            if (finished_) break;
            engine_.restart();
        }
        return done;
    }

private:
    void refill() {
        if (offset_ == source_.size()) throw input_error{name(), place(), "more gzip data", "the end of the file"};
        const auto size = std::min<std::uint64_t>(source_.size() - offset_, 1u << 18);
        buffer_ = source_.read(offset_, size);
        offset_ += size;
        position_ = 0;
    }

    void skip_padding() {
        while (true) {
            while (position_ < buffer_.size() && buffer_[position_] == 0) ++position_;
            if (position_ < buffer_.size()) return;
            if (offset_ == source_.size()) {
                finished_ = true;
                return;
            }
            refill();
        }
    }

    [[nodiscard]] std::string place() const { return "byte " + std::to_string(offset_ - buffer_.size() + position_); }

    byte_source source_;
    inflater engine_;
    byte_vector buffer_;
    std::size_t position_ = 0;
    std::uint64_t offset_ = 0;
    bool finished_ = false;
};

/// Whether the bytes begin as gzip files do (RFC 1952, section 2.3.1).
[[nodiscard]] inline bool is_gzip(const byte_source& source) { return source.starts_with("\x1f\x8b"); }

/// The whole content of a gzip file. Throws input_error if it is corrupt, or longer than `most` bytes when decompressed.
template <class = instantiated_when_used>
[[nodiscard]] byte_vector gunzip(const byte_source& source, std::uint64_t most = std::uint64_t{1} << 31) {
    gzip_stream stream{source};
    byte_vector out;
    for (std::size_t step = 1u << 16;; step = std::min<std::size_t>(2 * step, 1u << 26)) {
        const auto size = out.size();
        out.resize(size + step);
        const auto got = stream.read(std::span<unsigned char>{out}.subspan(size));
        out.resize(size + got);
        if (out.size() > most) throw input_error{source.name(), "", "at most " + std::to_string(most) + " decompressed bytes", "more"};
        if (got < step) return out;
    }
}
VERDANT_DEFINED_ONCE(byte_vector gunzip<>(const byte_source&, std::uint64_t));

/// The content of a file, decompressed if it is gzip.
[[nodiscard]] inline byte_vector read_maybe_gzip(const byte_source& source) { return is_gzip(source) ? gunzip(source) : source.read_all(); }

/// One gzip member that holds `data`, without a time stamp, so that equal data give equal bytes.
template <class = instantiated_when_used>
[[nodiscard]] byte_vector gzip(std::span<const unsigned char> data) {
    byte_vector out{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
    const auto body = deflate_raw(data);
    out.insert(out.end(), body.begin(), body.end());
    append_little<std::uint32_t>(out, crc32_of(data));
    append_little<std::uint32_t>(out, static_cast<std::uint32_t>(data.size() & 0xffffffffu));
    return out;
}
VERDANT_DEFINED_ONCE(byte_vector gzip<>(std::span<const unsigned char>));

} // namespace verdant::io
