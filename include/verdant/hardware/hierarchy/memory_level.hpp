#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

/// One level of a memory hierarchy as a value, which the analysis of nests reads; `hierarchy.hpp` has the types that give these.
namespace verdant::hardware {

/// Whether words that a tile needs next arrive while it is used.
enum class tile_buffering : std::uint8_t {
    single, ///< a level holds each tile once
    twice   ///< it holds the tile in use and the one that is being filled
};

/// How a level stores weights of which some are zero.
enum class weight_storage : std::uint8_t {
    plain,   ///< zeros are words like all others
    bitmask, ///< words that are not zero, and a bit for each word, zero or not
    offsets  ///< words that are not zero, each with some bits that say where it is: a coordinate, or the length of the run of zeros before it
};

/// What multipliers do where the weight is zero.
enum class zero_weights : std::uint8_t {
    computed, ///< they multiply
    gated,    ///< they rest for that cycle: neither the multiplication nor the words for it take energy
    skipped   ///< they go on to the next weight that is not zero: no cycle either
};

/// A memory, or a mere place where work fans out (it keeps nothing).
struct memory_level {
    static constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();
    static constexpr double unbound = std::numeric_limits<double>::infinity();

    std::string_view name;
    /// Words of one instance.
    std::int64_t capacity = unlimited;
    /// Bits of a word, and words that one access moves.
    std::int32_t word_bits = 8, block = 1;
    /// How many of the next level inwards one instance feeds, along the two sides of an array.
    std::int64_t fan_out_x = 1, fan_out_y = 1;
    /// Where instances are columns of wide rows, each accessed as one: the number of those rows, 0 where each instance is accessed on its own.
    std::int64_t rows = 0;
    /// Words a cycle of one instance: out of it, into it, and both together.
    double read_bandwidth = unbound, write_bandwidth = unbound, shared_bandwidth = unbound;
    /// pJ of an access of `block` words: out, in from the level outside, in from the one inside.
    double read_energy = 0, write_energy = 0, update_energy = 0;
    tile_buffering buffering = tile_buffering::single;
    /// Bit t: tensor t is kept here; it passes by otherwise.
    std::uint32_t keeps = ~0U;
    /// How weights are stored; bits of each offset, 0 where a pattern says where the weights are.
    weight_storage weights = weight_storage::plain;
    std::int32_t offset_bits = 0;
};

/// The multipliers: what one multiply-accumulate costs, in pJ.
struct arithmetic_unit {
    double energy = 0;
    zero_weights zeros = zero_weights::computed;
};

namespace detail {

/// The least whole number that is not below a positive one but for rounding, so that equal shares of equal counts stay equal; at least 1, however
/// small it is.
[[nodiscard]] constexpr std::int64_t whole_above(double exact) noexcept {
    const auto whole = static_cast<std::int64_t>(exact);
    if (whole == 0) return exact > 0 ? 1 : 0;
    return whole + (exact - static_cast<double>(whole) > 1e-9 * exact ? 1 : 0);
}

} // namespace detail

/// Words of a level, metadata among them, that some words of a tensor take of which a share is not zero: density (1 + offset bits / word bits), or
/// density + 1 / word bits with a bitmask, but no more than without compression, so that a tensor without zeros takes its own words.
/// @param density in (0, 1]
[[nodiscard]] constexpr std::int64_t stored_words(const memory_level& level, std::int64_t words, double density) noexcept {
    if (level.weights == weight_storage::plain || !(density < 1)) return words;
    const double bits = level.word_bits;
    const double share = level.weights == weight_storage::bitmask ? density + 1 / bits : density * (1 + level.offset_bits / bits);
    return share < 1 ? detail::whole_above(static_cast<double>(words) * share) : words;
}

} // namespace verdant::hardware
