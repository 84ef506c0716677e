// expect: verdant: what model_at gives for these points is no model; write a function operators(model) beside its type
#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/workload/transformer/clip.hpp>
namespace vd = verdant;

namespace mine {
struct codesign : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::nest<"hw", vd::spaces::accelerator>> {};
struct stack {
    int layers = 1;
};
#if defined(VERDANT_GOOD)
vd::workload::model operators(const stack&);
#endif
inline stack model_at(const vd::point<codesign>& p, stack) { return {p.get<"layers">()}; }
} // namespace mine
const auto costs = vd::co_design_costs{mine::stack{}}(vd::point<mine::codesign>{}).get<vd::latency>();
