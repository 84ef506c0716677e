#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace verdant {

namespace detail {

/// The number of a text that holds nothing else.
[[nodiscard]] inline bool read_number(std::string_view text, double& out) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size();
}

/// A floating-point value in as few digits as lead back to it: twelve, which hides how 0.1 + 2 * 0.1 rounds, or all.
[[nodiscard]] inline std::string floating_text(const space_view& space, std::size_t p, std::size_t index) {
    char digits[32];
    const auto x = std::bit_cast<double>(space.code_of(p, index));
    const std::string rounded{digits, std::to_chars(digits, digits + sizeof digits, x, std::chars_format::general, 12).ptr};
    double back = 0;
    if (read_number(rounded, back) && space.index_of(p, std::bit_cast<std::int64_t>(back)) == index) return rounded;
    return {digits, std::to_chars(digits, digits + sizeof digits, x).ptr};
}

} // namespace detail

/// The text of a value of a parameter: a number, `true` or `false`, a string, an enumerator's name.
[[nodiscard]] inline std::string value_text(const space_view& space, std::size_t p, std::size_t index) {
    switch (space.kind(p)) {
    case value_kind::text:
    case value_kind::enumeration: return std::string{space.label(p, index)};
    case value_kind::boolean: return space.code_of(p, index) != 0 ? "true" : "false";
    case value_kind::floating: return detail::floating_text(space, p, index);
    default: return std::to_string(space.code_of(p, index));
    }
}

/// The values of a domain for messages: `1, 2, 4`; a long domain is shortened.
[[nodiscard]] inline std::string domain_text(const space_view& space, std::size_t p) {
    const auto n = space.domain_size(p);
    std::string text;
    for (std::size_t i = 0; i < n; ++i) {
        if (n > 12 && i == 5) {
            text += ", ...";
            i = n - 1;
        }
        text += (i == 0 ? "" : ", ") + value_text(space, p, i);
    }
    return text;
}

/// The index of the value with this text, or the size of the domain. Numbers match by value: `0.50` is `0.5`.
[[nodiscard]] inline std::size_t find_value(const space_view& space, std::size_t p, std::string_view text) {
    const auto n = space.domain_size(p);
    if (space.kind(p) == value_kind::floating) {
        double wanted = 0;
        return detail::read_number(text, wanted) ? space.index_of(p, std::bit_cast<std::int64_t>(wanted)) : n;
    }
    if (space.kind(p) == value_kind::integer) {
        std::int64_t wanted = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), wanted);
        return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? space.index_of(p, wanted) : n;
    }
    for (std::size_t i = 0; i < n; ++i)
        if (value_text(space, p, i) == text) return i;
    return n;
}

namespace detail {

inline constexpr std::string_view point_separators = " ,\t\n\r";

/// A value as `parse_point` reads it: in quotation marks where it holds a separator or a quotation mark.
[[nodiscard]] inline std::string quoted_where_needed(std::string text) {
    if (text.find_first_of(point_separators) == std::string::npos && text.find('"') == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

/// Takes words apart: `name=value`, `name="quoted value"`.
class pair_reader {
public:
    pair_reader(std::string_view text, std::string_view source) : text_{text}, source_{source} {}

    /// False at the end. Throws input_error where a word is no pair.
    bool next() {
        const auto begin = text_.find_first_not_of(point_separators, at_);
        if (begin == std::string_view::npos) return false;
        const auto stop = text_.find_first_of(point_separators, begin);
        const auto word = text_.substr(begin, stop == std::string_view::npos ? stop : stop - begin);
        const auto equals = word.find('=');
        if (equals == std::string_view::npos) throw input_error{source_, "", "name=value", '\'' + std::string{word} + '\''};
        name = word.substr(0, equals);
        at_ = begin + equals + 1;
        value.clear();
        if (at_ < text_.size() && text_[at_] == '"') {
            read_quoted(begin);
        } else {
            value = word.substr(equals + 1);
            at_ = begin + word.size();
        }
        return true;
    }

    std::string_view name{};
    std::string value{};

private:
    void read_quoted(std::size_t begin) {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            value += text_[at_];
        }
        if (at_ == text_.size()) throw input_error{source_, "", "a closing quotation mark", '\'' + std::string{text_.substr(begin)} + '\''};
        ++at_;
        if (at_ < text_.size() && point_separators.find(text_[at_]) == std::string_view::npos)
            throw input_error{source_, name, "a space or comma after the quotation mark", '\'' + std::string{text_.substr(at_, 1)} + '\''};
    }

    std::string_view text_, source_;
    std::size_t at_ = 0;
};

/// A point that is being read: knows which parameters have been given.
template <search_space S>
class point_builder {
public:
    explicit point_builder(std::string_view source) : source_{source}, given_(parameter_count<S>, '-') {}

    /// The parameter of this name. Throws input_error where there is none or it has been given.
    [[nodiscard]] std::size_t parameter(std::string_view name, std::string_view value) {
        const auto p = view_of<S>.find(name);
        if (p == parameter_count<S>) throw input_error{source_, name, "a parameter of the space", "no such parameter"};
        if (given_[p] == '+') throw input_error{source_, name, "each parameter once", "a second value '" + std::string{value} + '\''};
        given_[p] = '+';
        return p;
    }
    /// Sets it. Throws input_error where the index is none of its domain.
    /// @param found what the error shows
    void set(std::size_t p, std::size_t index, std::string_view found) {
        if (index == view_of<S>.domain_size(p)) throw input_error{source_, view_of<S>.name(p), "one of " + domain_text(view_of<S>, p), found};
        point_[p] = static_cast<typename point<S>::index_type>(index);
    }
    /// The point. Throws input_error where a parameter that exists was not given.
    [[nodiscard]] point<S> finish() const {
        for (std::size_t p = 0; p < parameter_count<S>; ++p)
            if (given_[p] != '+' && view_of<S>.active(p, point_)) throw input_error{source_, view_of<S>.name(p), "a value", "nothing"};
        return point_;
    }

private:
    std::string_view source_;
    std::string given_;
    point<S> point_{};
};

} // namespace detail

/// `layers=6 width=384 act=relu`: every parameter by its full name, in order. `parse_point` reads it back.
template <search_space S>
[[nodiscard]] std::string to_string(const point<S>& p) {
    std::string text;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (i != 0) text += ' ';
        text += std::string{view_of<S>.name(i)} + '=' + detail::quoted_where_needed(value_text(view_of<S>, i, p[i]));
    }
    return text;
}

/// Reads what `to_string` writes: `name=value` pairs in any order, separated by spaces or commas; a value that holds one of these stands in
/// quotation marks. Parameters that do not exist at the point may be left out. The point need not be feasible. Throws input_error that names
/// the parameter, its values and what was found.
/// @param source what errors call the text: a file and line, an option
template <search_space S>
[[nodiscard]] point<S> parse_point(std::string_view text, std::string_view source = "point") {
    detail::point_builder<S> p{source};
    for (detail::pair_reader pair{text, source}; pair.next();) {
        const auto i = p.parameter(pair.name, pair.value);
        p.set(i, find_value(view_of<S>, i, pair.value), '\'' + pair.value + '\'');
    }
    return p.finish();
}

} // namespace verdant
