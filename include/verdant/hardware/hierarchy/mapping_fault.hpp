#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// Whether a mapping suits a nest and a hierarchy, and what is wrong where it does not.
namespace verdant::hardware {

/// What keeps a mapping from running.
enum class mapping_fault : std::uint8_t {
    none,
    level_count, ///< the mapping has another number of levels than the hierarchy
    loop_count,  ///< `level` says that it has more loops of a kind than fit
    dimension,   ///< a loop of `level` is over dimension `index`, which the nest has not
    bound,       ///< a loop of `level` over dimension `index` has a bound below 1
    factors,     ///< the factors of dimension `index` do not multiply to its bound
    bypass,      ///< tensor `index` is kept at `level`, which does not keep it
    homeless,    ///< tensor `index` is not kept at the outermost level
    fan_out,     ///< the spatial factors of `level` exceed its fan-out along x (`index` 0) or y (1)
    capacity,    ///< the tiles of `level` exceed its capacity
    density      ///< the share of weights that are not zero is not above 0 and at most 1, or below 1 where the first tensor is an output
};

/// A fault and where it is; what was found and what is the limit, where these are numbers.
struct mapping_check {
    mapping_fault fault = mapping_fault::none;
    std::size_t level = 0, index = 0;
    std::int64_t found = 0, limit = 0;
};

/// Words that the tiles of a level take: of all tensors kept there, weights as they are stored there on average, twice where they are buffered twice.
/// @param extent iterations of each dimension at the level and inwards
/// @pre `problem.has_density()`
[[nodiscard]] constexpr std::int64_t words_held(const nest_problem& problem, const memory_level& level, std::uint32_t keeps,
                                                const std::array<std::int64_t, most_nest_dims>& extent) noexcept {
    std::int64_t words = 0;
    for (std::size_t t = 0; t < problem.tensor_count; ++t)
        if ((level.keeps & keeps & 1U << t) != 0) {
            const auto all = words_of(problem.tensors[t], extent);
            words += t == 0 ? stored_words(level, all, problem.weight_density) : all;
        }
    return level.buffering == tile_buffering::twice ? 2 * words : words;
}

/// The first fault of a mapping. @param levels outermost first
[[nodiscard]] constexpr mapping_check check_mapping(const nest_problem& problem, std::span<const memory_level> levels,
                                                    const nest_mapping& mapping) noexcept {
    if (mapping.level_count != levels.size())
        return {mapping_fault::level_count, 0, 0, mapping.level_count, static_cast<std::int64_t>(levels.size())};
    if (!problem.has_density()) return {mapping_fault::density};
    for (std::size_t l = 0; l < levels.size(); ++l) {
        const auto& loops = mapping.levels[l];
        for (const std::size_t count : {loops.temporal_count, loops.spatial_count})
            if (count > most_level_loops) return {mapping_fault::loop_count, l, 0, static_cast<std::int64_t>(count), most_level_loops};
        for (std::size_t i = 0; i < std::size_t{loops.spatial_count} + loops.temporal_count; ++i) {
            const auto& x = i < loops.spatial_count ? loops.spatial[i] : loops.temporal[i - loops.spatial_count];
            if (x.dim >= problem.dim_count) return {mapping_fault::dimension, l, x.dim, x.dim, problem.dim_count};
            if (x.bound < 1) return {mapping_fault::bound, l, x.dim, x.bound, 1};
        }
    }
    const std::uint32_t tensors = (1U << problem.tensor_count) - 1;
    // First, since the products below then stay within those of the bounds; a product that grows beyond all bounds counts as such.
    std::array<std::int64_t, most_nest_dims> product{1, 1, 1, 1, 1, 1, 1, 1};
    const auto multiply = [&](const nest_loop& x) {
        constexpr std::int64_t beyond = std::int64_t{1} << 62;
        product[x.dim] = x.bound > beyond / product[x.dim] ? beyond : product[x.dim] * x.bound;
    };
    for (std::size_t l = 0; l < levels.size(); ++l) {
        for (std::size_t i = 0; i < mapping.levels[l].spatial_count; ++i) multiply(mapping.levels[l].spatial[i]);
        for (std::size_t i = 0; i < mapping.levels[l].temporal_count; ++i) multiply(mapping.levels[l].temporal[i]);
    }
    for (std::size_t d = 0; d < problem.dim_count; ++d)
        if (product[d] != problem.bounds[d]) return {mapping_fault::factors, 0, d, product[d], problem.bounds[d]};
    std::array<std::int64_t, most_nest_dims> extent{1, 1, 1, 1, 1, 1, 1, 1};
    mapping_check too_large;
    for (std::size_t l = levels.size(); l-- > 0;) {
        const auto& loops = mapping.levels[l];
        std::array<std::int64_t, 2> spread{1, 1};
        for (std::size_t i = 0; i < loops.spatial_count; ++i) {
            extent[loops.spatial[i].dim] *= loops.spatial[i].bound;
            spread[i < loops.first_y ? 0 : 1] *= loops.spatial[i].bound;
        }
        for (std::size_t i = 0; i < loops.temporal_count; ++i) extent[loops.temporal[i].dim] *= loops.temporal[i].bound;
        if (spread[0] > levels[l].fan_out_x) return {mapping_fault::fan_out, l, 0, spread[0], levels[l].fan_out_x};
        if (spread[1] > levels[l].fan_out_y) return {mapping_fault::fan_out, l, 1, spread[1], levels[l].fan_out_y};
        // All bits are a mapping that leaves the choice to the levels.
        if (loops.keeps != ~0U)
            for (std::size_t t = 0; t < problem.tensor_count; ++t)
                if ((loops.keeps & ~levels[l].keeps & tensors & 1U << t) != 0) return {mapping_fault::bypass, l, t};
        if (l == 0)
            for (std::size_t t = 0; t < problem.tensor_count; ++t)
                if ((levels[l].keeps & loops.keeps & 1U << t) == 0) return {mapping_fault::homeless, l, t};
        const auto words = words_held(problem, levels[l], loops.keeps, extent);
        if (words > levels[l].capacity) too_large = {mapping_fault::capacity, l, 0, words, levels[l].capacity};
    }
    return too_large;
}

/// @throws input_error that names the level: where there are none or more than 12; for a capacity, fan-out, block or width of words below 1, offsets
/// of fewer bits than none, a bandwidth that is not above 0, an energy that is negative or no finite number, and more than 10^12 multipliers
constexpr void require_levels(std::span<const memory_level> levels) {
    if (levels.empty() || levels.size() > most_nest_levels)
        throw input_error{"hierarchy", "levels", "1 to " + std::to_string(most_nest_levels), std::to_string(levels.size())};
    double multipliers = 1;
    for (const auto& l : levels) {
        const auto refuse = [&l](const char* expected, const std::string& found) {
            throw input_error{"hierarchy", "level " + std::string{l.name}, expected, found};
        };
        for (const auto& [count, what] :
             {std::pair{l.capacity, "a capacity of at least 1 word"}, std::pair{l.fan_out_x, "a fan-out of at least 1"},
              std::pair{l.fan_out_y, "a fan-out of at least 1"}, std::pair{std::int64_t{l.word_bits}, "words of at least 1 bit"},
              std::pair{std::int64_t{l.block}, "accesses of at least 1 word"}})
            if (count < 1) refuse(what, std::to_string(count));
        if (l.rows < 0) refuse("rows of at least 0", std::to_string(l.rows));
        if (l.offset_bits < 0) refuse("offsets of at least 0 bits", std::to_string(l.offset_bits));
        for (const auto rate : {l.read_bandwidth, l.write_bandwidth, l.shared_bandwidth})
            if (!(rate > 0)) refuse("a bandwidth above 0", std::to_string(rate));
        for (const auto energy : {l.read_energy, l.write_energy, l.update_energy})
            if (!(energy >= 0 && energy < 1e300)) refuse("energies of accesses that are finite and not negative", std::to_string(energy));
        multipliers *= static_cast<double>(l.fan_out_x) * static_cast<double>(l.fan_out_y);
        if (multipliers > 1e12) refuse("at most 10^12 multipliers in all", "about " + std::to_string(multipliers));
    }
}

/// @throws input_error for multipliers whose energy is negative or no finite number
constexpr void require_unit(const arithmetic_unit& unit) {
    if (!(unit.energy >= 0 && unit.energy < 1e300))
        throw input_error{"hierarchy", "multipliers", "an energy that is finite and not negative", std::to_string(unit.energy)};
}

/// @throws input_error that names level, dimension or tensor, where `check_mapping` finds a fault, and as `require_levels`
inline void require_mapping(const nest_problem& problem, std::span<const memory_level> levels, const nest_mapping& mapping) {
    require_levels(levels);
    const auto c = check_mapping(problem, levels, mapping);
    const auto number = [](std::int64_t n) { return std::to_string(n); };
    const std::string level = c.level < levels.size() ? "level " + std::string{levels[c.level].name} : "";
    const auto tensor = [&] { return std::string{problem.tensors[c.index].name}; };
    switch (c.fault) {
    case mapping_fault::none: return;
    case mapping_fault::level_count: throw input_error{"mapping", "", number(c.limit) + " levels", number(c.found)};
    case mapping_fault::loop_count: throw input_error{"mapping", level, "at most " + number(c.limit) + " loops of a kind", number(c.found)};
    case mapping_fault::dimension:
        throw input_error{"mapping", level, "loops over the " + number(c.limit) + " dimensions of the nest, counted from 0", number(c.found)};
    case mapping_fault::bound:
        throw input_error{"mapping", level + ", dimension " + problem.dims[c.index], "loops with bounds of at least 1", number(c.found)};
    case mapping_fault::factors:
        throw input_error{"mapping", std::string{"dimension "} + problem.dims[c.index], "factors whose product is " + number(c.limit),
                          number(c.found)};
    case mapping_fault::bypass: throw input_error{"mapping", level, "only tensors that the level keeps", tensor()};
    case mapping_fault::homeless: throw input_error{"mapping", level, "all tensors at the outermost level", "none of " + tensor()};
    case mapping_fault::fan_out:
        throw input_error{"mapping", level, "spatial factors of at most " + number(c.limit) + (c.index == 0 ? " along x" : " along y"),
                          number(c.found)};
    case mapping_fault::capacity: throw input_error{"mapping", level, "tiles of at most " + number(c.limit) + " words", number(c.found)};
    case mapping_fault::density: return require_density(problem);
    }
}

} // namespace verdant::hardware
