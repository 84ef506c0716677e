// autobuild all: one step after the other.
#pragma once

#include "data.hpp"
#include "options.hpp"
#include "plot.hpp"
#include "reduce.hpp"
#include "search.hpp"
#include "train.hpp"

#include <cstdio>
#include <string>

namespace autobuild {

/// For each target: trains a predictor and cuts the space down by what it learnt. Then the reduced spaces, joined, and the whole one are searched with the same number of
/// evaluations, judged by a predictor of accuracy alone.
inline int all_steps(const all_settings& s) {
    const auto say = [](const std::string& what) {
        std::printf("\n== %s\n", what.c_str());
        std::fflush(stdout);
    };
    const auto family = read_targets(s.train.data, s.train.targets, s.train.networks).corpus.family;
    const auto trained = [&](const std::string& target) {
        auto one = s.train;
        one.targets = {target};
        say("a predictor of " + target);
        train(one);
        return one.out + "/saved_models/" + detail::run_name(one, family) + "_predictor.safetensors";
    };
    search_settings hunt;
    hunt.networks = s.train.networks;
    hunt.spaces = {"stage_full", "layerwise"};
    hunt.cost = s.cost;
    hunt.resolution = s.resolution;
    hunt.evaluations = s.evaluations;
    hunt.seeds = s.seeds;
    hunt.seed = s.train.seed;
    hunt.out = s.train.out;
    for (const auto& target : s.train.targets) {
        const auto predictor = trained(target);
        if (target == "acc") hunt.accuracy = predictor;
        say("the best modules of each unit, for " + target);
        reduce_settings cut;
        cut.labels = {.predictor = predictor, .out = s.train.out, .resolution = s.resolution};
        cut.keep = {s.keep};
        hunt.spaces.push_back(reduce(cut));
        say("what matters for " + target);
        plot_settings drawn;
        drawn.networks = s.train.networks;
        drawn.predictor = predictor;
        drawn.data = s.train.data; // which says the resolution of each network
        drawn.out = s.train.out;
        plot(drawn);
    }
    if (hunt.accuracy.empty()) hunt.accuracy = trained("acc");
    say(s.train.targets.size() == 1 ? "the reduced space and the whole one, at equal evaluations"
                                    : "the reduced spaces, joined, and the whole one, at equal evaluations");
    return search(hunt);
}

} // namespace autobuild
