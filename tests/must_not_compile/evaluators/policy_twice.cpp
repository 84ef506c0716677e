// expect: verdant: two policies of co_design_costs have the same role; keep one mapper, one fidelity policy, one area policy
#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
namespace vd = verdant;
namespace hw = verdant::hardware;

const auto& base = vd::workload::clip_named("ViT-B-16");
#if defined(VERDANT_GOOD)
const vd::co_design_costs evaluate{base, hw::live{}, hw::corrected{}};
#else
const vd::co_design_costs evaluate{base, hw::live{}, hw::published{}};
#endif
