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

/// @tparam Words that one instance holds; a level without it is unlimited
template <std::int64_t Words>
struct capacity {
    static constexpr void apply(memory_level& l) {
        static_assert(
            Words > 0,
            "verdant: this capacity holds nothing; write capacity<words> with at least one word, or leave it out for a memory without limit");
        l.capacity = Words;
    }
};

/// @tparam Bits of a word
/// @tparam Block words that one access moves
template <int Bits, int Block = 1>
struct words {
    static constexpr void apply(memory_level& l) {
        static_assert(Bits >= 4 && Bits <= 32, "verdant: a word has 4 to 32 bits; write words<bits> with the operands' width at this level");
        static_assert(Block >= 1, "verdant: an access moves at least one word; write words<bits, words an access>");
        l.word_bits = Bits;
        l.block = Block;
    }
};

/// One instance feeds `X` times `Y` of the next level inwards (or multipliers), which get words together where they need the same ones, and whose sums are
/// reduced on the way out.
template <std::int64_t X, std::int64_t Y = 1>
struct fans_out {
    static constexpr void apply(memory_level& l) {
        static_assert(X > 0 && Y > 0, "verdant: a level feeds at least one instance; write fans_out<columns, rows> with positive numbers");
        l.fan_out_x = X;
        l.fan_out_y = Y;
    }
};

/// Words a cycle out of one instance, and into it.
template <double Read, double Write = Read>
struct bandwidth {
    static constexpr void apply(memory_level& l) {
        static_assert(Read > 0 && Write > 0, "verdant: a bandwidth is positive; write bandwidth<words a cycle out, words a cycle in>");
        l.read_bandwidth = Read;
        l.write_bandwidth = Write;
    }
};

/// Words a cycle of one instance, in and out together.
template <double Words>
struct shared_bandwidth {
    static constexpr void apply(memory_level& l) {
        static_assert(Words > 0, "verdant: a bandwidth is positive; write shared_bandwidth<words a cycle>");
        l.shared_bandwidth = Words;
    }
};

/// pJ of one access (of `words<bits, block>` together): out, in from outside, in from inside.
template <double Read, double Write = Read, double Update = Write>
struct access_energy {
    static constexpr void apply(memory_level& l) {
        static_assert(Read >= 0 && Write >= 0 && Update >= 0,
                      "verdant: an access cannot give energy back; write access_energy<pJ read, pJ written, pJ updated>");
        l.read_energy = Read;
        l.write_energy = Write;
        l.update_energy = Update;
    }
};

/// Which tensors stay at a level; the others pass by. A level without it keeps all, with `keeps<>` it is a mere place where work fans out.
template <operand... Kept>
struct keeps {
    static constexpr void apply(memory_level& l) { l.keeps = (0U | ... | (1U << static_cast<unsigned>(Kept))); }
};

/// The next tiles come while these are used, at twice the words.
struct double_buffered {
    static constexpr void apply(memory_level& l) { l.buffering = tile_buffering::twice; }
};

/// Instances are columns of that many wide rows, each accessed as one: energy is paid once a row.
template <std::int64_t Rows>
struct accessed_as_rows {
    static constexpr void apply(memory_level& l) {
        static_assert(Rows > 0, "verdant: there is at least one row; write accessed_as_rows<rows>");
        l.rows = Rows;
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

/// A level of a hierarchy. @tparam Options of the above, in any order
template <fixed_string Name, class... Options>
struct level {
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

/// What is inside of all levels. @tparam Energy pJ of a multiply-accumulate
/// @tparam Zeros what happens where a weight is zero
template <double Energy, zero_weights Zeros = zero_weights::computed>
struct multipliers {
    static_assert(Energy >= 0, "verdant: a multiplier cannot give energy back; write multipliers<pJ of a multiply-accumulate>");
    static constexpr arithmetic_unit unit{Energy, Zeros};
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
    static_assert(
        detail::hierarchy_parts<Parts...>::in_order,
        "verdant: a hierarchy is levels from the outermost inwards and then its multipliers; write hierarchy<level<...>..., multipliers<pJ>>");
    static_assert(detail::hierarchy_parts<Parts...>::names_differ,
                  "verdant: two levels of this hierarchy have the same name; write another one for each");
    static_assert((detail::hierarchy_parts<Parts...>::levels[0].keeps & 7U) == 7U,
                  "verdant: the outermost level lets a tensor pass, which then has no place; write the level without keeps");

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
