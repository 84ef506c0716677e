// expect: verdant: no function model_at(point, base) gives the model of these points; write one beside the space or the base
#include <verdant/evaluators/clip_estimator.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
struct codesign : vd::spaces::clip_co_design {};
#else
struct codesign : vd::space<vd::param<"depth", vd::range<2, 8>>, vd::nest<"hw", vd::spaces::accelerator>> {};
#endif
const auto costs = vd::clip_estimator{}(vd::point<codesign>{});
