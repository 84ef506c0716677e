#include "unit/io/damage.hpp"

#include <verdant/io/archive/gzip.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/tokenizer/bpe_training.hpp>
#include <verdant/tokenizer/merges_file.hpp>
#include <verdant/tokenizer/tokenizer.hpp>

#include <cstdio>
#include <set>

namespace io = verdant::io;
using ids = std::vector<io::clip_tokenizer::id>;

namespace {

const io::bpe_merges small{{"a", "b</w>"}, {"c", "ab</w>"}, {"c", "c"}, {"cc", "c"}};

} // namespace

TEST_CASE("the byte alphabet is a bijection that begins with the printable bytes", "[io]") {
    std::set<char32_t> symbols;
    for (unsigned byte = 0; byte < 256; ++byte) {
        symbols.insert(io::detail::alphabet.symbol[byte]);
        CHECK(io::detail::byte_of(io::detail::alphabet.symbol[byte]) == byte);
        CHECK(io::detail::alphabet.in_order[io::detail::alphabet.place[byte]] == byte);
    }
    CHECK(symbols.size() == 256);
    CHECK(io::detail::alphabet.in_order[0] == '!');
    CHECK(io::detail::alphabet.symbol[0] == 0x100);
    CHECK_FALSE(io::detail::byte_of(0x144).has_value());
    CHECK_FALSE(io::detail::byte_of(0xad).has_value());
}

TEST_CASE("captions are split into words, contractions, digits and the rest", "[io]") {
    using words = std::vector<std::string>;
    CHECK(io::caption_words("they've 12 cats!!! <start_of_text>x") == words{"they", "'ve", "1", "2", "cats", "!!!", "<start_of_text>", "x"});
    CHECK(io::caption_words("'''s a_b") == words{"'''", "s", "a", "_", "b"});
    CHECK(io::caption_words("WE'LL <END_OF_TEXT>") == words{"WE", "'LL", "<END_OF_TEXT>"});
    CHECK(io::caption_words("").empty());
}

TEST_CASE("pairs are merged by rank, everywhere at once", "[io]") {
    const io::clip_tokenizer tokenizer{small, {.context_length = 6}};
    CHECK(tokenizer.vocabulary_size() == 256 + 256 + 4 + 2);
    CHECK(tokenizer.encode("ab") == ids{512});
    CHECK(tokenizer.encode("CAB  cab") == ids{513, 513});
    const auto c = static_cast<io::clip_tokenizer::id>('c' - 33), end_c = c + 256;
    CHECK(tokenizer.encode("cccc") == ids{515, end_c}); // cc joins from the left, then ccc; the last symbol ends the word
    CHECK(tokenizer.encode("<start_of_text>ab<end_of_text>") == ids{tokenizer.start(), 512, tokenizer.end()});
    CHECK(tokenizer.decode(tokenizer.encode("Cab &amp; cccc")) == "cab & cccc ");
}

TEST_CASE("a pair that is there twice has the rank of the last, as a dictionary of Python's has it", "[io]") {
    const io::clip_tokenizer once{io::bpe_merges{{"b", "c"}, {"a", "b"}}}, twice{io::bpe_merges{{"a", "b"}, {"b", "c"}, {"a", "b"}}};
    CHECK(once.decode(once.encode("abcd")) == "abcd ");
    const auto parts = [](const io::clip_tokenizer& t) {
        return t.decode(std::vector{t.encode("abcd").at(0)}) + '|' + t.decode(std::vector{t.encode("abcd").at(1)});
    };
    CHECK(parts(once) == "a|bc");
    CHECK(parts(twice) == "a|bc");
}

TEST_CASE("rows have the context length, a start and an end", "[io]") {
    const io::clip_tokenizer tokenizer{small, {.context_length = 4}};
    const auto s = tokenizer.start(), e = tokenizer.end();
    CHECK(tokenizer.row("") == ids{s, e, 0, 0});
    CHECK(tokenizer.row("ab ab") == ids{s, 512, 512, e});
    CHECK(tokenizer.row("ab ab ab ab") == ids{s, 512, 512, e});
    CHECK_THROWS_AS((io::clip_tokenizer{small, {.context_length = 1}}), verdant::input_error);
}

TEST_CASE("cleaning modes differ in case and punctuation", "[io]") {
    CHECK(io::clean_caption(" A_b,\t&lt;C&gt; ") == "a_b, <c>");
    CHECK(io::clean_caption(" A_b,\t&lt;C&gt; ", io::caption_cleaning::whitespace) == "A_b, <C>");
    CHECK(io::clean_caption(" A_b,\t&lt;C&gt; ", io::caption_cleaning::canonicalize) == "a b c");
    const io::clip_tokenizer cased{{{"A", "b</w>"}}, {.cleaning = io::caption_cleaning::whitespace}};
    CHECK(cased.encode("Ab") == ids{512});
}

TEST_CASE("any bytes are tokens, and come back where they are text", "[io]") {
    const io::clip_tokenizer tokenizer{small};
    verdant::random_stream random{3};
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (auto n = random.below(40); n != 0; --n) text += static_cast<char>(random.below(256));
        for (const auto token : tokenizer.encode(text)) REQUIRE((token >= 0 && static_cast<std::size_t>(token) < tokenizer.vocabulary_size()));
        const auto cleaned = io::clean_caption(text);
        std::string squeezed, decoded;
        for (const char c : cleaned)
            if (c != ' ') squeezed += c;
        for (const char c : tokenizer.decode(tokenizer.encode(text)))
            if (c != ' ') decoded += c;
        CHECK(decoded == squeezed);
    }
    CHECK_THROWS_AS(tokenizer.decode(ids{-1}), verdant::error);
    CHECK_THROWS_AS(tokenizer.decode(ids{518}), verdant::error);
}

TEST_CASE("merges files are read with and without a header, plain and gzip", "[io]") {
    const auto text = io::merges_text(small);
    CHECK(io::parse_merges(text, "m.txt") == small);
    CHECK(io::parse_merges("a b</w>\r\nc ab</w>", "m.txt").size() == 2);
    CHECK(io::parse_merges(text, "m.txt", 3).size() == 3);
    io::write_file("unit_io_merges.txt.gz", io::as_text(io::gzip(io::to_bytes(text))));
    CHECK(io::read_merges("unit_io_merges.txt.gz") == small);
    std::remove("unit_io_merges.txt.gz");
    CHECK(refuses([] { static_cast<void>(io::parse_merges("a b\nabc\n", "m.txt")); }, {"m.txt, line 2", "two symbols", "'abc'"}));
    CHECK(refuses([] { static_cast<void>(io::parse_merges("a b c\n", "m.txt")); }, {"line 1"}));
    CHECK(refuses([] { static_cast<void>(io::parse_merges("a \x80\n", "m.txt")); }, {"not UTF-8"}));
    CHECK(refuses([] { static_cast<void>(io::parse_merges("#version: 0.2\n", "m.txt")); }, {"merges", "none"}));
    CHECK(refuses([] { io::clip_tokenizer{io::bpe_merges{{"a", "bc"}}}; }, {"pair 1", "'bc'"}));
    CHECK(survives_damage(io::to_bytes(text), [](io::byte_vector content) { io::clip_tokenizer{io::parse_merges(io::as_text(content), "m.txt")}; }) >
          50);
}

TEST_CASE("a vocabulary trained from captions joins what is frequent", "[io]") {
    const std::vector<std::string> captions{"a photo of a shoe", "a photo of a shirt", "A PHOTO of a bag", "a photo of a coat"};
    const auto merges = io::train_merges(captions, 100);
    const io::clip_tokenizer tokenizer{merges, {.context_length = 16}};
    CHECK(tokenizer.encode("a photo of a").size() == 4);
    CHECK(tokenizer.encode("shoe").size() > 1); // seen once: no pair of it alone was joined
    CHECK(io::train_merges(captions, 3).size() == 3);
    CHECK(io::train_merges(captions, 3) == io::bpe_merges{merges.begin(), merges.begin() + 3});
    CHECK(io::train_merges({}, 10).empty());
    CHECK(io::train_merges(captions, 1000, 1).size() > merges.size());
    // The most frequent pair comes first, ties by text: every pair of `photo` occurs four times, `h o` is the first of them.
    CHECK(merges.front() == std::pair<std::string, std::string>{"h", "o"});
}
