#include <verdant/numeric/natural.hpp>

#include <cstdint>
#include <type_traits>

using verdant::natural;

static_assert(natural<2>{6} == 6 && natural<2>{6} < 7 && natural<2>{6} > 5.5);
static_assert([] {
    natural<4> n{1};
    for (int i = 0; i < 26; ++i) n *= 10;
    return n > 9.9e25 && n < 1.1e26 && !n.fits_64();
}());

// As plain integers, where they fit.
static_assert(static_cast<std::uint64_t>(natural<2>{~std::uint64_t{0}}) == ~std::uint64_t{0});
static_assert(static_cast<int>(natural<4>{46}) == 46);
static_assert(!std::is_convertible_v<natural<2>, std::uint64_t> && !std::is_constructible_v<bool, natural<2>>);
