// expect: verdant: a policy of co_design_costs has no role; give a mapper, a fidelity policy such as hardware::corrected
#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/hardware/devices.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
namespace vd = verdant;

const auto& base = vd::workload::clip_named("ViT-B-16");
#if defined(VERDANT_GOOD)
const vd::co_design_costs evaluate{base, vd::hardware::h100_like.value};
#else
const vd::co_design_costs evaluate{base, vd::hardware::h100_like};
#endif
