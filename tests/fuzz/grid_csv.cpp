#include "fuzz.hpp"

#include <verdant/carbon/grid_csv.hpp>
#include <verdant/units.hpp>

// The first byte chooses what is repaired.
VERDANT_FUZZ_TARGET(grid_csv) {
    namespace carbon = verdant::carbon;
    if (data.empty()) return;
    const unsigned choice = data[0];
    const carbon::grid_csv_options options{.accounting = (choice & 1U) == 0 ? carbon::accounting::life_cycle : carbon::accounting::direct,
                                           .gaps = static_cast<carbon::gaps>((choice >> 1U) % 3U),
                                           .duplicates = static_cast<carbon::duplicates>((choice >> 3U) % 3U),
                                           .missing = static_cast<carbon::missing>((choice >> 5U) & 1U),
                                           .offsets = static_cast<carbon::offsets>((choice >> 6U) & 1U),
                                           .longest_gap = (choice >> 7U) == 0 ? 24U : 1000000U};
    const auto read = carbon::parse_grid_csv(fuzz::text(data.subspan(1)), fuzz::source, options);
    fuzz::require(read.series.hours() > 0 && read.series.hours() <= carbon::grid_series::most_hours, "hours are as many as allowed");
    fuzz::require(read.filled < read.series.hours(), "not all hours are filled");
    for (std::size_t i = 0; i < read.series.hours(); ++i) fuzz::require(verdant::to_si(read.series.hour(i)) >= 0, "an intensity is not negative");
    const auto mean = verdant::to_si(read.series.mean(read.series.begin(), read.series.end()));
    fuzz::require(mean >= 0 && mean <= 10000 * 1e-3 / 3.6e6 * (1 + 1e-9), "a mean lies among intensities");
}
