#pragma once

// A study that the tests of searches share: a small space, two objectives, a constraint, evaluators whose values are easy to check.

#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace studies {

namespace vd = verdant;

// 8 * 10 * 3 points, of which those with width * layers <= 40 count.
struct net : vd::space<vd::param<"layers", vd::range<1, 8>>, vd::param<"width", vd::range<1, 10>>, vd::param<"kernel", vd::choices<3, 5, 7>>,
                       vd::where<vd::var<"width"> * vd::var<"layers"> <= vd::val<40>>> {};
using point = vd::point<net>;

inline double size_of(const point& p) { return static_cast<double>(p.get<"layers">() * p.get<"width">()); }

inline vd::metrics<vd::accuracy, vd::latency> measure(const point& p) {
    return {1 - 1 / (size_of(p) + static_cast<double>(p.get<"kernel">())), size_of(p) * static_cast<double>(p.get<"kernel">()) * vd::milliseconds{}};
}
inline vd::metrics<vd::energy> power(const point& p) { return size_of(p) * vd::joules{}; }

template <class Optimizer>
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0.5>>, vd::minimize<vd::latency, vd::threshold<300>>,
                         vd::subject_to<vd::energy, vd::at_most<30>>, Optimizer>;

/// The feasible points, by their position.
inline point feasible(std::size_t i) {
    auto p = vd::feasible_points<net>().begin();
    for (; i > 0; --i) ++p;
    return *p;
}

/// Trials equal in every bit: numbers, points, values, messages.
template <class Result>
bool same(const Result& a, const Result& b) {
    return a.trials() == b.trials() && a.front() == b.front() && a.hypervolume() == b.hypervolume() && a.reason() == b.reason() &&
           a.repeated() == b.repeated();
}

} // namespace studies
