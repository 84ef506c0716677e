// expect: verdant: a parameter of this space has more than 4096 values, and the controller of reinforce learns a row of weights for each
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>

#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::param<"width", verdant::range<1, 4096>>> {};
#else
struct net : verdant::space<verdant::param<"width", verdant::range<1, 4097>>> {};
#endif
const verdant::reinforce<>::engine<net, verdant::goals<verdant::maximize<verdant::accuracy>>> engine{{}};
