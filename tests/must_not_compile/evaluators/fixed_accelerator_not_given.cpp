// expect: verdant: the constructor of an evaluator lacks a part that has no default; give it the fixed accelerator, or the mapper
#include <verdant/evaluators/clip_estimator.hpp>
#include <verdant/hardware/devices.hpp>
namespace vd = verdant;

using evaluator = vd::co_design_costs<vd::workload::clip_config, vd::hardware::accelerator>;
#if defined(VERDANT_GOOD)
const evaluator evaluate{vd::hardware::h100_like.value};
#else
const evaluator evaluate;
#endif
