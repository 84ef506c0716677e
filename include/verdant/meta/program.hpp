#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Expressions as postfix programs, which are evaluated without templates.
namespace verdant {

/// One step of an expression in postfix form. Expressions are types; a space keeps them as flat programs, so that checking,
/// sampling, repairing and printing are ordinary functions over tables and not templates instantiated for each expression.
enum class opcode : std::uint8_t {
    variable, constant, real, label, ///< push: operand is a parameter's index, a number, the `ordered_code` of a double, what stands for a string or enumerator
    negate, logical_not,       ///< one operand
    add, subtract, multiply, divide, remainder, minimum, maximum,
    equal, not_equal, less, less_equal, greater, greater_equal, logical_and, logical_or,
    implies ///< a constraint inside `when`: condition, then constraint; holds where the condition does not hold or is undefined
};

/// One step of an expression in postfix order: an operation, or a value or variable that it pushes.
struct instruction {
    opcode code{};
    std::int64_t operand = 0;
    friend constexpr bool operator==(const instruction&, const instruction&) = default;
};

/// How many operands an instruction takes from the stack.
[[nodiscard]] constexpr int arity(opcode code) noexcept {
    return code <= opcode::label ? 0 : code <= opcode::logical_not ? 1 : 2;
}

/// The result of an expression: 64-bit integer arithmetic is exact or undefined (overflow, division by zero). A constraint whose
/// value is undefined does not hold.
struct evaluation {
    std::int64_t value = 0;
    bool defined = true;
    [[nodiscard]] constexpr bool holds() const noexcept { return defined && value != 0; }
};

namespace detail {

inline constexpr std::size_t program_stack = 64;

/// An evaluation without initialisers, since filling a whole stack of them would take longer than a constraint does.
struct stack_entry {
    std::int64_t value;
    bool defined;
};

[[nodiscard]] constexpr bool apply(opcode code, std::int64_t a, std::int64_t b, std::int64_t& out) noexcept {
    constexpr auto lowest = INT64_MIN;
    switch (code) {
    case opcode::add: return !__builtin_add_overflow(a, b, &out);
    case opcode::subtract: return !__builtin_sub_overflow(a, b, &out);
    case opcode::multiply: return !__builtin_mul_overflow(a, b, &out);
    case opcode::divide:
        if (b == 0 || (a == lowest && b == -1)) return false;
        out = a / b;
        return true;
    case opcode::remainder:
        if (b == 0 || (a == lowest && b == -1)) return false;
        out = a % b;
        return true;
    case opcode::minimum: out = a < b ? a : b; return true;
    case opcode::maximum: out = a < b ? b : a; return true;
    case opcode::equal: out = a == b; return true;
    case opcode::not_equal: out = a != b; return true;
    case opcode::less: out = a < b; return true;
    case opcode::less_equal: out = a <= b; return true;
    case opcode::greater: out = a > b; return true;
    case opcode::greater_equal: out = a >= b; return true;
    case opcode::logical_and: out = (a != 0) && (b != 0); return true;
    case opcode::logical_or: out = (a != 0) || (b != 0); return true;
    case opcode::implies: out = (a == 0) || (b != 0); return true;
    default: return false;
    }
}

/// Whether the right side of a lazy operator does not matter.
[[nodiscard]] constexpr bool decided_by_left(opcode code, const stack_entry& left) noexcept {
    switch (code) {
    case opcode::logical_and: return left.defined && left.value == 0;
    case opcode::logical_or: return left.defined && left.value != 0;
    case opcode::implies: return !left.defined || left.value == 0;
    default: return false;
    }
}

} // namespace detail

/// Evaluates a postfix program. `&&` and `||` are lazy in what is undefined: a false left side of `&&`, a true one of `||`,
/// decides whatever the right side is.
/// @param code    the instructions
/// @param value_of gives the number of a parameter by its index
template <class ValueOf>
[[nodiscard]] constexpr evaluation evaluate(std::span<const instruction> code, const ValueOf& value_of) {
    detail::stack_entry stack[detail::program_stack];
    // Above the stack: what the next operand is pushed to. Plain pointers, since the compilers count the steps of a constant evaluation
    // and iterators take several each.
    auto* top = stack;
    for (const instruction *at = code.data(), *const end = at + code.size(); at != end; ++at) {
        const auto& step = *at;
        if (step.code <= opcode::label) {
            *top++ = {step.code == opcode::variable ? value_of(static_cast<std::size_t>(step.operand)) : step.operand, true};
        } else if (step.code == opcode::logical_not) {
            top[-1].value = top[-1].value == 0;
        } else if (step.code == opcode::negate) {
            std::int64_t out = 0;
            top[-1].defined = !__builtin_sub_overflow(std::int64_t{0}, top[-1].value, &out) && top[-1].defined;
            top[-1].value = out;
        } else {
            --top;
            auto& left = top[-1];
            if (detail::decided_by_left(step.code, left)) {
                left = {left.value != 0 || step.code == opcode::implies, true};
            } else {
                const bool defined = (left.defined || step.code == opcode::implies) && top->defined;
                std::int64_t out = 0;
                left.defined = defined && detail::apply(step.code, left.value, top->value, out);
                left.value = out;
            }
        }
    }
    return {top[-1].value, top[-1].defined};
}

/// The deepest stack that a program needs. A space reports expressions that need more than `evaluate` has.
[[nodiscard]] constexpr std::size_t stack_depth(std::span<const instruction> code) noexcept {
    std::size_t depth = 0, deepest = 0;
    for (const auto& step : code) {
        depth += 1;
        depth -= static_cast<std::size_t>(arity(step.code));
        if (depth > deepest) deepest = depth;
    }
    return deepest;
}

} // namespace verdant
