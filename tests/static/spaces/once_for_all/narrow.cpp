#include <verdant/space/cardinality.hpp>
#include <verdant/space/validity.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/narrow.hpp>

namespace spaces = verdant::spaces;

static_assert(verdant::valid<spaces::narrow_ofa> && verdant::valid<spaces::narrow_moofa>);
static_assert(verdant::cardinality<spaces::narrow_ofa> == verdant::cardinality<spaces::narrow_moofa>);

// Equal before the stages, and about the same largest network.
static_assert(spaces::narrow_ofa::family.first_conv == spaces::narrow_moofa::family.first_conv);
static_assert(spaces::narrow_ofa::family.first_block == spaces::narrow_moofa::family.first_block);

template <class S>
constexpr auto largest = spaces::point_of<S>(spaces::largest_arch<S>());
// Once-for-all needs most in its first depthwise convolution, 48 channels from 16 x 16 to 8 x 8, MOOFA where 24 channels at 8 x 8 become 96 and the
// input is kept for the sum.
static_assert(spaces::peak_memory(largest<spaces::narrow_ofa>) == 48 * 256 + 48 * 64 + 48 * 25);
static_assert(spaces::peak_memory(largest<spaces::narrow_moofa>) == 96 * 64 + 96 * 64 + 96 * 25 + 24 * 64);
