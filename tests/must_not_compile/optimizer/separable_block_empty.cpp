// expect: verdant: a block of this space has no parameter
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/separable/space_blocks.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>, verdant::param<"width", verdant::range<1, 4>>> {};
template <>
#if defined(VERDANT_GOOD)
inline constexpr std::array verdant::separable_blocks<net>{verdant::parameter_block{"depth"}};
#else
inline constexpr std::array verdant::separable_blocks<net>{verdant::parameter_block{"dpeth"}};
#endif
static_assert(verdant::detail::blocks_check<net>::value);
