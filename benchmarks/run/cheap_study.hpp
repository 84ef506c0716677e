#pragma once

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/search/search.hpp>

// A search whose evaluations cost next to nothing, so that what is measured is the rest. All benchmarks of that use this one, so that their figures
// compare.
namespace cheap_study {

namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<1, 30>>, vd::param<"width", vd::range<1, 64>>, vd::param<"kernel", vd::choices<3, 5, 7>>,
                       vd::param<"heads", vd::range<1, 16>>, vd::param<"ratio", vd::range<1, 100>>> {};

inline vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>& p) {
    const double size = p.get<"depth">() * p.get<"width">();
    return {1 - 1 / (size + p.get<"heads">()), (size + p.get<"ratio">()) * vd::milliseconds{}};
}

template <class Optimizer>
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, Optimizer>;

} // namespace cheap_study
