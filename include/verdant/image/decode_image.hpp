#pragma once

#include <verdant/error.hpp>
#include <verdant/image/image.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/meta/component/image.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <jpeglib.h>

#include <jerror.h>
#include <png.h>
#if defined(VERDANT_WITH_WEBP)
#include <webp/decode.h>
#endif

/// JPEG, PNG and, where VERDANT_WITH_WEBP is defined, WebP to 8-bit RGB, through libjpeg-turbo, libpng and libwebp with the settings that Pillow
/// uses, so that pixels are equal.
namespace verdant::io {

/// What a picture may claim before memory is set aside for it.
struct image_limits {
    /// Pixels of a picture, checked before they are allocated. The default takes what cameras make: 8192 x 8192.
    std::uint64_t most_pixels = std::uint64_t{1} << 26;
};

namespace detail {

// Both libraries leave their functions by longjmp. All state lives in members, so that no destructor is jumped over.

class jpeg_decoder {
public:
    jpeg_decoder(std::span<const unsigned char> data, const std::string& source, const image_limits& limits)
        : source_{source}, data_{data}, limits_{limits} {
        std::memset(&info_, 0, sizeof info_);
        info_.err = ::jpeg_std_error(&errors_.base);
        errors_.base.error_exit = on_error;
        errors_.base.emit_message = on_message;
        progress_.base.progress_monitor = on_progress;
    }
    jpeg_decoder(const jpeg_decoder&) = delete;
    jpeg_decoder& operator=(const jpeg_decoder&) = delete;
    ~jpeg_decoder() { ::jpeg_destroy_decompress(&info_); }

    [[nodiscard]] rgb_image decode() {
        if (!guarded(&jpeg_decoder::read_header)) fail();
        const std::uint64_t pixels = std::uint64_t{info_.image_width} * info_.image_height;
        if (pixels > limits_.most_pixels)
            throw input_error{source_, "", "at most " + std::to_string(limits_.most_pixels) + " pixels",
                              std::to_string(info_.image_width) + " x " + std::to_string(info_.image_height)};
        const bool cmyk = info_.num_components == 4;
        row_bytes_ = std::size_t{info_.image_width} * (cmyk ? 4 : 3);
        rows_.resize(row_bytes_ * info_.image_height);
        if (!guarded(&jpeg_decoder::read_pixels)) fail();
        const std::size_t width = info_.output_width, height = info_.output_height;
        return {width, height, cmyk ? rgb_of_cmyk() : std::move(rows_)};
    }

private:
    struct error_manager {
        jpeg_error_mgr base;
        std::jmp_buf jump;
        char text[JMSG_LENGTH_MAX];
    };
    struct progress_manager {
        jpeg_progress_mgr base;
    };
    static constexpr int most_scans = 500; // each scan of a progressive file is cheap to write and costs a pass over the picture

    static void on_error(j_common_ptr info) {
        auto* const errors = reinterpret_cast<error_manager*>(info->err);
        (*info->err->format_message)(info, errors->text);
        std::longjmp(errors->jump, 1);
    }
    // Warnings below zero mean damaged data. A premature end is an error here; libjpeg would fill the rest with grey.
    static void on_message(j_common_ptr info, int level) {
        if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) on_error(info);
    }
    static void on_progress(j_common_ptr info) {
        auto* const decompress = reinterpret_cast<j_decompress_ptr>(info);
        if (decompress->input_scan_number <= most_scans) return;
        auto* const errors = reinterpret_cast<error_manager*>(info->err);
        std::snprintf(errors->text, sizeof errors->text, "more than %d scans", most_scans);
        std::longjmp(errors->jump, 1);
    }

    [[nodiscard]] bool guarded(void (jpeg_decoder::*step)()) {
        if (setjmp(errors_.jump) != 0) return false;
        (this->*step)();
        return true;
    }
    void read_header() {
        ::jpeg_create_decompress(&info_);
        info_.progress = &progress_.base;
        ::jpeg_mem_src(&info_, const_cast<unsigned char*>(data_.data()), static_cast<unsigned long>(data_.size()));
        ::jpeg_read_header(&info_, TRUE);
    }
    void read_pixels() {
        info_.out_color_space = info_.num_components == 4 ? JCS_CMYK : JCS_RGB;
        ::jpeg_start_decompress(&info_);
        while (info_.output_scanline < info_.output_height) {
            JSAMPROW row = rows_.data() + row_bytes_ * info_.output_scanline;
            ::jpeg_read_scanlines(&info_, &row, 1);
        }
        ::jpeg_finish_decompress(&info_);
    }
    [[noreturn]] void fail() const { throw input_error{source_, "", "a JPEG picture", errors_.text}; }

    // Files of Adobe programs hold inverted inks; white less ink and black, as Pillow converts.
    [[nodiscard]] byte_vector rgb_of_cmyk() const {
        byte_vector out(rows_.size() / 4 * 3);
        const bool inverted = info_.saw_Adobe_marker != FALSE;
        for (std::size_t i = 0; i < rows_.size() / 4; ++i) {
            const auto ink = [&](std::size_t channel) -> unsigned { return inverted ? 255u - rows_[4 * i + channel] : rows_[4 * i + channel]; };
            const unsigned light = 255 - ink(3);
            for (std::size_t channel = 0; channel < 3; ++channel) {
                const unsigned product = ink(channel) * light + 128;
                out[3 * i + channel] = static_cast<unsigned char>(light - (((product >> 8) + product) >> 8));
            }
        }
        return out;
    }

    std::string source_;
    std::span<const unsigned char> data_;
    image_limits limits_;
    jpeg_decompress_struct info_;
    error_manager errors_{};
    progress_manager progress_{};
    byte_vector rows_;
    std::size_t row_bytes_ = 0;
};

class png_decoder {
public:
    png_decoder(std::span<const unsigned char> data, const std::string& source, const image_limits& limits)
        : source_{source}, data_{data}, limits_{limits} {
        png_ = ::png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
        info_ = png_ != nullptr ? ::png_create_info_struct(png_) : nullptr;
        if (info_ == nullptr) {
            ::png_destroy_read_struct(&png_, nullptr, nullptr);
            throw error{"libpng cannot start to read"};
        }
    }
    png_decoder(const png_decoder&) = delete;
    png_decoder& operator=(const png_decoder&) = delete;
    ~png_decoder() { ::png_destroy_read_struct(&png_, &info_, nullptr); }

    [[nodiscard]] rgb_image decode() {
        if (!guarded(&png_decoder::read_header)) fail();
        const std::size_t width = ::png_get_image_width(png_, info_), height = ::png_get_image_height(png_, info_);
        // Deflate cannot make more than 1032 bytes of one, and a pixel has at least one bit.
        if (std::uint64_t{width} * height > limits_.most_pixels || std::uint64_t{width} * height / 8 / 1032 > data_.size())
            throw input_error{source_, "",
                              "at most " + std::to_string(limits_.most_pixels) + " pixels, and no more than " + std::to_string(data_.size()) +
                                  " bytes can hold",
                              std::to_string(width) + " x " + std::to_string(height)};
        rgb_image out{width, height};
        rows_.resize(height);
        for (std::size_t y = 0; y < height; ++y) rows_[y] = out.pixel(0, y);
        if (!guarded(&png_decoder::read_pixels)) fail();
        return out;
    }

private:
    static void on_error(png_structp png, png_const_charp message) {
        auto* const self = static_cast<png_decoder*>(::png_get_error_ptr(png));
        std::snprintf(self->text_, sizeof self->text_, "%s", message);
        std::longjmp(self->jump_, 1);
    }
    static void on_warning(png_structp, png_const_charp) {}
    static void on_read(png_structp png, png_bytep out, std::size_t size) {
        auto* const self = static_cast<png_decoder*>(::png_get_io_ptr(png));
        if (size > self->data_.size() - self->at_) ::png_error(png, "the end of the data");
        std::memcpy(out, self->data_.data() + self->at_, size);
        self->at_ += size;
    }

    [[nodiscard]] bool guarded(void (png_decoder::*step)()) {
        if (setjmp(jump_) != 0) return false;
        (this->*step)();
        return true;
    }
    void read_header() {
        ::png_set_read_fn(png_, this, on_read);
        ::png_set_user_limits(png_, 0x7fffffff, 0x7fffffff);
        ::png_read_info(png_, info_);
    }
    void read_pixels() {
        ::png_set_expand(png_);
        ::png_set_strip_16(png_);
        ::png_set_strip_alpha(png_);
        ::png_set_gray_to_rgb(png_);
        ::png_set_interlace_handling(png_);
        ::png_read_update_info(png_, info_);
        if (::png_get_rowbytes(png_, info_) != 3 * std::size_t{::png_get_image_width(png_, info_)}) ::png_error(png_, "rows of another length");
        ::png_read_image(png_, rows_.data());
        ::png_read_end(png_, nullptr);
    }
    [[noreturn]] void fail() const { throw input_error{source_, "byte " + std::to_string(at_), "a PNG picture", text_}; }

    std::string source_;
    std::span<const unsigned char> data_;
    image_limits limits_;
    std::size_t at_ = 0;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    std::jmp_buf jump_{};
    char text_[128]{};
    std::vector<png_bytep> rows_;
};

#if defined(VERDANT_WITH_WEBP)
inline constexpr std::string_view readable_pictures = "a JPEG, PNG or WebP picture";
#else
inline constexpr std::string_view readable_pictures = "a JPEG or PNG picture";
#endif

/// What bytes are that no decoder here reads, by their signatures.
[[nodiscard]] inline std::string format_of(std::span<const unsigned char> data) {
    if (data.empty()) return "nothing";
    struct signature {
        std::size_t at;
        std::string_view bytes, name;
    };
    using std::string_view_literals::operator""sv;
    constexpr signature known[] = {{0, "GIF8"sv, "GIF"},
                                   {0, "BM"sv, "BMP"},
                                   {0, "II*\0"sv, "TIFF"},
                                   {0, "MM\0*"sv, "TIFF"},
                                   {4, "ftypavif"sv, "AVIF"},
                                   {4, "ftypavis"sv, "AVIF"},
                                   {4, "ftyphei"sv, "HEIC"},
                                   {4, "ftypmif1"sv, "HEIC"},
                                   {4, "jP  "sv, "JPEG 2000"},
                                   {0, "\xff\x4f\xff\x51"sv, "JPEG 2000"},
                                   {0, "\xff\x0a"sv, "JPEG XL"},
                                   {4, "JXL "sv, "JPEG XL"},
                                   {0, "\0\0\1\0"sv, "an icon (ICO)"},
                                   {0, "8BPS"sv, "Photoshop (PSD)"},
                                   {0, "%PDF"sv, "PDF"},
                                   {0, "P5"sv, "PGM"},
                                   {0, "P6"sv, "PPM"},
                                   {0, "<svg"sv, "SVG"},
                                   {0, "<?xml"sv, "XML, perhaps SVG"},
                                   {0, "<!"sv, "a web page"},
                                   {0, "<html"sv, "a web page"},
                                   {0, "\x1f\x8b"sv, "gzip"},
                                   {0, "PK\3\4"sv, "a zip archive"}};
    const std::string_view text{reinterpret_cast<const char*>(data.data()), data.size()};
    for (const auto& one : known)
        if (text.size() >= one.at && text.substr(one.at).starts_with(one.bytes)) return std::string{one.name} + ", which is not read";
    return "other bytes";
}

#if defined(VERDANT_WITH_WEBP)
[[nodiscard]] inline rgb_image decode_webp(std::span<const unsigned char> data, const std::string& source, const image_limits& limits) {
    const auto check = [&source](VP8StatusCode status) {
        if (status == VP8_STATUS_OK) return;
        throw input_error{source, "", "a WebP picture",
                          status == VP8_STATUS_NOT_ENOUGH_DATA       ? "the end of the data"
                          : status == VP8_STATUS_OUT_OF_MEMORY       ? "one for which the memory does not suffice"
                          : status == VP8_STATUS_UNSUPPORTED_FEATURE ? "a feature that libwebp does not know"
                                                                     : "damaged data"};
    };
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0) throw error{"libwebp is of another version than its headers"};
    check(WebPGetFeatures(data.data(), data.size(), &config.input));
    if (config.input.has_animation != 0) throw input_error{source, "", "a WebP picture that stands still", "an animation"};
    const auto width = static_cast<std::size_t>(config.input.width), height = static_cast<std::size_t>(config.input.height);
    if (std::uint64_t{width} * height > limits.most_pixels)
        throw input_error{source, "", "at most " + std::to_string(limits.most_pixels) + " pixels",
                          std::to_string(width) + " x " + std::to_string(height)};
    rgb_image out{width, height};
    config.output.colorspace = MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA = {out.pixel(0, 0), static_cast<int>(3 * width), 3 * width * height};
    check(WebPDecode(data.data(), data.size(), &config));
    return out;
}
#else
[[noreturn]] inline rgb_image decode_webp(std::span<const unsigned char>, const std::string& source, const image_limits&) {
    throw input_error{source, "", readable_pictures, "WebP, which takes a build with libwebp (Debian: libwebp-dev)"};
}
#endif

} // namespace detail

/// Decodes a JPEG, PNG or WebP picture, told apart by its first bytes. Grey, palette and 16-bit pictures become 8-bit RGB; transparency is dropped.
/// `source` names it in errors. Throws input_error.
template <class = instantiated_when_used>
[[nodiscard]] rgb_image decode_image(std::span<const unsigned char> data, const std::string& source, const image_limits& limits = {}) {
    const auto starts_with = [&](std::initializer_list<unsigned char> magic) {
        return data.size() >= magic.size() && std::equal(magic.begin(), magic.end(), data.begin());
    };
    if (starts_with({0xff, 0xd8, 0xff})) return std::make_unique<detail::jpeg_decoder>(data, source, limits)->decode();
    if (starts_with({0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a})) return std::make_unique<detail::png_decoder>(data, source, limits)->decode();
    if (starts_with({'R', 'I', 'F', 'F'}) && data.size() >= 12 && std::memcmp(data.data() + 8, "WEBP", 4) == 0)
        return detail::decode_webp(data, source, limits);
    throw input_error{source, "byte 0", detail::readable_pictures, detail::format_of(data)};
}
VERDANT_DEFINED_ONCE(rgb_image decode_image<>(std::span<const unsigned char>, const std::string&, const image_limits&));

/// Reads a JPEG, PNG or WebP file. Throws file_error or input_error.
[[nodiscard]] inline rgb_image read_image(const std::string& path, const image_limits& limits = {}) {
    return decode_image(byte_source::open(path).read_all(), path, limits);
}

} // namespace verdant::io
