// expect: verdant: front_in_draws takes an evaluator of single points that gives all objectives of the search as draws
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>> {};
using study = vd::search<net, vd::minimize<vd::latency>, vd::minimize<vd::quantile<vd::total_carbon, 0.95>>, vd::random_search>;
#if defined(VERDANT_GOOD)
vd::uncertain_metrics<vd::metrics<vd::latency>, vd::drawn<vd::total_carbon>> measure(const vd::point<net>&);
#else
vd::uncertain_metrics<vd::metrics<vd::latency>, vd::drawn<vd::energy>> measure(const vd::point<net>&);
#endif
std::size_t kept(const study::result_type& found) { return vd::front_in_draws(found, measure).size(); }
