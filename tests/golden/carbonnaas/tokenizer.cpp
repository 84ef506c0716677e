#include "golden/golden.hpp"

#include <verdant/tokenizer/caption_cleaning.hpp>
#include <verdant/tokenizer/merges_file.hpp>
#include <verdant/tokenizer/tokenizer.hpp>

namespace io = verdant::io;
using ids = std::vector<io::clip_tokenizer::id>;

namespace {

/// What follows `row` in the names of the padded rows: their lengths.
std::vector<std::size_t> row_lengths(const golden::json& row) {
    std::vector<std::size_t> lengths;
    for (const auto& [key, value] : row.items())
        if (key.size() > 3 && key.starts_with("row") && key.find_first_not_of("0123456789", 3) == std::string::npos)
            lengths.push_back(std::stoul(key.substr(3)));
    return lengths;
}

void compare_tokens(const golden::file& f, const io::bpe_merges& merges) {
    const auto all = golden::read_json(f.path);
    const io::clip_tokenizer usual{merges};
    CHECK(usual.vocabulary_size() == all["vocab_size"].get<std::size_t>());
    CHECK(usual.start() == all["sot"].get<io::clip_tokenizer::id>());
    CHECK(usual.end() == all["eot"].get<io::clip_tokenizer::id>());
    std::map<std::size_t, io::clip_tokenizer> padded;
    golden::summary summary{f.name, 0};
    for (const auto& row : all["strings"]) {
        summary.next_row();
        const auto expected = row["ids"].get<ids>();
        summary.equal("decoded", row["decoded"].get<std::string>(), usual.decode(expected));
        // With the text already repaired the rest must hold for all.
        const auto text = row[row["needs_ftfy"].get<bool>() ? "cleaned" : "text"].get<std::string>();
        summary.equal("cleaned", row["cleaned"].get<std::string>(), io::clean_caption(text));
        summary.equal("ids", expected, usual.encode(text));
        for (const auto length : row_lengths(row)) {
            const auto& wanted = row["row" + std::to_string(length)];
            if (wanted.is_null()) continue;
            const auto at = padded.try_emplace(length, merges, io::clip_tokenizer::options{.context_length = length}).first;
            summary.equal("row of " + std::to_string(length), wanted.get<ids>(), at->second.row(text));
        }
    }
    CHECK(summary.rows() > 0);
}

} // namespace

TEST_CASE("the tokenizer gives OpenCLIP's tokens for every text that ftfy leaves alone", "[golden][io]") {
    const auto merges = golden::find("carbonnaas/tokenizer/bpe_simple_vocab_16e6.txt.gz");
    if (!merges) return;
    const auto read = io::read_merges(merges->string());
    for (const auto& f : golden::find_all("carbonnaas/tokenizer/tokens*.json")) compare_tokens(f, read);
}

TEST_CASE("the cut merges file gives the same vocabulary as the whole one", "[golden][io]") {
    const auto whole = golden::find("carbonnaas/tokenizer/bpe_simple_vocab_16e6.txt.gz");
    if (!whole) return;
    const auto a = io::read_merges(whole->string());
    REQUIRE(a.size() == io::clip_merges);
    for (const auto& cut : golden::find_all("carbonnaas/tokenizer/bpe_merges_*.txt")) {
        golden::summary summary{cut.name, 0};
        const auto b = io::read_merges(cut.path.string());
        REQUIRE(b.size() == a.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            summary.next_row();
            summary.equal("pair", a[i], b[i]);
        }
    }
}

TEST_CASE("all cleaning modes agree with OpenCLIP", "[golden][io]") {
    std::map<std::string, bool> needs_repair;
    for (const auto& tokens : golden::find_all("carbonnaas/tokenizer/tokens*.json")) {
        const auto texts = golden::read_json(tokens.path);
        for (const auto& row : texts["strings"]) needs_repair[row["text"].get<std::string>()] = row["needs_ftfy"].get<bool>();
    }
    for (const auto& f : golden::find_all("carbonnaas/tokenizer/clean_modes*.json")) {
        golden::summary summary{f.name, 0};
        std::size_t unknown = 0;
        for (const auto& row : golden::read_json(f.path)) {
            summary.next_row();
            const auto text = row["text"].get<std::string>();
            const auto whitespace = row["whitespace"].get<std::string>();
            // Where ftfy changes the text, start from what it left, which the mode without lower case shows. Only tokens.json says where.
            const auto known = needs_repair.find(text);
            const bool repair = known != needs_repair.end() ? known->second : io::clean_caption(text, io::caption_cleaning::whitespace) != whitespace;
            unknown += known == needs_repair.end() ? 1 : 0;
            const auto& start = repair ? whitespace : text;
            summary.equal("lower", row["lower"].get<std::string>(), io::clean_caption(start, io::caption_cleaning::lower));
            summary.equal("whitespace", whitespace, io::clean_caption(start, io::caption_cleaning::whitespace));
            summary.equal("canonicalize", row["canonicalize"].get<std::string>(), io::clean_caption(start, io::caption_cleaning::canonicalize));
        }
        CHECK(summary.rows() > 0);
        if (unknown > 0) std::printf("golden %s: of %zu texts no file says whether ftfy changes them\n", f.name.c_str(), unknown);
    }
}
