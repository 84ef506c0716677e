// A search that begins with known networks, and one that ends when it has found enough.
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/report/report.hpp>
#include <verdant/space/text.hpp>
#include <verdant/verdant.hpp>

#include <chrono>
#include <iostream>

namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency, vd::threshold<60>>, vd::nsga2<>>;

// What a training would find out.
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>& p) {
    const double depth = p.get<"depth">(), width = p.get<"width">();
    return {1 - 1 / (1 + 0.4 * depth) - 4 / (width + 32), 0.01 * depth * width * vd::milliseconds{}};
}

// [stop]
struct good_enough {
    vd::search_step told(const study::trial_type& t, const vd::search_state&) const {
        return t.feasible() && t.get<vd::accuracy>() > 0.85 ? vd::search_step::stop : vd::search_step::go_on;
    }
};
// [/stop]

int main() {
    // [start]
    const auto baseline = vd::parse_point<net>("depth=12 width=128"), smaller = vd::parse_point<net>("depth=6 width=64");
    auto found = study{measure}.run({.trials = 60, .seed = 7}, vd::start_points{baseline, smaller});
    // [/start]
    vd::print_table(std::cout, vd::report_of(std::span{found.trials()}.first(4), {.status = false, .digits = 3}));

    // [run]
    found = study{measure}.run({.trials = 60, .seed = 7, .time_limit = std::chrono::hours{8}}, good_enough{});
    std::cout << found.trials().size() << " trials, ended by " << vd::stop_reason_text(found.reason()) << '\n';
    // [/run]
}
