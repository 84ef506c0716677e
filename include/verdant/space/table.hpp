#pragma once

#include <verdant/meta/literal.hpp>
#include <verdant/meta/program.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// A space as flat data. The types that users write are turned into one constexpr table a space; everything that does not need
/// the type of a value (checking, sampling, repair, encodings, printing) is ordinary code over a `space_view` of that table.
namespace verdant {

/// What can be wrong with a space.
enum class problem : std::uint8_t {
    none,
    no_parameters,
    not_an_element,
    not_a_domain,
    not_a_space,
    bad_name,
    bad_prefix,
    duplicate_name,
    empty_domain,
    large_domain,
    duplicate_value,
    mixed_domain,
    unknown_name,
    declared_later,
    floating_in_constraint,
    floating_number,
    plain_operand,
    mixed_types,
    unknown_label,
    not_a_condition,
    too_deep,
    foreign_value,
};

/// The first problem of a space and the name it is about.
struct diagnosis {
    problem kind = problem::none;
    std::array<char, 64> characters{};
    std::size_t length = 0;

    [[nodiscard]] constexpr bool sound() const noexcept { return kind == problem::none; }
    [[nodiscard]] constexpr std::string_view name() const noexcept { return {characters.data(), length}; }
};

namespace detail {

/// A piece of one of the table's arrays.
struct slice {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
};

inline constexpr std::uint32_t unconditional = 0xffffffffU;

struct listed_value {
    std::int64_t code = 0;
    slice label{};
};

struct parameter_record {
    slice name{};
    std::uint64_t name_hash = 0;
    value_kind kind = value_kind::integer;
    bool listed = false;
    std::uint32_t size = 0;   ///< number of values
    std::uint32_t values = 0; ///< first listed value
    std::int64_t first = 0;   ///< of a range: first value and step (bits of doubles where floating)
    std::int64_t step = 0;
    std::uint32_t guard = unconditional; ///< condition under which the parameter exists
};

/// How much of everything a space holds; known before the table is filled.
struct table_size {
    std::size_t parameters = 0, values = 0, characters = 0, instructions = 0, constraints = 0, guards = 0;

    constexpr table_size& operator+=(const table_size& o) {
        parameters += o.parameters;
        values += o.values;
        characters += o.characters;
        instructions += o.instructions;
        constraints += o.constraints;
        guards += o.guards;
        return *this;
    }
};

template <table_size Size>
struct space_table {
    // One spare element each, since an array of nothing is not an array.
    std::array<parameter_record, Size.parameters + 1> parameters{};
    std::array<std::uint32_t, Size.parameters + 1> by_name{}; ///< parameter indices in order of name hash
    std::array<listed_value, Size.values + 1> values{};
    std::array<char, Size.characters + 1> characters{};
    std::array<instruction, Size.instructions + 1> code{};
    std::array<slice, Size.constraints + 1> constraints{};
    std::array<slice, Size.guards + 1> guards{};
    diagnosis found{};
    static constexpr table_size size = Size;
};

template <table_size Size>
class table_writer;

} // namespace detail

/// A space without its type: names, domains and constraints, as spans over a table with static storage.
/// @note A point is handed to it as one index per parameter.
class space_view {
public:
    template <detail::table_size Size>
    constexpr explicit space_view(const detail::space_table<Size>& t)
        : parameters_{t.parameters.data(), Size.parameters}, by_name_{t.by_name.data(), Size.parameters},
          values_{t.values.data(), Size.values}, characters_{t.characters.data(), Size.characters},
          code_{t.code.data(), Size.instructions}, constraints_{t.constraints.data(), Size.constraints},
          guards_{t.guards.data(), Size.guards} {}

    /// Number of parameters.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return parameters_.size(); }
    /// Full name of a parameter, for example `vision.width`.
    [[nodiscard]] constexpr std::string_view name(std::size_t p) const { return text(parameters_[p].name); }
    /// Number of values of a parameter.
    [[nodiscard]] constexpr std::size_t domain_size(std::size_t p) const { return parameters_[p].size; }
    [[nodiscard]] constexpr value_kind kind(std::size_t p) const { return parameters_[p].kind; }

    /// The index of the parameter of this name, or `size()`.
    [[nodiscard]] constexpr std::size_t find(std::string_view name) const {
        const auto hash = detail::hash_of(name);
        std::size_t low = 0, high = by_name_.size();
        while (low < high) {
            const auto middle = (low + high) / 2;
            if (parameters_[by_name_[middle]].name_hash < hash) low = middle + 1;
            else high = middle;
        }
        if (low < by_name_.size() && parameters_[by_name_[low]].name_hash == hash && this->name(by_name_[low]) == name) return by_name_[low];
        return size();
    }

    /// The 64 bits of value `index` of parameter `p`: the number, the bits of a double, the hash of a string.
    [[nodiscard]] constexpr std::int64_t code_of(std::size_t p, std::size_t index) const {
        return code_in(parameters_[p], index);
    }

    /// The index of the value with these 64 bits, or the size of the domain. Floating-point numbers of a range need only be within a billionth of
    /// a step, since nobody writes 0.30000000000000004.
    [[nodiscard]] constexpr std::size_t index_of(std::size_t p, std::int64_t code) const { return index_in(parameters_[p], code); }

    /// The label of a value of a string or enumeration parameter; empty for numbers.
    [[nodiscard]] constexpr std::string_view label(std::size_t p, std::size_t index) const {
        const auto& r = parameters_[p];
        return r.listed ? text(values_[r.values + index].label) : std::string_view{};
    }

    [[nodiscard]] constexpr std::size_t constraint_count() const noexcept { return constraints_.size(); }
    [[nodiscard]] constexpr std::span<const instruction> constraint(std::size_t c) const { return program(constraints_[c]); }
    [[nodiscard]] constexpr bool conditional(std::size_t p) const { return parameters_[p].guard != detail::unconditional; }
    [[nodiscard]] constexpr std::size_t guard_index(std::size_t p) const { return parameters_[p].guard; }
    [[nodiscard]] constexpr std::span<const instruction> guard(std::size_t p) const { return program(guards_[parameters_[p].guard]); }

    /// Evaluates a constraint or a guard of this space at a point.
    template <class Indices>
    [[nodiscard]] constexpr evaluation value(std::span<const instruction> code, const Indices& indices) const {
        return evaluate(code, index_reader<Indices>{*this, indices});
    }
    /// Whether constraint `c` holds.
    template <class Indices>
    [[nodiscard]] constexpr bool holds(std::size_t c, const Indices& indices) const {
        return value(constraint(c), indices).holds();
    }
    /// Whether a parameter exists at this point (`when`).
    template <class Indices>
    [[nodiscard]] constexpr bool active(std::size_t p, const Indices& indices) const {
        return !conditional(p) || value(guard(p), indices).holds();
    }
    /// Whether every inactive parameter is at its first value.
    template <class Indices>
    [[nodiscard]] constexpr bool canonical(const Indices& indices) const {
        if (guards_.empty()) return true;
        for (std::size_t p = 0; p < size(); ++p)
            if (indices[p] != 0 && !active(p, indices)) return false;
        return true;
    }
    /// Pins inactive parameters to their first value. Guards name earlier parameters only, so one pass is enough.
    template <class Indices>
    constexpr void canonicalise(Indices& indices) const {
        if (guards_.empty()) return;
        for (std::size_t p = 0; p < size(); ++p)
            if (indices[p] != 0 && !active(p, indices)) indices[p] = 0;
    }
    /// Canonical, and every constraint holds.
    template <class Indices>
    [[nodiscard]] constexpr bool feasible(const Indices& indices) const {
        for (std::size_t c = 0; c < constraint_count(); ++c)
            if (!holds(c, indices)) return false;
        return canonical(indices);
    }

private:
    template <detail::table_size Size>
    friend class detail::table_writer;

    [[nodiscard]] constexpr std::int64_t code_in(const detail::parameter_record& r, std::size_t index) const {
        if (r.listed) return values_[r.values + index].code;
        if (r.kind == value_kind::floating)
            return std::bit_cast<std::int64_t>(std::bit_cast<double>(r.first) + static_cast<double>(index) * std::bit_cast<double>(r.step));
        // Unsigned, since the product alone may pass the largest signed number.
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(r.first) + index * static_cast<std::uint64_t>(r.step));
    }
    [[nodiscard]] constexpr std::size_t index_in(const detail::parameter_record& r, std::int64_t code) const {
        if (r.listed) {
            for (std::size_t i = 0; i < r.size; ++i)
                if (values_[r.values + i].code == code) return i;
            return r.size;
        }
        if (r.kind == value_kind::floating) {
            const auto at = (std::bit_cast<double>(code) - std::bit_cast<double>(r.first)) / std::bit_cast<double>(r.step);
            if (!(at > -0.5) || !(at < r.size - 0.5)) return r.size;
            const auto i = static_cast<std::size_t>(at + 0.5);
            const auto off = at - static_cast<double>(i);
            return off < 1e-9 && off > -1e-9 ? i : r.size;
        }
        if (r.size == 0 || code < r.first) return r.size;
        // Unsigned, since the distance of two signed numbers may pass the largest of them.
        const auto distance = static_cast<std::uint64_t>(code) - static_cast<std::uint64_t>(r.first);
        const auto step = static_cast<std::uint64_t>(r.step);
        return distance % step == 0 && distance / step < r.size ? static_cast<std::size_t>(distance / step) : r.size;
    }

    template <class Indices>
    struct index_reader {
        const space_view& space;
        const Indices& indices;
        constexpr std::int64_t operator()(std::size_t p) const { return space.code_of(p, indices[p]); }
    };

    [[nodiscard]] constexpr std::string_view text(detail::slice s) const { return {characters_.data() + s.begin, s.size}; }
    [[nodiscard]] constexpr std::span<const instruction> program(detail::slice s) const { return {code_.data() + s.begin, s.size}; }

    std::span<const detail::parameter_record> parameters_;
    std::span<const std::uint32_t> by_name_;
    std::span<const detail::listed_value> values_;
    std::span<const char> characters_;
    std::span<const instruction> code_;
    std::span<const detail::slice> constraints_, guards_;
};

} // namespace verdant
