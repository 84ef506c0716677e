// Measures every layer of a space of networks on this machine and writes latency tables in the published format; then measures whole networks and says
// how far the sums of the tables are from them.

#include <verdant/error.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/openblas.hpp>

#include "../terminal/program.hpp"
#include "../terminal/stop.hpp"
#include "measure.hpp"
#include "options.hpp"
#include "space.hpp"

#include <algorithm>
#include <string>

namespace {

using namespace measure_latency;

void run(settings s) {
    const auto space = space_named(s.model);
    if (s.resolutions.empty()) s.resolutions = space.resolutions;
    std::sort(s.resolutions.begin(), s.resolutions.end());
    s.resolutions.erase(std::unique(s.resolutions.begin(), s.resolutions.end()), s.resolutions.end());
    for (const int r : s.resolutions)
        if (std::find(space.resolutions.begin(), space.resolutions.end(), r) == space.resolutions.end()) {
            std::string sizes;
            for (const int have : space.resolutions) sizes += (sizes.empty() ? "" : ", ") + std::to_string(have);
            throw vd::input_error{"--resolutions", "", "sizes that " + space.name + " has: " + sizes, std::to_string(r)};
        }
    if (s.device == "cuda") measure<vd::nn::cuda<>>(s, space);
    else measure<vd::nn::cpu>(s, space);
}

} // namespace

int main(int argc, char** argv) {
    vd::nn::restart_with_better_kernels(argv);
    settings s;
    CLI::App app{
        "Measures the latency of every layer of a space of networks on this machine, writes lookup tables in the published format, and compares "
        "their sums with whole networks. Started again with the same --out, it goes on where it stopped.",
        "measure_latency"};
    add_options(app, s);
    return terminal::run(app, argc, argv, [&s] {
        terminal::listen_for_stop();
        run(s);
        return 0;
    });
}
