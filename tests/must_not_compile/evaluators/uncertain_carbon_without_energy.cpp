// expect: verdant: uncertain_carbon takes an evaluator of single points of this space that gives area and energy
#include <verdant/evaluators/uncertain_carbon.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct chip : vd::space<vd::param<"size", vd::range<1, 9>>> {};
#if defined(VERDANT_GOOD)
struct costs {
    vd::metrics<vd::area, vd::energy> operator()(const vd::point<chip>&) const { return {}; }
};
#else
struct costs {
    vd::metrics<vd::area> operator()(const vd::point<chip>&) const { return {}; }
};
#endif
using study = vd::search<chip, vd::minimize<vd::quantile<vd::total_carbon, 0.95>>, vd::random_search>;
study made(const vd::carbon::uncertain_footprint& footprint) { return study{vd::uncertain_carbon{costs{}, footprint}}; }
