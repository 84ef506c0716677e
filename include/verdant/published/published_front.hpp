#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/front_filter.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The fronts of published result files: their columns, rules and limits.
namespace verdant::published {

/// The columns of the published result files, in their units; a column that a mode does not have is NaN.
enum class column : std::uint8_t {
    accuracy, ///< 0 to 1
    carbon,   ///< kg CO2e
    latency,  ///< s
    area,     ///< um2
    energy,   ///< kWh in a device's life
    tops      ///< 10^12 operations a second
};
inline constexpr std::size_t column_count = 6;

/// One trial of a published result file.
using published_row = std::array<double, column_count>;

/// How the original extracts the front of a mode (CATransformers, optimization/plot_pareto.py). The rows are filtered first, not
/// by all constraints of the search; then a row is dropped if another is as good or better in every objective, so that rows of equal objectives
/// eliminate each other.
struct front_rule {
    std::string_view mode;
    std::array<bool, column_count> filtered{}; ///< by the limit of this column
    std::array<bool, column_count> objective{};
    bool repeats_once = false; ///< rows that are equal in carbon, too, count as one
};

namespace detail {

[[nodiscard]] constexpr front_rule rule(std::string_view mode, std::initializer_list<column> filtered, std::initializer_list<column> objectives,
                                        bool repeats_once) {
    front_rule r{.mode = mode, .repeats_once = repeats_once};
    for (const auto c : filtered) r.filtered[static_cast<std::size_t>(c)] = true;
    for (const auto c : objectives) r.objective[static_cast<std::size_t>(c)] = true;
    return r;
}

} // namespace detail

/// By the names that the original's command line has.
inline constexpr std::array front_rules{
    detail::rule("carbon", {column::area, column::latency, column::tops}, {column::accuracy, column::carbon}, false),
    detail::rule("latency", {column::area, column::tops}, {column::accuracy, column::latency}, true),
    detail::rule("energy", {column::area, column::tops}, {column::accuracy, column::energy}, true),
    detail::rule("all", {column::area, column::tops}, {column::accuracy, column::latency, column::carbon}, false),
    detail::rule("all-hw", {column::area}, {column::latency, column::carbon}, false),
    detail::rule("energy-model", {}, {column::accuracy, column::energy}, true),
};

/// @throws input_error that lists the names, for another one
[[nodiscard]] inline const front_rule& front_rule_of(std::string_view mode) {
    std::string known;
    for (const auto& r : front_rules) {
        if (r.mode == mode) return r;
        known += (known.empty() ? "" : ", ") + std::string{r.mode};
    }
    throw input_error{"mode", "", "one of " + known, '"' + std::string{mode} + '"'};
}

/// The limits by which rows are filtered: infinite where a column has none.
[[nodiscard]] constexpr published_row published_limits() {
    published_row limits;
    limits.fill(std::numeric_limits<double>::infinity());
    limits[static_cast<std::size_t>(column::area)] = 31990347;
    limits[static_cast<std::size_t>(column::latency)] = 0.05;
    limits[static_cast<std::size_t>(column::tops)] = 20.48;
    return limits;
}

/// The rows of the published front, as indices in file order.
/// @param equal what happens to equal rows: `keep_none` as published; `keep_first` for a clean front
/// @throws input_error if a column that the rule needs is NaN
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::size_t> published_front(std::span<const published_row> rows, const front_rule& rule,
                                                       const published_row& limits = published_limits(),
                                                       pareto::equal_vectors equal = pareto::equal_vectors::keep_none) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        bool within = true;
        for (std::size_t c = 0; c < column_count; ++c) within = within && (!rule.filtered[c] || rows[i][c] <= limits[c]);
        if (within) kept.push_back(i);
    }
    const auto values = [&](bool with_carbon) {
        std::vector<double> all;
        for (const auto i : kept)
            for (std::size_t c = 0; c < column_count; ++c) {
                const bool identity = with_carbon && c == static_cast<std::size_t>(column::carbon);
                if (rule.objective[c] || identity) all.push_back(c == static_cast<std::size_t>(column::accuracy) ? -rows[i][c] : rows[i][c]);
            }
        return all;
    };
    const auto choose = [&](const std::vector<std::uint32_t>& of) {
        std::vector<std::size_t> chosen;
        for (const auto i : of) chosen.push_back(kept[i]);
        kept = std::move(chosen);
    };
    if (kept.empty()) return kept;
    if (rule.repeats_once) {
        const auto all = values(true);
        choose(pareto::without_repeats({all, all.size() / kept.size()}));
    }
    const auto all = values(false);
    choose(pareto::front_indices({all, all.size() / kept.size()}, equal));
    return kept;
}
VERDANT_DEFINED_ONCE(std::vector<std::size_t> published_front<>(std::span<const published_row>, const front_rule&, const published_row&,
                                                                pareto::equal_vectors));

} // namespace verdant::published
