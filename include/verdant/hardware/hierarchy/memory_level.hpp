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
};

/// The multipliers: what one multiply-accumulate costs, in pJ.
struct arithmetic_unit {
    double energy = 0;
};

} // namespace verdant::hardware
