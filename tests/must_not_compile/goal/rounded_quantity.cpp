// expect: verdant: rounded_text takes a number
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>

namespace vd = verdant;
constexpr auto took = 3.0 * vd::milliseconds{};
#if defined(VERDANT_GOOD)
const auto text = vd::rounded_text(vd::in<vd::milliseconds>(took), 4);
#else
const auto text = vd::rounded_text(took, 4);
#endif
