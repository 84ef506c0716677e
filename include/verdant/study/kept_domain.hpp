#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_difference.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

/// The values of a parameter of a study that is kept, without the type of its space.
namespace verdant {

namespace detail {

/// A value of a domain's text without the quotation marks and backslashes that it may have.
[[nodiscard]] inline std::string unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string{text};
    std::string value;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '\\' && i + 2 < text.size()) ++i;
        value += text[i];
    }
    return value;
}

/// The number that a whole text is.
[[nodiscard]] inline std::optional<double> number_of(std::string_view text) {
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

} // namespace detail

/// All values of a parameter, each with a number from 0. Domains of more than 4096 values are kept by their ends only: of these, values get numbers
/// as they come.
template <class = instantiated_when_used>
class basic_kept_domain {
public:
    /// What `find` gives where there is no such value.
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    explicit basic_kept_domain(const stored_parameter& p) : real_{p.kind == "real"}, numbers_{p.kind == "real" || p.kind == "integer"} {
        auto words = detail::domain_values<>(p.domain);
        listed_ = std::find(words.begin(), words.end(), "...") == words.end() || !p.domain.ends_with(" values)");
        if (listed_) {
            for (const auto& w : words) add(detail::unquoted(w));
        } else if (numbers_) {
            low_ = detail::number_of(words.front()).value_or(low_);
            high_ = detail::number_of(words.back().substr(0, words.back().find(' '))).value_or(high_);
            if (high_ < low_) std::swap(low_, high_);
        }
    }

    /// Whether every value is known.
    [[nodiscard]] bool listed() const noexcept { return listed_; }
    /// Whether values are numbers.
    [[nodiscard]] bool numbers() const noexcept { return numbers_; }
    /// The texts of the values known so far, by number.
    [[nodiscard]] const std::vector<std::string>& values() const noexcept { return values_; }

    /// The number of a value, by its text; of floating-point ones also by what rounding may have made of it. `none` where the domain has no such
    /// value.
    [[nodiscard]] std::uint32_t find(const std::string& text) {
        if (const auto found = codes_.find(text); found != codes_.end()) return found->second;
        if (numbers_ && !real_) {
            // A whole number that was written as a floating-point one, or with zeros in front, is the same number.
            std::int64_t exact = 0;
            const auto read = std::from_chars(text.data(), text.data() + text.size(), exact);
            if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) {
                const auto whole = detail::number_of(text);
                if (!whole || *whole != std::nearbyint(*whole) || !(std::abs(*whole) < 0x1p53)) return none;
                return find(std::to_string(static_cast<std::int64_t>(*whole)));
            }
            if (auto plain = std::to_string(exact); plain != text) return find(plain);
        }
        if (!listed_) {
            const auto x = detail::number_of(text);
            if (numbers_ && (!x || !(*x >= low_ && *x <= high_))) return none;
            // Two ways to write one number are one value.
            for (std::size_t i = 0; real_ && i < values_.size(); ++i)
                if (detail::number_of(values_[i]) == x) return codes_[text] = static_cast<std::uint32_t>(i);
            add(text);
            return static_cast<std::uint32_t>(values_.size() - 1);
        }
        if (!real_) return none;
        const auto wanted = detail::number_of(text);
        if (!wanted) return none;
        double largest = 0;
        for (const auto& v : values_)
            if (const auto x = detail::number_of(v)) largest = std::max({largest, *x, -*x});
        for (std::size_t i = 0; i < values_.size(); ++i)
            if (const auto x = detail::number_of(values_[i]); x && detail::same_kept_number(*wanted, *x, 1e-15 * largest))
                return codes_[text] = static_cast<std::uint32_t>(i);
        return none;
    }

    /// Brings values that came one by one into the order of their numbers, and says where each went; empty where nothing moved.
    [[nodiscard]] std::vector<std::uint32_t> sort() {
        if (listed_ || !numbers_) return {};
        std::vector<std::uint32_t> order(values_.size()), place(values_.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
        std::vector<double> numbers;
        for (const auto& v : values_) numbers.push_back(detail::number_of(v).value_or(0));
        std::sort(order.begin(), order.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return numbers[a] != numbers[b] ? numbers[a] < numbers[b] : a < b; });
        std::vector<std::string> sorted;
        for (std::size_t i = 0; i < order.size(); ++i) {
            place[order[i]] = static_cast<std::uint32_t>(i);
            sorted.push_back(std::move(values_[order[i]]));
        }
        values_ = std::move(sorted);
        for (auto& [text, code] : codes_) code = place[code];
        return place;
    }

private:
    void add(std::string text) {
        codes_.try_emplace(text, static_cast<std::uint32_t>(values_.size()));
        values_.push_back(std::move(text));
    }

    bool real_, numbers_, listed_ = true;
    double low_ = -std::numeric_limits<double>::infinity(), high_ = std::numeric_limits<double>::infinity(); ///< of numbers that are not listed
    std::vector<std::string> values_{};
    std::unordered_map<std::string, std::uint32_t> codes_{};
};

/// The domain of a kept parameter, as programs name it.
using kept_domain = basic_kept_domain<>;

} // namespace verdant
