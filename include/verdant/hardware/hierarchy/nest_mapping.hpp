#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/meta/refused_value.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// How a nest runs on a hierarchy: for each level its temporal loops, outer to inner, and the spatial ones below them. A value of fixed size, for
/// searches and constant expressions alike.
namespace verdant::hardware {

/// Fixed sizes of mappings: levels, and loops of a kind at one level.
inline constexpr std::size_t most_nest_levels = 12, most_level_loops = 8;

/// A loop over `bound` steps of one dimension.
struct nest_loop {
    std::uint8_t dim = 0;
    std::int32_t bound = 1;
    friend constexpr bool operator==(const nest_loop&, const nest_loop&) = default;
};

/// The loops of one level: `temporal` outer to inner, then `spatial` over what it feeds; those along y of the array from `first_y` on.
struct level_loops {
    // Numbers are before the loops, few of which are there, so that a level is mostly read from one line of the cache.
    std::uint8_t temporal_count = 0, spatial_count = 0, first_y = 0xff;
    /// Bit t: the mapping keeps tensor t here; of levels that could keep it, it may pass some.
    std::uint32_t keeps = ~0U;
    std::array<nest_loop, most_level_loops> temporal{}, spatial{};

    /// @pre there are fewer than `most_level_loops`
    constexpr void add_temporal(std::size_t dim, std::int32_t bound) { temporal[temporal_count++] = {static_cast<std::uint8_t>(dim), bound}; }
    constexpr void add_spatial(std::size_t dim, std::int32_t bound) { spatial[spatial_count++] = {static_cast<std::uint8_t>(dim), bound}; }
};

/// Levels outermost first.
struct nest_mapping {
    std::array<level_loops, most_nest_levels> levels{};
    std::uint8_t level_count = 0;
};

/// What is wrong with a text of a mapping; `text_fault::none` where nothing is.
enum class mapping_text_fault : std::uint8_t { none, no_level, tensor, dimension, factor, too_many_loops, too_many_levels };

/// A mapping, or what is wrong with its text and where.
struct read_mapping {
    nest_mapping mapping;
    mapping_text_fault fault = mapping_text_fault::none;
    std::size_t place = 0;
    std::array<std::string_view, most_nest_levels> names{}; ///< of the levels, parts of the text
};

/// Reads `DRAM[WIO] P28 K8 - BUF[WI] C4 K16X - REG[O] P2`: levels outermost first; in brackets the tensors that stay, by the first letters of their
/// names; then factors outer to inner, those with X along the columns, those with Y along the rows of the array below; factors of 1 may be left out
/// or not. This is the notation of the data set of DOSA (Hong et al., MICRO 2023, `timeloop_dataset`).
[[nodiscard]] constexpr read_mapping read_nest_mapping(std::string_view text, const nest_problem& problem) noexcept {
    read_mapping out;
    std::size_t at = 0;
    const auto fail = [&](mapping_text_fault f) {
        out.fault = f;
        out.place = at;
        return out;
    };
    const auto blanks = [&] {
        while (at < text.size() && text[at] == ' ') ++at;
    };
    for (;;) {
        blanks();
        if (out.mapping.level_count == most_nest_levels) return fail(mapping_text_fault::too_many_levels);
        const auto name = at;
        while (at < text.size() && text[at] != '[' && text[at] != ' ') ++at;
        if (at == text.size() || text[at] != '[') return fail(mapping_text_fault::no_level);
        out.names[out.mapping.level_count] = text.substr(name, at - name);
        auto& level = out.mapping.levels[out.mapping.level_count++];
        level.keeps = 0;
        for (++at; at < text.size() && text[at] != ']'; ++at) {
            const auto t = problem.tensor(text.substr(at, 1));
            if (t == problem.tensor_count) return fail(mapping_text_fault::tensor);
            level.keeps |= 1U << t;
        }
        if (at == text.size()) return fail(mapping_text_fault::no_level);
        ++at;
        for (blanks(); at < text.size() && text[at] != '-'; blanks()) {
            const auto d = problem.dim(text[at]);
            if (d == problem.dim_count) return fail(mapping_text_fault::dimension);
            constexpr std::int32_t limit = 200'000'000; // ten times as much fits
            std::int32_t bound = 0;
            const auto start = ++at;
            for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && bound < limit; ++at) bound = bound * 10 + (text[at] - '0');
            if (at == start || bound < 1 || bound >= limit) return fail(mapping_text_fault::factor);
            const char axis = at < text.size() ? text[at] : ' ';
            if (axis == 'X' || axis == 'Y') ++at;
            else if (axis != ' ') return fail(mapping_text_fault::factor);
            if (bound == 1) continue;
            const bool temporal = axis == ' ';
            if ((temporal ? level.temporal_count : level.spatial_count) == most_level_loops) return fail(mapping_text_fault::too_many_loops);
            if (temporal) {
                level.add_temporal(d, bound);
                continue;
            }
            if (axis == 'Y' && level.first_y == 0xff) level.first_y = level.spatial_count;
            if (axis == 'X' && level.first_y != 0xff) return fail(mapping_text_fault::factor);
            level.add_spatial(d, bound);
        }
        if (at == text.size()) return out;
        ++at;
    }
}

/// The first level whose name in a text is not that in a hierarchy; their number where there is none, or where no name of the text is one of the
/// hierarchy, as in data sets with names of their own (`L3`, `L2`). Levels are those by their places.
/// @param read of a mapping with as many levels as the hierarchy
[[nodiscard]] constexpr std::size_t misnamed_level(const read_mapping& read, std::span<const memory_level> levels) noexcept {
    const auto count = read.mapping.level_count < levels.size() ? read.mapping.level_count : levels.size();
    bool some = false;
    for (std::size_t i = 0; i < count; ++i)
        for (const auto& l : levels) some = some || read.names[i] == l.name;
    for (std::size_t i = 0; some && i < count; ++i)
        if (read.names[i] != levels[i].name) return i;
    return levels.size();
}

/// The same at run time. @throws input_error with the place in the text
[[nodiscard]] inline nest_mapping parse_nest_mapping(std::string_view text, const nest_problem& problem) {
    const auto read = read_nest_mapping(text, problem);
    if (read.fault == mapping_text_fault::none) return read.mapping;
    constexpr std::array<std::string_view, 7> expected{"",
                                                       "a level such as L2[WI]",
                                                       "the first letter of a tensor",
                                                       "the letter of a dimension",
                                                       "a factor such as P8, K16X or C4Y, those along y behind those along x",
                                                       "at most 8 loops of a kind a level",
                                                       "at most 12 levels"};
    const auto rest = text.substr(read.place < text.size() ? read.place : text.size(), 12);
    throw input_error{"mapping", "character " + std::to_string(read.place + 1), expected[static_cast<std::size_t>(read.fault)],
                      rest.empty() ? "the end" : "'" + std::string{rest} + "'"};
}

/// A mapping on a hierarchy. @throws input_error as above, and where the text names another level of the hierarchy than the one at that place, or
/// only some of them
[[nodiscard]] inline nest_mapping parse_nest_mapping(std::string_view text, const nest_problem& problem, std::span<const memory_level> levels) {
    const auto mapping = parse_nest_mapping(text, problem);
    const auto read = read_nest_mapping(text, problem);
    if (const auto i = misnamed_level(read, levels); i < levels.size())
        throw input_error{"mapping", "level " + std::to_string(i + 1), '\'' + std::string{levels[i].name} + "', as the hierarchy has it there",
                          '\'' + std::string{read.names[i]} + '\''};
    return mapping;
}

/// Refused, with a sentence that says what to write.
template <class Wrong = void>
[[nodiscard]] nest_mapping parse_nest_mapping(const nest_problem&, std::string_view, std::span<const memory_level> = {}) {
    static_assert(verdant::detail::fits<Wrong>,
                  "verdant: parse_nest_mapping takes the text before the problem; write parse_nest_mapping(\"DRAM[WIO] ...\", problem)");
    return {};
}

} // namespace verdant::hardware
