#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

/// The text of a value of a parameter: a number, `true` or `false`, a string, an enumerator's name.
[[nodiscard]] inline std::string value_text(const space_view& space, std::size_t p, std::size_t index) {
    if (space.kind(p) == value_kind::text || space.kind(p) == value_kind::enumeration) return std::string{space.label(p, index)};
    const auto code = space.code_of(p, index);
    if (space.kind(p) == value_kind::boolean) return code != 0 ? "true" : "false";
    char digits[32];
    const auto end = space.kind(p) == value_kind::floating ? std::to_chars(digits, digits + sizeof digits, std::bit_cast<double>(code)).ptr
                                                           : std::to_chars(digits, digits + sizeof digits, code).ptr;
    return {digits, end};
}

/// The values of a domain for messages: `1, 2, 4`; a long domain is shortened.
[[nodiscard]] inline std::string domain_text(const space_view& space, std::size_t p) {
    const auto n = space.domain_size(p);
    std::string text;
    for (std::size_t i = 0; i < n; ++i) {
        if (n > 12 && i == 5) {
            text += ", ...";
            i = n - 2;
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
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), wanted);
        if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return n;
        for (std::size_t i = 0; i < n; ++i)
            if (std::bit_cast<double>(space.code_of(p, i)) == wanted) return i;
        return n;
    }
    for (std::size_t i = 0; i < n; ++i)
        if (value_text(space, p, i) == text) return i;
    return n;
}

/// `layers=6 width=384 act=relu`: every parameter by its full name, in order. `parse_point` reads it back.
template <search_space S>
[[nodiscard]] std::string to_string(const point<S>& p) {
    std::string text;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (i != 0) text += ' ';
        text += std::string{view_of<S>.name(i)} + '=' + value_text(view_of<S>, i, p[i]);
    }
    return text;
}

/// A constraint as users write it, with full names: `vision.width % vision.heads == 0`.
[[nodiscard]] std::string constraint_text(const space_view& space, std::size_t constraint);

namespace detail {

/// Sets one parameter from text; the error names it, its values and what was found.
template <search_space S>
void set_from_text(point<S>& p, std::string_view source, std::string_view name, std::string_view value, std::string& missing) {
    const auto i = view_of<S>.find(name);
    if (i == p.size()) throw input_error{source, name, "a parameter of the space", "no such parameter"};
    const auto index = find_value(view_of<S>, i, value);
    if (index == view_of<S>.domain_size(i))
        throw input_error{source, name, "one of " + domain_text(view_of<S>, i), '\'' + std::string{value} + '\''};
    if (missing[i] != '0') throw input_error{source, name, "each parameter once", "a second value '" + std::string{value} + '\''};
    missing[i] = '1';
    p[i] = static_cast<typename point<S>::index_type>(index);
}

template <search_space S>
[[nodiscard]] point<S> complete_point(const point<S>& p, std::string_view source, const std::string& seen) {
    for (std::size_t i = 0; i < p.size(); ++i)
        if (seen[i] == '0' && view_of<S>.active(i, p)) throw input_error{source, view_of<S>.name(i), "a value", "nothing"};
    return p;
}

} // namespace detail

/// Reads what `to_string` writes: `name=value` pairs in any order, separated by spaces or commas. Parameters that do not exist at the point may
/// be left out. The point need not be feasible. Throws input_error that names the parameter, its values and what was found.
/// @param source what errors call the text: a file and line, an option
template <search_space S>
[[nodiscard]] point<S> parse_point(std::string_view text, std::string_view source = "point") {
    point<S> p;
    std::string seen(p.size(), '0');
    constexpr std::string_view separators = " ,\t\n\r";
    for (auto at = text.find_first_not_of(separators); at != std::string_view::npos; at = text.find_first_not_of(separators, at)) {
        const auto end = std::min(text.find_first_of(separators, at), text.size());
        const auto word = text.substr(at, end - at);
        const auto equals = word.find('=');
        if (equals == std::string_view::npos) throw input_error{source, "", "name=value", '\'' + std::string{word} + '\''};
        detail::set_from_text(p, source, word.substr(0, equals), word.substr(equals + 1), seen);
        at = end;
    }
    return detail::complete_point(p, source, seen);
}

inline std::string constraint_text(const space_view& space, std::size_t constraint) {
    struct piece {
        std::string text;
        int precedence;
        std::size_t parameter;
    };
    constexpr auto no_parameter = ~std::size_t{0};
    constexpr int atom = 9;
    const auto spelling = [](opcode code) -> std::pair<std::string_view, int> {
        switch (code) {
        case opcode::multiply: return {" * ", 6};
        case opcode::divide: return {" / ", 6};
        case opcode::remainder: return {" % ", 6};
        case opcode::add: return {" + ", 5};
        case opcode::subtract: return {" - ", 5};
        case opcode::less: return {" < ", 4};
        case opcode::less_equal: return {" <= ", 4};
        case opcode::greater: return {" > ", 4};
        case opcode::greater_equal: return {" >= ", 4};
        case opcode::equal: return {" == ", 3};
        case opcode::not_equal: return {" != ", 3};
        case opcode::logical_and: return {" && ", 2};
        case opcode::logical_or: return {" || ", 1};
        default: return {", ", 0};
        }
    };
    const auto wrapped = [](const piece& p, int precedence) { return p.precedence < precedence ? '(' + p.text + ')' : p.text; };
    // A string or enumerator is stored as a number; the parameter it is compared with knows its name.
    const auto label_of = [&](const piece& named, const piece& constant) -> std::string {
        if (named.parameter == no_parameter || constant.parameter != no_parameter) return {};
        for (std::size_t i = 0; i < space.domain_size(named.parameter); ++i)
            if (std::to_string(space.code_of(named.parameter, i)) == constant.text) return std::string{space.label(named.parameter, i)};
        return {};
    };
    std::vector<piece> stack;
    for (const auto& step : space.constraint(constraint)) {
        if (step.code == opcode::variable) {
            const auto p = static_cast<std::size_t>(step.operand);
            stack.push_back({std::string{space.name(p)}, atom, p});
        } else if (arity(step.code) == 0) {
            stack.push_back({std::to_string(step.operand), atom, no_parameter});
        } else if (arity(step.code) == 1) {
            stack.back() = {(step.code == opcode::negate ? "-" : "!") + wrapped(stack.back(), 8), 8, no_parameter};
        } else {
            auto right = stack.back();
            stack.pop_back();
            auto left = stack.back();
            if (auto label = label_of(left, right); !label.empty()) right.text = label;
            if (auto label = label_of(right, left); !label.empty()) left.text = label;
            const auto [sign, precedence] = spelling(step.code);
            if (step.code == opcode::minimum || step.code == opcode::maximum)
                stack.back() = {(step.code == opcode::minimum ? "min(" : "max(") + left.text + ", " + right.text + ')', atom, no_parameter};
            else
                stack.back() = {wrapped(left, precedence) + std::string{sign} + wrapped(right, precedence + 1), precedence, no_parameter};
        }
    }
    return stack.back().text;
}

} // namespace verdant
