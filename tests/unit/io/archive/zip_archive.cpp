#include "unit/io/damage.hpp"

#include <verdant/io/archive/zip_archive.hpp>
#include <verdant/io/archive/zip_writer.hpp>

#include <cstring>

namespace io = verdant::io;
using packing = io::zip_writer::packing;

namespace {

io::byte_vector archive_of_three() {
    io::zip_writer writer;
    writer.add("a/one", io::to_bytes("stored content"), packing::stored, 64);
    writer.add("two.txt", io::to_bytes(std::string(5000, 'x')), packing::deflated);
    writer.add("empty", {}, packing::stored);
    return std::move(writer).finish();
}

void read_all(io::byte_vector content) {
    const io::zip_archive archive{{"a.zip", std::move(content)}};
    for (const auto& entry : archive.entries()) static_cast<void>(archive.read(entry));
}

/// Overwrites little-endian bytes behind the n-th occurrence of a signature.
io::byte_vector patched(io::byte_vector content, std::string_view signature, std::size_t offset, std::uint64_t value, std::size_t width) {
    const auto at = std::string_view{io::as_text(content)}.find(signature);
    for (std::size_t i = 0; i < width; ++i) content.at(at + offset + i) = static_cast<unsigned char>(value >> (8 * i));
    return content;
}

constexpr std::string_view directory_entry{"PK\x01\x02", 4}, end_record{"PK\x05\x06", 4};

} // namespace

TEST_CASE("zip entries come back as they were written", "[io]") {
    const auto content = archive_of_three();
    CHECK(content.size() < 1000);
    const io::zip_archive archive{{"a.zip", content}};
    REQUIRE(archive.entries().size() == 3);
    CHECK(io::as_text(archive.read("a/one")) == "stored content");
    CHECK(archive.read("two.txt") == io::to_bytes(std::string(5000, 'x')));
    CHECK(archive.read("empty").empty());
    CHECK(archive.find("three") == nullptr);
    CHECK(refuses([&] { return archive.read("three"); }, {"a.zip", "an entry named three"}));
    // The alignment of stored content.
    CHECK(std::string_view{io::as_text(content)}.find("stored content") % 64 == 0);
}

TEST_CASE("a comment behind the directory and bytes that look like its end do no harm", "[io]") {
    auto content = archive_of_three();
    const std::string comment = "a comment";
    content[content.size() - 2] = static_cast<unsigned char>(comment.size());
    content.insert(content.end(), comment.begin(), comment.end());
    read_all(content);
}

TEST_CASE("64-bit sizes in the extra field are read", "[io]") {
    // One stored entry by hand, all of its sizes in the extra field.
    io::byte_vector out;
    const auto put = [&]<class T>(T value) { io::append_little<T>(out, value); };
    const auto text = [&](std::string_view value) { out.insert(out.end(), value.begin(), value.end()); };
    const std::string_view content = "wide";
    const auto crc = io::crc32_of(io::to_bytes(content));
    const auto common = [&] {
        put(std::uint16_t{45}), put(std::uint16_t{0}), put(std::uint16_t{0}), put(std::uint32_t{0}), put(crc);
        put(~std::uint32_t{0}), put(~std::uint32_t{0}), put(std::uint16_t{1});
    };
    put(std::uint32_t{0x04034b50}), common(), put(std::uint16_t{0}), text("w"), text(content);
    const auto start = out.size();
    put(std::uint32_t{0x02014b50}), put(std::uint16_t{45}), common(), put(std::uint16_t{28}), put(std::uint16_t{0});
    put(std::uint16_t{0}), put(std::uint16_t{0}), put(std::uint32_t{0}), put(~std::uint32_t{0}), text("w");
    put(std::uint16_t{1}), put(std::uint16_t{24}), put(std::uint64_t{4}), put(std::uint64_t{4}), put(std::uint64_t{0});
    const auto end = out.size();
    put(std::uint32_t{0x06064b50}), put(std::uint64_t{44}), put(std::uint32_t{0}), put(std::uint64_t{0});
    put(std::uint64_t{1}), put(std::uint64_t{1}), put(std::uint64_t{end - start}), put(std::uint64_t{start});
    put(std::uint32_t{0x07064b50}), put(std::uint32_t{0}), put(std::uint64_t{end}), put(std::uint32_t{1});
    put(std::uint32_t{0x06054b50}), put(std::uint32_t{0}), put(std::uint16_t{0xffff}), put(std::uint16_t{0xffff});
    put(~std::uint32_t{0}), put(~std::uint32_t{0}), put(std::uint16_t{0});
    const io::zip_archive archive{{"wide.zip", out}};
    REQUIRE(archive.entries().size() == 1);
    CHECK(io::as_text(archive.read("w")) == content);
    survives_damage(out, read_all);
}

TEST_CASE("archives that lie about themselves are refused before memory is taken", "[io]") {
    const auto valid = archive_of_three();
    CHECK(refuses([&] { read_all(patched(valid, end_record, 10, 60000, 2)); }, {"at most", "entries", "60000"}));
    CHECK(refuses([&] { read_all(patched(valid, end_record, 16, 0x7fffffff, 4)); }, {"a directory before byte"}));
    CHECK(refuses([&] { read_all(patched(valid, directory_entry, 8, 1, 2)); }, {"a/one", "encrypt"}));
    CHECK(refuses([&] { read_all(patched(valid, directory_entry, 10, 14, 2)); }, {"compression method 14"}));
    CHECK(refuses([&] { read_all(patched(valid, directory_entry, 16, 0, 4)); }, {"a/one", "CRC-32"}));
    CHECK(refuses([&] { read_all(patched(valid, directory_entry, 20, 0x70000000, 4)); }, {"a/one"}));
    CHECK(refuses([&] { read_all(patched(valid, directory_entry, 42, 0xfffffff0, 4)); }, {"before the directory"}));
    // A deflated entry that claims more than deflate can hold.
    io::zip_writer writer;
    writer.add("bomb", io::to_bytes(std::string(100, 'b')), packing::deflated);
    const auto bomb = patched(std::move(writer).finish(), directory_entry, 24, 0xfffffff0u, 4);
    CHECK(refuses([&] { read_all(bomb); }, {"bomb", "deflate can hold", "4294967280"}));
    CHECK(refuses([] { read_all(io::to_bytes("PK\x03\x04")); }, {"directory at the end"}));
    CHECK(refuses([] { read_all({}); }, {"a.zip"}));
}

TEST_CASE("names are unique", "[io]") {
    io::zip_writer writer;
    writer.add("same", io::to_bytes("1"), packing::stored);
    writer.add("same", io::to_bytes("2"), packing::stored);
    auto content = std::move(writer).finish();
    CHECK(refuses([&] { read_all(std::move(content)); }, {"same twice"}));
}

TEST_CASE("damaged zip archives are refused or read, never worse", "[io]") { CHECK(survives_damage(archive_of_three(), read_all, 2000) > 1000); }
