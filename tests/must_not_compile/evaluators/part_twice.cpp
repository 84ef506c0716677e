// expect: verdant: the constructor of an evaluator is given two parts of one type; leave one out
#include <verdant/evaluators/clip_estimator.hpp>
namespace vd = verdant;

const vd::carbon::life mine{.inferences = 1e6};
#if defined(VERDANT_GOOD)
const vd::clip_estimator evaluate{vd::workload::clip_named("ViT-B-16"), mine};
#else
const vd::clip_estimator evaluate{vd::workload::clip_named("ViT-B-16"), mine, vd::carbon::life{}};
#endif
