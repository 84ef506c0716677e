#include "catch.hpp"

#include <verdant/text/unicode.hpp>
#include <verdant/text/utf8.hpp>

namespace io = verdant::io;

namespace {

std::string lower(std::string_view text) { return io::to_utf8(io::to_lower(std::u32string_view{io::from_utf8(text)})); }

} // namespace

TEST_CASE("every code point survives the way to UTF-8 and back", "[io]") {
    for (char32_t code = 0; code < 0x110000; ++code) {
        if (code >= 0xd800 && code <= 0xdfff) continue;
        std::string text;
        io::append_utf8(text, code);
        const auto step = io::decode_utf8(text, 0);
        if (!step.valid || step.code != code || step.length != text.size()) FAIL("code point " << static_cast<unsigned>(code));
    }
}

TEST_CASE("bytes that are not UTF-8 become replacement characters, one for each maximal part", "[io]") {
    // The examples of the Unicode standard, version 15, tables 3-8 to 3-11.
    const auto replaced = [](std::string_view text) { return io::from_utf8(text); };
    CHECK(replaced("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41") == U"\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA");
    CHECK(replaced("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41") == U"\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA");
    CHECK(replaced("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42") == U"\ufffd\ufffd\ufffd\ufffd\ufffdA\ufffd\ufffdB");
    CHECK(replaced("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41") == U"\ufffd\ufffd\ufffd\ufffdA");
    CHECK_FALSE(io::is_utf8("a\x80"));
    CHECK(io::is_utf8("a\xc3\xa9"));
}

TEST_CASE("letters, numbers and spaces are told apart", "[io]") {
    static_assert(io::is_letter(U'a') && io::is_letter(U'\u00e9') && io::is_letter(U'\u4e16') && io::is_letter(U'\U0001d7cb'));
    static_assert(!io::is_letter(U'1') && !io::is_letter(U'_') && !io::is_letter(U'\u0301') && !io::is_letter(0x10ffff) && !io::is_letter(0));
    static_assert(io::is_number(U'7') && io::is_number(U'\u00bd') && io::is_number(U'\u2167') && io::is_number(U'\u0663') && !io::is_number(U'x'));
    static_assert(io::is_space(U' ') && io::is_space(U'\u00a0') && io::is_space(U'\u3000') && !io::is_space(U'\u200b'));
    std::size_t letters = 0, numbers = 0, both = 0;
    for (char32_t code = 0; code < 0x110000; ++code) {
        letters += io::is_letter(code) ? 1 : 0;
        numbers += io::is_number(code) ? 1 : 0;
        both += io::is_letter(code) && (io::is_number(code) || io::is_space(code)) ? 1 : 0;
    }
    CHECK(both == 0);
    CHECK(letters > 130000); // Unicode 14 has 131241
    CHECK(numbers > 1700);
}

TEST_CASE("lower case follows Unicode, with its dotted I and its final sigma", "[io]") {
    CHECK(lower("HELLO World 1") == "hello world 1");
    CHECK(lower("\xc3\x9cN\xc3\x8f") == "\xc3\xbcn\xc3\xaf");
    CHECK(lower("\xc4\xb0") == "i\xcc\x87");
    CHECK(lower("\xce\xa3\xce\x91\xce\xa3 \xce\xa3") == "\xcf\x83\xce\xb1\xcf\x82 \xcf\x83"); // sigma at the start, the end, and alone
    CHECK(lower("\xce\x91\xce\xa3'\xce\x91") == "\xce\xb1\xcf\x83'\xce\xb1");                // the apostrophe is skipped: not the end
    CHECK(lower("\xce\x91\xce\xa3.") == "\xce\xb1\xcf\x82.");
    for (char32_t code = 0; code < 0x110000; ++code)
        if (io::to_lower(io::to_lower(code)) != io::to_lower(code)) FAIL("lower case of " << static_cast<unsigned>(code) << " is not lower case");
}
