// Measured networks for AutoBuild: a supernet with the choices of OFA-MobileNetV3, a quarter as wide, is trained on Fashion-MNIST by progressive shrinking, and
// the accuracies of random sub-networks are measured and written as a table that `autobuild train` reads. examples/tools/autobuild/fashion_networks.csv is one.

#include <verdant/data/images/mnist_images.hpp>
#include <verdant/error.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/nn/batches/elastic_batches.hpp>
#include <verdant/nn/batches/held_out.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/batches/prefetched.hpp>
#include <verdant/nn/core/openblas.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/judge.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>
#include <verdant/text/number.hpp>

#include "../../tools/terminal/paths.hpp"
#include "../../tools/terminal/program.hpp"
#include "../../tools/terminal/progress.hpp"
#include "../../tools/terminal/stop.hpp"
#include "../../tools/terminal/validators.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

namespace {

namespace vd = verdant;
namespace nn = verdant::nn;

/// The blocks, kernels, ratios and depths that AutoBuild's graphs know, at the size of the pictures of Fashion-MNIST.
struct small_space : vd::spaces::once_for_all<vd::spaces::mobilenet_v3_family(0.25, 10), vd::choices<32>, vd::spaces::published_kernels,
                                              vd::choices<3, 4, 6>, vd::spaces::published_depths> {};
using supernet = vd::supernet::supernet<small_space>;
using pictures = nn::image_subset<vd::io::mnist_images>;

struct settings {
    std::string data = "/usr/share/datasets/fashion-mnist", out = "results/fashion_networks.csv";
    std::size_t networks = 600;
    std::int64_t images = 20'000, test = 5'000;
    double epochs = 1;
    std::uint64_t seed = 1;
};

constexpr vd::io::channel_statistics statistics{{0.286F, 0.286F, 0.286F}, {0.353F, 0.353F, 0.353F}};
const vd::io::augmentation augmentation{.crop = {.smallest = 0.6, .largest = 1}, .flip = 0.5, .colours = {}, .statistics = statistics};

struct judged {
    pictures set;
    auto operator()(int size) const { return nn::evaluation_batches(set, size, 250, statistics, 1); }
};
struct calibrating {
    pictures set;
    auto operator()(int size) const { return nn::image_batches{set, size, 250, nn::augmented_view{augmentation}, 1}; }
};

pictures first_of(const vd::io::mnist_images& set, std::int64_t count) {
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(count, static_cast<std::int64_t>(set.size())); ++i) rows.push_back(i);
    return {set, rows};
}

void run(const settings& s) {
    const auto all = vd::io::mnist_images::train(s.data), test = vd::io::mnist_images::test(s.data);
    const auto train = first_of(all, s.images);
    supernet net{s.seed, 0};
    using enum vd::supernet::shrinking_task;
    const auto epochs = [&s](int n) { return std::max(1, static_cast<int>(std::lround(n * s.epochs))); };
    const std::array phases{vd::supernet::shrinking_phase{kernel, 1, 1, epochs(4), 0.1, 1, 0.01, 1},
                            vd::supernet::shrinking_phase{kernel, 1, 1, epochs(1), 0.05, 0, 0.05, 2},
                            vd::supernet::shrinking_phase{depth, 1, 2, epochs(1), 0.03, 0, 0.03, 2},
                            vd::supernet::shrinking_phase{depth, 2, 2, epochs(1), 0.03, 0, 0.03, 2},
                            vd::supernet::shrinking_phase{expand, 1, 2, epochs(1), 0.02, 0, 0.02, 2},
                            vd::supernet::shrinking_phase{expand, 2, 2, epochs(2), 0.02, 0, 0.02, 2}};
    std::uint64_t seed = s.seed;
    for (std::size_t i = 0; i < phases.size(); ++i) {
        const auto& phase = phases[i];
        seed = vd::splitmix64(seed);
        const nn::prefetched batches{
            nn::elastic_batches{train, {.batch = 64, .sizes = {32}, .augmentation = augmentation, .seed = seed, .threads = 1}}};
        terminal::progress line{"phase " + std::to_string(i + 1) + " of " + std::to_string(phases.size()),
                                static_cast<double>((phase.epochs + phase.warmup_epochs) * batches.size()), terminal::in_logs::tenths};
        if (phase.task == expand) vd::supernet::sort_channels(net.weights(), vd::supernet::all_candidates<small_space>().expands, phase.phase - 1);
        auto optimizer = vd::supernet::optimizer_of(net.weights());
        vd::supernet::distil_teacher distillation{net.extract(vd::spaces::largest_arch<small_space>()), i == 0 ? 0.0 : 1.0};
        const auto report = [&](const vd::supernet::shrinking_progress& p) {
            line.advance(1, "loss " + vd::rounded_text(p.loss, 3));
            terminal::leave_if_asked("fashion_networks", "it keeps nothing of an unfinished supernet");
        };
        if (i == 0) {
            // The largest network alone.
            const auto largest = [](auto, std::int64_t, const vd::supernet::shrinking_candidates&) {
                return std::vector{vd::spaces::largest_arch<small_space>()};
            };
            vd::supernet::train_phase(net, optimizer, phase, batches, largest, distillation, report);
        } else vd::supernet::train_phase(net, optimizer, phase, batches, vd::supernet::random_subnets{phase.subnets, seed}, distillation, report);
        nn::require_grad(net.weights(), false);
    }
    vd::supernet::batches_by_size<calibrating> calibration{calibrating{first_of(all, 500)}};
    vd::supernet::batches_by_size<judged> test_images{judged{first_of(test, s.test)}};
    const vd::supernet::judge judge{net, calibration, test_images};
    vd::io::csv_table table;
    table.columns = {"resolution", "arch", "acc"};
    vd::random_stream random{s.seed};
    std::set<vd::point<small_space>> met;
    terminal::progress line{"measuring", static_cast<double>(s.networks), terminal::in_logs::tenths};
    while (table.rows.size() < s.networks) {
        const auto p = vd::sample<small_space>(random);
        if (!met.insert(p).second) continue;
        const auto top1 = judge(vd::spaces::arch_of(p)).top1;
        table.rows.push_back({"32", vd::spaces::units_text(vd::spaces::config_of(p).units), vd::rounded_text(top1, 6)});
        line.at(static_cast<double>(table.rows.size()), "accuracy " + vd::rounded_text(top1, 4));
        const bool last = table.rows.size() == s.networks || terminal::stop_asked();
        if (last || table.rows.size() % 20 == 0) vd::io::write_file(s.out, vd::io::csv_text(table));
        terminal::leave_if_asked("fashion_networks", "the table has the " + std::to_string(table.rows.size()) + " networks that were measured");
    }
    line.finish();
    std::printf("%s\n", s.out.c_str());
}

} // namespace

int main(int argc, char** argv) {
    nn::restart_with_better_kernels(argv);
    settings s;
    CLI::App app{"Trains a supernet with the choices of OFA-MobileNetV3, a quarter as wide, on Fashion-MNIST, and writes the measured accuracies of "
                 "random sub-networks.",
                 "fashion_networks"};
    app.add_option("--data", s.data, "folder of Fashion-MNIST")->check(terminal::path())->capture_default_str();
    app.add_option("--networks", s.networks, "sub-networks that are measured")
        ->check(terminal::whole<std::size_t>(1, 100'000))
        ->capture_default_str();
    app.add_option("--images", s.images, "training images")->check(terminal::whole(64, 60'000))->capture_default_str();
    app.add_option("--test", s.test, "test images")->check(terminal::whole(1, 10'000))->capture_default_str();
    app.add_option("--epochs", s.epochs, "factor for all numbers of epochs")->check(terminal::positive())->capture_default_str();
    app.add_option("--seed", s.seed, "of weights, batches and sub-networks")->capture_default_str();
    app.add_option("--out", s.out, "the table")->check(terminal::path())->capture_default_str();
    terminal::explain_stop(app, "the step under way");
    return terminal::run(app, argc, argv, [&s] {
        terminal::listen_for_stop();
        const nn::thread_scope one{1};
        run(s);
        return 0;
    });
}
