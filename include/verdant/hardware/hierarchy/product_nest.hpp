#pragma once

#include <verdant/hardware/hierarchy/nest_problem.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// One matrix product on a hierarchy where each operand has its own place in the nest: what a memory keeps of two operands may stay for different
/// loops.
///
/// The rules are those of AccelForge (Accelergy-Project/accelforge, LoopTree and FFM), as its published actions show them: operands are multicast and
/// sums reduced over columns and rows that share them; the first update of a sum reads nothing, but a sum that leaves a memory is read there, and one
/// that returns is written; accesses are counted in bits; a tile is fetched again in each step of all loops above its place, `tile_reuse` has the
/// other rule.
namespace verdant::hardware {

/// Dimensions of `rows x inner` times `inner x columns`, and their sizes.
enum class product_dim : std::uint8_t { rows, inner, columns };
using product_extent = std::array<std::int64_t, 3>;

/// Bit d: the operand has dimension d.
inline constexpr std::array<std::uint32_t, 3> product_dims_of{0b110, 0b011, 0b101};

/// What instances along a side of an array do with words that they share.
enum class spatial_sharing : std::uint8_t {
    together, ///< one access serves all
    apart ///< each has its own
};
/// Whether a mapping may leave instances idle.
enum class spatial_use : std::uint8_t {
    any,
    most ///< it uses as many as any mapping could
};

/// A side of an array below a level.
struct product_fan_out {
    std::int64_t instances = 1;
    /// Bit d: dimension d may be spread.
    std::uint32_t dims = 0b111;
    spatial_sharing sharing = spatial_sharing::together;
    spatial_use use = spatial_use::most;
};

/// The most levels of a hierarchy of `product_level`.
inline constexpr std::size_t most_product_levels = 16;

/// A memory. Energies may have any unit; results have the same.
struct product_level {
    std::string name;
    /// Bits of one instance.
    double capacity = std::numeric_limits<double>::infinity();
    /// Bits of a word of weights, inputs and outputs.
    std::array<double, 3> word_bits{8, 8, 8};
    /// Of a bit: out of it, into it.
    double read_energy = 0, write_energy = 0;
    /// Bit o: operand o has to be kept here, or may be.
    std::uint32_t keeps = 0, may_keep = 0b111;
    /// What it feeds, outer to inner.
    std::vector<product_fan_out> fans_out;
};

/// How long a tile stays.
enum class tile_reuse : std::uint8_t {
    one_step, ///< it is fetched anew in each step of any loop above its place (AccelForge)
    unchanged ///< also while loops that do not change it run innermost above it (Timeloop)
};

/// A step of a nest from outside in.
struct product_step {
    enum class kind : std::uint8_t { keep, loops, spread, shared_loop };
    kind what = kind::loops;
    /// Of `keep`; `spread` has its factors, `shared_loop`, which other products have too, that of rows.
    std::size_t level = 0, operand = 0;
    spatial_sharing sharing = spatial_sharing::together;
    /// Factors of each dimension; loops run in this order, outer to inner.
    product_extent factors{1, 1, 1};
    std::array<std::uint8_t, 3> order{0, 1, 2};
};

/// Bits that a level reads and writes of each operand.
struct product_traffic {
    std::array<double, 3> read{}, written{};
};

/// Counts of a nest.
struct product_counts {
    std::vector<product_traffic> levels;
    double steps = 1, instances = 1;
    bool fits = true;

    /// What the accesses cost, without multiplications.
    [[nodiscard]] double energy(std::span<const product_level> hierarchy) const noexcept {
        double out = 0;
        for (std::size_t l = 0; l < levels.size(); ++l)
            for (std::size_t t = 0; t < 3; ++t)
                out += levels[l].read[t] * hierarchy[l].read_energy + levels[l].written[t] * hierarchy[l].write_energy;
        return out;
    }
};

/// Counts of a nest, written to counts that may have others before; allocates only where those have fewer levels.
/// @param steps from outside in; the factors of each dimension multiply to its size
/// @pre at most `most_product_levels` levels, and each operand has a place in the outermost step that keeps it
inline void count_product(std::span<const product_level> hierarchy, std::span<const product_step> steps, tile_reuse reuse, product_counts& out) {
    using kind = product_step::kind;
    constexpr std::size_t outputs = 2, nowhere = ~std::size_t{0};
    struct operand_state {
        std::size_t level = nowhere;
        double visits = 1, changes = 1, copies = 1, instances = 1, partition = 0;
    };
    out.levels.assign(hierarchy.size(), {});
    out.steps = out.instances = 1;
    out.fits = true;
    std::array<double, 3> inside{1, 1, 1};
    for (const auto& s : steps)
        for (std::size_t d = 0; d < 3; ++d) inside[d] *= static_cast<double>(s.factors[d]);
    std::array<operand_state, 3> state;
    std::array<double, most_product_levels> held{};
    const auto move = [&](std::size_t t, double words) {
        auto& s = state[t];
        if (s.level == nowhere) return;
        auto& from = out.levels[s.level];
        const double bits = hierarchy[s.level].word_bits[t] * s.instances, all = words * s.copies;
        if (t == outputs) {
            from.written[t] += all * bits;
            from.read[t] += (all - s.partition) * bits;
        } else from.read[t] += all * bits;
    };
    for (const auto& s : steps) {
        if (s.what == kind::keep) {
            auto& mine = state[s.operand];
            const auto& level = hierarchy[s.level];
            double tile = 1;
            for (std::size_t d = 0; d < 3; ++d)
                if ((product_dims_of[s.operand] >> d & 1U) != 0) tile *= inside[d];
            const double bits = level.word_bits[s.operand], words = mine.visits * tile, partition = mine.changes * tile;
            if ((held[s.level] += tile * bits) > level.capacity) {
                out.fits = false;
                return;
            }
            if (mine.level != nowhere) {
                move(s.operand, words);
                auto& here = out.levels[s.level];
                here.written[s.operand] += (s.operand == outputs ? words - partition : words) * bits * out.instances;
                if (s.operand == outputs) here.read[s.operand] += words * bits * out.instances;
            }
            mine = {s.level, mine.visits, mine.changes, 1, out.instances, partition};
            continue;
        }
        for (const auto d : s.order) {
            const auto factor = static_cast<double>(s.factors[d]);
            if (s.factors[d] == 1) continue;
            inside[d] /= factor;
            if (s.what == kind::spread) {
                out.instances *= factor;
                for (std::size_t t = 0; t < 3; ++t)
                    if (s.sharing == spatial_sharing::apart || (product_dims_of[t] >> d & 1U) != 0) state[t].copies *= factor;
                continue;
            }
            out.steps *= factor;
            for (std::size_t t = 0; t < 3; ++t) {
                const bool changes = (product_dims_of[t] >> d & 1U) != 0;
                // Other products run between the steps of a shared loop, so that nothing stays below it.
                if (changes || s.what == kind::shared_loop || reuse == tile_reuse::one_step) state[t].visits = out.steps;
                if (changes) state[t].changes *= factor;
            }
        }
    }
    for (std::size_t t = 0; t < 3; ++t) move(t, out.steps);
}

} // namespace verdant::hardware
