// expect: verdant: no evaluator gives draws of the metric of a quantile, mean or deviation
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>> {};
#if defined(VERDANT_GOOD)
vd::uncertain_metrics<vd::metrics<vd::accuracy>, vd::drawn<vd::total_carbon>> measure(const vd::point<net>&);
#else
vd::metrics<vd::accuracy, vd::total_carbon> measure(const vd::point<net>&);
#endif
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::quantile<vd::total_carbon, 0.95>>, vd::random_search>;
const study run_me{measure};
