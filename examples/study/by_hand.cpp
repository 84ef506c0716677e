// Measuring by hand, over many runs of a program: each run says what to measure next and keeps what it is told.

#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/space/text.hpp>
#include <verdant/study/kept_session.hpp>
#include <verdant/study/memory_storage.hpp>

#include <iostream>

namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::nsga2<>>;

// Stands for a laboratory.
study::goals_type::metrics_type laboratory(const vd::point<net>& p) {
    const double depth = p.get<"depth">(), width = p.get<"width">();
    return {1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16), 0.01 * depth * width * vd::milliseconds{}};
}

// [day]
// One run of the program. A vd::sqlite_storage would keep the study in a file.
void day(vd::memory_storage& kept, int hours) {
    vd::kept_session<study> session{kept, {.seed = 5, .batch = 4, .optimizer = {.population = 8}}};
    for (int hour = 0; hour < hours; ++hour) {
        const auto open = session.ask(); // the same points again until they are told
        if (open.empty()) return;        // exhausted
        const auto next = open.front();
        session.tell(next.point, laboratory(next.point)); // kept when it returns
    }
    std::cout << session.trials().size() << " measured, " << session.pending().size() << " points open, front of " << session.result().size() << '\n';
}
// [/day]

int main() {
    vd::memory_storage kept;
    for (int d = 0; d < 4; ++d) day(kept, 6);
    // [mistake]
    vd::kept_session<study> session{kept, {.seed = 5, .batch = 4, .optimizer = {.population = 8}}};
    const auto last = session.trials().back();
    session.correct_failure(last.point, "the fan was off");
    // [/mistake]
    std::cout << "trial " << last.number << ", " << to_string(last.point) << ": " << session.trials().back().message << '\n';
}
