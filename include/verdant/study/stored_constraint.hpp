#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/program.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/kept_domain.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Constraints of kept studies, checked without the type of their space.
namespace verdant {

namespace detail {

/// What a piece of a constraint is at a point: a whole number, another one, or a word.
struct constraint_value {
    enum class sort : std::uint8_t { undefined, whole, real, word } kind = sort::undefined;
    std::int64_t whole = 0;
    double real = 0;
    std::string_view word{};

    [[nodiscard]] static constraint_value of(std::int64_t v) { return {.kind = sort::whole, .whole = v, .real = static_cast<double>(v)}; }
    [[nodiscard]] bool defined() const { return kind != sort::undefined; }
    [[nodiscard]] bool holds() const { return kind == sort::whole && whole != 0; }
};

/// Reads the text of a constraint (space/constraint_text.hpp) and evaluates it at a point. It is read anew for each point, which takes microseconds.
template <class = instantiated_when_used>
class basic_constraint_reader {
public:
    using value = constraint_value;

    basic_constraint_reader(const std::vector<stored_parameter>& parameters, std::string_view text) : parameters_{parameters}, text_{text} {
        for (const auto& p : parameters_) {
            if (p.kind != "text") continue;
            const kept_domain domain{p};
            words_.insert(words_.end(), domain.values().begin(), domain.values().end());
        }
    }

    /// Whether the constraint holds. Nothing where its text is not understood.
    [[nodiscard]] std::optional<bool> operator()(const std::vector<std::string>& point) {
        point_ = &point;
        at_ = 0;
        understood_ = true;
        const auto found = level(1);
        if (!understood_ || at_ != text_.size()) return std::nullopt;
        return found.holds();
    }

private:
    struct sign {
        std::string_view symbol;
        opcode code;
        int precedence;
    };
    /// Longer ones before those that they begin with.
    static constexpr std::array<sign, 14> signs{{{" when ", opcode::implies, 1},
                                                 {" || ", opcode::logical_or, 2},
                                                 {" && ", opcode::logical_and, 3},
                                                 {" == ", opcode::equal, 4},
                                                 {" != ", opcode::not_equal, 4},
                                                 {" <= ", opcode::less_equal, 5},
                                                 {" >= ", opcode::greater_equal, 5},
                                                 {" < ", opcode::less, 5},
                                                 {" > ", opcode::greater, 5},
                                                 {" + ", opcode::add, 6},
                                                 {" - ", opcode::subtract, 6},
                                                 {" * ", opcode::multiply, 7},
                                                 {" / ", opcode::divide, 7},
                                                 {" % ", opcode::remainder, 7}}};

    value level(int precedence) {
        if (++depth_ > 200) understood_ = false;
        auto left = operand();
        while (understood_) {
            const sign* next = nullptr;
            for (const auto& s : signs)
                if (text_.substr(at_).starts_with(s.symbol)) {
                    next = &s;
                    break;
                }
            if (next == nullptr || next->precedence < precedence) break;
            at_ += next->symbol.size();
            const auto right = level(next->precedence + 1);
            left = next->code == opcode::implies ? combined(next->code, right, left) : combined(next->code, left, right);
        }
        --depth_;
        return left;
    }

    value operand() {
        const auto rest = text_.substr(at_);
        if (take("(")) {
            const auto inner = level(1);
            if (!take(")")) understood_ = false;
            return inner;
        }
        for (const auto code : {opcode::minimum, opcode::maximum})
            if (take(code == opcode::minimum ? "min(" : "max(")) {
                const auto a = level(2);
                if (!take(", ")) understood_ = false;
                const auto b = level(2);
                if (!take(")")) understood_ = false;
                return combined(code, a, b);
            }
        // A name or word is the longest one that the text goes on with.
        std::size_t best = 0;
        value found;
        for (std::size_t p = 0; p < parameters_.size(); ++p)
            if (longer(rest, parameters_[p].name, best)) found = of_parameter(p);
        for (const auto& w : words_)
            if (longer(rest, w, best)) found = {.kind = value::sort::word, .word = w};
        for (const std::string_view truth : {"true", "false"})
            if (longer(rest, truth, best)) found = value::of(truth == "true" ? 1 : 0);
        std::int64_t whole = 0;
        const auto as_whole = std::from_chars(rest.data(), rest.data() + rest.size(), whole);
        double real = 0;
        const auto as_real = std::from_chars(rest.data(), rest.data() + rest.size(), real);
        if (as_real.ec == std::errc{} && static_cast<std::size_t>(as_real.ptr - rest.data()) > best) {
            best = static_cast<std::size_t>(as_real.ptr - rest.data());
            found = as_whole.ec == std::errc{} && as_whole.ptr == as_real.ptr ? value::of(whole) : value{.kind = value::sort::real, .real = real};
        }
        if (best != 0) {
            at_ += best;
            return found;
        }
        if (take("-")) return combined(opcode::subtract, value::of(0), level(8));
        if (take("!")) {
            const auto v = level(8);
            return v.kind == value::sort::whole ? value::of(v.whole == 0 ? 1 : 0) : value{};
        }
        understood_ = false;
        return {};
    }

    bool take(std::string_view symbol) {
        if (!text_.substr(at_).starts_with(symbol)) return false;
        at_ += symbol.size();
        return true;
    }
    /// Whether the text goes on with a longer name than before, and with no further letter of one.
    static bool longer(std::string_view rest, std::string_view name, std::size_t& best) {
        if (name.size() <= best || !rest.starts_with(name)) return false;
        const auto next = rest.size() > name.size() ? rest[name.size()] : ' ';
        if (next != ' ' && next != ')' && next != ',') return false;
        best = name.size();
        return true;
    }

    value of_parameter(std::size_t p) const {
        const auto& text = (*point_)[p];
        const auto& kind = parameters_[p].kind;
        if (kind == "text") return {.kind = value::sort::word, .word = text};
        if (kind == "boolean") return value::of(text == "true" ? 1 : 0);
        if (kind == "real") {
            const auto number = number_of(text);
            return number ? value{.kind = value::sort::real, .real = *number} : value{};
        }
        std::int64_t whole = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), whole);
        return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? value::of(whole) : value{};
    }

    value combined(opcode code, const value& a, const value& b) {
        if (code == opcode::implies && !a.holds()) return value::of(1);
        if (code == opcode::implies) return value::of(b.holds() ? 1 : 0);
        if (a.kind == value::sort::whole && ((code == opcode::logical_and && a.whole == 0) || (code == opcode::logical_or && a.whole != 0)))
            return value::of(a.whole != 0 ? 1 : 0);
        if (!a.defined() || !b.defined()) return {};
        // A parameter of words may have one that reads like a truth value.
        if (a.kind == value::sort::whole && (b.word == "true" || b.word == "false")) return combined(code, a, value::of(b.word == "true" ? 1 : 0));
        if (a.kind == value::sort::whole && b.kind == value::sort::whole) {
            std::int64_t out = 0;
            return apply(code, a.whole, b.whole, out) ? value::of(out) : value{};
        }
        const bool words = a.kind == value::sort::word && b.kind == value::sort::word;
        if (!words && (a.kind == value::sort::word || b.kind == value::sort::word)) {
            understood_ = false;
            return {};
        }
        switch (code) {
        case opcode::equal: return value::of((words ? a.word == b.word : a.real == b.real) ? 1 : 0);
        case opcode::not_equal: return value::of((words ? a.word != b.word : a.real != b.real) ? 1 : 0);
        default: break;
        }
        if (words) understood_ = false; // their order is that of the domain or of an enumeration, which the text does not say
        switch (code) {
        case opcode::less: return value::of(a.real < b.real ? 1 : 0);
        case opcode::less_equal: return value::of(a.real <= b.real ? 1 : 0);
        case opcode::greater: return value::of(a.real > b.real ? 1 : 0);
        case opcode::greater_equal: return value::of(a.real >= b.real ? 1 : 0);
        default: understood_ = false; return {};
        }
    }

    const std::vector<stored_parameter>& parameters_;
    std::string_view text_;
    std::vector<std::string> words_;
    const std::vector<std::string>* point_ = nullptr;
    std::size_t at_ = 0;
    int depth_ = 0;
    bool understood_ = true;
};
using constraint_reader = basic_constraint_reader<>;

/// Whether points that come from elsewhere are points of a kept space: within its constraints, and with values where its parameters exist, as far as
/// the texts of these say.
template <class Deferred = instantiated_when_used>
class basic_point_rules {
public:
    /// What is wrong with a point.
    struct misfit {
        std::string parameter{}; ///< empty where it is the whole point
        std::string expected{}, found{};
    };

    /// @param of is referred to
    explicit basic_point_rules(const study_description& of) : description_{of} {
        for (const auto& p : of.parameters) {
            const kept_domain domain{p};
            first_.push_back(domain.values().empty() ? std::string{} : domain.values().front());
            conditions_.emplace_back(of.parameters, p.condition);
        }
        for (const auto& c : of.constraints) constraints_.emplace_back(of.parameters, c);
    }

    /// @param point the text of each value; empty where a parameter does not exist, which in older studies has its first value there
    [[nodiscard]] std::optional<misfit> operator()(const std::vector<std::string>& point) {
        const auto& parameters = description_.parameters;
        auto whole = point;
        for (std::size_t p = 0; p < whole.size(); ++p)
            if (whole[p].empty() && !parameters[p].condition.empty()) whole[p] = first_[p];
        for (std::size_t p = 0; p < whole.size(); ++p) {
            if (parameters[p].condition.empty()) continue;
            const auto exists = conditions_[p](whole);
            if (exists == true && point[p].empty()) return misfit{parameters[p].name, "a value, since it exists there", "none"};
            if (exists == false && !point[p].empty() && point[p] != first_[p])
                return misfit{parameters[p].name, "no value, since it does not exist there", '\'' + point[p] + '\''};
        }
        for (std::size_t c = 0; c < constraints_.size(); ++c)
            if (constraints_[c](whole) == false)
                return misfit{{}, "a point within the constraint " + description_.constraints[c], "one that breaks it"};
        return std::nullopt;
    }

private:
    const study_description& description_;
    std::vector<std::string> first_; ///< values of the domains
    std::vector<basic_constraint_reader<Deferred>> conditions_, constraints_;
};

} // namespace detail

/// Whether the text of a constraint or condition of a kept study holds at a point; nothing where the text alone does not say: where it orders words,
/// for example.
/// @param point the texts of all values; of parameters that do not exist there, their first value
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::optional<bool> constraint_holds(const std::vector<stored_parameter>& parameters, std::string_view constraint,
                                                   const std::vector<std::string>& point) {
    return detail::basic_constraint_reader<Deferred>{parameters, constraint}(point);
}
VERDANT_DEFINED_ONCE(std::optional<bool> constraint_holds<>(const std::vector<stored_parameter>&, std::string_view, const std::vector<std::string>&));

} // namespace verdant
