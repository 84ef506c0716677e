// What clip_accelerator is told.
#pragma once

#include "../terminal/intensity.hpp"
#include "../terminal/paths.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"

#include <verdant/error.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search/option_flags.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace clip_accelerator {

namespace vd = verdant;

struct settings {
    std::string model = "ViT-B-16", optimizer = "nsga2", out = "results/clip_accelerator";
    std::string use_intensity = "british_columbia", fab_intensity = "taiwan";
    static constexpr std::size_t usual_trials = 600;
    std::size_t trials = 0; // 0: the usual, or all points for an exhaustive or a bounded search
    std::uint64_t seed = 1;
    unsigned threads = 0;
    vd::nsga2<>::options nsga2{.population = 40};
    double time_limit = std::numeric_limits<double>::infinity(); // seconds
    double area_limit = 31.990347, tops_limit = 20.48, latency_threshold = 0.1, carbon_threshold = 1.0, inferences = 3e7;
    std::vector<const CLI::Option*> of_nsga2; ///< its flags
};

/// The options of NSGA-II as it describes them: --population, --crossover-probability, --mutation-rate, ...
inline void add_options(CLI::App& app, vd::nsga2<>::options& options, std::vector<const CLI::Option*>& flags) {
    // [flags]
    vd::bind_options(options, [&app, &flags](const std::string& flag, auto& value) {
        using type = std::remove_reference_t<decltype(value)>;
        if constexpr (std::is_floating_point_v<type>)
            flags.push_back(app.add_option(flag, value, "of nsga2")->check(terminal::number(0, 1))->capture_default_str());
        else if constexpr (std::is_integral_v<type>)
            flags.push_back(app.add_option(flag, value, "of nsga2")->check(terminal::whole(flag == "--population" ? 2 : 0, 100'000))->capture_default_str());
    });
    // [/flags]
}

inline void add_options(CLI::App& app, settings& s) {
    using terminal::positive, terminal::whole;
    app.add_option("--model", s.model, "CLIP model: ViT-B-16, ViT-B-32, ViT-L-14, ...")->capture_default_str();
    app.add_option("--optimizer", s.optimizer, "how points are chosen")
        ->check(CLI::IsMember({"nsga2", "exhaustive", "bounded", "random"}))
        ->capture_default_str();
    app.add_option("--trials", s.trials, "distinct points to evaluate (default " + std::to_string(settings::usual_trials) + "; all for exhaustive and bounded)")
        ->check(whole<std::size_t>(1, 1'000'000'000));
    terminal::add_time_limit(app, s.time_limit);
    app.add_option("--seed", s.seed, "seed of the run")->check(whole<std::uint64_t>(0))->capture_default_str();
    app.add_option("--threads", s.threads, "evaluations at once, 0 for one a processor; the result does not depend on it")
        ->check(whole(0, 1024))
        ->capture_default_str();
    add_options(app, s.nsga2, s.of_nsga2);
    app.add_option("--area-limit", s.area_limit, "largest die, mm2")->check(positive())->capture_default_str();
    app.add_option("--tops-limit", s.tops_limit, "largest throughput, 10^12 operations/s")->check(positive())->capture_default_str();
    app.add_option("--latency-threshold", s.latency_threshold, "reference point, s")->check(positive())->capture_default_str();
    app.add_option("--carbon-threshold", s.carbon_threshold, "reference point, kg CO2e")->check(positive())->capture_default_str();
    app.add_option("--use-intensity", s.use_intensity, "carbon intensity of use: a place, a source, or g CO2e/kWh")
        ->check(terminal::intensity())
        ->capture_default_str();
    app.add_option("--fab-intensity", s.fab_intensity, "carbon intensity of the fab, likewise")
        ->check(terminal::intensity())
        ->capture_default_str();
    app.add_option("--inferences", s.inferences, "inferences in a device's life")->check(positive())->capture_default_str();
    app.add_option("--out", s.out, "folder of the results; the same command writes them anew, and those of another command are not overwritten")
        ->check(terminal::path())
        ->capture_default_str();
    terminal::explain_stop(app, "the trials under way");
}

/// @throws input_error naming a flag of an optimizer that was not chosen
inline void check_flags(const settings& s) {
    if (s.optimizer == "nsga2") return;
    for (const auto* flag : s.of_nsga2)
        if (flag->count() > 0) throw vd::input_error{flag->get_name(), "", "--optimizer nsga2, the one that has it", s.optimizer};
}

} // namespace clip_accelerator
