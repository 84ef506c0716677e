#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/space/point.hpp>
#include <verdant/text/number.hpp>

#include <bit>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// The text of a number, as short as leads back to it; holds until the next call on this thread. States are saved again and again and most of their
/// numbers are the same, so each thread remembers the texts of some hundred.
template <class = instantiated_when_used>
[[nodiscard]] std::string_view remembered_text(double number) {
    struct remembered {
        std::uint64_t bits;
        std::uint32_t length; ///< 0 for none
        char text[28]; ///< of at most 24 letters
    };
    constexpr int places = 9; // as bits of their number
    static thread_local remembered all[1U << places];
    const auto bits = std::bit_cast<std::uint64_t>(number);
    auto& one = all[(bits * 0x9e3779b97f4a7c15ULL) >> (64 - places)]; // as `hash_table`
    if (one.length == 0 || one.bits != bits) {
        one.bits = bits;
        one.length = static_cast<std::uint32_t>(std::to_chars(one.text, one.text + sizeof one.text, number).ptr - one.text);
    }
    return {one.text, one.length};
}

} // namespace detail

/// The state of an optimizer as text: words with a blank between them. Numbers read back exactly; infinities and NaN are words, too.
class state_writer {
public:
    template <class T>
        requires std::is_arithmetic_v<T>
    state_writer& operator<<(T value) {
        if constexpr (std::same_as<T, bool>) return *this << (value ? 1 : 0);
        else if constexpr (std::same_as<T, double>) {
            if (!text_.empty()) text_ += ' ';
            text_ += detail::remembered_text(value);
            return *this;
        } else {
            char word[33] = " ";
            const auto* end = std::to_chars(word + 1, word + sizeof word, value).ptr;
            const auto* from = word + (text_.empty() ? 1 : 0);
            text_.append(from, static_cast<std::size_t>(end - from));
            return *this;
        }
    }
    template <search_space S>
    state_writer& operator<<(const point<S>& p) {
        for (std::size_t i = 0; i < p.size(); ++i) *this << std::uint64_t{p[i]};
        return *this;
    }
    /// The length comes first.
    template <class T>
    state_writer& operator<<(const std::vector<T>& values) {
        *this << std::uint64_t{values.size()};
        for (const auto& v : values) *this << v;
        return *this;
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// Reads what a `state_writer` wrote, in the same order. Throws input_error that gives the number of the word.
class state_reader {
public:
    /// @param text   must outlive the reader
    /// @param source what errors call the text
    explicit state_reader(std::string_view text, std::string source = "optimizer") : text_{text}, source_{std::move(source)} {}

    template <class T>
        requires std::is_arithmetic_v<T>
    state_reader& operator>>(T& value) {
        const auto w = word();
        if constexpr (std::same_as<T, bool>) {
            if (w != "0" && w != "1") fail("0 or 1", w);
            value = w == "1";
        } else {
            const auto read = std::from_chars(w.data(), w.data() + w.size(), value);
            if (w.empty() || read.ec != std::errc{} || read.ptr != w.data() + w.size()) fail("a number", w);
        }
        return *this;
    }
    template <search_space S>
    state_reader& operator>>(point<S>& p) {
        for (std::size_t i = 0; i < p.size(); ++i) {
            std::uint64_t index = 0;
            *this >> index;
            if (index >= view_of<S>.domain_size(i)) fail("an index below " + std::to_string(view_of<S>.domain_size(i)), std::to_string(index));
            p[i] = static_cast<typename point<S>::index_type>(index);
        }
        return *this;
    }
    template <class T>
    state_reader& operator>>(std::vector<T>& values) {
        std::uint64_t n = 0;
        *this >> n;
        // Every value takes a letter at least: a wrong length must not ask for all the memory there is.
        if (n > text_.size() + 1) fail("a length", std::to_string(n));
        values.clear();
        for (; n > 0; --n) {
            T value{};
            *this >> value;
            values.push_back(std::move(value));
        }
        return *this;
    }
    /// Throws input_error unless `good`: for what numbers alone do not tell.
    void require(bool good, std::string_view expected) const {
        if (!good) fail(expected, "other numbers before");
    }
    /// Whether nothing is left.
    [[nodiscard]] bool finished() const noexcept { return text_.empty(); }
    /// Throws input_error where something is left.
    void finish() {
        if (const auto w = word(); !w.empty()) fail("the end", w);
    }

private:
    [[nodiscard]] std::string_view word() {
        ++count_;
        const auto end = text_.find(' ');
        const auto w = text_.substr(0, end);
        text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
        return w;
    }
    [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
        throw input_error{source_, "word " + std::to_string(count_) + " of the stored state", expected,
                          found.empty() ? "the end" : '\'' + std::string{found} + '\''};
    }

    std::string_view text_;
    std::string source_;
    std::size_t count_ = 0;
};

} // namespace verdant
