#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/program.hpp>
#include <verdant/space/table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace verdant::detail {

/// A constraint on a sum of terms that depend on one parameter each: `2 * a + b * b - c <= 7`. It holds where the sum, to which everything was taken,
/// is at most 0 (or is 0, or is not).
template <class Deferred = instantiated_when_used>
class basic_linear_constraint {
public:
    enum class relation : std::uint8_t { at_most, equal, different };
    static constexpr auto undefined = std::numeric_limits<std::int64_t>::max();

    /// @return nothing where the constraint is none, or so large that its sum might overflow
    [[nodiscard]] static std::optional<basic_linear_constraint> of(const space_view& space, std::span<const instruction> code) {
        if (code.empty()) return std::nullopt;
        std::vector<sum> stack;
        for (std::size_t at = 0; at + 1 < code.size(); ++at)
            if (!push(stack, code, at)) return std::nullopt;
        if (stack.size() != 2) return std::nullopt;
        basic_linear_constraint c;
        switch (code.back().code) {
        case opcode::less_equal: c.terms_ = difference(stack[0], stack[1], 0); break;
        case opcode::less: c.terms_ = difference(stack[0], stack[1], 1); break;
        case opcode::greater_equal: c.terms_ = difference(stack[1], stack[0], 0); break;
        case opcode::greater: c.terms_ = difference(stack[1], stack[0], 1); break;
        case opcode::equal: c.relation_ = relation::equal, c.terms_ = difference(stack[0], stack[1], 0); break;
        case opcode::not_equal: c.relation_ = relation::different, c.terms_ = difference(stack[0], stack[1], 0); break;
        default: return std::nullopt;
        }
        return c.tabulate(space, code) ? std::optional{std::move(c)} : std::nullopt;
    }

    [[nodiscard]] relation how() const noexcept { return relation_; }
    /// What does not depend on a parameter.
    [[nodiscard]] std::int64_t constant() const noexcept { return terms_.constant; }
    /// Its parameters, in ascending order.
    [[nodiscard]] std::span<const std::uint32_t> parameters() const noexcept { return parameters_; }
    /// What each value of its parameter `k` adds to the sum; `undefined` where the constraint does not hold with it.
    [[nodiscard]] std::span<const std::int64_t> values(std::size_t k) const { return {values_[k].added.data(), values_[k].added.size()}; }

private:
    using numbers = deferred<std::vector<std::int64_t>, Deferred>;

    struct term {
        std::size_t begin = 0, end = 0; ///< of its instructions
        std::int64_t parameter = 0;
        std::int64_t sign = 1;
    };
    struct sum {
        std::vector<term> terms;
        std::int64_t constant = 0;
        std::size_t begin = 0, end = 0;
    };
    struct addends {
        numbers added; ///< by the index of a value
    };
    /// Sums stay below this, so that nothing overflows.
    static constexpr std::int64_t limit = std::int64_t{1} << 40U;

    [[nodiscard]] static bool push(std::vector<sum>& stack, std::span<const instruction> code, std::size_t at) {
        const auto& step = code[at];
        if (step.code == opcode::label || step.code == opcode::real) return false;
        if (step.code == opcode::constant) {
            stack.push_back({{}, step.operand, at, at + 1});
            return step.operand < limit && step.operand > -limit;
        }
        if (step.code == opcode::variable) {
            stack.push_back({{{at, at + 1, step.operand, 1}}, 0, at, at + 1});
            return true;
        }
        if (arity(step.code) == 1) return fold(stack.back(), stack.back(), at);
        auto right = std::move(stack.back());
        stack.pop_back();
        auto& left = stack.back();
        if (step.code != opcode::add && step.code != opcode::subtract) return fold(left, right, at);
        left = difference(left, right, 0, step.code == opcode::add ? 1 : -1);
        left.end = at + 1;
        return -limit < left.constant && left.constant < limit;
    }

    /// Makes one term of an operation; false where it has several parameters.
    [[nodiscard]] static bool fold(sum& left, const sum& right, std::size_t at) {
        std::int64_t parameter = -1;
        for (const auto* side : {static_cast<const sum*>(&left), &right})
            for (const auto& t : side->terms) {
                if (parameter != -1 && parameter != t.parameter) return false;
                parameter = t.parameter;
            }
        if (parameter == -1) return false; // arithmetic of constants alone, which nobody writes
        left = {{{left.begin, at + 1, parameter, 1}}, 0, left.begin, at + 1};
        return true;
    }

    [[nodiscard]] static sum difference(const sum& a, const sum& b, std::int64_t more, std::int64_t sign = -1) {
        auto all = a;
        all.constant += sign * b.constant + more;
        for (auto t : b.terms) {
            t.sign *= sign;
            all.terms.push_back(t);
        }
        all.end = b.end;
        return all;
    }

    [[nodiscard]] bool tabulate(const space_view& space, std::span<const instruction> code) {
        for (const auto& t : terms_.terms) parameters_.push_back(static_cast<std::uint32_t>(t.parameter));
        std::sort(parameters_.begin(), parameters_.end());
        parameters_.erase(std::unique(parameters_.begin(), parameters_.end()), parameters_.end());
        std::int64_t most = terms_.constant < 0 ? -terms_.constant : terms_.constant;
        for (const auto p : parameters_) {
            values_.push_back({numbers(space.domain_size(p))});
            auto& table = values_.back().added;
            std::int64_t largest = 0;
            for (std::size_t v = 0; v < table.size(); ++v) {
                for (const auto& t : terms_.terms) {
                    if (t.parameter != static_cast<std::int64_t>(p) || table[v] == undefined) continue;
                    const auto found = evaluate(code.subspan(t.begin, t.end - t.begin), [&](std::size_t) { return space.operand_of(p, v); });
                    if (found.defined && !(-limit < found.value && found.value < limit)) return false;
                    table[v] = found.defined ? table[v] + t.sign * found.value : undefined;
                }
                if (table[v] != undefined) largest = std::max(largest, table[v] < 0 ? -table[v] : table[v]);
            }
            most += largest;
            if (most >= limit * 1024) return false;
        }
        return !parameters_.empty();
    }

    relation relation_ = relation::at_most;
    sum terms_{};
    deferred<std::vector<std::uint32_t>, Deferred> parameters_;
    std::vector<addends> values_;
};
using linear_constraint = basic_linear_constraint<>;

} // namespace verdant::detail
