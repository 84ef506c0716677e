// expect: verdant: front_svg takes no such arguments: an option is misspelt
#include <verdant/goal.hpp>
#include <verdant/report/front_plot.hpp>
#include <verdant/search/result.hpp>
#include <verdant/space/space.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
using result = vd::search_result<net, vd::goals<vd::minimize<vd::latency>, vd::maximize<vd::accuracy>>>;
#if defined(VERDANT_GOOD)
std::string picture(const result& found) { return vd::front_svg(found, "networks", {.x = {.low = 0}, .baselines = {}}); }
#else
std::string picture(const result& found) { return vd::front_svg(found, "networks", {.x = {.low = 0}, .baseline = {}}); }
#endif
