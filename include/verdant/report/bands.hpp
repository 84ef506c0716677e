#pragma once

#include <verdant/goal/draw_summary.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/report/report.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Uncertain metrics in reports: a value with its band.
namespace verdant {

/// A band of an uncertain metric: between two of its quantiles, with a value in the middle. The goals of a search record all three, for example by `track`.
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

/// Puts three columns of a report into the place of the first of them, as `0.42 (0.28 to 0.80)`.
template <class = instantiated_when_used>
void join_band(report& r, const std::string& name, const std::string& low, const std::string& middle, const std::string& high) {
    const auto at = [&r](const std::string& column) {
        return static_cast<std::size_t>(std::find(r.columns.begin(), r.columns.end(), column) - r.columns.begin());
    };
    const auto l = at(low), m = at(middle), h = at(high), to = std::min({l, m, h});
    const auto others = [&](auto& cells, std::string joined) {
        std::vector<std::string> kept;
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (i == to) kept.push_back(std::move(joined));
            else if (i != l && i != m && i != h) kept.push_back(std::move(cells[i]));
        cells = std::move(kept);
    };
    for (auto& row : r.rows) others(row, row[m].empty() ? std::string{} : row[m] + " (" + row[l] + " to " + row[h] + ')');
    others(r.columns, name);
}

} // namespace detail

/// Trials as `report_of` has them, with one column for each band in place of its three: `total_carbon [kgCO2e]` with `0.42 (0.28 to 0.80)`. For people; programs read the columns
/// of `report_of`, and `study_json`, which have each quantile under its own name.
///
///     print_table(std::cout, report_with_bands<band<total_carbon>>(found.front(), {.digits = 3}));
template <class... Bands, class Space, class Goals>
[[nodiscard]] report report_with_bands(std::span<const trial<Space, Goals>> trials, const report_options& options = {.status = true, .digits = 3}) {
    static_assert((detail::band_check<Bands, Goals>::value && ...));
    auto made = report_of(trials, options);
    if constexpr ((detail::band_check<Bands, Goals>::known && ...))
        (detail::join_band(made, detail::column_name<typename Bands::metric_type>(), detail::column_name<typename Bands::low>(),
                           detail::column_name<typename Bands::middle>(), detail::column_name<typename Bands::high>()),
         ...);
    return made;
}
/// The same.
template <class... Bands, class Space, class Goals>
[[nodiscard]] report report_with_bands(const std::vector<trial<Space, Goals>>& trials,
                                       const report_options& options = {.status = true, .digits = 3}) {
    return report_with_bands<Bands...>(std::span<const trial<Space, Goals>>{trials}, options);
}

} // namespace verdant
