#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/program.hpp>
#include <verdant/space/table.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/text/number.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Constraints as text.
namespace verdant {

namespace detail {

/// Turns a postfix program back into the text that a user would write, with as few parentheses as precedence allows.
template <class = instantiated_when_used>
class basic_expression_text {
public:
    explicit basic_expression_text(const space_view& view) : space_{view} {}

    [[nodiscard]] std::string operator()(std::span<const instruction> code) {
        stack_.clear();
        for (const auto& step : code) {
            if (step.code == opcode::variable) push_parameter(static_cast<std::size_t>(step.operand));
            else if (step.code == opcode::real) push_real(std::bit_cast<double>(detail::ordered_code(step.operand)));
            else if (arity(step.code) == 0)
                stack_.push_back({std::to_string(step.operand), step.operand < 0 ? unary : atom, nothing, step.operand, true});
            else if (arity(step.code) == 1) stack_.back() = {(step.code == opcode::negate ? "-" : "!") + wrapped(stack_.back(), unary + 1), unary};
            else combine(step.code);
        }
        return stack_.back().text;
    }

private:
    static constexpr int unary = 8, atom = 9;
    static constexpr auto nothing = ~std::size_t{0};
    struct piece {
        std::string text;
        int precedence;
        std::size_t parameter = nothing;
        std::int64_t value = 0;
        bool constant = false;
    };
    struct sign {
        std::string_view symbol;
        int precedence;
    };

    [[nodiscard]] static sign spelling(opcode code) {
        switch (code) {
        case opcode::multiply: return {" * ", 7};
        case opcode::divide: return {" / ", 7};
        case opcode::remainder: return {" % ", 7};
        case opcode::add: return {" + ", 6};
        case opcode::subtract: return {" - ", 6};
        case opcode::less: return {" < ", 5};
        case opcode::less_equal: return {" <= ", 5};
        case opcode::greater: return {" > ", 5};
        case opcode::greater_equal: return {" >= ", 5};
        case opcode::equal: return {" == ", 4};
        case opcode::not_equal: return {" != ", 4};
        case opcode::logical_and: return {" && ", 3};
        case opcode::logical_or: return {" || ", 2};
        default: return {" when ", 1};
        }
    }

    void push_parameter(std::size_t p) { stack_.push_back({std::string{space_.name(p)}, atom, p}); }

    /// A floating-point number in the fewest digits that lead back to it.
    void push_real(double x) {
        stack_.push_back({exact_text(x), x < 0 ? unary : atom});
        stack_.back().value = std::bit_cast<std::int64_t>(x);
        stack_.back().constant = true;
    }

    void combine(opcode code) {
        auto right = std::move(stack_.back());
        stack_.pop_back();
        auto left = std::move(stack_.back());
        label(left, right);
        label(right, left);
        if (code == opcode::minimum || code == opcode::maximum) {
            stack_.back() = {(code == opcode::minimum ? "min(" : "max(") + left.text + ", " + right.text + ')', atom};
            return;
        }
        if (code == opcode::implies) std::swap(left, right);
        const auto [symbol, precedence] = spelling(code);
        stack_.back() = {wrapped(left, precedence) + std::string{symbol} + wrapped(right, precedence + 1), precedence};
    }

    [[nodiscard]] static std::string wrapped(const piece& p, int precedence) { return p.precedence < precedence ? '(' + p.text + ')' : p.text; }

    /// A string or enumerator is stored as a number; the parameter it is compared with knows its name, and how many digits a floating-point value
    /// needs.
    void label(const piece& named, piece& constant) const {
        if (named.parameter == nothing || !constant.constant) return;
        const auto i = space_.index_of(named.parameter, constant.value);
        const auto kind = space_.kind(named.parameter);
        const bool labelled = kind != value_kind::integer;
        if (labelled && i < space_.domain_size(named.parameter)) constant = {value_text(space_, named.parameter, i), atom};
    }

    space_view space_;
    std::vector<piece> stack_;
};
using expression_text = basic_expression_text<>;

} // namespace detail

/// A constraint as users write it, with full names: `vision.width % vision.heads == 0`. One inside `when` reads `CONSTRAINT when CONDITION`.
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::string constraint_text(const space_view& space, std::size_t constraint) {
    return detail::basic_expression_text<Deferred>{space}(space.constraint(constraint));
}
VERDANT_DEFINED_ONCE(std::string constraint_text<>(const space_view&, std::size_t));

} // namespace verdant
