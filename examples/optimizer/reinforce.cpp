// A controller learns which values are worth drawing: accuracy against latency, by a reward with a target.

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/search/search.hpp>

#include <algorithm>
#include <cstdio>

namespace vd = verdant;

// [space]
struct net : vd::space<vd::param<"depth", vd::range<1, 8>>, vd::param<"width", vd::choices<16, 32, 64, 128>>,
                       vd::param<"kernel", vd::choices<3, 5, 7>>, vd::where<vd::var<"depth"> * vd::var<"width"> <= vd::val<512>>> {};
// [/space]

/// A stand-in for a surrogate: larger is better and slower.
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>& p) {
    const double size = p.get<"depth">() * p.get<"width">() * p.get<"kernel">();
    return {size / (size + 400), (1 + size / 100) * vd::milliseconds{}};
}

int main() {
    // [search]
    using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::reinforce<vd::target_reward>>;
    auto session = study::ask_tell({.seed = 1, .optimizer = {.learning_rate = 0.01, .reward = {.target = 8, .exponent = 0.3}}});
    while (session.engine().updates() < 60)
        for (const auto& p : session.ask(6)) // an episode each; the controller moves when all six are told
            if (session.tell_known(p) == nullptr) session.tell(p, measure(p));
    // [/search]
    const auto at = [&](double milliseconds_at_most) {
        double best = 0;
        for (const auto& t : session.trials())
            if (vd::to_si(t.get<vd::latency>()) <= milliseconds_at_most / 1000) best = std::max(best, t.get<vd::accuracy>());
        return best;
    };
    std::printf("%zu networks in %d updates\n", session.trials().size(), static_cast<int>(session.engine().updates()));
    std::printf("best accuracy below 8 ms: %.3f, below 16 ms: %.3f\n", at(8), at(16));
}
