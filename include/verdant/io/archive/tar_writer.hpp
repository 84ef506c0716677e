#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace verdant::io {

/// Makes a tar archive of regular files in memory (pax, which is ustar where names are short). Owner, times and rights are fixed, so that
/// equal content gives equal bytes.
class tar_writer {
public:
    /// Throws verdant::error for an empty name or one with a zero byte.
    void add(const std::string& name, std::span<const unsigned char> content) {
        if (name.empty() || name.find('\0') != std::string::npos) throw error{"a file in a tar archive needs a name without zero bytes"};
        if (name.size() > 100 || content.size() >= std::uint64_t{1} << 33) {
            const auto records = record("path", name) + record("size", std::to_string(content.size()));
            put("pax", 'x', std::span{reinterpret_cast<const unsigned char*>(records.data()), records.size()});
        }
        put(name.substr(0, 100), '0', content);
    }

    /// Appends the end mark and gives the archive.
    [[nodiscard]] byte_vector finish() && {
        out_.resize(out_.size() + 1024, 0);
        return std::move(out_);
    }

private:
    [[nodiscard]] static std::string record(std::string_view key, const std::string& value) {
        // The length counts its own digits.
        const auto rest = key.size() + value.size() + 3;
        auto length = rest + 1;
        while (std::to_string(length).size() + rest != length) ++length;
        return std::to_string(length) + " " + std::string{key} + "=" + value + "\n";
    }

    void put(std::string_view name, char type, std::span<const unsigned char> content) {
        const auto start = out_.size();
        out_.resize(start + 512, 0);
        const auto text = [&](std::size_t at, std::string_view value) {
            std::copy(value.begin(), value.end(), out_.begin() + static_cast<std::ptrdiff_t>(start + at));
        };
        const auto octal = [&](std::size_t at, std::size_t digits, std::uint64_t value) {
            std::string field(digits, '0');
            for (std::size_t i = digits; i-- > 0; value >>= 3) field[i] = static_cast<char>('0' + (value & 7));
            text(at, field);
        };
        text(0, name);
        octal(100, 7, 0644);
        octal(108, 7, 0);
        octal(116, 7, 0);
        octal(124, 11, content.size());
        octal(136, 11, 0);
        text(148, "        ");
        out_[start + 156] = static_cast<unsigned char>(type);
        text(257, std::string_view{"ustar\0"
                                   "00",
                                   8});
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < 512; ++i) sum += out_[start + i];
        octal(148, 6, sum);
        out_[start + 154] = 0;
        out_.insert(out_.end(), content.begin(), content.end());
        out_.resize((out_.size() + 511) / 512 * 512, 0);
    }

    byte_vector out_;
};

} // namespace verdant::io
