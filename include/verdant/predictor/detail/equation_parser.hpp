#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/predictor/detail/equation_program.hpp>
#include <verdant/text/closest_name.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// The reader of target equations.
namespace verdant::predictor::detail {

/// The equation around a place in it, with a caret below.
[[nodiscard]] inline std::string caret_below(std::string_view text, std::size_t place) {
    constexpr std::size_t shown = 100;
    const auto first = place > shown / 2 && text.size() > shown ? place - shown / 2 : 0;
    std::string line{text.substr(first, shown)};
    for (char& c : line)
        if (c < ' ' || c > '~') c = c == '\t' || c == '\n' || c == '\r' ? ' ' : '?';
    return "\n  " + line + "\n  " + std::string(place - first, ' ') + '^';
}

/// By recursive descent, with the precedences of Python.
class equation_parser {
public:
    equation_parser(std::string_view text, std::span<const std::string_view> known) : text_{text}, known_{known} {}

    void parse() {
        if (text_.size() > longest) refuse(0, "at most " + std::to_string(longest) + " characters", std::to_string(text_.size()));
        expression();
        if (skip() < text_.size()) unexpected("an operator or the end");
    }

    std::vector<equation_step> code;
    std::vector<std::string_view> metrics; ///< in the order of their first use

private:
    static constexpr std::size_t longest = 4096;

    // The text

    std::size_t skip() {
        while (at_ < text_.size() && std::string_view{" \t\n\r"}.find(text_[at_]) != std::string_view::npos) ++at_;
        return at_;
    }
    static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
    static bool digit(char c) { return c >= '0' && c <= '9'; }
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
    [[nodiscard]] std::string_view word() const {
        std::size_t n = 0;
        while (at_ + n < text_.size() && (letter(text_[at_ + n]) || (n > 0 && digit(text_[at_ + n])))) ++n;
        return text_.substr(at_, n);
    }
    bool take(std::string_view symbol) {
        skip();
        if (!rest().starts_with(symbol)) return false;
        at_ += symbol.size();
        return true;
    }
    bool take_word(std::string_view keyword) {
        skip();
        if (word() != keyword) return false;
        at_ += keyword.size();
        return true;
    }
    void need(std::string_view symbol) {
        if (!take(symbol)) unexpected('\'' + std::string{symbol} + '\'');
    }
    [[noreturn]] void refuse(std::size_t place, const std::string& expected, const std::string& found) const {
        throw input_error{"target equation", "column " + std::to_string(place + 1), expected, found + caret_below(text_, place)};
    }
    [[noreturn]] void unexpected(const std::string& expected) {
        const auto place = skip();
        const auto name = word();
        refuse(place, expected,
               place == text_.size() ? "the end"
               : name.empty()        ? '\'' + std::string{printable(text_[place])} + '\''
                                     : '\'' + std::string{name} + '\'');
    }
    static std::string printable(char c) { return {c >= ' ' && c <= '~' ? c : '?'}; }

    // The program

    void emit(equation_op op, std::size_t count = 0, double value = 0) { code.push_back({op, static_cast<std::uint32_t>(count), value}); }
    void pushed() {
        if (++depth_ > equation_stack) refuse(at_ == 0 ? 0 : at_ - 1, "fewer than " + std::to_string(equation_stack) + " values at a time", "more");
    }
    void operate(equation_op op) {
        emit(op);
        depth_ -= operands(op) - 1;
    }
    /// Guards the stack of calls.
    struct deeper {
        explicit deeper(equation_parser& p) : parser{p} {
            if (++p.nested_ > most) p.refuse(p.skip(), "fewer than " + std::to_string(most) + " operations within each other", "more");
        }
        deeper(const deeper&) = delete;
        deeper& operator=(const deeper&) = delete;
        ~deeper() { --parser.nested_; }
        equation_parser& parser;
        static constexpr std::size_t most = 200;
    };

    // The grammar, from what binds least

    void expression() {
        const deeper guard{*this};
        const auto first = code.size();
        disjunction();
        if (!take_word("if")) return;
        // then if condition else otherwise: the condition comes first.
        const auto condition = code.size();
        disjunction();
        const auto conditions = code.size() - condition;
        std::rotate(code.begin() + static_cast<std::ptrdiff_t>(first), code.begin() + static_cast<std::ptrdiff_t>(condition), code.end());
        const auto then = code.size() - first - conditions;
        code.insert(code.begin() + static_cast<std::ptrdiff_t>(first + conditions),
                    {equation_op::jump_if_zero, static_cast<std::uint32_t>(then + 1), 0});
        if (!take_word("else")) unexpected("'else'");
        depth_ -= 2;
        const auto leave = code.size();
        emit(equation_op::jump);
        expression();
        code[leave].count = static_cast<std::uint32_t>(code.size() - leave - 1);
    }

    void disjunction() {
        conjunction();
        while (take_word("or")) lazily(equation_op::jump_unless_zero_or_drop, &equation_parser::conjunction);
    }
    void conjunction() {
        negation();
        while (take_word("and")) lazily(equation_op::jump_if_zero_or_drop, &equation_parser::negation);
    }
    void lazily(equation_op op, void (equation_parser::*operand)()) {
        const auto jump = code.size();
        emit(op);
        --depth_;
        (this->*operand)();
        code[jump].count = static_cast<std::uint32_t>(code.size() - jump - 1);
    }
    void negation() {
        if (!take_word("not")) return comparison();
        const deeper guard{*this};
        negation();
        operate(equation_op::logical_not);
    }

    /// The comparison that stands here, or `number` for none.
    equation_op take_comparison() {
        if (take("<=")) return equation_op::less_equal;
        if (take(">=")) return equation_op::greater_equal;
        if (take("==")) return equation_op::equal;
        if (take("!=")) return equation_op::not_equal;
        if (take("<")) return equation_op::less;
        if (take(">")) return equation_op::greater;
        return equation_op::number;
    }
    void comparison() {
        sum();
        auto op = take_comparison();
        if (op == equation_op::number) return;
        sum();
        // a < b < c is a < b and b < c.
        bool linked = false;
        for (auto next = take_comparison(); next != equation_op::number; op = next, next = take_comparison()) {
            emit(equation_op::link, static_cast<std::size_t>(op));
            if (linked) operate(equation_op::both_below);
            linked = true;
            sum();
        }
        operate(op);
        if (!linked) return;
        // r s: as r s 1 -> (r and s) 1, less the 1.
        emit(equation_op::number, 0, 1);
        pushed();
        operate(equation_op::both_below);
        operate(equation_op::multiply);
    }

    void sum() {
        product();
        for (;;)
            if (take("+")) binary(equation_op::add);
            else if (take("-")) binary(equation_op::subtract);
            else return;
    }
    void binary(equation_op op) {
        product();
        operate(op);
    }
    void product() {
        factor();
        for (;;) {
            skip();
            if (rest().starts_with("**")) return;
            const auto op = take("//")  ? equation_op::floor_divide
                            : take("*") ? equation_op::multiply
                            : take("/") ? equation_op::divide
                            : take("%") ? equation_op::modulo
                                        : equation_op::number;
            if (op == equation_op::number) return;
            factor();
            operate(op);
        }
    }
    void factor() {
        const deeper guard{*this};
        if (take("+")) return factor();
        if (take("-")) {
            factor();
            return operate(equation_op::negate);
        }
        primary();
        if (take("**")) {
            factor();
            operate(equation_op::power);
        }
    }

    void primary() {
        const auto place = skip();
        const char c = place < text_.size() ? text_[place] : '\0';
        if (digit(c) || c == '.') return number();
        if (take("(")) {
            expression();
            return need(")");
        }
        if (take("[")) return picked(list("]"));
        const auto name = word();
        if (name.empty() || name == "if" || name == "else" || name == "and" || name == "or" || name == "not")
            unexpected("a number, a metric, a function or '('");
        at_ += name.size();
        if (name == "np" || name == "numpy") return of_numpy();
        if (name == "True" || name == "False") return constant(name == "True" ? 1 : 0);
        skip();
        if (rest().starts_with("(")) return call(place, name, python_functions, "");
        metric(place, name);
    }
    void number() {
        double value = 0;
        const auto* const first = text_.data() + at_;
        const auto [end, problem] = std::from_chars(first, text_.data() + text_.size(), value);
        if (problem == std::errc::invalid_argument) unexpected("a number, a metric, a function or '('");
        if (problem != std::errc{}) refuse(at_, "a number that a double holds", "'" + std::string{first, end} + '\'');
        const auto place = at_;
        at_ += static_cast<std::size_t>(end - first);
        if (at_ < text_.size() && (letter(text_[at_]) || digit(text_[at_]) || text_[at_] == '.'))
            refuse(place, "a number", '\'' + std::string{first, end} + printable(text_[at_]) + '\'');
        constant(value);
    }
    void constant(double value) {
        emit(equation_op::number, 0, value);
        pushed();
    }
    void metric(std::size_t place, std::string_view name) {
        if (std::find(known_.begin(), known_.end(), name) == known_.end())
            refuse(place, "a metric: " + io::name_list(known_) + io::did_you_mean(name, known_), '\'' + std::string{name} + '\'');
        const auto found = std::find(metrics.begin(), metrics.end(), name);
        emit(equation_op::metric, static_cast<std::size_t>(found - metrics.begin()));
        if (found == metrics.end()) metrics.push_back(name);
        pushed();
    }
    void of_numpy() {
        need(".");
        const auto place = skip();
        const auto name = word();
        if (name.empty()) unexpected("a function of NumPy");
        at_ += name.size();
        if (const auto value = numpy_constant(name)) return constant(*value);
        call(place, name, numpy_functions, "np.");
    }
    template <class Functions>
    void call(std::size_t place, std::string_view name, const Functions& functions, std::string_view prefix) {
        const auto f = std::find_if(functions.begin(), functions.end(), [&](const equation_function& g) { return g.name == name; });
        if (f == functions.end()) {
            std::vector<std::string_view> names;
            for (const auto& g : functions) names.push_back(g.name);
            refuse(place, "a function: " + io::name_list(names) + io::did_you_mean(name, names),
                   '\'' + std::string{prefix} + std::string{name} + '\'');
        }
        need("(");
        // A sum of a list: np.sum([a, b]).
        const bool of_list = f->most == any_number && take("[");
        auto given = list(of_list ? "]" : ")");
        if (of_list) need(")");
        if (given < f->least || given > f->most)
            refuse(place,
                   std::string{prefix} + std::string{name} + " of " + std::to_string(f->least) +
                       (f->least == f->most ? "" : " to " + std::to_string(f->most)) + (f->most == 1 ? " value" : " values"),
                   std::to_string(given));
        // What comes second is an axis in NumPy, and a sum of Python takes what it adds up as a list.
        const bool python = prefix.empty();
        if (f->most == any_number && !of_list && (python ? given < 2 || f->op == equation_op::sum : given > 1))
            refuse(place,
                   std::string{prefix} + std::string{name} +
                       (python ? f->op == equation_op::sum ? " of a list" : " of two or more values or a list" : " of one value or a list") +
                       " like [a, b]",
                   std::to_string(given) + (given == 1 ? " value" : " values"));
        if (f->op == equation_op::round_to && given == 1) {
            constant(0);
            ++given;
        }
        if (f->most == any_number) {
            emit(f->op, given);
            depth_ -= given - 1;
        } else if (given == 1 && f->op == equation_op::add) {
            return; // float(x)
        } else {
            operate(f->op);
        }
    }
    /// Values up to a closing bracket, which is taken. @return how many
    std::size_t list(std::string_view close) {
        std::size_t given = 0;
        while (!take(close)) {
            if (given > 0) {
                if (!take(",")) unexpected("',' or '" + std::string{close} + '\'');
                if (take(close)) break;
            }
            expression();
            ++given;
        }
        return given;
    }
    void picked(std::size_t values) {
        if (values == 0) refuse(at_ - 1, "a list of some values", "none");
        need("[");
        expression();
        need("]");
        emit(equation_op::pick, values);
        depth_ -= values;
    }

    std::string_view text_;
    std::span<const std::string_view> known_;
    std::size_t at_ = 0, depth_ = 0, nested_ = 0;
};

/// The program of an equation. @param metrics becomes those that it names, in the order of their first use
template <class = instantiated_when_used>
[[nodiscard]] std::vector<equation_step> equation_code(std::string_view text, std::span<const std::string_view> known,
                                                       std::vector<std::string>& metrics) {
    equation_parser parser{text, known};
    parser.parse();
    metrics.assign(parser.metrics.begin(), parser.metrics.end());
    return std::move(parser.code);
}
VERDANT_DEFINED_ONCE(std::vector<equation_step> equation_code<>(std::string_view, std::span<const std::string_view>, std::vector<std::string>&));

} // namespace verdant::predictor::detail
