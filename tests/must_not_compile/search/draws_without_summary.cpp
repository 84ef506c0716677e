// expect: verdant: an evaluator gives draws of the metric of a goal, and no value
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>> {};
vd::uncertain_metrics<vd::metrics<vd::accuracy>, vd::drawn<vd::total_carbon>> measure(const vd::point<net>&);
#if defined(VERDANT_GOOD)
using wanted = vd::mean<vd::total_carbon>;
#else
using wanted = vd::total_carbon;
#endif
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<wanted>, vd::random_search>;
const study run_me{measure};
