// expect: verdant: the term of a block asks for a parameter of another block
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/separable/space_blocks.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>, verdant::param<"width", verdant::range<1, 4>>> {};
template <>
inline constexpr verdant::one_block_a_group verdant::separable_blocks<net>{};
double term(const verdant::block_point<net, 0>& part) {
#if defined(VERDANT_GOOD)
    return static_cast<double>(part.get<"depth">());
#else
    return static_cast<double>(part.get<"width">());
#endif
}
