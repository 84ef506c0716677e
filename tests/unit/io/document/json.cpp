#include "unit/io/folder.hpp"

#include "catch.hpp"

#include <limits>

#include <cmath>

#include <verdant/io/document/json.hpp>
#include <verdant/random/stream.hpp>

using namespace verdant;

namespace {

std::string message_of(std::string_view text) {
    try {
        static_cast<void>(io::parse_json(text, "s.json"));
    } catch (const input_error& e) { return e.what(); }
    return "no error";
}

} // namespace

TEST_CASE("JSON files are written whole and read back", "[io]") {
    const scratch_folder folder;
    const nlohmann::json value{{"a", {1, 2.5, nullptr, true}}, {"text", "\xC3\xA9\n\""}};
    io::write_json(folder.file("v.json"), value);
    CHECK(io::read_json(folder.file("v.json")) == value);
    CHECK(folder.entries() == 1);
    const nlohmann::ordered_json ordered{{"z", 1}, {"a", 2}};
    io::write_json(folder.file("o.json"), ordered, -1);
    CHECK(io::read_file(folder.file("o.json")) == "{\"z\":1,\"a\":2}\n");
    CHECK(io::read_json<nlohmann::ordered_json>(folder.file("o.json")).begin().key() == "z");
}

TEST_CASE("what cannot be written leaves no file", "[io]") {
    const scratch_folder folder;
    CHECK_THROWS_AS(io::write_json(folder.file("v.json"), nlohmann::json("\xFF")), file_error);
    for (const auto value : {std::nan(""), std::numeric_limits<double>::infinity()}) {
        CHECK_THROWS_WITH(io::write_json(folder.file("v.json"), nlohmann::json{{"a", {1, {{"b/c", value}}}}}),
                          Catch::Contains("v.json: /a/1/b~1c is " + std::to_string(value) + ", for which JSON has no word"));
        CHECK_THROWS_AS(io::write_json(folder.file("v.json"), nlohmann::ordered_json(value)), file_error);
    }
    CHECK(folder.entries() == 0);
    CHECK_THROWS_AS(io::read_json(folder.file("v.json")), file_error);
}

TEST_CASE("errors name the file, line and column, and the reason", "[io]") {
    CHECK(message_of("{\"a\": 1,\n \"b\": }").find("verdant: s.json, line 2, column 7: expected JSON, found ") == 0);
    CHECK(message_of("").find("verdant: s.json, line 1, column 1: expected JSON, found ") == 0);
    CHECK(message_of("[1, 2").find("verdant: s.json, line 1, column 6: expected JSON, found ") == 0);
    CHECK(message_of("[1e999]").find("verdant: s.json: expected JSON, found number overflow") == 0);
    CHECK(message_of("{\"a\": {\"b\": 1}, \"c\": {\"b\": 1, \"b\": 2}}") ==
          "verdant: s.json: expected each name once in an object, found \"b\" twice");
    CHECK(message_of("{} {}").find("verdant: s.json, line 1, column 4: expected JSON") == 0);
}

TEST_CASE("any bytes are either JSON or an input error", "[io]") {
    random_stream random{7};
    const std::string letters("{}[]\":,1e-+.\\utrufalsn\0\xFF ", 26);
    for (int run = 0; run < 20000; ++run) {
        std::string text;
        for (auto n = random.below(14); n > 0; --n) text += letters[random.below(letters.size())];
        try {
            static_cast<void>(io::parse_json(text, "s.json"));
        } catch (const input_error&) {}
    }
    // A hundred thousand brackets neither overflow the stack nor pass for JSON.
    CHECK_THROWS_AS(io::parse_json(std::string(100'000, '['), "s.json"), input_error);
}
