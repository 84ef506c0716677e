#pragma once

#include <verdant/error.hpp>
#include <verdant/io/archive/deflate.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/file/shared_bytes.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Reads zip archives.
namespace verdant::io {

/// One file in a zip archive.
struct zip_entry {
    std::string name;
    std::uint16_t method = 0; ///< 0 stored, 8 deflated
    std::uint32_t crc = 0;
    std::uint64_t packed = 0; ///< bytes in the archive
    std::uint64_t size = 0;   ///< bytes of the content
    std::uint64_t offset = 0; ///< of the local header
};

/// Reads zip archives (PKWARE APPNOTE 6.3.10): stored and deflated entries, 64-bit sizes. Not read: encrypted or split archives, other
/// compression. The directory is checked when the archive is opened; content is read on demand and its checksum compared.
class zip_archive {
public:
    explicit zip_archive(byte_source source) : source_{std::move(source)} { read_directory(); }

    [[nodiscard]] const std::string& name() const noexcept { return source_.name(); }
    [[nodiscard]] const std::vector<zip_entry>& entries() const noexcept { return entries_; }

    /// The entry of that name, or null.
    [[nodiscard]] const zip_entry* find(const std::string& entry) const {
        const auto place = places_.find(entry);
        return place == places_.end() ? nullptr : &entries_[place->second];
    }

    /// The content of an entry of this archive. Throws input_error if it is damaged.
    [[nodiscard]] byte_vector read(const zip_entry& entry) const {
        auto content = source_.read(content_offset(entry), entry.packed, "entry " + entry.name);
        if (entry.method != 0) content = inflate_raw(content, entry.size, name(), "entry " + entry.name);
        compare_checksum(entry, content);
        return content;
    }

    /// The content of the entry of that name. Throws input_error if there is none or it is damaged.
    [[nodiscard]] byte_vector read(const std::string& entry) const { return read(needed(entry)); }

    /// The same content, shared: that of a stored entry is not copied beyond what the source does, see byte_source::share.
    [[nodiscard]] shared_bytes share(const zip_entry& entry) const {
        if (entry.method != 0) return read(entry);
        auto content = source_.share(content_offset(entry), entry.packed, "entry " + entry.name);
        compare_checksum(entry, content.view());
        return content;
    }
    [[nodiscard]] shared_bytes share(const std::string& entry) const { return share(needed(entry)); }

    [[nodiscard]] static bool looks_like_one(const byte_source& source) {
        return source.starts_with("PK\x03\x04") || source.starts_with("PK\x05\x06");
    }

private:
    static constexpr std::uint64_t local_size = 30, end_size = 22, end64_size = 56, locator64_size = 20;

    struct directory {
        std::uint64_t count = 0, size = 0, offset = 0;
    };

    [[nodiscard]] const zip_entry& needed(const std::string& entry) const {
        if (const auto* found = find(entry)) return *found;
        throw input_error{name(), "", "an entry named " + entry, std::to_string(entries_.size()) + " entries of other names"};
    }

    /// Where the content of an entry begins, behind its local header.
    [[nodiscard]] std::uint64_t content_offset(const zip_entry& entry) const {
        const auto place = "entry " + entry.name;
        const auto header = source_.read(entry.offset, local_size, "the header of " + place);
        byte_cursor cursor{name(), place, header, entry.offset};
        if (cursor.little<std::uint32_t>("signature") != 0x04034b50u) cursor.fail("a local header", "other bytes", 4);
        cursor.take(22, "header");
        const auto name_size = cursor.little<std::uint16_t>("name length"), extra_size = cursor.little<std::uint16_t>("extra length");
        return entry.offset + local_size + name_size + extra_size;
    }

    void compare_checksum(const zip_entry& entry, std::span<const unsigned char> content) const {
        if (const auto crc = crc32_of(content); crc != entry.crc)
            throw input_error{name(), "entry " + entry.name, "CRC-32 " + std::to_string(entry.crc), std::to_string(crc) + ": the content is damaged"};
    }

    // The end record is searched from the back: a comment of up to 65535 bytes may follow it.
    [[nodiscard]] std::uint64_t find_end() const {
        const auto tail_size = std::min<std::uint64_t>(source_.size(), end_size + 0xffff);
        const auto tail = source_.read(source_.size() - tail_size, tail_size);
        for (std::uint64_t back = end_size; back <= tail_size; ++back) {
            const auto at = tail.size() - back;
            if (tail[at] == 'P' && tail[at + 1] == 'K' && tail[at + 2] == 5 && tail[at + 3] == 6) return source_.size() - back;
        }
        throw input_error{name(), "", "a zip archive with its directory at the end", "none: the file is truncated or not a zip archive"};
    }

    [[nodiscard]] directory locate() const {
        const auto end = find_end();
        const auto record = source_.read(end, end_size);
        byte_cursor cursor{name(), "end of directory", record, end};
        cursor.take(4, "signature");
        const auto disk = cursor.little<std::uint16_t>("disk"), first_disk = cursor.little<std::uint16_t>("disk");
        cursor.take(2, "count");
        directory d{cursor.little<std::uint16_t>("count"), cursor.little<std::uint32_t>("size"), cursor.little<std::uint32_t>("offset")};
        const bool wide = d.count == 0xffff || d.size == 0xffffffffu || d.offset == 0xffffffffu;
        if (!wide && (disk != 0 || first_disk != 0)) cursor.fail("an archive in one part", "part " + std::to_string(disk), 16);
        if (!wide || end < locator64_size) return checked(d, end);
        const auto locator = source_.read(end - locator64_size, locator64_size);
        byte_cursor where{name(), "64-bit locator", locator, end - locator64_size};
        if (where.little<std::uint32_t>("signature") != 0x07064b50u) return checked(d, end);
        where.take(4, "disk");
        const auto end64 = where.little<std::uint64_t>("offset");
        const auto record64 = source_.read(end64, end64_size, "the 64-bit end of directory");
        byte_cursor c64{name(), "64-bit end of directory", record64, end64};
        if (c64.little<std::uint32_t>("signature") != 0x06064b50u) c64.fail("its signature", "other bytes", 4);
        c64.take(28, "record");
        d.count = c64.little<std::uint64_t>("count");
        d.size = c64.little<std::uint64_t>("size");
        d.offset = c64.little<std::uint64_t>("offset");
        return checked(d, end64);
    }

    [[nodiscard]] directory checked(const directory& d, std::uint64_t end) const {
        if (d.offset > end || d.size > end - d.offset)
            throw input_error{name(), "end of directory", "a directory before byte " + std::to_string(end),
                              std::to_string(d.size) + " bytes from " + std::to_string(d.offset)};
        if (d.count > d.size / 46)
            throw input_error{name(), "end of directory", "at most " + std::to_string(d.size / 46) + " entries", std::to_string(d.count)};
        return d;
    }

    void read_directory() {
        const auto d = locate();
        const auto raw = source_.read(d.offset, d.size, "directory");
        byte_cursor cursor{name(), "directory", raw, d.offset};
        entries_.reserve(static_cast<std::size_t>(d.count));
        std::uint64_t total = 0;
        for (std::uint64_t i = 0; i < d.count; ++i) {
            auto entry = read_entry(cursor);
            if (entry.offset >= d.offset || entry.packed > d.offset - entry.offset)
                cursor.fail("content of entry " + entry.name + " before the directory",
                            std::to_string(entry.packed) + " bytes from " + std::to_string(entry.offset));
            // Entries that share their bytes are the way to make a small archive expand without bound.
            total += entry.packed;
            if (total > source_.size()) cursor.fail("entries that together fit into the archive", "more than its size");
            if (!places_.emplace(entry.name, entries_.size()).second) cursor.fail("names that are unique", entry.name + " twice");
            entries_.push_back(std::move(entry));
        }
    }

    [[nodiscard]] zip_entry read_entry(byte_cursor& cursor) const {
        if (cursor.little<std::uint32_t>("signature") != 0x02014b50u) cursor.fail("a directory entry", "other bytes", 4);
        cursor.take(4, "versions");
        const auto flags = cursor.little<std::uint16_t>("flags");
        zip_entry entry;
        entry.method = cursor.little<std::uint16_t>("method");
        cursor.take(4, "time");
        entry.crc = cursor.little<std::uint32_t>("crc");
        entry.packed = cursor.little<std::uint32_t>("packed size");
        entry.size = cursor.little<std::uint32_t>("size");
        const auto name_size = cursor.little<std::uint16_t>("name length"), extra_size = cursor.little<std::uint16_t>("extra length"),
                   comment_size = cursor.little<std::uint16_t>("comment length");
        cursor.take(8, "attributes");
        entry.offset = cursor.little<std::uint32_t>("offset");
        entry.name = as_text(cursor.take(name_size, "name"));
        widen(entry, cursor.take(extra_size, "extra field"));
        cursor.take(comment_size, "comment");
        if ((flags & 0x2041u) != 0) cursor.fail("entry " + entry.name + " without encryption", "an encrypted one");
        if (entry.method != 0 && entry.method != 8)
            cursor.fail("entry " + entry.name + " stored or deflated", "compression method " + std::to_string(entry.method));
        if (entry.method == 0 && entry.packed != entry.size)
            cursor.fail("entry " + entry.name + " with one size", std::to_string(entry.packed) + " bytes stored as " + std::to_string(entry.size));
        return entry;
    }

    // Sizes of 0xffffffff stand in the extra field with identifier 1, in this order.
    void widen(zip_entry& entry, std::span<const unsigned char> extra) const {
        byte_cursor cursor{name(), "extra field of entry " + entry.name, extra};
        while (cursor.remaining() >= 4) {
            const auto id = cursor.little<std::uint16_t>("identifier"), size = cursor.little<std::uint16_t>("length");
            // Some writers pad the field with what is not a record; what cannot be one ends it.
            if (size > cursor.remaining()) return;
            const auto record = cursor.take(size, "record");
            if (id != 1) continue;
            byte_cursor wide{name(), "64-bit sizes of entry " + entry.name, record};
            for (auto* value : {&entry.size, &entry.packed, &entry.offset})
                if (*value == 0xffffffffu) *value = wide.little<std::uint64_t>("size");
            return;
        }
    }

    byte_source source_;
    std::vector<zip_entry> entries_;
    std::unordered_map<std::string, std::size_t> places_;
};

} // namespace verdant::io
