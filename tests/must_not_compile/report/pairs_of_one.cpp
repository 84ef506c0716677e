// expect: verdant: pairs_svg shows planes of two objectives, and this search has one
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/report/pair_plot.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
#if defined(VERDANT_GOOD)
using goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>;
#else
using goals = verdant::goals<verdant::maximize<verdant::accuracy>>;
#endif
std::string picture(const verdant::search_result<net, goals>& found) { return verdant::pairs_svg(found, "pairs"); }
