// Searches an accelerator for a CLIP model: latency against total carbon, area and throughput constrained (the mode `all-hw` of CarbonNAAS).
// Writes trials.csv, front.csv, study.json and front.svg, and prints the Pareto front.

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/random.hpp>

#include "../terminal/program.hpp"
#include "../terminal/stop.hpp"
#include "options.hpp"
#include "study.hpp"

int main(int argc, char** argv) {
    using namespace clip_accelerator;
    settings s;
    CLI::App app{"Searches an accelerator for a CLIP model: latency against total carbon.", "clip_accelerator"};
    add_options(app, s);
    return terminal::run(app, argc, argv, [&s] {
        check_flags(s);
        terminal::listen_for_stop();
        if (s.optimizer == "exhaustive") run<vd::exhaustive_search>(s, {});
        else if (s.optimizer == "bounded") run<bounded_search>(s, {});
        else if (s.optimizer == "random") run<vd::random_search>(s, {});
        else run<vd::nsga2<>>(s, s.nsga2);
        return 0;
    });
}
