// Measured networks for AutoBuild: a supernet with the choices of OFA-MobileNetV3, a quarter as wide, is trained on Fashion-MNIST, all choices open from the
// first step on, and the accuracies of random sub-networks are measured and written as a table that `autobuild train` reads.

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
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/channels_last.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/phase_driver.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>
#include <verdant/text/number.hpp>

#include "../../tools/terminal/kept_settings.hpp"
#include "../../tools/terminal/paths.hpp"
#include "../../tools/terminal/program.hpp"
#include "../../tools/terminal/progress.hpp"
#include "../../tools/terminal/stop.hpp"
#include "../../tools/terminal/validators.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

/// Pixels of a side: of the 28 that the pictures have, as many as the coarse maps of a network with five strides can tell apart in little time.
constexpr int side = 24;

/// The blocks, kernels, ratios and depths that AutoBuild's graphs know, at the size of the pictures of Fashion-MNIST.
struct small_space : vd::spaces::once_for_all<vd::spaces::mobilenet_v3_family(0.25, 10), vd::choices<side>, vd::spaces::published_kernels,
                                              vd::choices<3, 4, 6>, vd::spaces::published_depths> {};
using supernet = vd::supernet::supernet<small_space>;
using pictures = nn::image_subset<vd::io::mnist_images>;

struct settings {
    std::string data{vd::io::fashion_mnist_folder}, out = "results/fashion_networks.csv";
    std::size_t networks = 400;
    std::int64_t images = 20'000, test = 2'000;
    double epochs = 1;
    std::uint64_t seed = 1;

    [[nodiscard]] std::int64_t batch() const { return std::min<std::int64_t>(128, images); }
    [[nodiscard]] std::int64_t steps() const { return (whole_epochs() + 1) * (images / batch()); } ///< with an epoch of warm-up
    [[nodiscard]] int whole_epochs() const { return std::max(1, static_cast<int>(std::lround(4 * epochs))); }
    [[nodiscard]] fs::path kept_settings() const { return fs::path{out}.replace_extension("settings.txt"); }
    [[nodiscard]] fs::path supernet_folder() const { return fs::path{out}.replace_extension("supernet"); }
};

constexpr vd::io::channel_statistics statistics{{0.286F, 0.286F, 0.286F}, {0.353F, 0.353F, 0.353F}};
const vd::io::augmentation augmentation{.crop = {.smallest = 0.6, .largest = 1}, .flip = 0.5, .colours = {}, .statistics = statistics};

pictures first_of(const vd::io::mnist_images& set, std::int64_t count) {
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(count, static_cast<std::int64_t>(set.size())); ++i) rows.push_back(i);
    return {set, rows};
}

/// The sandwich rule: the largest network of a step learns the labels, the smallest and a random one what the largest says of the pictures.
void train(const settings& s, supernet& net, const vd::io::mnist_images& all) {
    const nn::thread_scope one{1};
    const nn::prefetched batches{nn::elastic_batches{
        first_of(all, s.images), {.batch = s.batch(), .sizes = {side}, .augmentation = augmentation, .seed = vd::splitmix64(s.seed), .threads = 1}}};
    vd::supernet::phase_plan plan{.name = "sandwich",
                                  .phase = {vd::supernet::shrinking_task::expand, 1, 1, s.whole_epochs(), 0.1, 1, 0.01},
                                  .checkpoints = s.supernet_folder(),
                                  .save_time = std::chrono::seconds{15}};
    const auto steps = s.steps();
    terminal::progress line{"training a supernet", static_cast<double>(steps), terminal::in_logs::tenths};
    plan.warn = [&line](const std::string& text) { line.say("fashion_networks: " + text + "; trying the checkpoint before"); };
    plan.report = [&line](const vd::supernet::shrinking_progress& p) {
        line.advance(1, "loss " + vd::rounded_text(p.loss, 3));
        return terminal::stop_asked();
    };
    vd::supernet::phase_driver driver{net, plan, batches.size()};
    auto optimizer = driver.begin();
    if (const auto before = optimizer.steps(); before > 0) {
        line.skip(static_cast<double>(before));
        line.say(before == steps ? "the supernet in " + s.supernet_folder().string() + " is trained already"
                                 : "the training of the supernet goes on after step " + std::to_string(before) + " of " + std::to_string(steps));
    }
    vd::supernet::distil_in_place supervision;
    const auto end = driver.run(optimizer, batches, vd::supernet::sandwich{.between = 1, .seed = s.seed}, supervision, nn::training_channels_last{});
    nn::require_grad(net.weights(), false);
    if (end == vd::supernet::phase_end::stopped)
        throw terminal::stopped("fashion_networks", "the same command goes on after step " + std::to_string(optimizer.steps()));
}

/// Accuracies of sub-networks with the supernet's weights. Each is judged by one thread, so that the table is the same for any number of them.
class judging {
public:
    judging(const settings& s, const supernet& net, const vd::io::mnist_images& train, const vd::io::mnist_images& test)
        : net_{net}, calibration_{nn::image_batches{first_of(train, 500), side, 250, nn::augmented_view{augmentation}, 1}.loaded()},
          test_{nn::evaluation_batches(first_of(test, s.test), side, 250, statistics, 1).loaded()} {}

    [[nodiscard]] double operator()(const vd::spaces::ofa_arch& arch) const {
        const auto own = nn::clone(net_.active(arch));
        nn::recalibrate<nn::channels_last<nn::recalibrating>>(own, calibration_);
        return nn::evaluate<nn::channels_last<nn::evaluating>>(own, test_).top1;
    }

private:
    const supernet& net_;
    std::vector<nn::labelled_images> calibration_, test_;
};

/// The table as an earlier run left it, if one did. @throws file_error; input_error where something else made it
vd::io::csv_table kept_table(const settings& s) {
    vd::io::csv_table table;
    table.columns = {"resolution", "arch", "acc"};
    if (!fs::exists(s.out)) return table;
    if (!fs::exists(s.kept_settings()))
        throw vd::input_error{s.out, "",
                              "a table that this program made, with " + s.kept_settings().filename().string() + " beside it, or none there, or another --out",
                              "one of something else"};
    auto kept = vd::io::read_csv(s.out);
    if (kept.columns != table.columns) throw vd::input_error{s.out, "line 1", "resolution,arch,acc", "other columns"};
    return kept;
}

void measure(const settings& s, const supernet& net, const vd::io::mnist_images& train, const vd::io::mnist_images& test, vd::io::csv_table& table) {
    const auto threads = std::max(1U, std::thread::hardware_concurrency());
    const nn::thread_scope all{static_cast<int>(threads)};
    const judging judge{s, net, train, test};
    vd::random_stream random{s.seed};
    std::set<vd::point<small_space>> met;
    const auto next = [&] {
        for (;;)
            if (const auto p = vd::sample<small_space>(random); met.insert(p).second) return p;
    };
    for (std::size_t i = 0; i < table.rows.size(); ++i)
        if (const auto arch = vd::spaces::units_text(vd::spaces::config_of(next()).units); table.rows[i][1] != arch)
            throw vd::input_error{s.out, "line " + std::to_string(i + 2), arch + ", which seed " + std::to_string(s.seed) + " draws",
                                  table.rows[i][1]};
    terminal::progress line{"measuring sub-networks", static_cast<double>(s.networks), terminal::in_logs::tenths};
    if (!table.rows.empty()) line.skip(static_cast<double>(table.rows.size()));
    const auto before = table.rows.size();
    std::size_t written = before;
    while (table.rows.size() < s.networks) {
        std::vector<vd::point<small_space>> points;
        while (points.size() < 2 * threads && table.rows.size() + points.size() < s.networks) points.push_back(next());
        std::vector<double> accuracies(points.size());
        const nn::thread_team team;
        team(static_cast<std::int64_t>(points.size()), [&](std::int64_t i) {
            const auto k = static_cast<std::size_t>(i);
            accuracies[k] = judge(vd::spaces::arch_of(points[k]));
        });
        for (std::size_t k = 0; k < points.size(); ++k)
            table.rows.push_back(
                {std::to_string(side), vd::spaces::units_text(vd::spaces::config_of(points[k]).units), vd::rounded_text(accuracies[k], 6)});
        line.at(static_cast<double>(table.rows.size() - before), "accuracy " + vd::rounded_text(accuracies.back(), 4));
        if (table.rows.size() == s.networks || terminal::stop_asked() || table.rows.size() >= written + 20) {
            vd::io::write_file(s.out, vd::io::csv_text(table));
            written = table.rows.size();
        }
        if (table.rows.size() < s.networks)
            terminal::leave_if_asked("fashion_networks", "the table has the " + std::to_string(table.rows.size()) +
                                                             " networks that were measured, and the same command goes on");
    }
}

void print(const settings& s) {
    const auto table = vd::io::read_csv(s.out);
    double least = 1, most = 0, sum = 0;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const double accuracy = table.number(i, 2);
        least = std::min(least, accuracy), most = std::max(most, accuracy), sum += accuracy;
    }
    std::printf("%zu sub-networks, whose weights are those of one supernet after %lld steps of %lld pictures: accuracy %s to %s, mean %s, on %lld "
                "others\n%s\n",
                table.rows.size(), static_cast<long long>(s.steps()), static_cast<long long>(s.batch()), vd::rounded_text(least, 4).c_str(),
                vd::rounded_text(most, 4).c_str(), vd::rounded_text(sum / static_cast<double>(table.rows.size()), 4).c_str(),
                static_cast<long long>(s.test), s.out.c_str());
}

void run(const settings& s) {
    if (const auto folder = fs::path{s.out}.parent_path(); !folder.empty()) {
        std::error_code failure;
        fs::create_directories(folder, failure);
        if (failure) throw vd::file_error{folder.string(), "make the folder", failure.message()};
    }
    const vd::run_facts facts{{"--images", std::to_string(s.images)},
                              {"--test", std::to_string(s.test)},
                              {"--epochs", std::to_string(s.whole_epochs())},
                              {"--seed", std::to_string(s.seed)}};
    auto table = kept_table(s);
    terminal::check_settings(s.kept_settings(), facts, "another --out");
    if (table.rows.size() >= s.networks) {
        std::printf("%s is finished and kept\n", s.out.c_str());
        print(s);
        return;
    }
    const auto all = vd::io::mnist_images::train(s.data), test = vd::io::mnist_images::test(s.data);
    terminal::write_settings(s.kept_settings(), facts);
    supernet net{s.seed, 0};
    train(s, net, all);
    measure(s, net, all, test, table);
    print(s);
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
    app.add_option("--epochs", s.epochs, "factor for the number of epochs")->check(terminal::positive())->capture_default_str();
    app.add_option("--seed", s.seed, "of weights, batches and sub-networks")->capture_default_str();
    app.add_option("--out", s.out, "the table")->check(terminal::path())->capture_default_str();
    terminal::explain_stop(app, "the step or the networks under way");
    return terminal::run(app, argc, argv, [&s] {
        terminal::listen_for_stop();
        run(s);
        return 0;
    });
}
