#include "damage.hpp"

#include <verdant/io/caption_table.hpp>

namespace io = verdant::io;

TEST_CASE("a caption data set is read with OpenCLIP's columns by default", "[io]") {
    const auto rows = io::parse_captions("title\tfilepath\na red dog\tpictures/1.jpg\n\"a \"\"tab\t\"\"\"\t/abs/2.png\r\n", "data/train.csv");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].path == "data/pictures/1.jpg");
    CHECK(rows[0].caption == "a red dog");
    CHECK(rows[1].path == "/abs/2.png");
    CHECK(rows[1].caption == "a \"tab\t\"");
    const auto other = io::parse_captions("image,text\n1.jpg,x\n", "train.csv", {.separator = ',', .image = "image", .caption = "text"});
    CHECK(other.at(0).path == "1.jpg");
}

TEST_CASE("caption data sets that lack something are refused with the line", "[io]") {
    const auto parse = [](std::string_view text) { static_cast<void>(io::parse_captions(text, "a.csv")); };
    CHECK(refuses([&] { parse("filepath,title\n"); }, {"a.csv", "filepath"}));
    CHECK(refuses([&] { parse("filepath\ttitle\n"); }, {"a.csv", "at least one row"}));
    CHECK(refuses([&] { parse("filepath\ttitle\nx\ty\n\tz\n"); }, {"a.csv, line 3", "a path"}));
    CHECK(refuses([&] { parse("filepath\ttitle\nx\n"); }, {"a.csv, line 2"}));
    CHECK(refuses([&] { parse(""); }, {"a.csv"}));
    CHECK(
        survives_damage(io::byte_vector{'f', 'i', 'l', 'e', 'p', 'a', 't', 'h', '\t', 't', 'i', 't', 'l', 'e', '\n', '"', 'x', '"', '\t', 'y', '\n'},
                        [&](io::byte_vector content) { parse({reinterpret_cast<const char*>(content.data()), content.size()}); }) > 50);
}
