#include <verdant/spaces/once_for_all/constant_memory.hpp>
#include <verdant/workload/convnet/channels.hpp>

#include <array>

using namespace verdant::workload;

// Halves go to the even neighbour.
static_assert(round_half_even(0.5) == 0 && round_half_even(1.5) == 2 && round_half_even(2.5) == 2 && round_half_even(-1.5) == -2);
static_assert(round_half_even(2.4999) == 2 && round_half_even(2.5001) == 3 && round_half_even(-0.6) == -1 && round_half_even(7) == 7);

static_assert(make_divisible(1) == 8 && make_divisible(11.9) == 16 && make_divisible(12) == 16 && make_divisible(19.2) == 24);
static_assert(make_divisible(20) == 24 && make_divisible(27.3) == 32 && make_divisible(30, 4) == 32);
static_assert(mid_channels(8, 1.5) == 16 && mid_channels(24, 1.5) == 40 && mid_channels(24, 1) == 24 && mid_channels(136, 3) == 408);
static_assert(squeezed_channels(72) == 24 && squeezed_channels(24) == 8);
static_assert(strided(224, 2) == 112 && strided(7, 2) == 4 && strided(5, 1) == 5 && strided(1, 2) == 1);

// Squares of whole numbers have exact roots; others are within a unit in the last place.
static_assert(square_root(0) == 0 && square_root(1) == 1 && square_root(144) == 12 && square_root(1e12) == 1e6 && square_root(0.25) == 0.5);
constexpr bool near_root(double x) {
    const double r = square_root(x), e = r * r / x - 1;
    return e < 1e-15 && e > -1e-15;
}
static_assert(near_root(2) && near_root(3) && near_root(1e-300) && near_root(1e300) && near_root(0.1) && near_root(2.9e7));

// The recurrence by hand at the first step: 2c(s^2 + 49)/(s^2/2 + 49) = 94.5, the smaller of the two rules, and so 96.
using verdant::spaces::next_width;
static_assert(next_width({}, 56, 24) > 90 && next_width({}, 56, 24) < 100);
static_assert(verdant::spaces::constant_memory_widths() == std::array{96, 288, 360, 384, 392, 392});
static_assert(verdant::spaces::constant_memory_widths({.side = 56, .width = 16})[0] < 96); // less memory, narrower stages
