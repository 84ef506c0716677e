// The pictures of a search: its front beside a baseline, pairs of three objectives, and what it had found after each trial.

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/report.hpp>
#include <verdant/verdant.hpp>

#include <unistd.h>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace vd = verdant;
namespace plot = verdant::plot;

struct net : vd::space<vd::param<"depth", vd::range<2, 24>>, vd::param<"width", vd::range<16, 512, 16>>, vd::param<"bits", vd::choices<4, 8, 16>>> {};

// Made up: what is large is accurate, slow and hungry.
vd::metrics<vd::accuracy, vd::latency, vd::energy> measure(const vd::point<net>& p) {
    const auto size = static_cast<double>(p.get<"depth">() * p.get<"width">()), bits = static_cast<double>(p.get<"bits">());
    const auto work = size * static_cast<double>(p.get<"width">());
    return {1 - 1 / std::sqrt(size * bits / 64 + 2), (0.2 + work * (0.5 + bits / 32) / 1e5) * vd::milliseconds{}, work * bits * bits / 1e8 * vd::joules{}};
}

// [study]
template <class Optimizer>
using study_with = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0.5>>, vd::minimize<vd::latency, vd::threshold<70>>,
                              vd::subject_to<vd::energy, vd::at_most<4>>, Optimizer>;
// [/study]

int main() {
    const auto folder = (std::filesystem::temp_directory_path() / ("verdant-pictures-" + std::to_string(getpid()))).string() + '/';
    std::filesystem::create_directory(folder);

    // [front]
    using study = study_with<vd::nsga2<>>;
    const auto found = study{measure}.run({.trials = 200, .seed = 1, .optimizer = {.population = 20}});
    // The network that is in use: 12 layers of 256, 16 bits.
    const auto in_use = vd::baseline_of("in use", measure(vd::point<net>{}.with<"depth", 12>().with<"width", 256>().with<"bits", 16>()));
    vd::io::write_file(folder + "front.svg", vd::front_svg(found, "networks", {.y = {.scale = plot::scale::logarithmic}, .baselines = {in_use}}));
    // [/front]

    // [history]
    vd::io::write_file(folder + "latency.svg", vd::history_svg<vd::latency>(found, "latency", {.y = {.scale = plot::scale::logarithmic}}));
    std::vector<std::pair<std::string, study::result_type>> runs;
    for (unsigned seed = 1; seed <= 5; ++seed) {
        runs.emplace_back("NSGA-II", study{measure}.run({.trials = 150, .seed = seed, .optimizer = {.population = 20}}));
        runs.emplace_back("random", study_with<vd::random_search>{measure}.run({.trials = 150, .seed = seed}));
    }
    vd::io::write_file(folder + "hypervolume.svg", vd::hypervolume_svg(runs, "two optimizers, five seeds each", {.x = {.scale = plot::scale::logarithmic}}));
    // [/history]

    // [pairs]
    using of_three = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::minimize<vd::energy>, vd::nsga2<>>;
    const auto three = of_three{measure}.run({.trials = 300, .seed = 1});
    const vd::baseline by_hand{"another lab's", {{"accuracy", 0.93}, {"latency", 5}, {"energy", 1.5}}}; // ms, J
    vd::io::write_file(folder + "pairs.svg", vd::pairs_svg(three, "three objectives",
                                                           {.axes = {{"latency", {.scale = plot::scale::logarithmic}}, {"energy", {.scale = plot::scale::logarithmic}}},
                                                            .baselines = {by_hand},
                                                            .picture = {.width = 1000, .height = 800, .font_size = 15, .font = "serif"}}));
    // [/pairs]

    for (const auto* name : {"front.svg", "latency.svg", "hypervolume.svg", "pairs.svg"}) {
        const auto svg = vd::io::read_file(folder + name);
        std::size_t marks = 0;
        for (const std::string mark : {"<circle ", "<polygon "})
            for (auto at = svg.find(mark); at != std::string::npos; at = svg.find(mark, at + 1)) ++marks;
        std::cout << name << ": " << marks << " marks\n";
    }
    std::filesystem::remove_all(folder);
}
