#pragma once

#include <verdant/goal/draw_summary.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/report/report.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// Uncertain metrics in reports: a value with its band.
namespace verdant {

/// A band of an uncertain metric: between two of its quantiles, with a value in the middle. The goals of a search record all three, for example by
/// `track`.
/// @tparam Low, High shares of the draws below the ends of the band
/// @tparam Middle what stands in the middle, the median where nothing else is said
template <class M, detail::level_value Low = 0.05, detail::level_value High = 0.95, class Middle = quantile<M, 0.5>>
struct band {
    using metric_type = detail::metric_in<M>;
    using low = quantile<M, Low>;
    using middle = Middle;
    using high = quantile<M, High>;
};

namespace detail {

/// What is checked of a band, once the goals are known.
template <class Band, class Goals>
struct band_check {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool ordered = Band::low::level < Band::high::level;
    static_assert(ordered,
                  "verdant: the ends of a band are in the wrong order; write the lower share first, for example band<total_carbon, 0.05, 0.95>");
    using recorded = typename Goals::metrics_type;
    static constexpr bool known =
        recorded::template has<typename Band::low> && recorded::template has<typename Band::middle> && recorded::template has<typename Band::high>;
    static_assert(known,
                  "verdant: the goals of this search do not record all that a band shows; add for example track<quantile<total_carbon, 0.05>>, "
                  "track<quantile<total_carbon, 0.5>> and track<quantile<total_carbon, 0.95>>, see band_check<...> in this message");
};

/// The names of a band's column and of the three that it stands for.
struct band_columns {
    std::string name, low, middle, high;
};

/// Puts the columns of each band into the place of the first of them, as `0.42 (0.28 to 0.80)`. Bands may share columns, such as a median; where that
/// is the first one of two, they stand there one after the other.
template <class = instantiated_when_used>
void join_bands(report& r, const std::vector<band_columns>& bands) {
    const auto at = [&r](const std::string& column) {
        return static_cast<std::size_t>(std::find(r.columns.begin(), r.columns.end(), column) - r.columns.begin());
    };
    struct places {
        std::size_t low, middle, high;
        [[nodiscard]] std::size_t first() const { return std::min({low, middle, high}); }
        [[nodiscard]] bool has(std::size_t i) const { return i == low || i == middle || i == high; }
    };
    std::vector<places> of;
    for (const auto& b : bands) of.push_back({at(b.low), at(b.middle), at(b.high)});
    const auto joined = [&](const std::vector<std::string>& cells, auto&& cell) {
        std::vector<std::string> kept;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            bool taken = false;
            for (std::size_t b = 0; b < of.size(); ++b) {
                taken = taken || of[b].has(i);
                if (of[b].first() == i) kept.push_back(cell(b));
            }
            if (!taken) kept.push_back(cells[i]);
        }
        return kept;
    };
    for (auto& row : r.rows)
        row = joined(row, [&](std::size_t b) {
            return row[of[b].middle].empty() ? std::string{} : row[of[b].middle] + " (" + row[of[b].low] + " to " + row[of[b].high] + ')';
        });
    r.columns = joined(r.columns, [&](std::size_t b) { return bands[b].name; });
}
VERDANT_DEFINED_ONCE(void join_bands<>(report&, const std::vector<band_columns>&));

} // namespace detail

/// Trials as `report_of` has them, with one column for each band in place of its three: `total_carbon [kgCO2e]` with `0.42 (0.28 to 0.80)`. For
/// people; programs read the columns of `report_of`, and `study_json`, which have each quantile under its own name.
///
///     print_table(std::cout, report_with_bands<band<total_carbon>>(found.front(), {.digits = 3}));
template <class... Bands, class Space, class Goals>
[[nodiscard]] report report_with_bands(std::span<const trial<Space, Goals>> trials, const report_options& options = {.status = true, .digits = 3}) {
    static_assert((detail::band_check<Bands, Goals>::value && ...));
    auto made = report_of(trials, options);
    if constexpr ((detail::band_check<Bands, Goals>::known && ...))
        detail::join_bands(made, {{detail::column_name<typename Bands::metric_type>(), detail::column_name<typename Bands::low>(),
                                   detail::column_name<typename Bands::middle>(), detail::column_name<typename Bands::high>()}...});
    return made;
}
/// The same.
template <class... Bands, class Space, class Goals>
[[nodiscard]] report report_with_bands(const std::vector<trial<Space, Goals>>& trials,
                                       const report_options& options = {.status = true, .digits = 3}) {
    return report_with_bands<Bands...>(std::span<const trial<Space, Goals>>{trials}, options);
}

} // namespace verdant
