#include "unit/io/damage.hpp"

#include <verdant/data/captions/caption_table.hpp>

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

TEST_CASE("quotation marks inside fields are text, as pandas reads them", "[io]") {
    const auto captions = [](std::string_view rows) {
        std::vector<std::string> out;
        for (auto& row : io::parse_captions("filepath\ttitle\n" + std::string{rows}, "a.csv")) out.push_back(std::move(row.caption));
        return out;
    };
    using all = std::vector<std::string>;
    CHECK(captions("1.jpg\ta 17\" laptop\n2.jpg\ta 19\" \"screen\"\n") == all{"a 17\" laptop", "a 19\" \"screen\""});
    CHECK(captions("1.jpg\t\"quoted, \"\"twice\"\"\"\n") == all{"quoted, \"twice\""});
    CHECK(captions("1.jpg\t\"two\nlines\"\n") == all{"two\nlines"});
    CHECK(captions("1.jpg\t\"a\" dog\n") == all{"a dog"});
    // A mark that opens a field and closes none is one of the text; it does not take the rest of the file.
    CHECK(captions("1.jpg\t\"17 inches\n2.jpg\tb\n") == all{"\"17 inches", "b"});
    CHECK(captions("1.jpg\t\"17 inches\n2.jpg\t19\" wide\n3.jpg\tc\n") == all{"\"17 inches", "19\" wide", "c"});
    CHECK(captions("1.jpg\ta\r\n\n2.jpg\tb\r3.jpg\tc") == all{"a", "b", "c"});
}

TEST_CASE("odd rows are passed over and counted where somebody counts them", "[io]") {
    io::passed_over odd;
    const auto rows = io::parse_captions("filepath\ttitle\n1.jpg\ta\n2.jpg\n3.jpg\tc\tmore\n\td\n5.jpg\te\n", "a.csv", {}, &odd);
    REQUIRE(rows.size() == 2);
    CHECK(rows[1].caption == "e");
    CHECK(odd.count == 3);
    CHECK(odd.first == "verdant: a.csv, line 3: expected 2 fields as in the header, found 1");
    CHECK(refuses([&] { (void)io::parse_captions("filepath\ttitle\n2.jpg\n", "a.csv", {}, &odd); }, {"a.csv", "at least one row", "line 2"}));
}

TEST_CASE("a column that is missing is answered by those that exist, and by the separator of the file", "[io]") {
    const auto parse = [](std::string_view text, const io::caption_columns& columns = {}) { (void)io::parse_captions(text, "a.csv", columns); };
    CHECK(refuses([&] { parse("filepath,title\n1.jpg,a\n"); },
                  {"a.csv, header", "a column 'filepath'", "only the column 'filepath,title'", "the file seems to have commas between its columns"}));
    CHECK(refuses([&] { parse("image\ttitle\n1.jpg\ta\n"); }, {"a column 'filepath'", "the columns 'image', 'title'"}));
    CHECK(refuses([&] { parse("file\tcaption\n", {.image = "file", .caption = "captions"}); }, {"did you mean 'caption'?"}));
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
