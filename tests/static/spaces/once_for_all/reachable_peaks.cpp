#include <verdant/space/domain.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>
#include <verdant/spaces/once_for_all/within_memory.hpp>

namespace spaces = verdant::spaces;

namespace {

/// One image size and one kernel: few enough choices for the limits of the compilers.
struct small : spaces::constant_memory<400'000, verdant::choices<96>, verdant::choices<2, 3>, verdant::choices<3>, verdant::choices<2, 3>> {};

constexpr auto least = spaces::least_peak<small>();
static_assert(least.peak > 0 && least.peak <= small::peak);
static_assert(least.where.feasible());
static_assert(spaces::largest_peak_within<small>(400'000).peak >= least.peak);

} // namespace
