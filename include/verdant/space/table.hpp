#pragma once

#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/literal.hpp>
#include <verdant/meta/program.hpp>
#include <verdant/numeric/spaced_numbers.hpp>

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
    large_value,
    duplicate_value,
    mixed_domain,
    unknown_name,
    declared_later,
    no_numbers,
    not_finite,
    no_interval,
    no_logarithm,
    uneven_interval,
    crowded_domain,
    floating_in_constraint,
    floating_number,
    mixed_numbers,
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

/// How many entries of `space_table::values` a domain of this many values takes.
[[nodiscard]] constexpr std::size_t table_entries(spacing spaced, std::size_t size) noexcept {
    switch (spaced) {
    case spacing::listed: return size;
    case spacing::even: return even_numbers::words;
    case spacing::geometric:
    case spacing::geometric_whole: return 3 * (1 + static_cast<std::size_t>(std::bit_width(size - 1)));
    default: return 0;
    }
}

/// A double as a whole number of the same order, and back: what constraints compare. Both zeros are 0.
[[nodiscard]] constexpr std::int64_t ordered_code(std::int64_t bits) noexcept { return bits >= 0 ? bits : INT64_MIN - bits; }

struct parameter_record {
    slice name{};
    std::uint64_t name_hash = 0;
    value_kind kind = value_kind::integer;
    spacing spaced = spacing::steps;
    std::uint32_t size = 0;   ///< number of values
    std::uint32_t values = 0; ///< first listed value, or word of what values are computed from
    std::int64_t first = 0;   ///< of other than listed ones: the first value (bits of a double where floating),
    std::int64_t step = 0;    ///< and the step, or the last value where the steps differ
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

/// One of a table's arrays. A span would do, but compilers check a dozen concepts for each type of element, in every program with a space.
template <class Element>
struct table_part {
    const Element* first;
    std::size_t count;

    [[nodiscard]] constexpr const Element& operator[](std::size_t i) const { return first[i]; }
    [[nodiscard]] constexpr const Element* data() const noexcept { return first; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return count; }
    [[nodiscard]] constexpr bool empty() const noexcept { return count == 0; }
};

} // namespace detail

/// A space without its type: names, domains and constraints, as parts of a table with static storage.
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
        const auto hash = fnv1a::of(name);
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

    /// The whole number that constraints read for it: floating-point numbers are ordered as `ordered_code`.
    [[nodiscard]] constexpr std::int64_t operand_of(std::size_t p, std::size_t index) const {
        const auto& r = parameters_[p];
        const auto code = code_in(r, index);
        return r.kind == value_kind::floating ? detail::ordered_code(code) : code;
    }
    /// Whether its floating-point values are computed, which takes longer than a look into a table.
    [[nodiscard]] constexpr bool computed(std::size_t p) const { return parameters_[p].spaced > detail::spacing::steps; }

    /// The index of the value with these 64 bits, or the size of the domain. Floating-point numbers of a range need only be within a billionth of
    /// a step, since nobody writes 0.30000000000000004.
    [[nodiscard]] constexpr std::size_t index_of(std::size_t p, std::int64_t code) const { return index_in(parameters_[p], code); }

    /// The label of a value of a string or enumeration parameter; empty for numbers.
    [[nodiscard]] constexpr std::string_view label(std::size_t p, std::size_t index) const {
        const auto& r = parameters_[p];
        return r.spaced == detail::spacing::listed ? text(values_[r.values + index].label) : std::string_view{};
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
        using detail::spacing;
        const auto word = [&](std::size_t k) { return values_[r.values + k].code; };
        switch (r.spaced) {
        case spacing::listed: return values_[r.values + index].code;
        case spacing::even: // where the ends are farther apart than all digits reach, the first value is none of these
            return index == 0 ? r.first : std::bit_cast<std::int64_t>(detail::even_numbers::unpacked(word)(index));
        case spacing::geometric:
            if (index == 0 || index + 1 == r.size) return index == 0 ? r.first : r.step;
            return std::bit_cast<std::int64_t>(detail::nearest_double(detail::geometric_number(word, index)));
        case spacing::geometric_whole: {
            const auto whole = detail::nearest_whole(detail::geometric_number(word, index));
            return r.kind == value_kind::floating ? std::bit_cast<std::int64_t>(static_cast<double>(whole)) : whole;
        }
        default: break;
        }
        if (r.kind == value_kind::floating) // whole numbers that narrow a floating-point domain
            return std::bit_cast<std::int64_t>(std::bit_cast<double>(r.first) + static_cast<double>(index) * std::bit_cast<double>(r.step));
        // Unsigned, since the product alone may pass the largest signed number.
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(r.first) + index * static_cast<std::uint64_t>(r.step));
    }
    [[nodiscard]] constexpr double number_in(const detail::parameter_record& r, std::size_t index) const {
        const auto code = code_in(r, index);
        return r.kind == value_kind::floating ? std::bit_cast<double>(code) : static_cast<double>(code);
    }
    [[nodiscard]] constexpr std::size_t index_in(const detail::parameter_record& r, std::int64_t code) const {
        using detail::spacing;
        if (r.spaced == spacing::listed) {
            for (std::size_t i = 0; i < r.size; ++i)
                if (values_[r.values + i].code == code) return i;
            return r.kind == value_kind::floating ? nearest_listed(r, std::bit_cast<double>(code)) : r.size;
        }
        if (r.spaced == spacing::geometric || r.spaced == spacing::geometric_whole) return geometric_index(r, code);
        if (r.kind == value_kind::floating) {
            const auto x = std::bit_cast<double>(code), first = std::bit_cast<double>(r.first), step = std::bit_cast<double>(r.step);
            constexpr auto large = 8e307; // the difference of two such numbers may pass the largest double
            const bool far = first < -large || x > large || x < -large;
            const auto at = far ? (x * 0.25 - first * 0.25) / (step * 0.25) : (x - first) / step;
            if (!(at > -0.5) || !(at < r.size - 0.5)) return r.size;
            const auto i = static_cast<std::size_t>(at + 0.5);
            const auto off = at - static_cast<double>(i);
            // Far from zero a number has fewer digits than a billionth of a step, and is found where it is the value itself.
            return (off < 1e-9 && off > -1e-9) || code_in(r, i) == code ? i : r.size;
        }
        if (r.size == 0 || code < r.first) return r.size;
        // Unsigned, since the distance of two signed numbers may pass the largest of them.
        const auto distance = static_cast<std::uint64_t>(code) - static_cast<std::uint64_t>(r.first);
        const auto step = static_cast<std::uint64_t>(r.step);
        return distance % step == 0 && distance / step < r.size ? static_cast<std::size_t>(distance / step) : r.size;
    }
    /// The value that a number with some digits less means.
    [[nodiscard]] constexpr std::size_t nearest_listed(const detail::parameter_record& r, double x) const {
        std::size_t nearest = r.size;
        auto least = 1e-9;
        for (std::size_t i = 0; i < r.size; ++i) {
            const auto value = number_in(r, i);
            if ((value < 0) != (x < 0)) continue;
            const auto off = x > value ? x - value : value - x, size = value < 0 ? -value : value;
            if (!(off < least * size)) continue;
            least = off / size;
            nearest = i;
        }
        return nearest;
    }
    /// By bisection, since the values grow.
    [[nodiscard]] constexpr std::size_t geometric_index(const detail::parameter_record& r, std::int64_t code) const {
        std::size_t low = 0, high = r.size; // the last value that is not above
        if (r.kind == value_kind::integer) {
            while (high - low > 1) {
                const auto middle = (low + high) / 2;
                if (code_in(r, middle) <= code) low = middle;
                else high = middle;
            }
            return code_in(r, low) == code ? low : r.size;
        }
        const auto x = std::bit_cast<double>(code);
        if (!(x > 0)) return r.size;
        while (high - low > 1) {
            const auto middle = (low + high) / 2;
            if (number_in(r, middle) <= x) low = middle;
            else high = middle;
        }
        for (const auto i : {low, low + 1}) {
            if (i >= r.size) break;
            const auto value = number_in(r, i), step = i == 0 ? number_in(r, 1) - value : value - number_in(r, i - 1);
            const auto off = x > value ? x - value : value - x;
            if (off == 0 || off < 1e-9 * step) return i;
        }
        return r.size;
    }

    template <class Indices>
    struct index_reader {
        const space_view& space;
        const Indices& indices;
        constexpr std::int64_t operator()(std::size_t p) const { return space.operand_of(p, indices[p]); }
    };

    [[nodiscard]] constexpr std::string_view text(detail::slice s) const { return {characters_.data() + s.begin, s.size}; }
    [[nodiscard]] constexpr std::span<const instruction> program(detail::slice s) const { return {code_.data() + s.begin, s.size}; }

    detail::table_part<detail::parameter_record> parameters_;
    detail::table_part<std::uint32_t> by_name_;
    detail::table_part<detail::listed_value> values_;
    detail::table_part<char> characters_;
    detail::table_part<instruction> code_;
    detail::table_part<detail::slice> constraints_, guards_;
};

} // namespace verdant
