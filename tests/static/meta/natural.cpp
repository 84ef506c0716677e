#include <verdant/meta/natural.hpp>

using verdant::natural;

static_assert(natural<2>{6} == 6 && natural<2>{6} < 7 && natural<2>{6} > 5.5);
static_assert([] {
    natural<4> n{1};
    for (int i = 0; i < 26; ++i) n *= 10;
    return n > 9.9e25 && n < 1.1e26 && !n.fits_64();
}());
