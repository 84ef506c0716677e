// A search that keeps three threads busy although some networks train much longer than others, and the same search once more from its record.

#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/study/memory_storage.hpp>

#include <atomic>
#include <iostream>

#include <unistd.h>
namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency, vd::threshold<40>>, vd::nsga2<>>;

std::atomic<int> trained = 0;

// Takes its time: the more, the deeper the network.
vd::metrics<vd::accuracy, vd::latency> train(const vd::point<net>& p) {
    const double depth = p.get<"depth">(), width = p.get<"width">();
    usleep(static_cast<useconds_t>(100 * depth * depth / 10));
    ++trained;
    return {1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16), 0.01 * depth * width * vd::milliseconds{}};
}

int main() {
    // [run]
    vd::memory_storage kept;
    const study s{train};
    const study::options options{.trials = 80, .seed = 4, .threads = 3, .order = vd::tell_order::as_completed};
    const auto found = s.run(options, kept);
    std::cout << found.trials().size() << " trials, " << trained << " trained\n";
    // [/run]
    // [replay]
    auto record = *kept.load();
    record.state.optimizer.reset(); // without what the optimizer saved: all is asked and told again, and compared
    vd::memory_storage copy{record};
    trained = 0;
    const auto again = s.run(options, copy);
    std::cout << (again.trials() == found.trials() ? "the same" : "other") << " trials from the record, " << trained << " trained\n";
    // [/replay]
}
