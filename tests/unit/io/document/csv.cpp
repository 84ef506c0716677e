#include "unit/io/folder.hpp"

#include "catch.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/random/stream.hpp>

using namespace verdant;
using fields = std::vector<std::string>;

namespace {

std::string message_of(std::string_view text) {
    try {
        static_cast<void>(io::parse_csv(text, "t.csv"));
    } catch (const input_error& e) {
        return e.what();
    }
    return "no error";
}

} // namespace

TEST_CASE("tables are read as RFC 4180 has them", "[io]") {
    const auto t = io::parse_csv("a,b,\"c d\"\r\n1,\"x, \"\"y\"\"\",\n\"two\nlines\",,\"\"\r\n", "t.csv");
    CHECK(t.columns == fields{"a", "b", "c d"});
    REQUIRE(t.rows.size() == 2);
    CHECK(t.rows[0] == fields{"1", "x, \"y\"", ""});
    CHECK(t.rows[1] == fields{"two\nlines", "", ""});
    CHECK(t.lines == std::vector<std::size_t>{2, 3});
    CHECK(t.column("c d") == 2);
    CHECK(t.number(0, 0) == 1.0);
}

TEST_CASE("a last line may lack its end, and a byte order mark is skipped", "[io]") {
    const auto t = io::parse_csv("\xEF\xBB\xBF" "a,b\n1,2", "t.csv");
    CHECK(t.columns == fields{"a", "b"});
    CHECK(t.rows == std::vector<fields>{{"1", "2"}});
    CHECK(io::parse_csv("a\n", "t.csv").rows.empty());
    CHECK(io::parse_csv("a\n\n1\n", "t.csv").rows == std::vector<fields>{{""}, {"1"}});
    CHECK(io::parse_csv("a;b\n1,5;2\n", "t.csv", ';').rows == std::vector<fields>{{"1,5", "2"}});
}

TEST_CASE("errors name the file, the line, what was expected and what was found", "[io]") {
    CHECK(message_of("") == "verdant: t.csv, line 1: expected a header line, found nothing");
    CHECK(message_of("a,b\n1,2\n1,2,3\n") == "verdant: t.csv, line 3: expected 2 fields as in the header, found 3");
    CHECK(message_of("a,b\n\"1\n\n\",2\n1\n") == "verdant: t.csv, line 5: expected 2 fields as in the header, found 1");
    CHECK(message_of("a,b\n1,\"2\n") == "verdant: t.csv, line 2: expected a closing quotation mark, found the end of the file");
    CHECK(message_of("a,b\n1,2\"\n") == "verdant: t.csv, line 2: expected quotation marks around the whole field, found one inside it");
    CHECK(message_of("a,b\n\"1\"x,2\n") == "verdant: t.csv, line 2: expected a separator or the end of the line, found something else");
    CHECK(message_of("a,b\r1,2\n") == "verdant: t.csv, line 1: expected a line feed after a carriage return, found something else");
    CHECK(message_of("a,b,a\n") == "verdant: t.csv, line 1: expected different names of columns, found 'a' twice");
    const auto t = io::parse_csv("a,b\n1,x\n", "t.csv");
    CHECK_THROWS_WITH(t.column("c"), Catch::Contains("verdant: t.csv, header: expected a column 'c', found the columns 'a', 'b'"));
    CHECK_THROWS_WITH(t.number(0, 1), "verdant: t.csv, line 2, column 'b': expected a number, found 'x'");
    CHECK_THROWS_AS(io::parse_csv("a\n1 \n", "t.csv").number(0, 0), input_error);
}

TEST_CASE("what is written is read back, whatever the fields hold", "[io]") {
    random_stream random{5};
    const std::string letters = "ab,\"\n\r; \xEF\xBB\xBF\xC3\xA9";
    for (int run = 0; run < 500; ++run) {
        const auto width = 1 + random.below(4);
        io::csv_table t;
        for (std::size_t c = 0; c < width; ++c) t.columns.push_back("c" + std::to_string(c));
        if (run % 3 == 0) t.columns[0] = "\xEF\xBB\xBF";
        for (std::size_t r = random.below(5); r > 0; --r) {
            t.rows.emplace_back();
            for (std::size_t c = 0; c < width; ++c) {
                t.rows.back().emplace_back();
                for (auto n = random.below(5); n > 0; --n) t.rows.back().back() += letters[random.below(letters.size())];
            }
        }
        for (const char separator : {',', ';', '\t'}) {
            const auto back = io::parse_csv(io::csv_text(t, separator), "t.csv", separator);
            CHECK(back.columns == t.columns);
            CHECK(back.rows == t.rows);
        }
    }
}

TEST_CASE("any bytes are either a table or an input error", "[io]") {
    random_stream random{6};
    const std::string letters("a,\"\n\r\0\xFF", 7);
    std::size_t tables = 0, errors = 0;
    for (int run = 0; run < 20000; ++run) {
        std::string text;
        for (auto n = random.below(12); n > 0; --n) text += letters[random.below(letters.size())];
        try {
            const auto t = io::parse_csv(text, "t.csv");
            for (const auto& r : t.rows) CHECK(r.size() == t.columns.size());
            ++tables;
        } catch (const input_error&) {
            ++errors;
        }
    }
    CHECK(tables > 100);
    CHECK(errors > 100);
}

TEST_CASE("files are read by name", "[io]") {
    const scratch_folder folder;
    io::write_file(folder.file("t.csv"), "a\n1\n2,3\n");
    CHECK_THROWS_WITH(io::read_csv(folder.file("t.csv")), "verdant: " + folder.file("t.csv") + ", line 3: expected 1 fields as in the header, found 2");
    CHECK_THROWS_AS(io::read_csv(folder.file("absent.csv")), file_error);
    io::write_file(folder.file("t.csv"), "a\n1\n");
    CHECK(io::read_csv(folder.file("t.csv")).number(0, 0) == 1);
}
