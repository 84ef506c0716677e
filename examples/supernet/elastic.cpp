// A supernet over a typed space: every point is a network with a part of its weights. Trained phase by phase, then a point is taken out of it.

#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/train_supernet.hpp>

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace vd = verdant;

// [space]
constexpr vd::spaces::mobile_family narrow{
    .first_conv = 8,
    .first_block = 8,
    .stages = {{{16, 2, vd::spaces::nonlinearity::relu, true, 2}, {24, 2, vd::spaces::nonlinearity::h_swish, false, 2}}},
    .stage_count = 2,
    .final_expand = 32,
    .feature_mix = 40,
    .classes = 4};

struct my_space : vd::spaces::once_for_all<narrow, vd::choices<32>, vd::choices<3, 5, 7>, vd::choices<2, 3, 4>, vd::choices<1, 2>> {};
using my_supernet = vd::supernet::supernet<my_space>;
// [/space]

// Images of four classes, told apart by the quarter in which they are bright.
struct bright_quarters {
    [[nodiscard]] static std::int64_t size() { return 6; }
    vd::nn::labelled_images operator()(std::int64_t, std::int64_t i) const {
        auto stream = vd::nn::generator(static_cast<std::uint64_t>(i));
        auto images = at::randn({16, 3, 32, 32}, stream);
        const auto labels = at::randint(0, 4, {16}, stream, at::kLong);
        for (std::int64_t n = 0; n < 16; ++n) {
            const auto c = labels[n].item<std::int64_t>();
            images[n].slice(1, 16 * (c / 2), 16 * (c / 2) + 16).slice(2, 16 * (c % 2), 16 * (c % 2) + 16).add_(2);
        }
        return {images, labels};
    }
};

int main() {
    const bright_quarters images;

    // [train]
    using enum vd::supernet::shrinking_task;
    constexpr std::array phases{vd::supernet::shrinking_phase{kernel, 1, 1, 4, 0.05, 1, 0.01, 1}, //
                                vd::supernet::shrinking_phase{depth, 1, 1, 3, 0.05, 0, 0.05, 2},
                                vd::supernet::shrinking_phase{expand, 1, 2, 3, 0.05, 0, 0.05, 4},
                                vd::supernet::shrinking_phase{expand, 2, 2, 4, 0.05, 0, 0.05, 4}};
    my_supernet net{1, 0};
    for (const auto& phase : phases) {
        if (phase.task == expand) vd::supernet::sort_channels(net.weights(), std::array{2.0, 3.0, 4.0}, phase.phase - 1);
        auto optimizer = vd::supernet::optimizer_of(net.weights());
        double first = 0, last = 0;
        vd::supernet::distil_teacher distillation{net.extract(vd::spaces::largest_arch<my_space>()), phase.task == kernel ? 0.0 : 1.0};
        vd::supernet::train_phase(net, optimizer, phase, images, vd::supernet::random_subnets{phase.subnets}, distillation,
                                  [&](const vd::supernet::shrinking_progress& p) { (p.step == 1 ? first : last) = p.loss; });
        std::printf("%lld steps, the loss falls: %s\n", static_cast<long long>(optimizer.steps()), last < first ? "yes" : "no");
    }
    vd::nn::require_grad(net.weights(), false);
    // [/train]

    // [take]
    vd::random_stream draws{3};
    const auto point = vd::sample<my_space>(draws);
    const auto shared = net.active(point); // a part of the supernet, made in a moment
    std::vector<at::Tensor> batches;
    for (std::int64_t i = 0; i < images.size(); ++i) batches.push_back(images(0, i).images);
    vd::nn::recalibrate(shared, batches); // statistics of this sub-network, in place of those of all
    const auto own = net.extract(point);  // with weights of its own
    // [/take]

    std::vector<vd::nn::labelled_images> all;
    for (std::int64_t i = 0; i < images.size(); ++i) all.push_back(images(0, i));
    const auto a = vd::nn::evaluate(shared, all), b = vd::nn::evaluate(own, all);
    std::printf("supernet %lld parameters, this point %s\n", static_cast<long long>(vd::nn::parameter_count(net.weights())),
                vd::nn::parameter_count(own) < vd::nn::parameter_count(net.weights()) ? "fewer" : "as many");
    std::printf("same loss inside and outside the supernet: %s\n", a.loss == b.loss ? "yes" : "no");
    std::printf("better than guessing: %s\n", b.top1 > 0.5 ? "yes" : "no");

    // [files]
    const auto state = vd::nn::state_of(own); // the names of published checkpoints; io::write_torch or io::write_safetensors writes it
    my_supernet other{2, 0};
    const auto kept = vd::nn::load_state(other.weights(), vd::nn::state_of(net.extract(vd::spaces::largest_arch<my_space>())));
    // [/files]
    std::printf("%s is among the tensors of the point; the largest network fills a supernet up to its %zu matrices\n",
                state.find("blocks.1.conv.depth_conv.conv.weight") != nullptr ? "blocks.1" : "nothing", kept.size());
}
