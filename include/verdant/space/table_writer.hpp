#pragma once

#include <verdant/space/table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace verdant::detail {

/// Counts the instructions of an expression.
struct counting_sink {
    std::size_t count = 0;
    constexpr void variable(std::string_view) { ++count; }
    constexpr void constant(std::int64_t) { ++count; }
    constexpr void text(std::string_view) { ++count; }
    constexpr void apply(opcode) { ++count; }
};

template <class Expression>
[[nodiscard]] consteval std::size_t instruction_count() {
    counting_sink sink;
    Expression::emit(sink);
    return sink.count;
}

/// Fills a `space_table` in two passes over the elements of a space: `declare` (parameters and their guards), then, when all names
/// are known, `constrain`. Problems are recorded, the first one stays, and filling goes on with harmless stand-ins.
template <table_size Size>
class table_writer {
public:
    constexpr void report(problem kind, std::string_view name, std::string_view prefix = {}) {
        if (!table.found.sound()) return;
        table.found.kind = kind;
        for (const auto part : {prefix, name})
            for (const char c : part)
                if (table.found.length < table.found.characters.size()) table.found.characters[table.found.length++] = c;
    }

    template <class Domain>
    constexpr void parameter(std::string_view name) {
        check_name(name);
        auto& r = begin_parameter({}, name);
        write_domain<Domain>(r, name);
        r.guard = guard_;
    }

    /// Copies the parameters and guards of a finished table, their names behind `prefix.`; keeps its first problem.
    template <table_size Inner>
    constexpr void nested(const space_table<Inner>& inner, std::string_view prefix) {
        if (!inner.found.sound()) report(inner.found.kind, inner.found.name());
        const auto base = static_cast<std::uint32_t>(parameters_);
        const auto first_guard = guards_;
        for (std::size_t g = 0; g < Inner.guards; ++g) {
            begin_program();
            emit_guard();
            copy_program(inner, inner.guards[g], base);
            if (guard_ != unconditional) push({opcode::logical_and, 0});
            end_program(table.guards[guards_++]);
        }
        for (std::size_t p = 0; p < Inner.parameters; ++p) {
            const auto& from = inner.parameters[p];
            auto& r = begin_parameter(prefix, std::string_view{inner.characters.data() + from.name.begin, from.name.size});
            const auto name = r.name;
            const auto hash = r.name_hash;
            r = from;
            r.name = name;
            r.name_hash = hash;
            r.guard = from.guard == unconditional ? guard_ : static_cast<std::uint32_t>(first_guard + from.guard);
            if (!from.listed) continue;
            r.values = static_cast<std::uint32_t>(values_);
            for (std::size_t i = 0; i < from.size; ++i) {
                const auto& v = inner.values[from.values + i];
                table.values[values_++] = {v.code, append(std::string_view{inner.characters.data() + v.label.begin, v.label.size})};
            }
        }
    }

    /// Replaces the domain of a parameter by a subset of its values.
    template <class Domain>
    constexpr void narrow(std::string_view name) {
        const auto p = find_declared(name);
        if (p == parameters_) return report(problem::unknown_name, name);
        const auto before = table.parameters[p];
        auto& r = table.parameters[p];
        write_domain<Domain>(r, name);
        for (std::size_t i = 0; i < r.size; ++i)
            if (!contains(before, code_at(r, i))) report(problem::foreign_value, name);
        if (before.kind != r.kind) report(problem::foreign_value, name);
    }

    /// Enters `when`: what is declared until `leave` exists only where the condition, and that of every `when` around it, holds.
    template <class Condition>
    constexpr std::uint32_t enter_declaring() {
        begin_program();
        emit_guard();
        Condition::emit(*this);
        if (guard_ != unconditional) push({opcode::logical_and, 0});
        check_types(table.guards[guards_]);
        return enter(static_cast<std::uint32_t>(guards_++));
    }
    constexpr std::uint32_t enter(std::uint32_t guard) {
        const auto outer = guard_;
        guard_ = guard;
        return outer;
    }
    constexpr void leave(std::uint32_t outer) { guard_ = outer; }

    /// Between the passes: sorts the names and reports those that stand twice.
    constexpr void names_complete() {
        for (std::uint32_t p = 0; p < parameters_; ++p) table.by_name[p] = p;
        std::sort(table.by_name.begin(), table.by_name.begin() + static_cast<std::ptrdiff_t>(parameters_), name_order{table});
        for (std::size_t i = 1; i < parameters_; ++i)
            if (table.parameters[table.by_name[i - 1]].name_hash == table.parameters[table.by_name[i]].name_hash)
                report(problem::duplicate_name, name_of(table.parameters[table.by_name[i]]));
        if (parameters_ == 0) report(problem::no_parameters, "");
        if (!late_name_.empty())
            report(find_complete(late_name_) == parameters_ ? problem::unknown_name : problem::declared_later, late_name_);
        complete_ = true;
        guards_ = 0;
        constrained_ = 0;
    }

    template <class Expression>
    constexpr void constraint() {
        begin_program();
        emit_guard();
        if (guard_ != unconditional) push({opcode::logical_not, 0});
        Expression::emit(*this);
        if (guard_ != unconditional) push({opcode::logical_or, 0});
        check_types(table.constraints[constraints_]);
        ++constraints_;
    }

    /// Copies the constraints of a nested table; `base` is where its parameters begin here.
    template <table_size Inner>
    constexpr void nested_constraints(const space_table<Inner>& inner) {
        for (std::size_t c = 0; c < Inner.constraints; ++c) {
            begin_program();
            emit_guard();
            if (guard_ != unconditional) push({opcode::logical_not, 0});
            copy_program(inner, inner.constraints[c], static_cast<std::uint32_t>(constrained_));
            if (guard_ != unconditional) push({opcode::logical_or, 0});
            end_program(table.constraints[constraints_++]);
        }
        guards_ += Inner.guards;
        constrained_ += Inner.parameters;
    }
    /// The second pass keeps count of parameters and guards, so that nested tables know where theirs begin.
    constexpr void skip_parameter() { ++constrained_; }
    [[nodiscard]] constexpr std::uint32_t next_guard() { return static_cast<std::uint32_t>(guards_++); }

    // The sink that expressions write to.
    constexpr void variable(std::string_view name) {
        const auto p = complete_ ? find_complete(name) : find_declared(name);
        if (p == parameters_) {
            if (complete_) report(problem::unknown_name, name);
            else if (late_name_.empty()) late_name_ = name;
        }
        push({opcode::variable, static_cast<std::int64_t>(p == parameters_ ? 0 : p)});
    }
    constexpr void constant(std::int64_t value) { push({opcode::constant, value}); }
    constexpr void text(std::string_view value) { push({opcode::text, encode_value(value)}); }
    constexpr void apply(opcode code) { push({code, 0}); }

    space_table<Size> table{};

private:
    struct name_order {
        const space_table<Size>& table;
        constexpr bool operator()(std::uint32_t a, std::uint32_t b) const {
            return table.parameters[a].name_hash < table.parameters[b].name_hash;
        }
    };
    constexpr void check_name(std::string_view name) {
        bool good = !name.empty();
        for (const char c : name)
            good = good && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-');
        if (!good) report(problem::bad_name, name);
    }

    constexpr slice append(std::string_view text) {
        const slice s{static_cast<std::uint32_t>(characters_), static_cast<std::uint32_t>(text.size())};
        for (const char c : text) table.characters[characters_++] = c;
        return s;
    }

    constexpr parameter_record& begin_parameter(std::string_view prefix, std::string_view name) {
        auto& r = table.parameters[parameters_++];
        auto written = append(prefix);
        if (!prefix.empty()) append(".");
        append(name);
        written.size = static_cast<std::uint32_t>(characters_) - written.begin;
        r.name = written;
        r.name_hash = hash_of(name_of(r));
        return r;
    }

    template <class Domain>
    constexpr void write_domain(parameter_record& r, std::string_view name) {
        r.kind = kind_of<typename Domain::value_type>;
        r.size = static_cast<std::uint32_t>(Domain::size);
        r.listed = Domain::listed;
        if (Domain::size == 0) report(problem::empty_domain, name);
        if constexpr (Domain::listed) {
            r.values = static_cast<std::uint32_t>(values_);
            if constexpr (Domain::size != 0 && !Domain::common::exists) report(problem::mixed_domain, name);
            if constexpr (kind_of<typename Domain::value_type> == value_kind::floating) {
                // A domain may mix 1 and 0.5: all of them are stored as the common type.
                for (std::size_t i = 0; i < Domain::size; ++i) table.values[values_++] = {encode_value(Domain::value(i)), {}};
            } else {
                Domain::for_each(listed_sink{*this});
            }
            for (std::size_t i = 0; i < r.size; ++i)
                for (std::size_t j = 0; j < i; ++j)
                    if (table.values[r.values + i].code == table.values[r.values + j].code) report(problem::duplicate_value, name);
        } else {
            r.first = encode_value(static_cast<typename Domain::value_type>(Domain::first));
            r.step = encode_value(static_cast<typename Domain::value_type>(Domain::step));
        }
    }
    struct listed_sink {
        table_writer& w;
        constexpr void operator()(std::int64_t code, std::string_view label) const {
            w.table.values[w.values_++] = {code, w.append(label)};
        }
    };

    [[nodiscard]] constexpr std::string_view name_of(const parameter_record& r) const {
        return {table.characters.data() + r.name.begin, r.name.size};
    }
    [[nodiscard]] constexpr std::size_t find_declared(std::string_view name) const {
        const auto hash = hash_of(name);
        for (std::size_t p = 0; p < parameters_; ++p)
            if (table.parameters[p].name_hash == hash) return p;
        return parameters_;
    }
    [[nodiscard]] constexpr std::size_t find_complete(std::string_view name) const {
        return space_view{table}.find(name);
    }

    [[nodiscard]] constexpr std::int64_t code_at(const parameter_record& r, std::size_t i) const {
        if (r.listed) return table.values[r.values + i].code;
        if (r.kind == value_kind::floating)
            return std::bit_cast<std::int64_t>(std::bit_cast<double>(r.first) + static_cast<double>(i) * std::bit_cast<double>(r.step));
        return r.first + static_cast<std::int64_t>(i) * r.step;
    }
    [[nodiscard]] constexpr bool contains(const parameter_record& r, std::int64_t code) const {
        if (!r.listed && r.kind != value_kind::floating)
            return code >= r.first && r.step > 0 && (code - r.first) % r.step == 0 && (code - r.first) / r.step < r.size;
        for (std::size_t i = 0; i < r.size; ++i)
            if (code_at(r, i) == code) return true;
        return false;
    }

    constexpr void begin_program() { program_ = code_; }
    constexpr void end_program(slice& s) {
        s = {static_cast<std::uint32_t>(program_), static_cast<std::uint32_t>(code_ - program_)};
    }
    constexpr void push(instruction i) { table.code[code_++] = i; }
    constexpr void emit_guard() {
        if (guard_ == unconditional) return;
        const auto g = table.guards[guard_];
        for (std::uint32_t i = 0; i < g.size; ++i) push(table.code[g.begin + i]);
    }
    template <table_size Inner>
    constexpr void copy_program(const space_table<Inner>& inner, slice s, std::uint32_t base) {
        for (std::uint32_t i = 0; i < s.size; ++i) {
            auto step = inner.code[s.begin + i];
            if (step.code == opcode::variable) step.operand += base;
            push(step);
        }
    }

    struct operand_type {
        bool text = false;
        bool condition = false;
        std::size_t parameter = ~std::size_t{0};
        std::int64_t constant = 0;
    };

    /// Ends the program and finds operands that do not go together.
    constexpr void check_types(slice& s) {
        end_program(s);
        std::array<operand_type, program_stack> stack{};
        std::size_t top = 0;
        if (stack_depth({table.code.data() + s.begin, s.size}) > program_stack) return report(problem::too_deep, "");
        for (std::uint32_t i = 0; i < s.size; ++i) {
            const auto step = table.code[s.begin + i];
            if (step.code == opcode::variable) {
                const auto p = static_cast<std::size_t>(step.operand);
                if (table.parameters[p].kind == value_kind::floating) report(problem::floating_in_constraint, name_of(table.parameters[p]));
                stack[top++] = {table.parameters[p].kind == value_kind::text, table.parameters[p].kind == value_kind::boolean, p, 0};
            } else if (step.code == opcode::constant) {
                stack[top++] = {false, step.operand == 0 || step.operand == 1, ~std::size_t{0}, step.operand};
            } else if (step.code == opcode::text) {
                stack[top++] = {true, false, ~std::size_t{0}, step.operand};
            } else if (arity(step.code) == 1) {
                if (stack[top - 1].text) report(problem::mixed_types, parameter_name(stack[top - 1], stack[top - 1]));
                stack[top - 1] = {false, step.code == opcode::logical_not};
            } else {
                --top;
                check_operands(step.code, stack[top - 1], stack[top]);
                stack[top - 1] = {false, step.code >= opcode::equal};
            }
        }
        if (top != 1 || stack[0].text || !stack[0].condition) report(problem::not_a_condition, parameter_name(stack[0], stack[0]));
    }
    constexpr void check_operands(opcode code, const operand_type& a, const operand_type& b) {
        const bool equality = code == opcode::equal || code == opcode::not_equal;
        if (a.text != b.text || (a.text && !equality)) return report(problem::mixed_types, parameter_name(a, b));
        if (!a.text) return;
        constexpr auto nothing = ~std::size_t{0};
        const bool left = a.parameter != nothing, right = b.parameter != nothing;
        if (left && !right && !contains(table.parameters[a.parameter], b.constant)) report(problem::unknown_label, parameter_name(a, b));
        if (right && !left && !contains(table.parameters[b.parameter], a.constant)) report(problem::unknown_label, parameter_name(a, b));
    }
    [[nodiscard]] constexpr std::string_view parameter_name(const operand_type& a, const operand_type& b) const {
        for (const auto& o : {a, b})
            if (o.parameter != ~std::size_t{0}) return name_of(table.parameters[o.parameter]);
        return {};
    }

    std::size_t parameters_ = 0, values_ = 0, characters_ = 0, code_ = 0, constraints_ = 0, guards_ = 0, constrained_ = 0, program_ = 0;
    std::uint32_t guard_ = unconditional;
    bool complete_ = false;
    std::string_view late_name_{}; ///< named by a `when` before its declaration, if it is declared at all
};

} // namespace verdant::detail
