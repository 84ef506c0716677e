#pragma once

#include <verdant/error.hpp>
#include <verdant/text/utf8.hpp>
#include <verdant/tokenizer/bpe_merges.hpp>
#include <verdant/tokenizer/byte_alphabet.hpp>
#include <verdant/tokenizer/caption_cleaning.hpp>
#include <verdant/tokenizer/caption_words.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant::io {

/// CLIP's tokenizer (Radford et al., ICML 2021; `open_clip: src/open_clip/tokenizer.py`): byte-pair encoding of cleaned, lower-case captions.
/// The vocabulary is 256 byte symbols, the same at the end of a word, one symbol for each merge, start of text, end of text. The
/// merges are the user's: CLIP's file (merges_file.hpp), or trained from captions (bpe_training.hpp). Repair of broken text (ftfy) is not done.
class clip_tokenizer {
public:
    using id = std::int32_t;

    struct options {
        std::size_t context_length = 77;                  ///< entries of a row, of CLIP's text towers
        caption_cleaning cleaning = caption_cleaning::lower;
    };

    /// Throws input_error if a merge joins symbols that do not exist before it.
    explicit clip_tokenizer(const bpe_merges& merges) : clip_tokenizer{merges, options{}} {}
    clip_tokenizer(const bpe_merges& merges, const options& chosen) : options_{chosen} {
        if (chosen.context_length < 2)
            throw input_error{"clip_tokenizer", "context_length", "at least 2, for start and end", std::to_string(chosen.context_length)};
        if (merges.size() > most_merges)
            throw input_error{"clip_tokenizer", "merges", "at most " + std::to_string(most_merges), std::to_string(merges.size())};
        for (const std::string_view ending : {std::string_view{}, end_of_word})
            for (const auto byte : detail::alphabet.in_order) add_symbol(detail::symbol_text(byte) + std::string{ending});
        for (std::size_t rank = 0; rank < merges.size(); ++rank) {
            const auto& [left, right] = merges[rank];
            const auto l = symbols_.find(left), r = symbols_.find(right);
            if (l == symbols_.end() || r == symbols_.end())
                throw input_error{"merges", "pair " + std::to_string(rank + 1), "symbols that are bytes or joined before",
                                  "'" + (l == symbols_.end() ? left : right) + "'"};
            const auto pair = key(l->second, r->second);
            // A pair that is there twice has the rank of the last, as the original's dictionary from pairs to ranks has it.
            joins_.insert_or_assign(pair, join{static_cast<std::uint32_t>(rank), add_symbol(left + right)});
        }
        start_ = add_token(std::string{start_of_text});
        end_ = add_token(std::string{end_of_text});
    }

    [[nodiscard]] std::size_t vocabulary_size() const noexcept { return texts_.size(); }
    [[nodiscard]] std::size_t context_length() const noexcept { return options_.context_length; }
    [[nodiscard]] id start() const noexcept { return start_; }
    [[nodiscard]] id end() const noexcept { return end_; }

    /// The tokens of a caption, without start and end.
    [[nodiscard]] std::vector<id> encode(std::string_view caption) const {
        std::vector<id> out;
        for (const auto& word : caption_words(clean_caption(caption, options_.cleaning))) {
            if (word == start_of_text) out.push_back(start_);
            else if (word == end_of_text) out.push_back(end_);
            else encode_word(word, out);
        }
        return out;
    }

    /// What a text tower takes: start, the tokens, end, zeros up to the context length. A longer caption is cut, its last entry is the end.
    [[nodiscard]] std::vector<id> row(std::string_view caption) const {
        std::vector<id> out{start_};
        const auto tokens = encode(caption);
        out.insert(out.end(), tokens.begin(), tokens.end());
        out.push_back(end_);
        if (out.size() > options_.context_length) {
            out.resize(options_.context_length);
            out.back() = end_;
        }
        out.resize(options_.context_length, 0);
        return out;
    }

    /// The text of tokens, a space after each word. Throws verdant::error for numbers outside the vocabulary.
    [[nodiscard]] std::string decode(std::span<const id> tokens) const {
        std::string raw;
        for (const id token : tokens) {
            if (token < 0 || static_cast<std::size_t>(token) >= texts_.size())
                throw error{"token " + std::to_string(token) + " is not in the vocabulary of " + std::to_string(texts_.size())};
            const auto& text = texts_[static_cast<std::size_t>(token)];
            for (std::size_t at = 0; at < text.size();) {
                const auto step = decode_utf8(text, at);
                if (const auto byte = detail::byte_of(step.code)) raw += static_cast<char>(*byte);
                at += step.length;
            }
        }
        std::string out;
        for (std::size_t at = 0; at < raw.size();) {
            const bool ends = raw.compare(at, end_of_word.size(), end_of_word) == 0;
            if (ends) out += ' ';
            else append_utf8(out, decode_utf8(raw, at).code);
            at += ends ? end_of_word.size() : decode_utf8(raw, at).length;
        }
        return out;
    }

private:
    using symbol = std::uint32_t;
    static constexpr std::size_t most_merges = 1u << 24;

    struct join {
        std::uint32_t rank;
        symbol joined;
    };

    [[nodiscard]] static constexpr std::uint64_t key(symbol left, symbol right) noexcept { return std::uint64_t{left} << 32 | right; }

    id add_token(std::string text) {
        texts_.push_back(std::move(text));
        return static_cast<id>(texts_.size() - 1);
    }

    // Two merges may give the same text: they are one symbol, whose token is the last one, as a dictionary from texts to numbers has it.
    symbol add_symbol(const std::string& text) {
        const auto token = add_token(text);
        const auto [place, is_new] = symbols_.try_emplace(text, static_cast<symbol>(tokens_.size()));
        if (is_new) tokens_.push_back(token);
        else tokens_[place->second] = token;
        return place->second;
    }

    void encode_word(std::string_view word, std::vector<id>& out) const {
        std::vector<symbol> parts;
        parts.reserve(word.size());
        for (std::size_t i = 0; i < word.size(); ++i)
            parts.push_back(detail::alphabet.place[static_cast<unsigned char>(word[i])] + (i + 1 == word.size() ? 256u : 0u));
        while (parts.size() > 1) {
            const join* best = nullptr;
            std::uint64_t best_pair = 0;
            for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
                const auto found = joins_.find(key(parts[i], parts[i + 1]));
                if (found != joins_.end() && (best == nullptr || found->second.rank < best->rank)) {
                    best = &found->second;
                    best_pair = found->first;
                }
            }
            if (best == nullptr) break;
            std::size_t to = 0;
            for (std::size_t from = 0; from < parts.size(); ++to) {
                const bool joins = from + 1 < parts.size() && key(parts[from], parts[from + 1]) == best_pair;
                parts[to] = joins ? best->joined : parts[from];
                from += joins ? 2 : 1;
            }
            parts.resize(to);
        }
        for (const auto part : parts) out.push_back(tokens_[part]);
    }

    options options_;
    std::vector<std::string> texts_; ///< of each token
    std::vector<id> tokens_;         ///< of each symbol
    std::unordered_map<std::string, symbol> symbols_;
    std::unordered_map<std::uint64_t, join> joins_;
    id start_ = 0, end_ = 0;
};

} // namespace verdant::io
