#include "costs.hpp"

#include <verdant/evaluators/accelerator_estimator.hpp>

// [defined]
// costs.cpp: compiled once, and again only when the costs change
vd::metrics<vd::latency, vd::energy, vd::area> costs(const vd::point<vd::spaces::accelerator>& p) {
    static const vd::accelerator_estimator estimate; // threads share what it remembers
    const auto c = estimate(p);
    return {c.get<vd::latency>(), c.get<vd::energy>(), c.get<vd::area>()};
}
// [/defined]
