// What a search itself consumes, and a search that ends when it has emitted enough.
#include <verdant/carbon/consumption/carbon_budget.hpp>
#include <verdant/carbon/consumption/consumption_meter.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/report/consumption_text.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/verdant.hpp>

#include <cmath>
#include <iostream>

namespace vd = verdant;
namespace carbon = vd::carbon;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::nsga2<>>;

// What a training would find out, and some work.
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>& p) {
    const double depth = p.get<"depth">(), width = p.get<"width">();
    double work = 0;
    for (int i = 0; i < 20000; ++i) work += std::sin(width + i);
    return {1 - 1 / (1 + 0.4 * depth) - 4 / (width + 32) + 1e-12 * work, 0.01 * depth * width * vd::milliseconds{}};
}

int main() {
    vd::memory_storage storage; // in earnest sqlite_storage
    const study search{measure};
    // [meter]
    carbon::consumption_meter meter{carbon::place::europe, {.processors = 65.0 * vd::watts{}}};
    carbon::carbon_budget budget{meter, 500.0 * vd::grams_co2e{}};
    const auto found = search.run({.trials = 200, .seed = 7}, storage, meter, budget);
    std::cerr << vd::consumption_text(*found.consumption()) << '\n';
    // [/meter]
    std::cout << found.trials().size() << " trials, ended by " << vd::stop_reason_text(found.reason()) << '\n';
    std::cout << (found.consumption()->energy().value() > 0 ? "it took energy" : "it took none") << ", in " << found.consumption()->runs << " run\n";

    // [further]
    const auto more = search.run({.trials = 250, .seed = 7}, storage, meter, budget); // goes on, and counts both runs
    // [/further]
    std::cout << more.trials().size() << " trials in " << more.consumption()->runs << " runs, "
              << (more.consumption()->emitted > found.consumption()->emitted ? "more emitted than before" : "no more emitted") << '\n';

    // [small]
    carbon::carbon_budget spent{meter, 1e-9 * vd::grams_co2e{}};
    std::cout << "a small budget: " << vd::stop_reason_text(search.run({.trials = 300, .seed = 7}, storage, meter, spent).reason()) << '\n';
    // [/small]
}
