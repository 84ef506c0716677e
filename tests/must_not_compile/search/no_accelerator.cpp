// expect: verdant: this space has no accelerator; nest spaces::accelerator below hw, or give the evaluator a fixed one
#include <verdant/evaluators/accelerator_estimator.hpp>
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
