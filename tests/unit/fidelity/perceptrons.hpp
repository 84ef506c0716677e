#pragma once

// Sub-networks of a perceptron, trained on Fashion-MNIST: small enough that dozens of whole trainings take a minute, real enough that curves cross.

#include <verdant/data/images/mnist_images.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/measurement.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/space.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace perceptrons {

namespace vd = verdant;

/// How much of each hidden layer there is, and how it is trained.
struct subnet : vd::space<vd::param<"first", vd::range<4, 48, 4>>, vd::param<"second", vd::range<4, 32, 4>>, vd::param<"rate", vd::range<0, 8>>,
                          vd::param<"batch", vd::choices<5, 10, 25, 50>>> {};
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
using study = vd::search<subnet, vd::maximize<vd::accuracy>, vd::random_search>;

/// Pictures of 14 x 14 numbers from -1 to 1.
struct pictures {
    static constexpr std::size_t inputs = 196;
    std::vector<float> values;
    std::vector<std::size_t> labels;

    pictures(const vd::io::mnist_images& set, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto image = set.image(i);
            labels.push_back(static_cast<std::size_t>(set.label(i)));
            const auto grey = [&](std::size_t y, std::size_t x) { return static_cast<float>(*image.pixel(x, y)) / 127.5F - 1; };
            for (std::size_t y = 0; y < 28; y += 2)
                for (std::size_t x = 0; x < 28; x += 2) values.push_back((grey(y, x) + grey(y, x + 1) + grey(y + 1, x) + grey(y + 1, x + 1)) / 4);
        }
    }
    [[nodiscard]] const float* row(std::size_t i) const { return values.data() + i * inputs; }
};

/// A linear layer with the momentum of its weights.
struct layer {
    std::size_t in = 0, out = 0;
    std::vector<float> weights, gradients, speeds; ///< the biases last

    layer(std::size_t from, std::size_t to, vd::random_stream& random) : in{from}, out{to}, weights(to * (from + 1)), gradients(weights.size()), speeds(weights.size()) {
        const double bound = std::sqrt(6.0 / static_cast<double>(from));
        for (std::size_t i = 0; i < to * from; ++i) weights[i] = static_cast<float>(random.uniform(-bound, bound));
    }
    void forward(const float* x, float* y) const {
        for (std::size_t o = 0; o < out; ++o) {
            const float* w = weights.data() + o * in;
            float sums[4]{weights[in * out + o], 0, 0, 0};
            for (std::size_t i = 0; i < in; i += 4)
                for (std::size_t k = 0; k < 4; ++k) sums[k] += w[i + k] * x[i + k];
            y[o] = sums[0] + sums[1] + sums[2] + sums[3];
        }
    }
    void backward(const float* x, const float* dy, float* dx) {
        if (dx != nullptr) std::fill_n(dx, in, 0.0F);
        for (std::size_t o = 0; o < out; ++o) {
            if (dy[o] == 0) continue;
            float* g = gradients.data() + o * in;
            const float* w = weights.data() + o * in;
            for (std::size_t i = 0; i < in; ++i) g[i] += dy[o] * x[i];
            if (dx != nullptr)
                for (std::size_t i = 0; i < in; ++i) dx[i] += dy[o] * w[i];
            gradients[in * out + o] += dy[o];
        }
    }
    void step(float rate) {
        for (std::size_t i = 0; i < weights.size(); ++i) {
            speeds[i] = 0.9F * speeds[i] + gradients[i];
            weights[i] -= rate * speeds[i];
            gradients[i] = 0;
        }
    }
};

class net {
public:
    net(const vd::point<subnet>& p, vd::random_stream& random)
        : layers_{{pictures::inputs, static_cast<std::size_t>(p.get<"first">()), random},
                  {static_cast<std::size_t>(p.get<"first">()), static_cast<std::size_t>(p.get<"second">()), random},
                  {static_cast<std::size_t>(p.get<"second">()), 12, random}}, // ten classes, and two that nothing is of: a multiple of 4
          rate_{0.001F * std::pow(2.0F, static_cast<float>(p.get<"rate">()))}, batch_{static_cast<std::size_t>(p.get<"batch">())} {
        for (const auto& l : layers_) activations_.emplace_back(l.out), deltas_.emplace_back(l.out);
    }

    void train_epoch(const pictures& all, std::int64_t epoch) {
        std::vector<std::size_t> order(all.labels.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        vd::random_stream random{static_cast<std::uint64_t>(epoch)};
        random.shuffle(std::span{order});
        for (std::size_t i = 0; i < order.size(); ++i) {
            learn(all.row(order[i]), all.labels[order[i]]);
            if ((i + 1) % batch_ == 0)
                for (auto& l : layers_) l.step(rate_ / static_cast<float>(batch_));
        }
    }
    [[nodiscard]] double accuracy(const pictures& all) {
        std::size_t right = 0;
        for (std::size_t i = 0; i < all.labels.size(); ++i) {
            forward(all.row(i));
            const auto& out = activations_.back();
            right += static_cast<std::size_t>(std::max_element(out.begin(), out.end()) - out.begin()) == all.labels[i] ? 1 : 0;
        }
        return static_cast<double>(right) / static_cast<double>(all.labels.size());
    }

private:
    void forward(const float* x) {
        for (std::size_t l = 0; l < layers_.size(); ++l) {
            layers_[l].forward(l == 0 ? x : activations_[l - 1].data(), activations_[l].data());
            if (l + 1 < layers_.size())
                for (auto& a : activations_[l]) a = std::max(a, 0.0F);
        }
    }
    void learn(const float* x, std::size_t label) {
        forward(x);
        const auto& out = activations_.back();
        const float most = *std::max_element(out.begin(), out.end());
        float sum = 0;
        for (std::size_t o = 0; o < out.size(); ++o) sum += deltas_.back()[o] = std::exp(out[o] - most);
        for (std::size_t o = 0; o < out.size(); ++o) deltas_.back()[o] = deltas_.back()[o] / sum - (o == label ? 1.0F : 0.0F);
        for (auto l = layers_.size(); l-- > 0;) {
            layers_[l].backward(l == 0 ? x : activations_[l - 1].data(), deltas_[l].data(), l == 0 ? nullptr : deltas_[l - 1].data());
            if (l > 0)
                for (std::size_t i = 0; i < deltas_[l - 1].size(); ++i)
                    if (activations_[l - 1][i] == 0) deltas_[l - 1][i] = 0;
        }
    }

    std::vector<layer> layers_;
    std::vector<std::vector<float>> activations_, deltas_;
    float rate_;
    std::size_t batch_;
};

/// Trains with checkpoints in memory, and counts the epochs that it trained.
struct train {
    std::shared_ptr<const pictures> images, test;
    std::shared_ptr<std::int64_t> trained = std::make_shared<std::int64_t>(0);
    std::shared_ptr<std::map<std::uint64_t, net>> kept = std::make_shared<std::map<std::uint64_t, net>>();

    vd::metrics<vd::accuracy> operator()(const vd::point<subnet>& p, vd::measurement<epochs>& m) const {
        auto found = kept->find(m.number());
        if (m.reached() == 0) {
            vd::random_stream weights{1}; // the same for all
            found = kept->insert_or_assign(m.number(), net{p, weights}).first;
        }
        for (auto epoch = m.reached(); epoch < m.value(); ++epoch) {
            found->second.train_epoch(*images, epoch);
            ++*trained;
        }
        return found->second.accuracy(*test);
    }
};

} // namespace perceptrons
