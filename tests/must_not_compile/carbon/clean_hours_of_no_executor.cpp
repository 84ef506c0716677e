// expect: verdant: the first argument of clean_hours is no executor
#include <verdant/carbon/clean_hours.hpp>

namespace carbon = verdant::carbon;
struct net {};
#if defined(VERDANT_GOOD)
using waiting = carbon::clean_hours<verdant::serial_executor>;
#else
using waiting = carbon::clean_hours<net>;
#endif
void evaluate(const carbon::grid_series& grid) {
    verdant::serial_executor serial;
    waiting run{grid, {.deadline = grid.end(), .work = 3.0 * verdant::hours{}}, serial};
    run(1, [](std::size_t) {});
}
