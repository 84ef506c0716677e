#pragma once

// Networks whose training is a formula: the better ones end higher and learn more slowly.

#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/measurement.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/space.hpp>

#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace curves {

namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<1, 10>>, vd::param<"width", vd::range<1, 10>>> {};
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
using fronts = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::random_search>;

/// Accuracy after some epochs.
[[nodiscard]] inline double accuracy_at(const vd::point<net>& p, double epochs) {
    const double d = p.get<"depth">(), w = p.get<"width">();
    const double limit = 0.95 - 0.01 * (d - 7) * (d - 7) / 2 - 0.01 * (w - 6) * (w - 6) / 2;
    return limit * (1 - std::exp(-epochs / (1 + 0.1 * (d + w))));
}

struct train {
    vd::metrics<vd::accuracy> operator()(const vd::point<net>& p, vd::at_fidelity<epochs> at) const {
        return accuracy_at(p, static_cast<double>(at.value));
    }
};
/// Fails for some, reports each epoch.
struct train_and_report {
    vd::metrics<vd::accuracy> operator()(const vd::point<net>& p, vd::measurement<epochs>& m) const {
        if (p.get<"depth">() == 3) throw std::runtime_error{"no luck"};
        double now = 0;
        for (auto e = m.reached() + 1; e <= m.value(); ++e) {
            now = accuracy_at(p, static_cast<double>(e));
            if (m.report(e, vd::metrics<vd::accuracy>{now}) == vd::measurement_step::stop) break;
        }
        return now;
    }
};
struct time_of {
    vd::metrics<vd::latency> operator()(const vd::point<net>& p) const {
        return static_cast<double>(p.get<"depth">() * p.get<"width">()) * vd::milliseconds{};
    }
};

} // namespace curves
