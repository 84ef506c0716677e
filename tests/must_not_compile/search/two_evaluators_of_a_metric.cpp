// expect: verdant: two evaluators provide the same metric
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>&);
vd::metrics<vd::energy> power(const vd::point<net>&);
vd::metrics<vd::latency> latency_again(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::minimize<vd::energy>, vd::nsga2<>>;
#if defined(VERDANT_GOOD)
const study run_me{measure, power};
#else
const study run_me{measure, power, latency_again};
#endif
