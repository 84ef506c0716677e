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
#include <vector>

namespace autobuild {

/// Trains on one part of a table and tests with the rest, cuts the space down by what was learnt, searches it and the whole space with the same number of
/// evaluations, and draws.
inline int all_steps(all_settings s) {
    const auto say = [](const char* what) {
        std::printf("\n%s\n", what);
        std::fflush(stdout);
    };
    say("== a predictor");
    auto training = s.train;
    train(training);
    const auto family = read_targets(training.data, training.targets, training.networks).corpus.family;
    const auto name = detail::run_name(training, family);
    const auto predictor = training.out + "/saved_models/" + name + "_predictor.safetensors";
    say("== the best modules of each unit");
    reduce_settings cut{.labels = {.predictor = predictor, .out = training.out, .resolution = s.resolution}, .keep = {s.keep}};
    reduce(cut);
    auto accuracy = predictor;
    if (training.targets != std::vector<std::string>{"acc"}) {
        say("== a predictor of accuracy alone, which judges networks");
        training.targets = {"acc"};
        train(training);
        accuracy = training.out + "/saved_models/" + detail::run_name(training, family) + "_predictor.safetensors";
    }
    say("== what matters");
    plot({.predictor = predictor, .arch = {}, .data = training.data, .resolution = s.resolution, .out = training.out});
    say("== the reduced space and the whole one, at equal evaluations");
    const auto k = std::to_string(s.keep);
    search_settings hunt;
    hunt.networks = training.networks;
    hunt.spaces = {"stage_full", "layerwise",
                   training.out + "/evals/" + stem_of(predictor) + '_' + k + '-' + k + '-' + k + '-' + k + '-' + k + "_search_space.json"};
    hunt.accuracy = accuracy;
    hunt.cost = s.cost;
    hunt.resolution = s.resolution;
    hunt.evaluations = s.evaluations;
    hunt.seeds = s.seeds;
    hunt.seed = training.seed;
    hunt.out = training.out;
    return search(hunt);
}

} // namespace autobuild
