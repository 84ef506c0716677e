// expect: verdant: this space has no accelerator; nest spaces::accelerator below hw, or give the evaluator a fixed one
#include <verdant/evaluators/clip_estimator.hpp>
#include <verdant/hardware/devices.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
const vd::co_design_costs evaluate{vd::workload::clip_named("ViT-B-16"), vd::hardware::h100_like.value};
#else
const vd::clip_estimator evaluate{vd::workload::clip_named("ViT-B-16")};
#endif
const auto costs = evaluate(vd::point<vd::spaces::clip>{}).get<vd::latency>();
