#pragma once

#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/meta/fixed_string.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

/// Memory hierarchies as types: `hierarchy<level<"DRAM", ...>, level<"buffer", ...>, multipliers<0.56>>`, outermost first.
namespace verdant::hardware {

/// An option of `level`: writes itself into the value that the level becomes.
template <class T>
concept level_option = requires(memory_level& l) { T::apply(l); };

namespace detail {

/// What becomes a whole number, or another one, where it is calculated with: numbers, enumerators, and constants such as `std::integral_constant`.
template <class T>
concept whole_number_like = requires(T x) {
    { +x } -> std::integral;
};
template <class T>
concept fraction_like = requires(T x) {
    { +x } -> std::floating_point;
};

/// A number of an option, or what was written instead of one, which is reported.
struct level_number {
    std::int64_t whole = 0;
    double number = 0;
    bool is_whole = false, is_number = true;

    template <whole_number_like T>
    consteval level_number(T given_number)
        : whole{static_cast<std::int64_t>(+given_number)}, number{static_cast<double>(+given_number)}, is_whole{true} {
    } // NOLINT(google-explicit-constructor)
    template <fraction_like T>
    consteval level_number(T given_number) : number{static_cast<double>(+given_number)} {} // NOLINT(google-explicit-constructor)
    template <std::size_t N>
    consteval level_number(const char (&)[N]) : is_number{false} {} // NOLINT(google-explicit-constructor)
};

/// A tensor of an option, or what was written instead of one, which is reported.
struct level_tensor {
    operand tensor = operand::weights;
    bool is_tensor = true;

    template <std::convertible_to<operand> T>
    consteval level_tensor(T given_tensor) : tensor{static_cast<operand>(given_tensor)} {} // NOLINT(google-explicit-constructor)
    template <std::size_t N>
    consteval level_tensor(const char (&)[N]) : is_tensor{false} {} // NOLINT(google-explicit-constructor)
};

// Checks are classes that hierarchies make first of all, so that compilers list few steps between the mistake and the user's line; what is wrong is
// not applied.

template <level_number Words>
struct capacity_check {
    static constexpr bool right = Words.is_whole && Words.whole > 0; // first, since clang forgets what follows a failed assertion
    static_assert(Words.is_whole, "verdant: the capacity of a level is a whole number of words; write capacity<4096>");
    static_assert(!Words.is_whole || right,
                  "verdant: this capacity holds nothing; write capacity<words> with at least one word, or leave it out for a memory without limit");
};
template <level_number Bits, level_number Block>
struct words_check {
    static constexpr bool whole = Bits.is_whole && Block.is_whole, bits = Bits.whole >= 4 && Bits.whole <= 32,
                          block = Block.whole >= 1 && Block.whole <= 1'000'000'000, right = whole && bits && block;
    static_assert(whole, "verdant: words have whole numbers of bits, and accesses of words; write words<8> or words<8, 4>");
    static_assert(!whole || bits, "verdant: a word has 4 to 32 bits; write words<bits> with the operands' width at this level");
    static_assert(!whole || block, "verdant: an access moves at least one word; write words<bits, words an access>");
};
template <level_number X, level_number Y>
struct fan_out_check {
    static constexpr bool whole = X.is_whole && Y.is_whole, right = whole && X.whole > 0 && Y.whole > 0;
    static_assert(whole, "verdant: a level feeds whole numbers of instances; write fans_out<16, 16>");
    static_assert(!whole || right, "verdant: a level feeds at least one instance; write fans_out<columns, rows> with positive numbers");
};
template <level_number Read, level_number Write>
struct bandwidth_check {
    static constexpr bool numbers = Read.is_number && Write.is_number, right = numbers && Read.number > 0 && Write.number > 0;
    static_assert(numbers, "verdant: a bandwidth is a number of words a cycle; write bandwidth<16.0>");
    static_assert(!numbers || right, "verdant: a bandwidth is positive; write bandwidth<words a cycle out, words a cycle in>");
};
template <level_number Words>
struct shared_bandwidth_check {
    static constexpr bool right = Words.is_number && Words.number > 0;
    static_assert(Words.is_number, "verdant: a bandwidth is a number of words a cycle; write shared_bandwidth<16.0>");
    static_assert(!Words.is_number || right, "verdant: a bandwidth is positive; write shared_bandwidth<words a cycle>");
};
template <level_number Read, level_number Write, level_number Update>
struct access_energy_check {
    static constexpr bool numbers = Read.is_number && Write.is_number && Update.is_number,
                          right = numbers && Read.number >= 0 && Write.number >= 0 && Update.number >= 0;
    static_assert(numbers, "verdant: the energy of an access is a number of pJ; write access_energy<18.2> or access_energy<18.2, 14.1>");
    static_assert(!numbers || right, "verdant: an access cannot give energy back; write access_energy<pJ read, pJ written, pJ updated>");
};
template <level_tensor... Kept>
struct keeps_check {
    static constexpr bool right = (Kept.is_tensor && ...);
    static_assert(right, "verdant: a level keeps tensors; write keeps<operand::weights>, operand::inputs or operand::outputs");
};
template <level_number Rows>
struct rows_check {
    static constexpr bool right = Rows.is_whole && Rows.whole > 0;
    static_assert(Rows.is_whole, "verdant: rows are a whole number; write accessed_as_rows<16>");
    static_assert(!Rows.is_whole || right, "verdant: there is at least one row; write accessed_as_rows<rows>");
};
template <level_number Energy>
struct multiplier_check {
    static constexpr bool right = Energy.is_number && Energy.number >= 0;
    static_assert(Energy.is_number, "verdant: the energy of a multiplier is a number of pJ; write multipliers<0.2>");
    static_assert(!Energy.is_number || right, "verdant: a multiplier cannot give energy back; write multipliers<pJ of a multiply-accumulate>");
};

} // namespace detail

/// @tparam Words that one instance holds, a whole number; a level without it is unlimited
template <detail::level_number Words>
struct capacity {
    using check = detail::capacity_check<Words>;
    static constexpr void apply(memory_level& l) {
        if (check::right) l.capacity = Words.whole;
    }
};

/// @tparam Bits of a word
/// @tparam Block words that one access moves
template <detail::level_number Bits, detail::level_number Block = 1>
struct words {
    using check = detail::words_check<Bits, Block>;
    static constexpr void apply(memory_level& l) {
        if (check::right) l.word_bits = static_cast<std::int32_t>(Bits.whole), l.block = static_cast<std::int32_t>(Block.whole);
    }
};

/// One instance feeds `X` times `Y` of the next level inwards (or multipliers), which get words together where they need the same ones, and whose
/// sums are reduced on the way out.
template <detail::level_number X, detail::level_number Y = 1>
struct fans_out {
    using check = detail::fan_out_check<X, Y>;
    static constexpr void apply(memory_level& l) {
        if (check::right) l.fan_out_x = X.whole, l.fan_out_y = Y.whole;
        else l.fan_out_x = l.fan_out_y = 1024; // enough, so that nothing else is reported
    }
};

/// Words a cycle out of one instance, and into it.
template <detail::level_number Read, detail::level_number Write = Read>
struct bandwidth {
    using check = detail::bandwidth_check<Read, Write>;
    static constexpr void apply(memory_level& l) {
        if (check::right) l.read_bandwidth = Read.number, l.write_bandwidth = Write.number;
    }
};

/// Words a cycle of one instance, in and out together.
template <detail::level_number Words>
struct shared_bandwidth {
    using check = detail::shared_bandwidth_check<Words>;
    static constexpr void apply(memory_level& l) {
        if (check::right) l.shared_bandwidth = Words.number;
    }
};

/// pJ of one access (of `words<bits, block>` together): out, in from outside, in from inside.
template <detail::level_number Read, detail::level_number Write = Read, detail::level_number Update = Write>
struct access_energy {
    using check = detail::access_energy_check<Read, Write, Update>;
    static constexpr void apply(memory_level& l) {
        if (check::right) l.read_energy = Read.number, l.write_energy = Write.number, l.update_energy = Update.number;
    }
};

/// Which tensors stay at a level; the others pass by. A level without it keeps all, with `keeps<>` it is a mere place where work fans out.
/// @tparam Kept values of `operand`
template <detail::level_tensor... Kept>
struct keeps {
    using check = detail::keeps_check<Kept...>;
    static constexpr void apply(memory_level& l) {
        if (check::right) l.keeps = (0U | ... | (1U << static_cast<unsigned>(Kept.tensor)));
    }
};

/// The next tiles come while these are used, at twice the words.
struct double_buffered {
    static constexpr void apply(memory_level& l) { l.buffering = tile_buffering::twice; }
};

/// Instances are columns of that many wide rows, each accessed as one: energy is paid once a row.
template <detail::level_number Rows>
struct accessed_as_rows {
    using check = detail::rows_check<Rows>;
    static constexpr void apply(memory_level& l) {
        if (check::right) l.rows = Rows.whole;
    }
};

/// Weights are stored without their zeros. @tparam OffsetBits of each weight, 0 where a pattern says where the weights are
template <weight_storage Storage, int OffsetBits = 0>
struct stores_weights {
    static constexpr void apply(memory_level& l) {
        static_assert(OffsetBits >= 0 && OffsetBits <= 32 && (Storage == weight_storage::offsets || OffsetBits == 0),
                      "verdant: an offset of a weight has 0 to 32 bits, and no other storage has offsets; write "
                      "stores_weights<weight_storage::offsets, bits>");
        l.weights = Storage;
        l.offset_bits = OffsetBits;
    }
};

namespace detail {

struct no_check {};
template <class Option>
struct checks_of {
    using type = no_check;
};
template <class Option>
    requires requires { typename Option::check; }
struct checks_of<Option> {
    using type = typename Option::check;
};
/// Makes the checks of options, and with none of the members of a level.
template <class... Options>
struct option_checks {
    static constexpr std::size_t made = (std::size_t{0} + ... + sizeof(typename checks_of<Options>::type));
};
template <class Part>
struct part_checks : option_checks<Part> {};

} // namespace detail

/// A level of a hierarchy. @tparam Options of the above, in any order
template <fixed_string Name, class... Options>
struct level {
    static_assert(detail::option_checks<Options...>::made < 1000);
    static_assert((level_option<Options> && ...),
                  "verdant: an option of this level is none; write capacity, words, fans_out, bandwidth, shared_bandwidth, "
                  "access_energy, keeps, double_buffered, accessed_as_rows or stores_weights");
    static constexpr auto name = Name;
    static constexpr memory_level value = [] {
        memory_level l;
        l.name = name.view();
        if constexpr ((level_option<Options> && ...)) (Options::apply(l), ...);
        return l;
    }();
};

namespace detail {
template <fixed_string Name, class... Options>
struct part_checks<level<Name, Options...>> : option_checks<Options...> {};
} // namespace detail

/// What is inside of all levels. @tparam Energy pJ of a multiply-accumulate
/// @tparam Zeros what happens where a weight is zero
template <detail::level_number Energy = "", zero_weights Zeros = zero_weights::computed>
struct multipliers {
    using check = detail::multiplier_check<Energy>;
    static constexpr arithmetic_unit unit{check::right ? Energy.number : 0.0, Zeros};
};

/// A part of a hierarchy that is a level.
template <class T>
concept hierarchy_level = requires {
    { T::value } -> std::convertible_to<memory_level>;
    T::name;
};
/// The last part of a hierarchy.
template <class T>
concept hierarchy_multipliers = requires {
    { T::unit } -> std::convertible_to<arithmetic_unit>;
};

namespace detail {

template <class... Parts>
struct hierarchy_parts {
    static constexpr std::size_t level_count = (std::size_t{0} + ... + (hierarchy_level<Parts> ? 1 : 0));
    static constexpr bool in_order = [] {
        constexpr std::array<bool, sizeof...(Parts) + 1> is_level{hierarchy_level<Parts>..., false};
        constexpr std::array<bool, sizeof...(Parts) + 1> is_unit{hierarchy_multipliers<Parts>..., false};
        for (std::size_t i = 0; i < sizeof...(Parts); ++i)
            if (i + 1 < sizeof...(Parts) ? !is_level[i] : !is_unit[i]) return false;
        return sizeof...(Parts) > 1;
    }();
    static constexpr auto levels = [] {
        std::array<memory_level, level_count == 0 ? 1 : level_count> out{};
        std::size_t i = 0;
        const auto take = [&]<class P>(P*) {
            if constexpr (hierarchy_level<P>) out[i++] = P::value;
        };
        (take(static_cast<Parts*>(nullptr)), ...);
        return out;
    }();
    static constexpr bool names_differ = [] {
        for (std::size_t i = 0; i < levels.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (levels[i].name == levels[j].name) return false;
        return true;
    }();
    static constexpr arithmetic_unit unit = [] {
        arithmetic_unit out;
        const auto take = [&]<class P>(P*) {
            if constexpr (hierarchy_multipliers<P>) out = P::unit;
        };
        (take(static_cast<Parts*>(nullptr)), ...);
        return out;
    }();
};

} // namespace detail

/// A memory hierarchy: levels outermost first, then `multipliers`.
template <class... Parts>
struct hierarchy {
    static_assert((std::size_t{0} + ... + detail::part_checks<Parts>::made) < 10'000);

private:
    // Named, since compilers write out what else they are given.
    static constexpr bool in_order = detail::hierarchy_parts<Parts...>::in_order, names_differ = detail::hierarchy_parts<Parts...>::names_differ,
                          outermost_keeps_all = (detail::hierarchy_parts<Parts...>::levels[0].keeps & 7U) == 7U;

public:
    static_assert(
        in_order,
        "verdant: a hierarchy is levels from the outermost inwards and then its multipliers; write hierarchy<level<...>..., multipliers<pJ>>");
    static_assert(names_differ, "verdant: two levels of this hierarchy have the same name; write another one for each");
    static_assert(outermost_keeps_all, "verdant: the outermost level lets a tensor pass, which then has no place; write the level without keeps");

    /// The levels as values, for the functions of `nest_analysis.hpp` and `nest_cost.hpp`.
    static constexpr auto levels = detail::hierarchy_parts<Parts...>::levels;
    static constexpr arithmetic_unit unit = detail::hierarchy_parts<Parts...>::unit;
    static constexpr std::int64_t multiplier_count = [] {
        std::int64_t out = 1;
        for (const auto& l : levels) out *= l.fan_out_x * l.fan_out_y;
        return out;
    }();
};

/// A type that describes a hierarchy, such as `hierarchy` and what derives from it.
template <class T>
concept memory_hierarchy = requires {
    { T::levels[0] } -> std::convertible_to<memory_level>;
    { T::unit } -> std::convertible_to<arithmetic_unit>;
    { T::multiplier_count } -> std::convertible_to<std::int64_t>;
};

} // namespace verdant::hardware
