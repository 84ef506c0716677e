#include "golden/golden.hpp"

#include <verdant/io/caption_cleaning.hpp>
#include <verdant/io/merges_file.hpp>
#include <verdant/io/tokenizer.hpp>

namespace io = verdant::io;
using ids = std::vector<io::clip_tokenizer::id>;

TEST_CASE("the tokenizer gives OpenCLIP's tokens for every text that ftfy leaves alone", "[golden][io]") {
    const auto path = golden::find("carbonnaas/tokenizer/tokens.json");
    const auto merges = golden::find("carbonnaas/tokenizer/bpe_simple_vocab_16e6.txt.gz");
    if (!path || !merges) return;
    const auto all = golden::read_json(*path);
    const auto read = io::read_merges(merges->string());
    const io::clip_tokenizer usual{read}, short_rows{read, {.context_length = 16}};
    CHECK(usual.vocabulary_size() == all["vocab_size"].get<std::size_t>());
    CHECK(usual.start() == all["sot"].get<io::clip_tokenizer::id>());
    CHECK(usual.end() == all["eot"].get<io::clip_tokenizer::id>());

    golden::summary summary{"carbonnaas/tokenizer/tokens.json", 0};
    std::size_t repaired = 0;
    for (const auto& row : all["strings"]) {
        summary.next_row();
        const auto expected = row["ids"].get<ids>();
        summary.equal("decoded", row["decoded"].get<std::string>(), usual.decode(expected));
        // With the text already repaired the rest must hold for all.
        const bool repair = row["needs_ftfy"].get<bool>();
        repaired += repair ? 1 : 0;
        const auto text = row[repair ? "cleaned" : "text"].get<std::string>();
        summary.equal("cleaned", row["cleaned"].get<std::string>(), io::clean_caption(text));
        summary.equal("ids", expected, usual.encode(text));
        if (!row["row77"].is_null()) summary.equal("row77", row["row77"].get<ids>(), usual.row(text));
        if (!row["row16"].is_null()) summary.equal("row16", row["row16"].get<ids>(), short_rows.row(text));
    }
    CHECK(summary.rows() == 237);
    CHECK(repaired < 12);
}

TEST_CASE("the cut merges file gives the same vocabulary as the whole one", "[golden][io]") {
    const auto whole = golden::find("carbonnaas/tokenizer/bpe_simple_vocab_16e6.txt.gz");
    const auto cut = golden::find("carbonnaas/tokenizer/bpe_merges_48894.txt");
    if (!whole || !cut) return;
    golden::summary summary{"carbonnaas/tokenizer/bpe_merges_48894.txt", 0};
    const auto a = io::read_merges(whole->string()), b = io::read_merges(cut->string());
    REQUIRE(a.size() == io::clip_merges);
    REQUIRE(b.size() == a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        summary.next_row();
        summary.equal("pair", a[i], b[i]);
    }
}

TEST_CASE("all cleaning modes agree with OpenCLIP", "[golden][io]") {
    const auto path = golden::find("carbonnaas/tokenizer/clean_modes.json");
    const auto tokens = golden::find("carbonnaas/tokenizer/tokens.json");
    if (!path || !tokens) return;
    std::map<std::string, bool> needs_repair;
    const auto texts = golden::read_json(*tokens), rows = golden::read_json(*path);
    for (const auto& row : texts["strings"]) needs_repair[row["text"].get<std::string>()] = row["needs_ftfy"].get<bool>();
    golden::summary summary{"carbonnaas/tokenizer/clean_modes.json", 0};
    for (const auto& row : rows) {
        summary.next_row();
        const auto text = row["text"].get<std::string>();
        REQUIRE(needs_repair.contains(text));
        // Where ftfy changes the text, start from what it left, which the mode without lower case shows.
        const auto start = needs_repair[text] ? row["whitespace"].get<std::string>() : text;
        summary.equal("lower", row["lower"].get<std::string>(), io::clean_caption(start, io::caption_cleaning::lower));
        summary.equal("whitespace", row["whitespace"].get<std::string>(), io::clean_caption(start, io::caption_cleaning::whitespace));
        summary.equal("canonicalize", row["canonicalize"].get<std::string>(), io::clean_caption(start, io::caption_cleaning::canonicalize));
    }
}
