#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/deflate.hpp>
#include <verdant/io/archive/zip_archive.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::io {

/// Makes a zip archive in memory: entries in the order they are added, without times, so that equal content gives equal bytes. Sizes beyond
/// 32 bits are written in the 64-bit form.
class zip_writer {
public:
    enum class packing { stored, deflated };

    /// Adds an entry. `alignment` pads a stored entry so that its content starts at a multiple of it (PyTorch maps storages at 64).
    void add(std::string name, std::span<const unsigned char> content, packing how, std::size_t alignment = 1) {
        if (name.size() > 0xffff) throw error{"the name of a zip entry has at most 65535 bytes, not " + std::to_string(name.size())};
        zip_entry entry{std::move(name), 0, crc32_of(content), content.size(), content.size(), out_.size()};
        byte_vector packed;
        auto body = content;
        if (how == packing::deflated) {
            packed = deflate_raw(content);
            entry.method = 8;
            entry.packed = packed.size();
            body = packed;
        }
        header(entry, alignment);
        out_.insert(out_.end(), body.begin(), body.end());
        entries_.push_back(std::move(entry));
    }

    /// Appends the directory and gives the archive.
    [[nodiscard]] byte_vector finish() && {
        const std::uint64_t start = out_.size();
        for (const auto& entry : entries_) directory(entry);
        const std::uint64_t size = out_.size() - start, count = entries_.size();
        if (start >= limit || size >= limit || count >= 0xffff) {
            const std::uint64_t end64 = out_.size();
            put<std::uint32_t>(0x06064b50u);
            put<std::uint64_t>(44);
            put<std::uint16_t>(45);
            put<std::uint16_t>(45);
            put<std::uint64_t>(0); // two disk numbers
            put<std::uint64_t>(count);
            put<std::uint64_t>(count);
            put<std::uint64_t>(size);
            put<std::uint64_t>(start);
            put<std::uint32_t>(0x07064b50u);
            put<std::uint32_t>(0);
            put<std::uint64_t>(end64);
            put<std::uint32_t>(1);
        }
        put<std::uint32_t>(0x06054b50u);
        put<std::uint32_t>(0); // two disk numbers
        put<std::uint16_t>(std::min<std::uint64_t>(count, 0xffff));
        put<std::uint16_t>(std::min<std::uint64_t>(count, 0xffff));
        put<std::uint32_t>(std::min(size, limit));
        put<std::uint32_t>(std::min(start, limit));
        put<std::uint16_t>(0);
        return std::move(out_);
    }

private:
    static constexpr std::uint64_t limit = 0xffffffffu;
    static constexpr std::uint16_t first_of_1980 = 0x21; // the earliest date a zip archive can name

    template <class T>
    void put(std::uint64_t value) {
        append_little<T>(out_, static_cast<T>(value));
    }

    void common(const zip_entry& entry, bool wide) {
        put<std::uint16_t>(wide ? 45 : 20);
        put<std::uint16_t>(0x0800); // names are UTF-8
        put<std::uint16_t>(entry.method);
        put<std::uint16_t>(0);
        put<std::uint16_t>(first_of_1980);
        put<std::uint32_t>(entry.crc);
        put<std::uint32_t>(wide ? limit : entry.packed);
        put<std::uint32_t>(wide ? limit : entry.size);
        put<std::uint16_t>(entry.name.size());
    }

    [[nodiscard]] static bool is_wide(const zip_entry& entry) { return entry.size >= limit || entry.packed >= limit || entry.offset >= limit; }

    void header(const zip_entry& entry, std::size_t alignment) {
        const bool wide = is_wide(entry);
        put<std::uint32_t>(0x04034b50u);
        common(entry, wide);
        const std::size_t fixed = wide ? 20 : 0;
        const std::size_t end = out_.size() + 2 + entry.name.size() + fixed;
        std::size_t padding = (alignment - end % alignment) % alignment;
        if (padding != 0 && padding < 4) padding += alignment;
        put<std::uint16_t>(fixed + padding);
        out_.insert(out_.end(), entry.name.begin(), entry.name.end());
        if (wide) {
            put<std::uint16_t>(1);
            put<std::uint16_t>(16);
            put<std::uint64_t>(entry.size);
            put<std::uint64_t>(entry.packed);
        }
        if (padding != 0) {
            put<std::uint16_t>(0x4246); // the identifier that PyTorch uses for padding
            put<std::uint16_t>(padding - 4);
            out_.insert(out_.end(), padding - 4, 0);
        }
    }

    void directory(const zip_entry& entry) {
        const bool wide = is_wide(entry);
        put<std::uint32_t>(0x02014b50u);
        put<std::uint16_t>(wide ? 45 : 20);
        common(entry, wide);
        put<std::uint16_t>(wide ? 28 : 0);
        put<std::uint16_t>(0); // comment
        put<std::uint16_t>(0); // disk
        put<std::uint16_t>(0); // attributes
        put<std::uint32_t>(0);
        put<std::uint32_t>(wide ? limit : entry.offset);
        out_.insert(out_.end(), entry.name.begin(), entry.name.end());
        if (wide) {
            put<std::uint16_t>(1);
            put<std::uint16_t>(24);
            put<std::uint64_t>(entry.size);
            put<std::uint64_t>(entry.packed);
            put<std::uint64_t>(entry.offset);
        }
    }

    byte_vector out_;
    std::vector<zip_entry> entries_;
};

} // namespace verdant::io
