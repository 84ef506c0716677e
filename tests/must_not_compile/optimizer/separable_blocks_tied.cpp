// expect: verdant: a constraint or condition of this space ties two blocks together
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/separable/space_blocks.hpp>

struct net : verdant::space<verdant::param<"a_depth", verdant::range<1, 4>>, verdant::param<"b_depth", verdant::range<1, 4>>,
                            verdant::where<(verdant::var<"a_depth"> <= verdant::var<"b_depth">)>> {};
template <>
#if defined(VERDANT_GOOD)
inline constexpr std::array verdant::separable_blocks<net>{verdant::parameter_block{"a_"}};
#else
inline constexpr std::array verdant::separable_blocks<net>{verdant::parameter_block{"a_"}, verdant::parameter_block{"b_"}};
#endif
static_assert(verdant::detail::blocks_check<net>::value);
