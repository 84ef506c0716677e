// expect: verdant: this reward multiplies its first objective, which has to be one of which more is better; write maximize<...> before the other goals
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
#if defined(VERDANT_GOOD)
using goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>;
#else
using goals = verdant::goals<verdant::minimize<verdant::latency>, verdant::maximize<verdant::accuracy>>;
#endif
const verdant::reinforce<verdant::target_reward>::engine<net, goals> engine{{}};
