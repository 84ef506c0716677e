// expect: verdant: report_of takes no such arguments: an option is misspelt
#include <verdant/goal.hpp>
#include <verdant/report/report.hpp>
#include <verdant/space/space.hpp>

#include <vector>
namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
using trials = std::vector<vd::trial<net, vd::goals<vd::minimize<vd::latency>>>>;
#if defined(VERDANT_GOOD)
vd::report shown(const trials& found) { return vd::report_of(found, {.status = false, .digits = 3}); }
#else
vd::report shown(const trials& found) { return vd::report_of(found, {.status = false, .digit = 3}); }
#endif
