// expect: verdant: the constructor of an evaluator is given what is none of its policies; write co_design_costs{base, parts...}
#include <verdant/evaluators/clip_estimator.hpp>
#include <verdant/hardware/devices.hpp>
namespace vd = verdant;

const auto& base = vd::workload::clip_named("ViT-B-16");
#if defined(VERDANT_GOOD)
const vd::co_design_costs evaluate{base, vd::hardware::h100_like.value};
#else
const vd::clip_estimator evaluate{base, vd::hardware::h100_like.value};
#endif
