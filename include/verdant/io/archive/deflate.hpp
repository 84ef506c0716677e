#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/meta/component/zlib.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include <zlib.h>

/// Deflate and its inverse, without the headers of gzip or zip.
namespace verdant::io {

/// Deflate cannot shrink data to less than a 1032nd (zlib's technical details: 258 bytes from two bits); what claims to, is not deflate.
inline constexpr std::uint64_t largest_deflate_ratio = 1032;

/// CRC-32 of zip and gzip.
[[nodiscard]] inline std::uint32_t crc32_of(std::span<const unsigned char> data) noexcept {
    uLong crc = ::crc32(0, nullptr, 0);
    for (std::size_t done = 0; done < data.size();) {
        const auto some = std::min<std::size_t>(data.size() - done, std::numeric_limits<uInt>::max());
        crc = ::crc32(crc, data.data() + done, static_cast<uInt>(some));
        done += some;
    }
    return static_cast<std::uint32_t>(crc);
}

/// One zlib decompressor; throws verdant::error if zlib cannot start.
class inflater {
public:
    /// `window_bits` as inflateInit2 has it: -15 raw deflate, 15 + 16 gzip.
    explicit inflater(int window_bits) {
        if (::inflateInit2(&stream_, window_bits) != Z_OK) throw error{"zlib cannot start to decompress"};
    }
    inflater(const inflater&) = delete;
    inflater& operator=(const inflater&) = delete;
    ~inflater() { ::inflateEnd(&stream_); }

    struct progress {
        std::size_t consumed = 0, produced = 0;
        bool ended = false; ///< the compressed stream is complete
        bool corrupt = false;
    };

    /// Decompresses from `in` into `out` until one of them is used up or the stream ends.
    [[nodiscard]] progress run(std::span<const unsigned char> in, std::span<unsigned char> out) noexcept {
        const auto in_size = static_cast<uInt>(std::min<std::size_t>(in.size(), 1u << 30));
        const auto out_size = static_cast<uInt>(std::min<std::size_t>(out.size(), 1u << 30));
        stream_.next_in = const_cast<Bytef*>(in.data());
        stream_.avail_in = in_size;
        stream_.next_out = out.data();
        stream_.avail_out = out_size;
        const int status = ::inflate(&stream_, Z_NO_FLUSH);
        return {in_size - stream_.avail_in, out_size - stream_.avail_out, status == Z_STREAM_END,
                status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR};
    }

    /// Makes ready for another stream of the same kind.
    void restart() noexcept { ::inflateReset(&stream_); }

    /// What zlib says of the last error.
    [[nodiscard]] std::string message() const { return stream_.msg != nullptr ? stream_.msg : "corrupt data"; }

private:
    z_stream stream_{};
};

/// Decompresses raw deflate data that must give exactly `size` bytes. The size is checked against the length of the data before memory is
/// allocated. Throws input_error with `source` and `place`.
template <class = instantiated_when_used>
[[nodiscard]] byte_vector inflate_raw(std::span<const unsigned char> data, std::uint64_t size, std::string_view source, std::string_view place) {
    if (size / largest_deflate_ratio > data.size() + 1)
        throw input_error{source, place, "a decompressed size that " + std::to_string(data.size()) + " bytes of deflate can hold",
                          std::to_string(size)};
    byte_vector out(static_cast<std::size_t>(size));
    inflater engine{-15};
    std::size_t in = 0, done = 0;
    unsigned char beyond = 0; // takes what comes after the declared size, so that it is noticed
    while (true) {
        const bool full = done == out.size();
        const auto step = engine.run(data.subspan(in), full ? std::span<unsigned char>{&beyond, 1} : std::span<unsigned char>{out}.subspan(done));
        in += step.consumed;
        if (step.corrupt) throw input_error{source, place, "deflate data", engine.message() + " after " + std::to_string(in) + " bytes"};
        if (full && step.produced != 0) throw input_error{source, place, std::to_string(size) + " decompressed bytes", "more"};
        if (!full) done += step.produced;
        if (step.ended) break;
        if (step.consumed == 0 && step.produced == 0)
            throw input_error{source, place, std::to_string(size) + " decompressed bytes",
                              "the end of the compressed data after " + std::to_string(done)};
    }
    if (done != out.size()) throw input_error{source, place, std::to_string(size) + " decompressed bytes", std::to_string(done)};
    return out;
}
VERDANT_DEFINED_ONCE(byte_vector inflate_raw<>(std::span<const unsigned char>, std::uint64_t, std::string_view, std::string_view));

/// Raw deflate of `data` at zlib's default level.
template <class = instantiated_when_used>
[[nodiscard]] byte_vector deflate_raw(std::span<const unsigned char> data) {
    z_stream stream{};
    if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw error{"zlib cannot start to compress"};
    byte_vector out;
    try {
        out.resize(::deflateBound(&stream, static_cast<uLong>(data.size())));
    } catch (...) {
        ::deflateEnd(&stream);
        throw;
    }
    std::size_t in = 0, done = 0;
    int status = Z_OK;
    while (status == Z_OK) {
        const auto in_size = std::min<std::size_t>(data.size() - in, 1u << 30), out_size = std::min<std::size_t>(out.size() - done, 1u << 30);
        stream.next_in = const_cast<Bytef*>(data.data() + in);
        stream.avail_in = static_cast<uInt>(in_size);
        stream.next_out = out.data() + done;
        stream.avail_out = static_cast<uInt>(out_size);
        status = ::deflate(&stream, in + in_size == data.size() ? Z_FINISH : Z_NO_FLUSH);
        in += in_size - stream.avail_in;
        done += out_size - stream.avail_out;
    }
    ::deflateEnd(&stream);
    if (status != Z_STREAM_END) throw error{"zlib cannot compress"};
    out.resize(done);
    return out;
}
VERDANT_DEFINED_ONCE(byte_vector deflate_raw<>(std::span<const unsigned char>));

} // namespace verdant::io
