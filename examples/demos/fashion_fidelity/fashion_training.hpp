#pragma once

// Trains small networks of the space of OFA-MobileNetV3 on Fashion-MNIST, epoch by epoch, and goes on with what it kept.

#include <verdant/data/images/mnist_images.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/measurement.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/nn/batches/augmented_batches.hpp>
#include <verdant/nn/batches/held_out.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/channels_last.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/optim/sgd.hpp>
#include <verdant/nn/recipes/image_training.hpp>
#include <verdant/space/space.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace fashion_fidelity {

namespace vd = verdant;
namespace nn = verdant::nn;

/// The blocks, kernels and ratios of OFA-MobileNetV3, a quarter as wide and less deep, on pictures of Fashion-MNIST at half their size.
struct small_net : vd::spaces::once_for_all<vd::spaces::mobilenet_v3_family(0.25, 10), vd::choices<16>, vd::spaces::published_kernels,
                                            vd::choices<3, 4, 6>, vd::choices<1, 2, 4>> {};

// [scale]
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
// [/scale]

struct training_options {
    std::string data = "/usr/share/datasets/fashion-mnist";
    std::int64_t images = 500, test = 1000, batch = 25;
    double learning_rate = 0.1; ///< at the beginning; it falls along half a cosine to nothing at the end of a whole training
};

/// An evaluator that reports every epoch. Weights and velocities are kept in the folder of the trial.
class train {
    using pictures = nn::image_subset<vd::io::mnist_images>;
    using training_batches = nn::augmented_batches<pictures>;

public:
    explicit train(const training_options& o)
        : options_{o}, batches_{std::make_shared<training_batches>(
                           first_of(vd::io::mnist_images::train(o.data), o.images),
                           nn::plain_augmentation{{.crop = {.smallest = 0.8, .largest = 1}, .flip = 0.5, .colours = {}, .statistics = statistics}},
                           nn::fixed_side{16}, nn::augmented_batch_options{.batch = o.batch, .seed = 1, .threads = 1})},
          test_{std::make_shared<std::vector<nn::labelled_images>>(
              nn::evaluation_batches(first_of(vd::io::mnist_images::test(o.data), o.test), 16, 250, statistics, 1).loaded())} {}

    // [evaluator]
    vd::metrics<vd::accuracy> operator()(const vd::point<small_net>& p, vd::measurement<epochs>& m) const {
        auto net = nn::empty_mobile_net(vd::spaces::net_of(small_net::family, vd::spaces::arch_of(p)));
        nn::initialise(net, 1);
        nn::require_grad(net);
        nn::sgd optimizer;
        nn::for_each_parameter(net, [&](const std::string& name, const at::Tensor& t) { optimizer.add(name, t, nn::decay_weights{}); });
        const auto kept = m.folder();
        std::int64_t epoch = 0;
        if (m.reached() > 0 && load(kept, net, optimizer)) epoch = m.reached();
        else if (m.reached() > 0) m.started_over();
        double accuracy = 0;
        while (epoch < m.value()) {
            train_epoch(net, optimizer, epoch);
            accuracy = nn::evaluate(std::as_const(net), *test_).top1;
            if (m.report(++epoch, vd::metrics<vd::accuracy>{accuracy}) == vd::measurement_step::stop) break;
        }
        if (!kept.empty()) save(kept, net, optimizer);
        return accuracy;
    }
    // [/evaluator]

private:
    static constexpr vd::io::channel_statistics statistics{{0.286F, 0.286F, 0.286F}, {0.353F, 0.353F, 0.353F}};

    static pictures first_of(const vd::io::mnist_images& set, std::int64_t count) {
        std::vector<std::int64_t> rows;
        for (std::int64_t i = 0; i < std::min(count, static_cast<std::int64_t>(set.size())); ++i) rows.push_back(i);
        return {set, rows};
    }

    void train_epoch(nn::mobile_net& net, nn::sgd& optimizer, std::int64_t epoch) const {
        nn::loss_scaler scaler;
        const nn::training_channels_last mode{nn::training{nn::generator(static_cast<std::uint64_t>(epoch))}};
        const auto steps = batches_->size();
        for (std::int64_t i = 0; i < steps; ++i) {
            const auto way = static_cast<double>(epoch * steps + i) / static_cast<double>(steps) / epochs::view().whole();
            const auto rate = options_.learning_rate * (1 + std::cos(std::numbers::pi * way)) / 2;
            nn::image_training_step(net, optimizer, rate, (*batches_)(epoch, i), 0.1, mode, scaler, epoch);
        }
        optimizer.clear_gradients();
    }

    static bool load(const std::string& folder, nn::mobile_net& net, nn::sgd& optimizer) {
        struct stat found{};
        if (folder.empty() || ::stat((folder + "/optimizer.safetensors").c_str(), &found) != 0) return false;
        nn::require_grad(net, false);
        nn::load_state(net, vd::io::read_safetensors(folder + "/weights.safetensors"));
        nn::require_grad(net);
        optimizer.restore(vd::io::read_safetensors(folder + "/optimizer.safetensors"));
        return true;
    }
    static void save(const std::string& folder, const nn::mobile_net& net, const nn::sgd& optimizer) {
        vd::io::write_safetensors(folder + "/weights.safetensors", nn::state_of(net));
        vd::io::write_safetensors(folder + "/optimizer.safetensors", optimizer.state()); // last: where it is, the weights are
    }

    training_options options_;
    std::shared_ptr<training_batches> batches_; // copies of an evaluator share the pictures
    std::shared_ptr<std::vector<nn::labelled_images>> test_;
};

} // namespace fashion_fidelity
