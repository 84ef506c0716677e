// expect: verdant: an argument of the search is no evaluator of its space
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
struct chips : vd::space<vd::nest<"hw", vd::spaces::accelerator>> {};
#else
struct chips : vd::space<vd::param<"width", vd::choices<32, 64>>> {};
#endif
using study = vd::search<chips, vd::minimize<vd::latency>, vd::random_search>;
const auto found = study{vd::accelerator_estimator{}}.run();
