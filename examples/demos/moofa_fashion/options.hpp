// What moofa_fashion is told.
#pragma once

#include "../../tools/terminal/paths.hpp"
#include "../../tools/terminal/stop.hpp"
#include "../../tools/terminal/validators.hpp"

#include <verdant/data/images/mnist_images.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace moofa_fashion {

namespace vd = verdant;

struct settings {
    std::string data{vd::io::fashion_mnist_folder}, out = "results/moofa_fashion";
    double epochs = 1;
    std::size_t images = 8'000, validation = 1'000, calibration = 500, test = 10'000, samples = 200;
    std::vector<double> limits{6'500, 8'000, 10'000, 13'000, 17'000};
    std::uint64_t seed = 0, stop_after = 0;
    unsigned threads = 2;
};

inline void add_options(CLI::App& app, settings& s) {
    using terminal::number, terminal::whole;
    const auto count = whole<std::size_t>(1, 60'000);
    app.add_option("--data", s.data, "folder of the data set (IDX files, plain or gzip)")->check(terminal::path())->capture_default_str();
    app.add_option("--epochs", s.epochs, "factor of the epochs of all phases")->check(number(0.01, 1000))->capture_default_str();
    app.add_option("--images", s.images, "training images")->check(count)->capture_default_str();
    app.add_option("--validation", s.validation, "training images held out, on which sub-networks are measured for the predictor")
        ->check(count)
        ->capture_default_str();
    app.add_option("--calibration", s.calibration, "training images on which norms are measured anew")->check(count)->capture_default_str();
    app.add_option("--test", s.test, "test images")->check(count)->capture_default_str();
    app.add_option("--samples", s.samples, "sub-networks measured for each predictor")->check(whole<std::size_t>(10, 100'000))->capture_default_str();
    app.add_option("--limits", s.limits, "memory limits, elements")->check(number(1, 1e12))->delimiter(',')->capture_default_str();
    app.add_option("--seed", s.seed, "seed of everything")->check(whole<std::uint64_t>(0))->capture_default_str();
    app.add_option("--threads", s.threads, "2 trains both supernets at once; the result does not depend on it")
        ->check(whole(1, 2))
        ->capture_default_str();
    app.add_option("--stop-after", s.stop_after, "end after so many steps of training, to go on later")->check(whole<std::uint64_t>(1));
    app.add_option("--out", s.out, "folder of checkpoints and results; the same command goes on there")
        ->check(terminal::path())
        ->capture_default_str();
    terminal::explain_stop(app, "the steps and the samples under way");
}

} // namespace moofa_fashion
