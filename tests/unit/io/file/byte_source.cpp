#include "unit/io/damage.hpp"
#include "unit/io/folder.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>

#include <cstdio>
#include <filesystem>
#include <string>

namespace io = verdant::io;

TEST_CASE("a source is read at any offset and never beyond its end", "[io]") {
    const io::byte_source source{"memory", io::to_bytes("0123456789")};
    CHECK(io::as_text(source.read(3, 4)) == "3456");
    CHECK(source.read(10, 0).empty());
    CHECK(refuses([&] { return source.read(8, 3, "the name"); }, {"memory", "byte 8", "3 bytes of the name", "2 before the end"}));
    CHECK(refuses([&] { return source.read(11, 0); }, {"memory", "byte 11"}));
    // Nothing of that size may be allocated.
    CHECK(refuses([&] { return source.read(1, ~std::uint64_t{0}); }, {"byte 1"}));
    CHECK(source.starts_with("012"));
    CHECK_FALSE(source.starts_with("01234567890"));
}

TEST_CASE("only regular files are opened", "[io]") {
    CHECK_THROWS_AS(io::byte_source::open("/nonexistent/file"), verdant::file_error);
    CHECK_THROWS_AS(io::byte_source::open("/"), verdant::file_error);
    CHECK_THROWS_AS(io::byte_source::open("/dev/zero"), verdant::file_error);
    for (const auto* path : {"/nonexistent/file", "/", "/dev/zero"}) CHECK_THROWS_AS(io::byte_source::map(path), verdant::file_error);
}

TEST_CASE("what is shared of memory and of a mapped file is no copy and outlives the source; a file is read into a buffer", "[io]") {
    const scratch_folder folder;
    const auto path = folder.file("digits");
    io::write_file(path, "0123456789");
    const auto share_twice = [](const io::byte_source& source) { return std::pair{source.share(3, 4), source.share_all()}; };
    const auto [of_memory, memory] = share_twice({"memory", io::to_bytes("0123456789")});
    CHECK(of_memory.data() == memory.data() + 3);
    const auto [of_map, map] = share_twice(io::byte_source::map(path));
    CHECK(of_map.data() == map.data() + 3);
    const auto [of_file, file] = share_twice(io::byte_source::open(path));
    CHECK(of_file.data() != file.data() + 3);
    CHECK(of_file.is_aligned(io::shared_bytes::alignment));
    std::filesystem::remove(path);
    for (const auto& part : {of_memory, of_map, of_file}) CHECK(io::as_text(part.view()) == "3456");
}

TEST_CASE("a file that another replaces by renaming, or that is removed, stays as it was when it was opened or mapped", "[io]") {
    const scratch_folder folder;
    const auto path = folder.file("replaced");
    io::write_file(path, "before");
    const auto mapped = io::byte_source::map(path), opened = io::byte_source::open(path);
    const auto shared = mapped.share(2, 4);
    io::write_file(path, "afterwards, and longer");
    CHECK(io::as_text(mapped.read_all()) == "before");
    CHECK(io::as_text(opened.read_all()) == "before");
    CHECK(io::as_text(shared.view()) == "fore");
    std::filesystem::remove(path);
    CHECK(io::as_text(mapped.read(0, 3)) == "bef");
    CHECK(io::as_text(opened.share(0, 3).view()) == "bef");
}

TEST_CASE("sharing ends where the file does, mapped or not", "[io]") {
    const scratch_folder folder;
    const auto path = folder.file("short");
    io::write_file(path, "0123456789");
    for (const auto& source : {io::byte_source::open(path), io::byte_source::map(path)}) {
        CHECK(refuses([&] { return source.share(8, 3, "the weights"); }, {path, "byte 8", "3 bytes of the weights", "2 before the end"}));
        CHECK(refuses([&] { return source.share(1, ~std::uint64_t{0}); }, {"byte 1"}));
        CHECK(source.share(10, 0).empty());
    }
    // A file that is cut while it is open is refused by name as well; a mapped one must not be cut.
    const auto source = io::byte_source::open(path);
    std::filesystem::resize_file(path, 4);
    CHECK_THROWS_WITH(source.share_all(), Catch::Contains(path) && Catch::Contains("it became shorter"));
    io::write_file(path, "");
    CHECK(io::byte_source::map(path).share_all().empty());
}

TEST_CASE("a cursor reads both byte orders and names the place of what is missing", "[io]") {
    const auto data = io::to_bytes(std::string_view{"\x01\x02\x03\x04line\nrest", 13});
    io::byte_cursor cursor{"file", "part", data, 100};
    CHECK(cursor.little<std::uint16_t>("number") == 0x0201);
    CHECK(cursor.big<std::uint16_t>("number") == 0x0304);
    CHECK(cursor.line("a line") == "line");
    CHECK(refuses([&] { static_cast<void>(cursor.little<std::uint64_t>("size")); }, {"file, part, byte 109", "8 bytes of size", "4 before the end"}));
    CHECK(refuses([&] { static_cast<void>(cursor.line("a name")); }, {"a name and a newline"}));
}
