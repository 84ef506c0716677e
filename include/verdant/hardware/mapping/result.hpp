#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/target.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string>

/// What a mapper returns: a mapping with its cost, or why there is none.
namespace verdant::hardware {

/// The levels of a mapping, innermost first (docs/estimator.md 4.1).
enum class mapping_level : std::size_t {
    registers, ///< temporal: the tile that a PE's registers hold
    pe_array,  ///< spatial: over the PEs of a core
    l2_tile,   ///< temporal: over the register tiles of an L2 tile
    core_grid, ///< spatial: over the cores
    glb_tile,  ///< temporal: over the L2 tiles of a global buffer tile
    dram_loop  ///< temporal: over the global buffer tiles
};

/// One factor per loop for each level, innermost level first; the product over the levels is the loop bounds.
using mapping_levels = std::array<loop_factors, 6>;

/// How a loop nest runs on a grid of tensor cores, and what that costs.
struct mapping {
    double cycles = 0;
    double energy = 0; ///< pJ
    mapping_levels levels{};

    [[nodiscard]] constexpr const loop_factors& operator[](mapping_level level) const { return levels[static_cast<std::size_t>(level)]; }

    friend constexpr bool operator==(const mapping&, const mapping&) = default;
};

/// The constraint that emptied a mapping space.
enum class mapping_constraint {
    registers,    ///< not even a tile of one word per tensor fits into a PE's registers
    l2,           ///< no register tile times PE array fits into an L2
    glb,          ///< no L2 tile times core grid fits into the global buffer
    search_budget ///< the search stopped at its limit of work
};

/// Why there is no mapping.
struct mapping_failure {
    mapping_constraint constraint = mapping_constraint::registers;
    double needed = 0;    ///< the least words that had to fit; for the search budget the same as `available`
    double available = 0; ///< the words there are, or the steps allowed

    friend constexpr bool operator==(const mapping_failure&, const mapping_failure&) = default;

    /// One sentence that names the constraint and its numbers.
    [[nodiscard]] std::string text() const {
        const auto number = [](double x) { return std::to_string(static_cast<long long>(x)); };
        switch (constraint) {
        case mapping_constraint::registers:
            return "no mapping: the smallest register tile has " + number(needed) + " words, the registers of a PE hold " + number(available);
        case mapping_constraint::l2:
            return "no mapping: the smallest L2 tile has " + number(needed) + " words of one tensor, an L2 buffer holds " + number(available);
        case mapping_constraint::glb:
            return "no mapping: the smallest global buffer tile has " + number(needed) + " words, the global buffer holds " + number(available);
        case mapping_constraint::search_budget: break;
        }
        return "no mapping: the search stopped at its budget of " + number(available) + " steps";
    }
};

/// A mapping, or the reason why there is none.
class [[nodiscard]] mapping_result {
public:
    // NOLINTBEGIN(google-explicit-constructor): a search returns one or the other
    constexpr mapping_result(mapping found) : found_{found}, has_value_{true} {}
    constexpr mapping_result(mapping_failure why) : why_{why} {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] constexpr bool has_value() const noexcept { return has_value_; }
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return has_value(); }

    /// @pre has_value()
    [[nodiscard]] constexpr const mapping& operator*() const noexcept { return found_; }
    [[nodiscard]] constexpr const mapping* operator->() const noexcept { return &found_; }

    /// The mapping.
    /// @throws infeasible_error with the failure's text, if there is none
    [[nodiscard]] constexpr const mapping& value() const {
        if (!has_value()) throw infeasible_error{error().text()};
        return **this;
    }

    /// @pre !has_value()
    [[nodiscard]] constexpr const mapping_failure& error() const noexcept { return why_; }

    friend constexpr bool operator==(const mapping_result&, const mapping_result&) = default;

private:
    // Both, since std::variant costs more to compile than they take memory; what does not hold keeps its defaults.
    mapping found_{};
    mapping_failure why_{};
    bool has_value_ = false;
};

/// A mapper finds how a loop nest runs on a target. Semantics: a pure function of its arguments, callable from several threads at
/// once; an illegal argument throws `input_error`, an unmappable nest is a `mapping_failure`.
template <class M>
concept mapper = requires(const M& m, const loop_bounds& bounds, const mapping_target& target) {
    { m(bounds, target) } -> std::convertible_to<mapping_result>;
};

} // namespace verdant::hardware
