// Driving a phase: logs, validation, the best weights, and the same end however often it was stopped. Judging sub-networks.

#include <verdant/error.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/judge.hpp>
#include <verdant/supernet/phase_driver.hpp>
#include <verdant/supernet/phase_log.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/supervision.hpp>

#include "catch.hpp"

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace fs = std::filesystem;
namespace nn = verdant::nn;
namespace spaces = verdant::spaces;
namespace supernet = verdant::supernet;
namespace vd = verdant;
using Catch::Contains;

namespace {

constexpr spaces::mobile_family tiny_family{.first_conv = 8,
                                            .first_block = 8,
                                            .stages = {{{8, 2, spaces::nonlinearity::relu, false, 1}}},
                                            .stage_count = 1,
                                            .final_expand = 16,
                                            .feature_mix = 16,
                                            .classes = 3};
struct tiny_space : spaces::once_for_all<tiny_family, vd::choices<12, 16>, vd::choices<3, 5>, vd::choices<2, 3>, vd::choices<1>> {};
using tiny_supernet = supernet::supernet<tiny_space>;

nn::labelled_images pictures(std::int64_t count, int side, std::uint64_t seed) {
    return {at::randn({count, 3, side, side}, nn::generator(seed)), at::randint(0, 3, {count}, nn::generator(seed + 1), at::kLong)};
}
struct some_pictures {
    [[nodiscard]] static std::int64_t size() { return 3; }
    nn::labelled_images operator()(std::int64_t epoch, std::int64_t i) const { return pictures(8, 16, static_cast<std::uint64_t>(100 * epoch + i)); }
};

struct scratch {
    fs::path path = fs::temp_directory_path() / ("verdant_phases_" + std::to_string(getpid()));
    scratch() { fs::remove_all(path); }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch() { fs::remove_all(path); }
};

// A training whose validations find what is given.
struct training {
    fs::path folder;
    std::vector<double> accuracies{0.5, 0.7, 0.6, 0.7};
    std::int64_t stop_after = 0;
    std::vector<bool> kept{};
    std::vector<supernet::phase_epoch> epochs{};
    int starts = 0;
    std::string warned{};
    tiny_supernet net{1, 0}; // dropout would draw from a global generator

    supernet::phase_plan plan() {
        supernet::phase_plan p{.name = "kernel_1",
                               .phase = {.epochs = 4, .learning_rate = 0.05, .warmup_epochs = 0, .subnets = 1},
                               .checkpoints = folder / "resume",
                               .save_steps = 2,
                               .logs = folder / "logs",
                               .log_steps = 2};
        p.start = [this] { ++starts; };
        p.validate = [this](std::int64_t epoch, supernet::phase_log& log) {
            const double top1 = accuracies.at(static_cast<std::size_t>(epoch - 1));
            log.add("kernel_1", epoch, "top1 " + std::to_string(top1));
            return nn::image_score{1, top1, 1, 10};
        };
        p.keep = [this](supernet::phase_weights how) { kept.push_back(how == supernet::phase_weights::best); };
        p.epoch_ended = [this](const supernet::phase_epoch& e) { epochs.push_back(e); };
        p.report = [this, steps = std::int64_t{0}](const supernet::shrinking_progress&) mutable { return ++steps == stop_after; };
        p.warn = [this](const std::string& text) { warned = text; };
        return p;
    }
    supernet::phase_end run(supernet::phase_process process = supernet::phase_process::first) {
        supernet::phase_driver driver{net, plan(), some_pictures::size(), process};
        auto optimizer = driver.begin();
        supernet::learn_labels labels;
        return driver.run(optimizer, some_pictures{}, supernet::random_subnets{1, 5}, labels);
    }
};

bool same_weights(const tiny_supernet& a, const tiny_supernet& b) {
    const auto x = nn::state_of(a.weights()), y = nn::state_of(b.weights());
    return std::equal(x.begin(), x.end(), y.begin(), y.end());
}

} // namespace

TEST_CASE("A phase is validated, its best weights are kept, and it is logged", "[phase_driver]") {
    const scratch here;
    training t{here.path};
    CHECK(t.run() == supernet::phase_end::finished);
    CHECK(t.starts == 1);
    CHECK(t.kept == std::vector<bool>{true, true, false, false}); // as good is not better
    REQUIRE(t.epochs.size() == 4);
    CHECK(t.epochs[1].epoch == 2);
    CHECK(t.epochs[1].epochs == 4);
    CHECK(t.epochs[1].validation->top1 == 0.7);
    CHECK(t.epochs[0].loss > 0.1);
    CHECK(t.epochs[3].learning_rate < t.epochs[0].learning_rate);
    const auto trained = vd::io::read_file((here.path / "logs/train_console.txt").string());
    CHECK_THAT(trained, Contains("kernel_1 epoch 1: step 2 of 12, loss ") && Contains("kernel_1 epoch 4: step 12 of 12"));
    CHECK_THAT(trained, !Contains("step 3 of"));
    CHECK_THAT(vd::io::read_file((here.path / "logs/valid_console.txt").string()), Contains("kernel_1 epoch 3: top1 0.6"));

    // Finished, it does nothing more; a shorter phase is another.
    training again{here.path};
    CHECK(again.run() == supernet::phase_end::finished);
    CHECK(again.starts == 0);
    CHECK(again.epochs.empty());
    CHECK(same_weights(t.net, again.net));
    auto shorter = again.plan();
    shorter.phase.epochs = 1;
    supernet::phase_driver driver{again.net, shorter, some_pictures::size()};
    CHECK_THROWS_WITH(driver.begin(), Contains("kernel_1: expected at most 3 steps, found 12, from a run with other settings"));
    driver.remove_checkpoints();
    CHECK(fs::is_empty(here.path / "resume"));
}

TEST_CASE("A plan that cannot be followed is refused", "[phase_driver]") {
    const scratch here;
    training t{here.path};
    const auto refused = [&](auto change, std::int64_t per_epoch = some_pictures::size()) {
        auto plan = t.plan();
        change(plan);
        try {
            supernet::phase_driver{t.net, plan, per_epoch};
        } catch (const vd::input_error& e) { return std::string{e.what()}; }
        return std::string{};
    };
    CHECK(refused([](supernet::phase_plan&) {}).empty());
    CHECK_THAT(refused([](supernet::phase_plan& p) { p.log_steps = 0; }), Contains("phase kernel_1, log_steps: expected at least 1, found 0"));
    CHECK_THAT(refused([](supernet::phase_plan& p) { p.validated_epochs = 0; }),
               Contains("phase kernel_1, validated_epochs: expected at least 1, found 0"));
    CHECK_THAT(refused([](supernet::phase_plan&) {}, 0), Contains("phase kernel_1, steps of an epoch: expected at least 1, found 0"));
    CHECK_THAT(refused([](supernet::phase_plan& p) { p.phase.epochs = -1; }), Contains("epochs: expected at least 0, found -1"));

    const auto file = here.path / "resume/kernel_1.best";
    fs::create_directories(file.parent_path());
    vd::io::write_file(file.string(), "good\n");
    CHECK_THROWS_WITH(t.run(), Contains("kernel_1.best") && Contains("expected a number, found 'good'"));
}

TEST_CASE("A phase that was stopped after any step ends as it would have", "[phase_driver]") {
    const scratch here;
    training whole{here.path / "whole"};
    CHECK(whole.run() == supernet::phase_end::finished);
    for (const std::int64_t steps : {1, 5}) {
        const auto folder = here.path / std::to_string(steps);
        std::vector<bool> kept;
        int calls = 0;
        for (auto end = supernet::phase_end::stopped; end == supernet::phase_end::stopped; ++calls) {
            REQUIRE(calls < 20);
            training part{folder};
            part.stop_after = steps;
            end = part.run();
            kept.insert(kept.end(), part.kept.begin(), part.kept.end());
            if (end == supernet::phase_end::finished) CHECK(same_weights(whole.net, part.net));
        }
        CHECK(calls == (steps == 1 ? 12 : 3));
        CHECK(kept == whole.kept); // what was best before is known after a restart
        for (const char* file : {"train_console.txt", "valid_console.txt"})
            CHECK(vd::io::read_file((folder / "logs" / file).string()) == vd::io::read_file((here.path / "whole/logs" / file).string()));
    }
}

TEST_CASE("A checkpoint that cannot be read is passed over with a warning", "[phase_driver]") {
    const scratch here;
    training t{here.path};
    t.stop_after = 4;
    CHECK(t.run() == supernet::phase_end::stopped);
    std::ofstream{here.path / "resume/kernel_1-4.optimizer.pt"} << "damaged";
    training again{here.path};
    again.stop_after = 1;
    again.run();
    CHECK_THAT(again.warned, Contains("kernel_1-4.optimizer.pt"));
    CHECK(again.starts == 1);
}

TEST_CASE("Another process than the first writes nothing", "[phase_driver]") {
    const scratch here;
    training first{here.path / "first"}, second{here.path / "second"};
    first.run();
    second.run(supernet::phase_process::another);
    CHECK_FALSE(fs::exists(here.path / "second"));
    CHECK(second.kept.empty());
    CHECK(same_weights(first.net, second.net));
}

TEST_CASE("A log forgets the lines of what is trained once more", "[phase_log]") {
    const scratch here;
    fs::create_directories(here.path);
    supernet::phase_log log{here.path / "log.txt"};
    log.add("depth_1", 1, "step 10 of 40, loss 1");
    log.add("depth_1", 2, "top1 50");
    log.add("depth_1", 2, "step 20 of 40, loss 1");
    log.add("depth_10", 2, "step 20 of 40, loss 1");
    log.add("depth_1", 3, "top1 60");
    log.write();
    supernet::phase_log later{here.path / "log.txt"};
    CHECK(later.lines() == log.lines());
    later.rewind("depth_1", 2, 15);
    CHECK(later.lines() ==
          std::vector<std::string>{"depth_1 epoch 1: step 10 of 40, loss 1", "depth_1 epoch 2: top1 50", "depth_10 epoch 2: step 20 of 40, loss 1"});
    supernet::phase_log nobody;
    nobody.add("depth_1", 1, "x");
    nobody.write();
    CHECK(nobody.lines().empty());
}

TEST_CASE("A judge measures statistics anew and leaves the supernet as it is", "[judge]") {
    const tiny_supernet net{3};
    const auto before = nn::state_of(net.weights());
    const auto a = spaces::largest_arch<tiny_space>();
    const auto calibrating = [](int side, const auto& f) { return f(std::vector{pictures(8, side, 1), pictures(8, side, 2)}); };
    const auto judging = [](int side, const auto& f) { return f(std::vector{pictures(8, side, 3), pictures(4, side, 4)}); };
    const supernet::judge judge{net, calibrating, judging};
    const auto score = judge(a);
    auto by_hand = nn::clone(net.active(a));
    nn::recalibrate(by_hand, std::vector{pictures(8, 16, 1), pictures(8, 16, 2)});
    const auto expected = nn::evaluate(by_hand, std::vector{pictures(8, 16, 3), pictures(4, 16, 4)});
    CHECK(score.loss == expected.loss);
    CHECK(score.top1 == expected.top1);
    CHECK(score.images == 12);
    const auto after = nn::state_of(net.weights());
    CHECK(std::equal(after.begin(), after.end(), before.begin(), before.end()));
}

TEST_CASE("Batches of a size are loaded once where they are small, and come anew where they are not", "[judge]") {
    struct square_set {
        [[nodiscard]] static std::size_t size() { return 5; }
        [[nodiscard]] static std::size_t classes() { return 2; }
        [[nodiscard]] static std::int64_t label(std::size_t i) { return static_cast<std::int64_t>(i % 2); }
        [[nodiscard]] static vd::io::rgb_image image(std::size_t i) {
            return vd::io::rgb_image::from_gray(16, 16, std::vector<unsigned char>(16 * 16, static_cast<unsigned char>(40 * i)));
        }
    };
    int made = 0;
    const auto make = [&made](int side) {
        ++made;
        return nn::evaluation_batches(square_set{}, side, 2, vd::io::imagenet_statistics, 1);
    };
    const auto sum = [](const auto& batches) {
        double total = 0;
        for (const auto& b : batches) {
            const nn::labelled_images& batch = b;
            total += batch.images.sum().template item<double>() + batch.labels.sum().template item<double>();
        }
        return total;
    };
    const supernet::batches_by_size kept{make};
    const double first = kept(16, sum);
    CHECK(kept(16, sum) == first);
    CHECK(made == 1);
    CHECK(kept(12, sum) != first);
    CHECK(made == 2);
    const supernet::batches_by_size large{make, at::kCPU, 5 * 12 * 16 * 16 - 1}, fits{make, at::kCPU, 5 * 12 * 16 * 16};
    CHECK(large(16, sum) == first);
    CHECK(large(16, sum) == first);
    CHECK(made == 4);
    CHECK(fits(16, sum) == first);
    CHECK(fits(16, sum) == first);
    CHECK(made == 5);
}
