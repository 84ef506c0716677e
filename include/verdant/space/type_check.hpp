#pragma once

#include <verdant/space/table.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Checks the types in constraints.
namespace verdant::detail {

struct found_problem {
    problem kind = problem::none;
    std::string_view name{};
};

/// Finds operands that do not go together: strings and enumerators take part in `==` and `!=` only, with what is a value of the parameter
/// beside them; floating-point parameters in comparisons only, with a number or another floating-point parameter, which are exact; and the whole must
/// be a condition.
class type_check {
public:
    constexpr explicit type_check(const space_view& space) : space_{space} {}

    /// The first problem of one expression.
    [[nodiscard]] constexpr found_problem operator()(std::span<const instruction> code) {
        if (stack_depth(code) > program_stack) return {problem::too_deep, {}};
        operand stack[program_stack]{};
        std::size_t top = 0;
        for (const auto& step : code) {
            if (arity(step.code) == 0) {
                stack[top++] = leaf(step);
            } else if (arity(step.code) == 1) {
                if (stack[top - 1].labelled) report(problem::mixed_types, stack[top - 1]);
                if (stack[top - 1].floating) report_floating(stack[top - 1]);
                stack[top - 1] = {false, step.code == opcode::logical_not};
            } else {
                --top;
                combine(step.code, stack[top - 1], stack[top]);
                stack[top - 1] = {false, step.code >= opcode::equal};
            }
        }
        if (!stack[0].condition) report(problem::not_a_condition, stack[0]);
        return first_;
    }

private:
    static constexpr auto nothing = ~std::size_t{0};
    struct operand {
        bool labelled = false;  ///< a string or enumerator
        bool condition = false; ///< true or false
        std::size_t parameter = nothing;
        std::int64_t code = 0;
        bool floating = false; ///< a floating-point parameter or number
        bool number = false;   ///< a whole number that is written
    };

    [[nodiscard]] constexpr operand leaf(const instruction& step) {
        if (step.code == opcode::real) return {false, false, nothing, 0, true, false};
        if (step.code != opcode::variable)
            return {step.code == opcode::label, step.operand == 0 || step.operand == 1, nothing, step.operand, false, step.code == opcode::constant};
        const auto p = static_cast<std::size_t>(step.operand);
        const auto kind = space_.kind(p);
        return {kind == value_kind::text || kind == value_kind::enumeration, kind == value_kind::boolean, p, 0, kind == value_kind::floating, false};
    }

    constexpr void combine(opcode code, const operand& a, const operand& b) {
        const bool equality = code == opcode::equal || code == opcode::not_equal;
        if (a.labelled != b.labelled || (a.labelled && !equality)) return report(problem::mixed_types, a.parameter != nothing ? a : b);
        if (a.floating || b.floating) return combine_floating(code, a.floating && (a.parameter != nothing || !b.floating) ? a : b, a, b);
        if (!a.labelled) return;
        if (a.parameter != nothing && b.parameter == nothing) expect_value(a, b.code);
        if (b.parameter != nothing && a.parameter == nothing) expect_value(b, a.code);
    }
    /// @param about the floating-point parameter, or else number, among the two
    constexpr void combine_floating(opcode code, const operand& about, const operand& a, const operand& b) {
        const bool comparison = opcode::equal <= code && code <= opcode::greater_equal;
        if (!comparison || about.parameter == nothing) return report_floating(about);
        const auto goes = [](const operand& one) { return one.floating || one.number; };
        if (!goes(a) || !goes(b)) report(problem::mixed_numbers, about);
    }
    constexpr void report_floating(const operand& about) {
        report(about.parameter == nothing ? problem::floating_number : problem::floating_in_constraint, about);
    }
    constexpr void expect_value(const operand& of, std::int64_t code) {
        if (space_.index_of(of.parameter, code) == space_.domain_size(of.parameter)) report(problem::unknown_label, of);
    }

    constexpr void report(problem kind, const operand& about) {
        if (first_.kind == problem::none) first_ = {kind, about.parameter == nothing ? std::string_view{} : space_.name(about.parameter)};
    }

    space_view space_;
    found_problem first_{};
};

} // namespace verdant::detail
