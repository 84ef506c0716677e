#pragma once

#include <verdant/meta/expression.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/space/domain.hpp>
#include <verdant/space/table.hpp>
#include <verdant/space/type_check.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// Writes the elements of a space into its table.
namespace verdant::detail {

/// Counts the instructions of an expression.
struct counting_sink {
    std::size_t count = 0;
    constexpr void variable(std::string_view) { ++count; }
    constexpr void constant(std::int64_t) { ++count; }
    constexpr void label(std::int64_t) { ++count; }
    constexpr void real(double) { ++count; }
    constexpr void large_number() { ++count; }
    constexpr void plain_operand() { ++count; }
    constexpr void apply(opcode) { ++count; }
};

template <class Expression>
[[nodiscard]] consteval std::size_t instruction_count() {
    counting_sink sink;
    emit_operand<counting_sink, Expression>(sink);
    return sink.count;
}

/// Fills a `space_table` in two passes over the elements of a space: `declare` (parameters and their guards), then, when all names
/// are known, `constrain`. Problems are recorded, the first one stays, and filling goes on with harmless stand-ins.
template <table_size Size>
class table_writer {
public:
    constexpr void report(problem kind, std::string_view name) {
        if (!table.found.sound()) return;
        table.found.kind = kind;
        for (const char c : name)
            if (table.found.length < table.found.characters.size()) table.found.characters[table.found.length++] = c;
    }

    /// Checks what `nest` and `repeat` put before names.
    constexpr void prefix(std::string_view text) {
        if (!well_spelled(text)) report(problem::bad_prefix, text);
    }

    template <class Domain>
    constexpr void parameter(std::string_view name) {
        if (!well_spelled(name)) report(problem::bad_name, name);
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
            end_copy(table.guards[guards_++]);
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
            r.values = static_cast<std::uint32_t>(values_);
            for (std::size_t i = 0; i < table_entries(from.spaced, from.size); ++i) {
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
        if (before.kind == value_kind::floating && r.kind == value_kind::integer) make_floating(r);
        if (before.kind != r.kind) return report(problem::foreign_value, name);
        const space_view view{table};
        if (both_steps(before, r)) {
            if (!contains_steps(before, r)) report(problem::foreign_value, name);
            return;
        }
        if (contains_spaced(before, r)) return;
        if (r.size > 0 && r.size <= domain_limit && view.index_in(before, view.code_in(r, r.size - 1)) == before.size)
            return report(problem::foreign_value, name);
        for (std::size_t i = 0; i < r.size && table.found.sound(); ++i) {
            const auto at = view.index_in(before, view.code_in(r, i));
            if (at == before.size) return report(problem::foreign_value, name);
            // Constraints of the space around name the value as it is there, which may have more digits than were written here.
            if (r.spaced == spacing::listed) table.values[r.values + i].code = view.code_in(before, at);
        }
    }

    /// Enters `when`: what is declared until `leave` exists only where the condition, and that of every `when` around it, holds.
    template <class Condition>
    constexpr std::uint32_t enter_declaring() {
        begin_program();
        emit_guard();
        emit_operand<table_writer, Condition>(*this);
        if (guard_ != unconditional) push({opcode::logical_and, 0});
        end_program(table.guards[guards_]);
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
        emit_operand<table_writer, Expression>(*this);
        if (guard_ != unconditional) push({opcode::implies, 0});
        end_program(table.constraints[constraints_]);
        check_types(table.constraints[constraints_++]);
    }

    /// Copies the constraints of a nested table; `base` is where its parameters begin here.
    template <table_size Inner>
    constexpr void nested_constraints(const space_table<Inner>& inner) {
        for (std::size_t c = 0; c < Inner.constraints; ++c) {
            begin_program();
            emit_guard();
            copy_program(inner, inner.constraints[c], static_cast<std::uint32_t>(constrained_));
            if (guard_ != unconditional) push({opcode::implies, 0});
            end_copy(table.constraints[constraints_++]);
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
        // A name that is not known stands for nothing that could be checked further.
        if (p == parameters_) unresolved_ = true;
        push({opcode::variable, static_cast<std::int64_t>(p == parameters_ ? 0 : p)});
    }
    constexpr void constant(std::int64_t value) { push({opcode::constant, value}); }
    constexpr void label(std::int64_t code) { push({opcode::label, code}); }
    constexpr void real(double value) {
        if (!finite(value)) report(problem::not_finite, "");
        push({opcode::real, ordered_code(std::bit_cast<std::int64_t>(value))});
    }
    constexpr void large_number() {
        report(problem::large_value, "");
        constant(0);
    }
    constexpr void plain_operand() {
        report(problem::plain_operand, "");
        constant(0);
    }
    constexpr void apply(opcode code) { push({code, 0}); }

    space_table<Size> table{};

private:
    struct name_order {
        const space_table<Size>& table;
        constexpr bool operator()(std::uint32_t a, std::uint32_t b) const {
            return table.parameters[a].name_hash < table.parameters[b].name_hash;
        }
    };
    [[nodiscard]] static constexpr bool well_spelled(std::string_view name) {
        for (const char c : name)
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) return false;
        return !name.empty();
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
        r.name_hash = fnv1a::of(name_of(r));
        return r;
    }

    template <class Domain>
    constexpr void write_domain(parameter_record& r, std::string_view name) {
        r.kind = kind_of<typename Domain::value_type>;
        r.size = static_cast<std::uint32_t>(Domain::size);
        r.spaced = spacing_of<Domain>();
        if (!Domain::representable) report(problem::large_value, name);
        if constexpr (requires { Domain::fault; }) report_fault(Domain::fault, name);
        if (Domain::size == 0) report(problem::empty_domain, name);
        if (Domain::size > domain_limit) report(problem::large_domain, name);
        if constexpr (Domain::listed) {
            r.values = static_cast<std::uint32_t>(values_);
            if constexpr (Domain::size != 0 && !Domain::common::exists) report(problem::mixed_domain, name);
            for (const auto& v : Domain::codes) table.values[values_++] = {v.code, append(v.label)};
            auto codes = Domain::codes;
            std::sort(codes.begin(), codes.end(), code_order{});
            for (std::size_t i = 1; i < codes.size(); ++i)
                if (codes[i - 1].code == codes[i].code) report(problem::duplicate_value, name);
        } else {
            r.first = encode_value(Domain::first);
            r.step = encode_value(Domain::step);
            r.values = static_cast<std::uint32_t>(values_);
            if constexpr (requires { Domain::words; })
                for (const auto word : Domain::words) table.values[values_++] = {word, {}};
            // Where a step is less than what a double of that size tells apart, at the end that is farther from zero or at the other.
            if (r.kind == value_kind::floating && r.size > 1 && r.size <= domain_limit && table.found.sound()) {
                const space_view view{table};
                if (same_value<typename Domain::value_type>(view, r, 0) || same_value<typename Domain::value_type>(view, r, r.size - 2))
                    report(requires { Domain::last; } ? problem::crowded_domain : problem::duplicate_value, name);
            }
        }
    }
    [[nodiscard]] static constexpr bool both_steps(const parameter_record& of, const parameter_record& r) {
        return of.kind == value_kind::integer && r.kind == value_kind::integer && of.spaced == spacing::steps && r.spaced == spacing::steps;
    }
    /// Whether one domain of evenly spaced whole numbers holds another, which may have millions of values.
    [[nodiscard]] static constexpr bool contains_steps(const parameter_record& of, const parameter_record& r) {
        const auto at = [](const parameter_record& d, std::size_t i) { return static_cast<std::uint64_t>(d.first) + i * static_cast<std::uint64_t>(d.step); };
        const auto step = static_cast<std::uint64_t>(of.step);
        if (of.size == 0 || r.size == 0 || of.step <= 0 || r.first < of.first || (r.size > 1 && static_cast<std::uint64_t>(r.step) % step != 0)) return false;
        return (at(r, 0) - at(of, 0)) % step == 0 && static_cast<std::int64_t>(at(r, r.size - 1)) <= static_cast<std::int64_t>(at(of, of.size - 1));
    }
    /// The same of computed floating-point values with the same kind of spacing: places in the other domain are as even as those in this one, so that
    /// two neighbours and the last one show where all are.
    [[nodiscard]] constexpr bool contains_spaced(const parameter_record& of, const parameter_record& r) const {
        if (of.spaced != r.spaced || r.spaced < spacing::even || r.size < 3 || r.size > domain_limit || of.size > domain_limit) return false;
        const space_view view{table};
        const auto first = view.index_in(of, view.code_in(r, 0)), second = view.index_in(of, view.code_in(r, 1));
        if (of.spaced == spacing::geometric_whole || first >= of.size || second >= of.size) return false;
        return view.index_in(of, view.code_in(r, r.size - 1)) == first + (second - first) * (r.size - 1);
    }
    template <class Domain>
    [[nodiscard]] static consteval spacing spacing_of() {
        if constexpr (Domain::listed) return spacing::listed;
        else if constexpr (requires { Domain::spaced; }) return Domain::spaced;
        else return spacing::steps;
    }
    template <class Value>
    [[nodiscard]] static constexpr bool same_value(const space_view& view, const parameter_record& r, std::size_t i) {
        return static_cast<Value>(view.number_in(r, i)) == static_cast<Value>(view.number_in(r, i + 1));
    }
    constexpr void report_fault(domain_fault fault, std::string_view name) {
        switch (fault) {
        case domain_fault::no_numbers: return report(problem::no_numbers, name);
        case domain_fault::not_finite: return report(problem::not_finite, name);
        case domain_fault::no_interval: return report(problem::no_interval, name);
        case domain_fault::no_logarithm: return report(problem::no_logarithm, name);
        case domain_fault::uneven: return report(problem::uneven_interval, name);
        case domain_fault::crowded: return report(problem::crowded_domain, name);
        default: return;
        }
    }
    struct code_order {
        constexpr bool operator()(const labelled_code& a, const labelled_code& b) const { return a.code < b.code; }
    };
    /// Lets whole numbers narrow a floating-point domain: `fix<S, "scale", 1>`.
    constexpr void make_floating(parameter_record& r) {
        r.kind = value_kind::floating;
        r.first = encode_value(static_cast<double>(r.first));
        r.step = encode_value(static_cast<double>(r.step));
        if (r.spaced == spacing::listed)
            for (std::size_t i = 0; i < r.size; ++i) table.values[r.values + i].code = encode_value(static_cast<double>(table.values[r.values + i].code));
    }

    [[nodiscard]] constexpr std::string_view name_of(const parameter_record& r) const {
        return {table.characters.data() + r.name.begin, r.name.size};
    }
    [[nodiscard]] constexpr std::size_t find_declared(std::string_view name) const {
        const auto hash = fnv1a::of(name);
        for (std::size_t p = 0; p < parameters_; ++p)
            if (table.parameters[p].name_hash == hash) return p;
        return parameters_;
    }
    [[nodiscard]] constexpr std::size_t find_complete(std::string_view name) const {
        return space_view{table}.find(name);
    }

    constexpr void begin_program() {
        program_ = code_;
        unresolved_ = false;
    }
    constexpr void end_program(slice& s) {
        s = {static_cast<std::uint32_t>(program_), static_cast<std::uint32_t>(code_ - program_)};
    }
    /// A copied expression has been checked, but a condition before it makes it one deeper.
    constexpr void end_copy(slice& s) {
        end_program(s);
        if (guard_ != unconditional && stack_depth({table.code.data() + s.begin, s.size}) > program_stack) report(problem::too_deep, "");
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

    constexpr void check_types(slice s) {
        if (unresolved_ || !table.found.sound()) return;
        const auto mistake = type_check{space_view{table}}({table.code.data() + s.begin, s.size});
        if (mistake.kind != problem::none) report(mistake.kind, mistake.name);
        else settle_numbers(s);
    }

    /// A number that is compared with a floating-point parameter becomes one of its kind: of the domain's values the one that is meant by it, if any.
    constexpr void settle_numbers(slice s) {
        const space_view view{table};
        auto* const code = table.code.data() + s.begin;
        for (std::uint32_t at = 2; at < s.size; ++at) {
            if (arity(code[at].code) != 2) continue;
            settle_number(view, code[at - 2], code[at - 1]);
            settle_number(view, code[at - 1], code[at - 2]);
        }
    }
    static constexpr void settle_number(const space_view& view, const instruction& parameter, instruction& number) {
        if (parameter.code != opcode::variable || (number.code != opcode::constant && number.code != opcode::real)) return;
        const auto p = static_cast<std::size_t>(parameter.operand);
        if (view.kind(p) != value_kind::floating) return;
        auto bits = number.code == opcode::real ? ordered_code(number.operand) : encode_value(static_cast<double>(number.operand));
        if (const auto i = view.index_of(p, bits); i != view.domain_size(p)) bits = view.code_of(p, i);
        number = {opcode::real, ordered_code(bits)};
    }

    std::size_t parameters_ = 0, values_ = 0, characters_ = 0, code_ = 0, constraints_ = 0, guards_ = 0, constrained_ = 0, program_ = 0;
    std::uint32_t guard_ = unconditional;
    bool complete_ = false;   ///< all names are known
    bool unresolved_ = false; ///< the expression being written names something unknown
    std::string_view late_name_{}; ///< named by a `when` before its declaration, if it is declared at all
};

} // namespace verdant::detail
