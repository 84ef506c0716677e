// expect: verdant: a lowered model was lowered with a fidelity of its own; give the model itself, or leave out the fidelity policy
#include <verdant/evaluators/accelerator_estimator.hpp>
namespace vd = verdant;
namespace hw = verdant::hardware;

const auto& whole = vd::workload::clip_named("ViT-B-16");
using evaluator = vd::co_design_costs<hw::lowered_model, hw::corrected>;
#if defined(VERDANT_GOOD)
const evaluator evaluate{whole};
#else
const evaluator evaluate{hw::lower(vd::workload::operators(whole))};
#endif
