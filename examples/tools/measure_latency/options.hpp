// What measure_latency is told.
#pragma once

#include "../terminal/paths.hpp"
#include "../terminal/stop.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace measure_latency {

struct settings {
    std::string model = "MOOFA_V3", device = "cpu", clock = "wall", out = "results/latency";
    std::vector<int> resolutions;
    int threads = 1, batch = 1, warm_up = 5, repetitions = 50, networks = 20;
    std::uint64_t seed = 1;
};

inline void add_options(CLI::App& app, settings& s) {
    app.add_option("--model", s.model, "space: OFA, OFA_1.2, CompOFA, MOOFA_V1, MOOFA_V2, MOOFA_V3, Proxyless")->capture_default_str();
    app.add_option("--resolutions", s.resolutions, "sides of images, all of the space by default");
    app.add_option("--device", s.device, "cpu or cuda")->check(CLI::IsMember({"cpu", "cuda"}))->capture_default_str();
    app.add_option("--threads", s.threads, "threads of LibTorch")->check(CLI::Range(1, 1024))->capture_default_str();
    app.add_option("--clock", s.clock, "wall: time that passes; processor: time of this process alone, for machines that others use too")
        ->check(CLI::IsMember({"wall", "processor"}))
        ->capture_default_str();
    app.add_option("--batch", s.batch, "images at a time")->check(CLI::Range(1, 65536))->capture_default_str();
    app.add_option("--warm-up", s.warm_up, "runs of each layer before those that count")->check(CLI::Range(0, 1'000'000))->capture_default_str();
    app.add_option("--repetitions", s.repetitions, "runs of each layer that count")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    app.add_option("--networks", s.networks, "whole networks to measure, 0 for none")->check(CLI::Range(0, 1'000'000))->capture_default_str();
    app.add_option("--seed", s.seed, "of the draw of whole networks")->capture_default_str();
    app.add_option("--out", s.out, "folder of the tables; one measured with another --warm-up or --repetitions is refused")
        ->check(terminal::path())
        ->capture_default_str();
    terminal::explain_stop(app, "the layer under way");
}

} // namespace measure_latency
