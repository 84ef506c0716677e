#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/tokenizer/bpe_merges.hpp>
#include <verdant/tokenizer/byte_alphabet.hpp>
#include <verdant/tokenizer/caption_cleaning.hpp>
#include <verdant/tokenizer/caption_words.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::io {

/// Learns merges from captions (Sennrich, Haddow and Birch, ACL 2016, algorithm 1, over bytes): the most frequent pair of neighbouring symbols is
/// joined again and again, ties going to the pair that comes first as text, until there are `merges` of them or no pair occurs at least `least_count`
/// times. The result depends only on the captions. Time grows with merges times distinct words.
template <class = instantiated_when_used>
[[nodiscard]] bpe_merges train_merges(std::span<const std::string> captions, std::size_t merges, std::uint64_t least_count = 2,
                                      caption_cleaning cleaning = caption_cleaning::lower) {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& caption : captions)
        for (auto& word : caption_words(clean_caption(caption, cleaning)))
            if (word != start_of_text && word != end_of_text) ++counts[std::move(word)];

    struct counted_word {
        std::vector<std::string> symbols;
        std::uint64_t count;
    };
    std::vector<counted_word> words;
    for (const auto& [word, count] : counts) {
        counted_word one{{}, count};
        for (const char c : word) one.symbols.push_back(detail::symbol_text(static_cast<std::uint8_t>(c)));
        one.symbols.back() += end_of_word;
        words.push_back(std::move(one));
    }

    bpe_merges out;
    while (out.size() < merges) {
        std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> pairs;
        for (const auto& word : words)
            for (std::size_t i = 0; i + 1 < word.symbols.size(); ++i) pairs[{word.symbols[i], word.symbols[i + 1]}] += word.count;
        const auto* best = static_cast<const decltype(pairs)::value_type*>(nullptr);
        for (const auto& pair : pairs)
            if (best == nullptr || pair.second > best->second) best = &pair;
        if (best == nullptr || best->second < least_count) break;
        const std::pair<std::string, std::string> chosen{best->first};
        for (auto& word : words) {
            std::vector<std::string> joined;
            for (std::size_t i = 0; i < word.symbols.size(); ++i) {
                const bool match = i + 1 < word.symbols.size() && word.symbols[i] == chosen.first && word.symbols[i + 1] == chosen.second;
                joined.push_back(match ? chosen.first + chosen.second : std::move(word.symbols[i]));
                if (match) ++i;
            }
            word.symbols = std::move(joined);
        }
        out.push_back(chosen);
    }
    return out;
}
VERDANT_DEFINED_ONCE(bpe_merges train_merges<>(std::span<const std::string>, std::size_t, std::uint64_t, caption_cleaning));

} // namespace verdant::io
