// expect: verdant: the reward of reinforce is of another number of objectives than the search has; write reinforce<objective_reward> for one
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
#if defined(VERDANT_GOOD)
using reward = verdant::target_reward;
#else
using reward = verdant::objective_reward;
#endif
const verdant::reinforce<reward>::engine<net, verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>> engine{{}};
