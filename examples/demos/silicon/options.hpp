// What silicon is told.
#pragma once

#include "../../tools/terminal/intensity.hpp"
#include "../../tools/terminal/kept_settings.hpp"
#include "../../tools/terminal/paths.hpp"
#include "../../tools/terminal/stop.hpp"
#include "../../tools/terminal/validators.hpp"

#include <verdant/study/result_folder.hpp>
#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace silicon {

namespace vd = verdant;

struct settings {
    std::string accuracy, grid = "world", out = "results/silicon";
    std::size_t trials = 600, seeds = 3, population = 40, draws = 200;
    std::uint64_t seed = 1, mappings = 1500;
    unsigned threads = 0;
    double images_a_day = 1e6, least_accuracy = 0.65, latency_threshold = 0.1, carbon_threshold = 2;
};

inline void add_options(CLI::App& app, settings& s) {
    using terminal::positive, terminal::whole;
    app.add_option("--accuracy", s.accuracy,
                   "a surrogate of the accuracy of MnasNet's networks, in per cent: a folder of anb fit, or a model of XGBoost's, of all its trees "
                   "(default: a stand-in that rises with multiply-accumulates and parameters)")
        ->check(terminal::path());
    app.add_option("--trials", s.trials, "distinct designs that each search evaluates")
        ->check(whole<std::size_t>(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--seeds", s.seeds, "runs of each search")->check(whole<std::size_t>(1, 100))->capture_default_str();
    app.add_option("--seed", s.seed, "seed of the first run, and of the draws of what is uncertain")
        ->check(whole<std::uint64_t>(0, 1'000'000'000))
        ->capture_default_str();
    app.add_option("--population", s.population, "of nsga2")->check(whole<std::size_t>(2, 100'000))->capture_default_str();
    app.add_option("--draws", s.draws, "draws of what is uncertain: defects, electricity of fab and use, years, images a day")
        ->check(whole<std::size_t>(20, 100'000))
        ->capture_default_str();
    app.add_option("--mappings", s.mappings, "mappings that are looked at for one layer on one chip")
        ->check(whole<std::uint64_t>(1, 10'000'000))
        ->capture_default_str();
    app.add_option("--use-intensity", s.grid, "median of the carbon intensity of use: a place, a source, or g CO2e/kWh")
        ->check(terminal::intensity())
        ->capture_default_str();
    app.add_option("--images-a-day", s.images_a_day, "median of the images of a chip")->check(positive())->capture_default_str();
    app.add_option("--least-accuracy", s.least_accuracy, "reference point, a share")->check(terminal::number(0, 0.999))->capture_default_str();
    app.add_option("--latency-threshold", s.latency_threshold, "reference point, ms an image")->check(positive())->capture_default_str();
    app.add_option("--carbon-threshold", s.carbon_threshold, "reference point of the 95th percentile, kg CO2e")
        ->check(positive())
        ->capture_default_str();
    app.add_option("--threads", s.threads, "evaluations at once, 0 for one a processor; the result does not depend on it")
        ->check(whole(0, 1024))
        ->capture_default_str();
    app.add_option("--out", s.out, "folder of the results; the same command goes on where it was, and results of another command are not overwritten")
        ->check(terminal::path())
        ->capture_default_str();
    terminal::explain_stop(app, "the trials under way");
}

/// What the results depend on.
[[nodiscard]] inline vd::run_facts facts_of(const settings& s) {
    return {
        {"--accuracy", s.accuracy.empty() ? "stand-in" : s.accuracy + " (" + terminal::digest_of({s.accuracy}, terminal::hashed_names::all) + ")"},
        {"--trials", std::to_string(s.trials)},
        {"--seeds", std::to_string(s.seeds)},
        {"--seed", std::to_string(s.seed)},
        {"--population", std::to_string(s.population)},
        {"--draws", std::to_string(s.draws)},
        {"--mappings", std::to_string(s.mappings)},
        {"--use-intensity", s.grid},
        {"--images-a-day", vd::exact_text(s.images_a_day)},
        {"--least-accuracy", vd::exact_text(s.least_accuracy)},
        {"--latency-threshold", vd::exact_text(s.latency_threshold)},
        {"--carbon-threshold", vd::exact_text(s.carbon_threshold)}};
}

} // namespace silicon
