// A search whose loop is one's own: points are measured wherever, even by hand, and told when they are known.

#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/space/text.hpp>
#include <verdant/text/number.hpp>

#include <cstddef>
#include <iostream>
namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency, vd::threshold<40>>, vd::nsga2<>>;

// Stands for a laboratory.
double laboratory_accuracy(const vd::point<net>& p) {
    const double depth = p.get<"depth">(), width = p.get<"width">();
    return 1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16);
}
double laboratory_milliseconds(const vd::point<net>& p) { return 0.01 * p.get<"depth">() * p.get<"width">(); }

int main() {
    // [loop]
    auto session = study::ask_tell({.seed = 5, .optimizer = {.population = 20}});
    for (int week = 1; week <= 6; ++week) {
        for (const auto& p : session.ask(20)) {
            if (session.tell_known(p) != nullptr) continue; // measured before
            if (p.get<"depth">() * p.get<"width">() > 4500) session.tell_failure(p, "does not fit the device");
            else session.tell(p, {laboratory_accuracy(p), laboratory_milliseconds(p) * vd::milliseconds{}});
        }
        const auto found = session.result();
        std::cout << "week " << week << ": " << session.trials().size() << " measured, front of " << found.size() << ", hypervolume "
                  << vd::rounded_text(*found.hypervolume(), 4) << ' ' << vd::hypervolume_unit<study::goals_type>() << '\n';
    }
    // [/loop]
    const auto found = session.result();
    std::cout << "quickest: " << to_string(found.front().back().point) << "\nbest: " << to_string(found.front().front().point) << '\n';
}
