// A supernet of residual networks: trained phase by phase with the sandwich rule and in-place distillation, validated, and taken apart.

#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/train_supernet.hpp>
#include <verdant/supernet/validate.hpp>

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace vd = verdant;

// [space]
// ResNet50D with narrow stages, for small images of four classes.
struct my_space : vd::spaces::ofa_resnet<vd::choices<32>, vd::spaces::resnet_family{.stem = 32, .widths = {32, 48, 64, 96}, .classes = 4}> {};
using my_supernet = vd::supernet::supernet<my_space>;
// [/space]

// Images of four classes, told apart by the quarter in which they are bright.
struct bright_quarters {
    [[nodiscard]] static std::int64_t size() { return 4; }
    vd::nn::labelled_images operator()(std::int64_t, std::int64_t i) const {
        auto stream = vd::nn::generator(static_cast<std::uint64_t>(i));
        auto images = at::randn({16, 3, 32, 32}, stream);
        const auto labels = at::randint(0, 4, {16}, stream, at::kLong);
        for (std::int64_t n = 0; n < 16; ++n) {
            const auto c = labels[n].item<std::int64_t>();
            images[n].slice(1, 16 * (c / 2), 16 * (c / 2) + 16).slice(2, 16 * (c % 2), 16 * (c % 2) + 16).add_(3);
        }
        return {images, labels};
    }
};

int main() {
    const bright_quarters images;
    my_supernet net{1, 0};

    // [train]
    using enum vd::supernet::shrinking_task;
    constexpr std::array phases{vd::supernet::shrinking_phase{kernel, 1, 1, 4, 0.05, 0, 0}, // the largest network alone: one kernel is all there is
                                vd::supernet::shrinking_phase{depth, 2, 2, 2, 0.03, 0, 0}, vd::supernet::shrinking_phase{expand, 2, 2, 2, 0.03, 0, 0},
                                vd::supernet::shrinking_phase{width, 2, 2, 4, 0.03, 0, 0}};
    for (const auto& phase : phases) {
        if (phase.task == expand) vd::supernet::sort_channels(net.weights(), std::array{0.2, 0.25, 0.35});
        auto optimizer = vd::supernet::optimizer_of(net.weights());
        vd::supernet::distil_in_place<> distillation;
        vd::supernet::train_phase(net, optimizer, phase, images, vd::supernet::sandwich{.between = 1}, distillation,
                                  [](const vd::supernet::shrinking_progress&) {});
    }
    vd::nn::require_grad(net.weights(), false);
    // [/train]

    // [validate]
    const auto grid = vd::supernet::validation_grid<my_space>(vd::supernet::all_candidates<my_space>(), width, std::array{32});
    std::vector<at::Tensor> calibration;
    std::vector<vd::nn::labelled_images> tests;
    for (std::int64_t i = 0; i < images.size(); ++i) calibration.push_back(images(0, i).images);
    for (std::int64_t i = 0; i < 2; ++i) tests.push_back(images(0, 10 + i));
    const auto found = vd::supernet::validate(net, grid, [&](int) { return calibration; }, [&](int) { return tests; });
    // [/validate]
    std::printf("%zu sub-networks, from %s to %s\n", found.rows.size(), found.rows.front().name.c_str(), found.rows.back().name.c_str());
    std::printf("better than guessing: %s\n", found.mean.top1 > 0.4 ? "yes" : "no");

    vd::random_stream draws{3};
    const auto point = vd::sample<my_space>(draws);
    const auto own = net.extract(point);
    std::printf("this point: %s parameters\n", vd::nn::parameter_count(own) < vd::nn::parameter_count(net.weights()) ? "fewer" : "as many");
}
