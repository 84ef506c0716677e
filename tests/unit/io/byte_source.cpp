#include "damage.hpp"

#include <verdant/io/byte_cursor.hpp>
#include <verdant/io/byte_source.hpp>

#include <cstdio>
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
